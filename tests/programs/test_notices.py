"""Inhalt melden: by anybody on every published page, decided by the youth office, forgotten in time."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.clock import utc_now
from foundation.history import lines_of
from foundation.models import TokenBucket
from foundation.sweeps import run
from outbox.models import Message
from programs.models import Fund, FundUpdate, Membership, Notice, Opportunity, Program, Provider
from programs.services.notices import decide_notice
from tests.donations.gifts import make_donation
from tests.factories import (
    make_coordinator,
    make_fund,
    make_news,
    make_notice,
    make_opportunity,
    make_program,
    make_provider,
    make_shift,
    make_user,
    make_youth_office,
)

pytestmark = pytest.mark.django_db
Role = Membership.Role
SAID = {"ground": "wrong", "text": "Die Uhrzeit in der Überschrift stimmt nicht."}
WHY = "Die Angabe widerspricht dem Aushang; die Regeln der Plattform verlangen richtige Zeiten."
HOME = "Haus am Markt"


@pytest.fixture
def provider() -> Provider:
    return make_provider(HOME, coordination_email="team@haus.example")


@pytest.fixture
def task(provider: Provider) -> Opportunity:
    return make_opportunity("Vorlesen am Nachmittag", provider=provider)


@pytest.fixture
def officer() -> User:
    return make_coordinator(make_youth_office())


def report(about: str, pk: int, client: Client | None = None, **said: str) -> int:
    return (client or Client()).post(f"/melden/{about}/{pk}/", {**SAID, **said}).status_code


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def decide(user: User, notice: Notice, **said: str) -> Any:
    answers = {"outcome": "stays", "reasons": WHY, **said}
    return signed_in(user).post(f"/koordination/meldungen/{notice.pk}/", answers)


def news_of(fund: Fund) -> FundUpdate:
    return make_news(fund, "Ranzen gekauft")


def mail(template: str) -> Message:
    return Message.objects.get(template=template)


class TestFiling:
    def test_every_published_page_leads_to_its_form_and_the_form_is_stored(self, provider: Provider) -> None:
        task, program = make_opportunity(provider=provider), make_program(provider=provider)
        fund = make_fund(provider=provider)
        news = news_of(fund)
        pages = {
            f"/zeit/{task.slug}/": [("task", task.pk)],
            f"/hilfe/{program.slug}/": [("program", program.pk)],
            f"/hilfe/traeger/{provider.slug}/": [("provider", provider.pk)],
            f"/spendenzweck/{fund.slug}/": [("news", news.pk), ("purpose", fund.pk)],
        }
        for page, targets in pages.items():
            links = re.findall(r'href="(/melden/[^"]+)"', Client().get(page).content.decode())
            assert links == [f"/melden/{about}/{pk}/" for about, pk in targets]
            for about, pk in targets:
                assert Client().get(f"/melden/{about}/{pk}/").status_code == 200
                assert report(about, pk) == 200
        stored = Notice.objects.values_list("about", "row_id", "ground", "text", "email", "status")
        assert set(stored) == {
            (about, pk, *SAID.values(), "", "open") for found in pages.values() for about, pk in found
        }
        assert not Message.objects.exists()

    def test_who_gives_an_address_gets_an_answer_that_repeats_no_words_of_theirs(
        self, task: Opportunity
    ) -> None:
        assert report("task", task.pk, email="ada@example.org", text="Kaufen Sie Pillen bei uns.") == 200
        received = mail("notice_received")
        assert received.to_email == "ada@example.org"
        for body in (received.body_text, received.body_html):
            assert "Vorlesen am Nachmittag" in body
            assert f"/zeit/{task.slug}/" in body
            assert "Angaben stimmen nicht" in body
            assert "Pillen" not in body
        assert "Pillen" not in received.subject

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"ground": ""}, "ground"),
            ({"ground": "weil"}, "ground"),
            ({"text": ""}, "text"),
            ({"text": "x" * 2001}, "text"),
            ({"email": "keine-adresse"}, "email"),
            ({"email": f"{'a' * 250}@example.org"}, "email"),
            ({"text": "Da steht, Kevin (7) aus der Klasse 2b hat Läuse."}, "text"),
        ],
    )
    def test_what_may_not_be_stored_comes_back_filled_and_leaves_nothing(
        self, task: Opportunity, said: dict[str, str], field: str
    ) -> None:
        page = Client().post(f"/melden/task/{task.pk}/", {**SAID, "email": "ada@example.org", **said})
        html = page.content.decode()
        assert page.status_code == 422
        assert f'href="#id_{field}' in html
        if field != "email":
            assert "ada@example.org" in html
        if "text" not in said:
            assert SAID["text"] in html
        assert not Notice.objects.exists()
        assert not Message.objects.exists()

    def test_what_is_not_public_cannot_be_reported_nor_its_existence_be_tried_out(
        self, provider: Provider
    ) -> None:
        unverified = make_opportunity()
        Provider.objects.filter(pk=unverified.provider_id).update(is_verified=False)
        hidden = make_fund(is_open=False, is_shown=False)
        closed = {
            "draft": ("task", make_opportunity(provider=provider, status="draft").pk),
            "in review": ("task", make_opportunity(provider=provider, status="in_review").pk),
            "ended": ("task", make_opportunity(provider=provider, status="closed").pk),
            "of a provider that is not verified": ("task", unverified.pk),
            "unlisted": ("program", make_program(is_listed=False).pk),
            "over": ("program", make_program(has_ended=True).pk),
            "hidden": ("purpose", hidden.pk),
            "news of a hidden one": ("news", news_of(hidden).pk),
            "nothing": ("task", 0),
            "beyond the database": ("task", 9**30),
            "no kind": ("district", provider.pk),
            "stopped": (
                "provider",
                make_provider(stop_reasons="Es fehlt das Konzept.", is_verified=False).pk,
            ),
            "of the city": ("provider", make_provider(kind=Provider.Kind.CITY).pk),
        }
        found = {
            name: (Client().get(f"/melden/{about}/{pk}/").status_code, report(about, pk))
            for name, (about, pk) in closed.items()
        }
        assert found == dict.fromkeys(closed, (404, 404))
        assert not Notice.objects.exists()

    def test_a_pausing_task_and_a_closed_purpose_still_have_pages_and_can_be_reported(self) -> None:
        assert report("task", make_opportunity(status="paused").pk) == 200
        assert report("purpose", make_fund(is_open=False).pk) == 200

    def test_the_same_notice_twice_a_day_is_one(self, task: Opportunity) -> None:
        other = make_opportunity()
        ada = "ada@example.org"
        assert [report("task", task.pk, email=ada) for _time in range(2)] == [200, 200]
        assert Notice.objects.count() == Message.objects.count() == 1
        assert report("task", other.pk, email=ada) == 200
        assert report("task", task.pk, email=ada, ground="other") == 200
        assert Notice.objects.count() == 3

    def test_one_connection_reports_five_times_a_day(self, task: Opportunity) -> None:
        one = Client(REMOTE_ADDR="203.0.113.9")
        statuses = [report("task", task.pk, one, text=f"Stelle {number}") for number in range(6)]
        assert statuses == [200] * 5 + [429]
        assert Notice.objects.count() == 5
        assert report("task", task.pk, Client(REMOTE_ADDR="203.0.113.10")) == 200

    def test_strangers_flood_neither_a_mailbox_nor_keep_its_owner_from_reporting(
        self, task: Opportunity
    ) -> None:
        for number in range(8):
            stranger = Client(REMOTE_ADDR=f"203.0.{number}.1")
            assert report("task", task.pk, stranger, text=f"{number}", email="ada@example.org") == 200
        assert report("task", task.pk, Client(REMOTE_ADDR="198.51.100.1"), email="ada@example.org") == 200
        assert Notice.objects.count() == 9
        soon = utc_now() + timedelta(hours=1)
        assert Message.objects.filter(due_at__lte=soon).count() == 2
        assert Message.objects.count() == 4

    def test_when_very_many_report_every_notice_is_kept_and_the_mail_waits(self, task: Opportunity) -> None:
        report("task", task.pk, Client(REMOTE_ADDR="203.0.113.9"), text="davor")
        TokenBucket.objects.filter(key__startswith="notice.all:").update(tokens=0)
        known = Client(REMOTE_ADDR="203.0.113.10")
        assert report("task", task.pk, known, email="ada@example.org") == 200
        received = mail("notice_received")
        assert 400 < (received.due_at - received.queued_at).total_seconds() <= 432


class TestDeciding:
    def test_the_office_sees_open_ones_oldest_first_and_decided_ones_no_more(
        self, officer: User, task: Opportunity, now: datetime
    ) -> None:
        late = make_notice("task", task.pk, now, ground="other")
        early = make_notice("task", task.pk, now - timedelta(days=1), ground="child")
        make_notice("task", task.pk, now, status="stays", reasons=WHY, ground="unlawful")
        page = signed_in(officer).get("/koordination/meldungen/")
        assert [each.pk for each in page.context["page"]] == [early.pk, late.pk]
        assert "verboten" not in page.content.decode()
        home = signed_in(officer).get("/koordination/").content.decode()
        assert "Meldungen entscheiden" in home

    def test_nobody_else_sees_or_decides(self, task: Opportunity, now: datetime) -> None:
        notice = make_notice("task", task.pk, now)
        office = make_youth_office()
        outsiders = [make_coordinator(task.provider), make_user(), make_user(Role.TREASURER, office)]
        for user in outsiders:
            assert signed_in(user).get("/koordination/meldungen/").status_code == 403
            assert decide(user, notice, outcome="taken_out").status_code == 403
        assert "Meldungen entscheiden" not in signed_in(outsiders[0]).get("/koordination/").content.decode()
        notice.refresh_from_db()
        task.refresh_from_db()
        assert (notice.status, task.status) == ("open", "published")

    def test_a_text_that_stays_stays_and_both_sides_read_why_and_how_to_object(
        self, officer: User, task: Opportunity
    ) -> None:
        report("task", task.pk, email="ada@example.org")
        notice = Notice.objects.get()
        assert decide(officer, notice).status_code == 302
        notice.refresh_from_db()
        task.refresh_from_db()
        assert (notice.status, notice.reasons, notice.email) == ("stays", WHY, "")
        assert task.status == "published"
        told = {"notice_decided": "ada@example.org", "notice_reasons": "team@haus.example"}
        for template, address in told.items():
            message = mail(template)
            assert message.to_email == address
            for body in (message.body_text, message.body_html):
                for words in (
                    "Der Inhalt bleibt, wie er ist",
                    WHY,
                    f"/zeit/{task.slug}/",
                    "/kontakt/",
                    "innerhalb von sechs Monaten",
                    "Der Weg zu den Gerichten",
                    "kein Programm hat mitentschieden",
                ):
                    assert words in body

    def test_the_provider_never_reads_who_reported_or_in_which_words(
        self, officer: User, task: Opportunity
    ) -> None:
        report("task", task.pk, email="ada@example.org", text="Meine Nachbarin hat es mir gezeigt.")
        decide(officer, Notice.objects.get(), outcome="taken_out")
        told = mail("notice_reasons")
        for text in (told.subject, told.body_text, told.body_html):
            assert "ada@example.org" not in text
            assert "Nachbarin" not in text

    def test_without_an_address_only_the_provider_hears_of_it(self, officer: User, task: Opportunity) -> None:
        report("task", task.pk)
        decide(officer, Notice.objects.get())
        assert [each.template for each in Message.objects.all()] == ["notice_reasons"]

    def test_a_program_of_nobody_is_told_to_the_operators_office(
        self, officer: User, settings: Any, now: datetime
    ) -> None:
        settings.OFFICE_EMAIL = "betrieb@example.org"
        program = make_program(provider=None)
        decide(officer, make_notice("program", program.pk, now))
        assert mail("notice_reasons").to_email == "betrieb@example.org"

    def test_a_task_taken_out_ends_and_its_coming_dates_with_it(
        self, officer: User, task: Opportunity
    ) -> None:
        coming = make_shift(task, utc_now() + timedelta(days=3))
        report("task", task.pk)
        assert decide(officer, Notice.objects.get(), outcome="taken_out").status_code == 302
        task.refresh_from_db()
        coming.refresh_from_db()
        assert (task.status, coming.is_cancelled) == ("closed", True)
        assert Client().get(f"/zeit/{task.slug}/").status_code in (404, 410)
        assert "nicht mehr öffentlich" in mail("notice_reasons").body_text

    def test_a_provider_taken_out_keeps_its_name_and_loses_address_and_contact(
        self, officer: User, now: datetime
    ) -> None:
        contact = {"address": "Nordstraße 1", "public_contact": "Tel. 02421 999999"}
        provider = make_provider("Lesefreunde e.V.", **contact)
        decide(officer, make_notice("provider", provider.pk, now), outcome="taken_out")
        page = Client().get(f"/hilfe/traeger/{provider.slug}/").content.decode()
        shown = ["Lesefreunde" in page, *(each in page for each in contact.values())]
        assert shown == [True, False, False]
        assert mail("notice_reasons").to_email == provider.coordination_email

    def test_a_program_taken_out_is_listed_no_more(self, officer: User, now: datetime) -> None:
        program, other = make_program(), make_program()
        decide(officer, make_notice("program", program.pk, now), outcome="taken_out")
        assert Client().get(f"/hilfe/{program.slug}/").status_code == 404
        assert list(Program.objects.filter(is_listed=True)) == [other]

    def test_a_purpose_taken_out_takes_no_gifts_and_loses_its_page(
        self, officer: User, now: datetime
    ) -> None:
        fund, other = make_fund("Ranzen"), make_fund("Bücher")
        decide(officer, make_notice("purpose", fund.pk, now), outcome="taken_out")
        assert Client().get(f"/spendenzweck/{fund.slug}/").status_code == 404
        assert Client().get(f"/spendenzweck/{other.slug}/").status_code == 200
        left = Client().get("/spendenzwecke/").content.decode()
        assert f"/spendenzweck/{other.slug}/" in left
        assert f"/spendenzweck/{fund.slug}/" not in left
        assert list(Fund.objects.filter(is_open=True)) == [other]

    def test_news_taken_out_goes_and_its_purpose_stays(self, officer: User, now: datetime) -> None:
        fund = make_fund()
        bad, good = news_of(fund), news_of(fund)
        decide(officer, make_notice("news", bad.pk, now, email="ada@example.org"), outcome="taken_out")
        assert list(fund.updates.all()) == [good]
        assert Client().get(f"/spendenzweck/{fund.slug}/").status_code == 200
        assert "Ranzen gekauft" in mail("notice_decided").body_text

    def test_what_has_gone_meanwhile_is_decided_all_the_same(
        self, officer: User, task: Opportunity, now: datetime
    ) -> None:
        notice = make_notice("task", task.pk, now, email="ada@example.org")
        Opportunity.objects.filter(pk=task.pk).update(status="closed")
        page = signed_in(officer).get(f"/koordination/meldungen/{notice.pk}/")
        assert "nicht mehr öffentlich" in page.content.decode()
        assert decide(officer, notice, outcome="taken_out").status_code == 302
        assert [each.template for each in Message.objects.all()] == ["notice_decided"]

    @pytest.mark.parametrize(
        "said",
        [
            {"outcome": ""},
            {"outcome": "open"},
            {"outcome": "weg"},
            {"reasons": ""},
            {"reasons": "   "},
            {"reasons": "x" * 2001},
            {"reasons": "Es ging um Kevin (7) aus der Klasse 2b."},
        ],
    )
    def test_no_decision_without_reasons_that_may_be_read(
        self, officer: User, task: Opportunity, now: datetime, said: dict[str, str]
    ) -> None:
        notice = make_notice("task", task.pk, now, email="ada@example.org")
        assert decide(officer, notice, **{"outcome": "taken_out", **said}).status_code == 422
        notice.refresh_from_db()
        task.refresh_from_db()
        assert (notice.status, notice.email, task.status) == ("open", "ada@example.org", "published")
        assert not Message.objects.exists()

    def test_a_decision_is_final(self, officer: User, task: Opportunity, now: datetime) -> None:
        notice = make_notice("task", task.pk, now)
        stale = Notice.objects.get()
        decide(officer, notice)
        assert decide(officer, notice, outcome="taken_out").status_code == 422
        assert not decide_notice(stale, outcome="taken_out", reasons="Anders.", by=officer, now=now)
        notice.refresh_from_db()
        task.refresh_from_db()
        assert (notice.status, notice.reasons, task.status) == ("stays", WHY, "published")
        assert Message.objects.count() == 1

    def test_the_history_names_who_decided_and_never_what_was_written(
        self, officer: User, task: Opportunity, now: datetime
    ) -> None:
        notice = make_notice("task", task.pk, now)
        decide(officer, notice, outcome="taken_out")
        (line,) = lines_of(notice)
        assert (line.from_status, line.to_status, line.actor_user) == ("open", "taken_out", officer.pk)
        assert (line.reason, line.changes) == ("", None)


class TestForgetting:
    @pytest.mark.parametrize(
        ("decided_at", "due"),
        [
            (datetime(2026, 8, 15, 12, 0, tzinfo=UTC), datetime(2027, 2, 15, 12, 0, tzinfo=UTC)),
            (datetime(2026, 8, 31, 12, 0, tzinfo=UTC), datetime(2027, 3, 1, 0, 0, tzinfo=UTC)),
        ],
    )
    def test_a_decided_notice_goes_after_six_months_and_an_open_one_never(
        self, task: Opportunity, decided_at: datetime, due: datetime
    ) -> None:
        make_notice("task", task.pk, decided_at, status="taken_out", reasons=WHY)
        waits = make_notice("task", task.pk, decided_at)
        assert run("programs.purge_notices", due - timedelta(seconds=1)) == 0
        assert run("programs.purge_notices", due) == 1
        assert run("programs.purge_notices", due + timedelta(days=4000)) == 0
        assert list(Notice.objects.all()) == [waits]


@pytest.mark.parametrize(
    "values",
    [
        {"status": "stays"},
        {"status": "open", "reasons": "Schon entschieden?"},
        {"status": "taken_out", "reasons": WHY, "email": "ada@example.org"},
        {"status": "vergessen", "reasons": WHY},
    ],
)
def test_the_database_refuses_impossible_notices(values: dict[str, str], now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_notice("task", 1, now, **values)
    assert not Notice.objects.exists()


def test_a_purpose_whose_page_is_hidden_cannot_take_gifts() -> None:
    fund = make_fund()
    with pytest.raises(IntegrityError), transaction.atomic():
        Fund.objects.filter(pk=fund.pk).update(is_shown=False)
    fund.refresh_from_db()
    assert fund.is_shown


def test_who_gave_before_is_not_led_to_a_page_that_is_gone() -> None:
    fund = make_fund("Ranzen")
    page = reverse("donate_thanks", args=[make_donation(fund).public_id])
    assert f'href="/spendenzweck/{fund.slug}/"' in Client().get(page).content.decode()
    Fund.objects.filter(pk=fund.pk).update(is_open=False, is_shown=False)
    left = Client().get(page).content.decode()
    assert "Ranzen" in left
    assert f'href="/spendenzweck/{fund.slug}/"' not in left


def test_robots_are_kept_from_the_forms(task: Opportunity) -> None:
    assert "Disallow: /melden/" in Client().get("/robots.txt").content.decode().splitlines()
    assert reverse("notice", args=["task", task.pk]).startswith("/melden/")
