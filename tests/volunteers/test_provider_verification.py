"""A provider whose verification is withdrawn disappears from every list and is found for nobody."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.clock import local_day, utc_now
from foundation.sweeps import run
from programs.gateways.city_files import CityDataError, read_city
from programs.models import Membership, Opportunity, Provider, Role, TextDraft
from programs.selectors.visibility import public_opportunities
from programs.services.loading import load_city
from programs.services.places import take_place
from programs.services.providers import stop_provider
from programs.services.text_drafts import mark_of_texts, release_texts, write_words
from programs.signals import need_changed
from tests.factories import (
    asking,
    make_fund,
    make_opportunity,
    make_program,
    make_provider,
    make_shift,
    make_user,
    make_youth_office,
    occupied,
    role_of,
)
from tests.figures.nights import let_a_night_pass
from tests.volunteers.pledging import (
    TUESDAY_AFTERNOON,
    mails,
    make_placement,
    make_pledge,
    make_sent_offer,
)
from volunteers.models import Clearance, Offer, Placement, TimePledge
from volunteers.selectors.match_inputs import match_inputs
from volunteers.selectors.silence import silent_pledges
from volunteers.services.answers import accept_offer
from volunteers.services.links import offer_token
from volunteers.services.match_runs import run_matching
from volunteers.services.placement_endings import leave_placement
from volunteers.wording.reasons import WANTED
from wirbrauchensie.dashboard.filters import Choice
from wirbrauchensie.dashboard.selectors import public_report, staff_report

pytestmark = pytest.mark.django_db
TITLE, PURPOSE = "Hausaufgaben am Rurufer", "Lesesessel am Rurufer"


class Town:
    """One provider with a programme, a task and a purpose, and an administrator."""

    def __init__(self) -> None:
        make_youth_office()
        self.provider = make_provider("Verein am Rurufer")
        self.program = make_program("Treff am Rurufer", provider=self.provider)
        self.task = make_opportunity(
            TITLE, provider=self.provider, program=self.program, clearance_required=False, places=3
        )
        self.fund = make_fund(PURPOSE, provider=self.provider, program=self.program, is_general=True)
        self.staff = Client()
        self.staff.force_login(make_user(is_superuser=True, is_staff=True))

    def verify(self, *, is_verified: bool, **others: str) -> None:
        """Tick or untick the box in the administration, or empty something beside it with the box ticked."""
        address = reverse("admin:programs_provider_change", args=[self.provider.pk])
        page = self.staff.get(address)
        form = page.context["adminform"].form
        answers: dict[str, Any] = {
            name: form[name].value() for name in form.fields if form[name].value() is not None
        }
        answers.pop("is_verified")
        if is_verified or others:
            answers["is_verified"] = "on"
        answers |= others
        for formset in page.context["inline_admin_formsets"]:
            for field in formset.formset.management_form:
                answers[field.html_name] = field.value()
        assert self.staff.post(address, answers).status_code == 302
        assert Provider.objects.get(pk=self.provider.pk).is_verified is is_verified


@pytest.fixture
def town() -> Town:
    return Town()


def lists_with_the_task(town: Town) -> dict[str, bool]:
    """Tell for every place that shows tasks or purposes whether it shows this one."""
    client = Client()
    pages = ["/", "/zeit/", "/zeit/?field=education", "/api/opportunities/"]
    pages.append(f"/zeit/?district={town.task.district.slug}")
    pages.append(town.program.get_absolute_url())
    shown = {page: TITLE in client.get(page).content.decode() for page in pages}
    for address in (
        town.task.get_absolute_url(),
        f"/api/opportunities/{town.task.slug}/",
        f"/api/funds/{town.fund.slug}/",
    ):
        shown[address] = client.get(address).status_code == 200
    for page in (reverse("donate"), "/spendenzwecke/", "/api/funds/"):
        answer = client.get(page)
        assert answer.status_code == 200
        shown[f"{page} (Zweck)"] = PURPOSE in answer.content.decode()
    shown["/ (Zweck)"] = PURPOSE in client.get("/").content.decode()
    shown["/hilfe/… (Zweck)"] = PURPOSE in client.get(town.program.get_absolute_url()).content.decode()
    shown["public"] = public_opportunities().filter(pk=town.task.pk).exists()
    shown["matching"] = town.task.pk in match_inputs(utc_now()).tasks.tolist()
    return shown


def test_every_list_shows_it_while_verified_and_none_afterwards(town: Town) -> None:
    before = lists_with_the_task(town)
    assert len(before) == 16
    assert all(before.values()), [name for name, is_there in before.items() if not is_there]
    town.verify(is_verified=False)
    after = lists_with_the_task(town)
    assert not any(after.values()), [name for name, is_there in after.items() if is_there]
    town.verify(is_verified=True)
    assert lists_with_the_task(town) == before


def told_outside(town: Town) -> dict[str, int]:
    """Tell for every output that leaves the site how often it names the task, or the purpose.

    What tells of one row alone counts 1 while it is there.
    """
    client, task, fund = Client(), town.task.get_absolute_url(), f"/spendenzweck/{town.fund.slug}/"
    named = {
        "/zeit/aufgaben.rss": f"<title>{TITLE}</title>",
        "/zeit/termine.ics": f"SUMMARY:{TITLE}",
        "/zeit/aufgaben.csv": TITLE,
        "/einbetten/zeit/": f">{TITLE}</a>",
        "/sitemap.xml": f"{task}</loc>",
        "/api/v1/tasks/": f'"title":"{TITLE}"',
        "/api/v1/dates/": f'"task":"{town.task.slug}"',
        "/api/v1/purposes/": f'"name":"{PURPOSE}"',
        f"/hilfe/traeger/{town.provider.slug}/": f'href="{task}"',
        "/hilfe/": TITLE,
    }
    told = {}
    for address, words in named.items():
        answer = client.get(address)
        assert answer.status_code == 200, address
        told[address] = answer.content.decode().count(words)
    sitemap = client.get("/sitemap.xml").content.decode()
    told["/sitemap.xml (Zweck)"] = sitemap.count(f"{fund}</loc>")
    page = client.get(f"/hilfe/traeger/{town.provider.slug}/").content.decode()
    told["/hilfe/traeger/… (Zweck)"] = page.count(f'href="{fund}"')
    alone = [f"{task}aufgabe.jsonld", f"/api/v1/tasks/{town.task.slug}/"]
    alone.append(f"/api/v1/purposes/{town.fund.slug}/")
    for address in alone:
        told[address] = int(client.get(address).status_code == 200)
    return told


def test_what_leaves_the_site_names_it_while_verified_and_never_afterwards(town: Town) -> None:
    make_shift(town.task, utc_now() + timedelta(days=2))
    before = told_outside(town)
    assert before == dict.fromkeys(before, 1) | {"/hilfe/": 0}
    assert len(before) == 15
    town.verify(is_verified=False)
    assert told_outside(town) == dict.fromkeys(before, 0)
    town.verify(is_verified=True)
    assert told_outside(town) == before


def names_of_services() -> list[str]:
    services = Client().get("/offene-daten/hsds/services?full=true").json()["contents"]
    return [each["name"] for each in services]


def test_the_directory_for_families_still_names_the_programme(town: Town) -> None:
    """On its page and for other directories; a provider that is stopped has neither."""
    told = names_of_services()
    town.verify(is_verified=False)
    assert "Treff am Rurufer" in Client().get("/hilfe/").content.decode()
    assert names_of_services() == told
    assert told.count("Treff am Rurufer") == 1
    Provider.objects.update(stop_reasons="Nichts davon stimmt.")
    assert "Treff am Rurufer" not in Client().get("/hilfe/").content.decode()
    assert "Treff am Rurufer" not in names_of_services()


def test_the_figures_count_no_free_places_of_it(town: Town) -> None:
    for is_verified, places in ((True, 3), (False, 0)):
        town.verify(is_verified=is_verified)
        let_a_night_pass(utc_now())
        assert staff_report(Choice("365")).totals["needs"].shown == places
        assert public_report(Choice("365")).totals["needs"].shown == places


def test_a_paused_task_has_no_page_either(town: Town) -> None:
    Opportunity.objects.filter(pk=town.task.pk).update(status="paused")
    assert Client().get(town.task.get_absolute_url()).status_code == 200
    town.verify(is_verified=False)
    assert Client().get(town.task.get_absolute_url()).status_code == 404


def test_open_questions_are_taken_back_at_once_with_a_true_mail(town: Town) -> None:
    now = utc_now()
    offer = make_sent_offer(make_pledge(now), town.task, now)
    town.verify(is_verified=False)
    offer.refresh_from_db()
    town.task.refresh_from_db()
    assert (offer.status, occupied(town.task)) == ("withdrawn", 0)
    mail = mails("offer_withdrawn").get()
    assert mail.to_email == "maria@example.org"
    assert TITLE in mail.subject
    assert "nehmen wir die Frage zurück" in mail.body_text
    run("volunteers.expire_offers", now + timedelta(minutes=1))
    assert mails("offer_withdrawn").count() == 1


def test_questions_of_other_providers_stay_open(town: Town) -> None:
    now = utc_now()
    other = make_sent_offer(make_pledge(now), make_opportunity("Anderswo"), now)
    town.verify(is_verified=False)
    other.refresh_from_db()
    assert other.status == "sent"
    assert not mails("offer_withdrawn").exists()


def test_whatever_changed_the_row_the_next_sweep_takes_the_question_back(town: Town) -> None:
    now = utc_now()
    offer = make_sent_offer(make_pledge(now), town.task, now)
    Provider.objects.filter(pk=town.provider.pk).update(is_verified=False)
    assert run("volunteers.expire_offers", now) == 1
    offer.refresh_from_db()
    assert offer.status == "withdrawn"
    assert mails("offer_withdrawn").count() == 1


def test_a_yes_that_comes_too_late_takes_no_place(town: Town) -> None:
    now = utc_now()
    offer = make_sent_offer(make_pledge(now), town.task, now)
    Provider.objects.filter(pk=town.provider.pk).update(is_verified=False)
    assert accept_offer(offer, now=now).status == "withdrawn"
    assert not Placement.objects.exists()
    answer = Client().get(reverse("offer_answer", args=[offer_token(offer, now)]))
    assert answer.status_code == 200
    assert "Diese Anfrage hat sich erledigt" in answer.content.decode()


def test_nobody_new_is_asked_and_after_a_new_verification_people_are(town: Town) -> None:
    now = utc_now()
    make_pledge(now, times=[TUESDAY_AFTERNOON], wanted=town.task, fields=["education"])
    town.verify(is_verified=False)
    assert not take_place(role_of(town.task).pk)
    run_matching(now)
    assert not Offer.objects.filter(sent_at__isnull=False).exists()
    town.verify(is_verified=True)
    run_matching(now)
    asked = Offer.objects.get(status="sent")
    assert asked.opportunity == town.task
    assert asked.reasons[0]["code"] == WANTED


def test_a_proposal_made_before_is_not_sent(town: Town) -> None:
    now = utc_now()
    pledge = make_pledge(now)
    proposal = Offer.objects.create(
        pledge=pledge, role=role_of(town.task), status_changed_at=now, created_at=now
    )
    town.verify(is_verified=False)
    run("volunteers.send_offers", now)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.sent_at) == ("withdrawn", None)


def test_who_already_helps_keeps_time_and_place_in_the_matching(town: Town) -> None:
    now = utc_now()
    make_placement(make_pledge(now), town.task, now, "active", from_on=local_day(now))
    town.verify(is_verified=False)
    assert Placement.objects.get().status == "active"
    inputs = match_inputs(now)
    row = inputs.tasks.tolist().index(town.task.pk)
    # Its own place is counted as held, none is free.
    assert inputs.problem.opportunities.places[row] == 1
    assert len(inputs.problem.confirmed.opportunity) == 1


def test_nobody_can_pledge_for_it_by_its_address(town: Town) -> None:
    address = reverse("pledge_time_for", args=[town.task.slug])
    second = Client().get(address)["Location"]
    assert TITLE in Client().get(second).content.decode()
    town.verify(is_verified=False)
    assert Client().get(address).status_code == 404
    assert TITLE not in Client().get(second).content.decode()


@pytest.mark.parametrize("taken", ["protection_concept_on", "safeguarding_contact"])
def test_a_concept_or_contact_that_is_taken_away_ends_the_verification(town: Town, taken: str) -> None:
    now = utc_now()
    offer = make_sent_offer(make_pledge(now), town.task, now)
    town.verify(is_verified=False, **{taken: ""})
    offer.refresh_from_db()
    assert (offer.status, Client().get(town.task.get_absolute_url()).status_code) == ("withdrawn", 404)


@pytest.mark.parametrize("taken", ["protection_concept_on", "safeguarding_contact"])
def test_the_database_keeps_nobody_verified_without(town: Town, taken: str) -> None:
    with pytest.raises(IntegrityError, match="provider_verified_protects_children"), transaction.atomic():
        Provider.objects.filter(pk=town.provider.pk).update(**{taken: None if taken.endswith("_on") else ""})


def saved(town: Town, **others: str) -> str:
    """Save the provider's form with the box ticked; return what the page says of it, "" once it is taken."""
    address = reverse("admin:programs_provider_change", args=[town.provider.pk])
    page = town.staff.get(address)
    form = page.context["adminform"].form
    answers = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    for formset in page.context["inline_admin_formsets"]:
        answers |= {each.html_name: each.value() for each in formset.formset.management_form}
    answer = town.staff.post(address, {**answers, **others, "is_verified": "on"})
    return "" if answer.status_code == 302 else answer.content.decode()


def test_nobody_is_verified_without_a_concept_or_before_a_second_person_has_read_the_contact(
    town: Town,
) -> None:
    bare = {"protection_concept_on": None, "safeguarding_contact": ""}
    Provider.objects.filter(pk=town.provider.pk).update(is_verified=False, **bare)
    day, contact = {"protection_concept_on": "2026-01-15"}, {"safeguarding_contact": "Kinderschutz-Team"}
    assert "Ohne Schutzkonzept wird niemand geprüft." in saved(town, **contact)
    assert "Ohne Ansprechperson für Kinderschutz wird niemand geprüft." in saved(town, **day)
    assert "Diese Angabe wartet auf eine zweite Person" in saved(town, **day, **contact)
    address = reverse("admin:programs_provider_change", args=[town.provider.pk])
    form = town.staff.get(address).context["adminform"].form
    told = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    inline = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    assert town.staff.post(address, {**told, **day, **contact, **inline}).status_code == 302
    assert "Diese Angabe wartet auf eine zweite Person" in saved(town)
    draft = TextDraft.objects.get(status="draft")
    assert draft.texts == contact
    office = Provider.objects.get(is_youth_office=True)
    now, reader = utc_now(), make_user(Membership.Role.COORDINATOR, office)
    assert release_texts(draft, by=reader, text_read=mark_of_texts(draft), hints_read=True, now=now) == []
    assert saved(town) == ""
    town.provider.refresh_from_db()
    assert town.provider.is_verified


def test_a_new_provider_is_verified_by_nobody_before_its_words_are_read(town: Town) -> None:
    new = {"name": "Neuer Verein", "slug": "neuer-verein", "kind": "club", "issuer_kind": "none"}
    there = {"protection_concept_on": "2026-01-15", "safeguarding_contact": "Kinderschutz-Team"}
    inline = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    address = reverse("admin:programs_provider_add")
    said = {**new, **there, **inline, "protection_concept_review_on": "2028-01-15"}
    answer = town.staff.post(address, {**said, "is_verified": "on"})
    assert "Erst liest eine zweite Person seine Texte" in answer.content.decode()
    assert town.staff.post(address, said).status_code == 302
    made = Provider.objects.get(slug="neuer-verein")
    with pytest.raises(IntegrityError, match="nobody has released"), transaction.atomic():
        Provider.objects.filter(pk=made.pk).update(is_verified=True)


def test_a_contact_that_a_second_person_takes_away_later_ends_the_verification_too(town: Town) -> None:
    now = utc_now()
    offer = make_sent_offer(make_pledge(now), town.task, now)
    writer = make_user(is_superuser=True, is_staff=True)
    draft = write_words(town.provider, {"safeguarding_contact": ""}, by=writer, now=now)
    assert draft is not None
    reader = make_user(Membership.Role.COORDINATOR, town.provider)
    assert release_texts(draft, by=reader, text_read=mark_of_texts(draft), hints_read=True, now=now) == []
    town.provider.refresh_from_db()
    offer.refresh_from_db()
    assert (town.provider.is_verified, town.provider.safeguarding_contact) == (False, "")
    assert (offer.status, mails("offer_withdrawn").count()) == ("withdrawn", 1)


class TestCityFiles:
    """What a city's files say of a provider counts like what is typed."""

    FILE = {"name": "Verein am Rurufer", "kind": "welfare", "source": "", "is_verified": True}
    THERE = {"protection_concept_on": "2025-01-15", "safeguarding_contact": "Kinderschutz-Team"}

    def load(self, **said: Any) -> None:
        folder = read_city("dueren", with_demo_values=False)
        row = {**self.FILE, **self.THERE, **said}
        everybody = {**folder.providers, "rurufer": row}
        load_city(replace(folder, providers=everybody, funds={}), now=utc_now())

    @pytest.fixture
    def kept(self, town: Town) -> Town:
        Provider.objects.filter(is_youth_office=True).delete()
        remembered = {**self.FILE, **self.THERE, "slug": town.provider.slug}
        Provider.objects.filter(pk=town.provider.pk).update(
            source_key="rurufer", loaded_values=remembered, safeguarding_contact="Kinderschutz-Team"
        )
        return town

    @pytest.mark.parametrize("taken", [{"protection_concept_on": None}, {"safeguarding_contact": ""}])
    def test_that_take_concept_or_contact_away_end_the_verification(
        self, kept: Town, taken: dict[str, None]
    ) -> None:
        now = utc_now()
        offer = make_sent_offer(make_pledge(now), kept.task, now)
        self.load(slug=kept.provider.slug)
        offer.refresh_from_db()
        assert offer.status == "sent"
        self.load(slug=kept.provider.slug, **taken)
        offer.refresh_from_db()
        assert (offer.status, mails("offer_withdrawn").count()) == ("withdrawn", 1)
        assert Client().get(kept.task.get_absolute_url()).status_code == 404
        self.load(slug=kept.provider.slug)
        kept.provider.refresh_from_db()
        assert not kept.provider.is_verified, "only the youth office verifies anew"

    def test_that_take_the_verification_back_take_the_questions_back(self, kept: Town) -> None:
        now = utc_now()
        offer = make_sent_offer(make_pledge(now), kept.task, now)
        self.load(slug=kept.provider.slug, is_verified=False)
        offer.refresh_from_db()
        assert offer.status == "withdrawn"

    def test_that_bring_somebody_verified_without_a_concept_are_refused(self) -> None:
        with pytest.raises(CityDataError, match="»rurufer«: Geprüft ist nur, wer ein Schutzkonzept"):
            self.load(protection_concept_on=None)
        assert not Provider.objects.exists()


def test_saving_a_provider_without_touching_the_box_takes_nothing_back(town: Town) -> None:
    now = utc_now()
    offer = make_sent_offer(make_pledge(now), town.task, now)
    town.verify(is_verified=True)
    offer.refresh_from_db()
    assert offer.status == "sent"


def test_nobody_new_is_confirmed_at_a_provider_that_lost_its_verification(town: Town) -> None:
    now = utc_now()
    placement = make_placement(make_pledge(now), town.task, now, "awaiting_confirmation")
    town.verify(is_verified=False)
    address = reverse("coordination_placement_confirm", args=[placement.pk])

    answer = town.staff.post(address, follow=True)

    assert "Das Jugendamt hat die Prüfung dieses Trägers zurückgenommen." in answer.content.decode()
    placement.refresh_from_db()
    assert placement.status == "awaiting_confirmation"
    assert not mails("placement_confirmed").exists()

    town.verify(is_verified=True)
    town.staff.post(address)
    placement.refresh_from_db()
    assert placement.status == "active"


def test_who_waits_there_hears_at_once_and_once_that_it_rests_and_is_called_when_their_time_is_over(
    town: Town,
) -> None:
    now = utc_now()
    waiting = make_placement(make_pledge(now), town.task, now, "awaiting_confirmation")
    make_placement(
        make_pledge(now, email="da@example.org", first_name="Da"),
        town.task,
        now,
        "active",
        from_on=local_day(now),
    )
    assert stop_provider(town.provider, reasons="Ein Hinweis wird geprüft.", now=now)
    mail = mails("placement_rests").get()
    assert (mail.to_email, mail.subject) == ("maria@example.org", f"Es dauert noch: {waiting.title}")
    assert "kann zurzeit niemand neu anfangen. Deshalb ruht Ihre Zusage" in mail.body_text
    assert "Ein Hinweis" not in mail.body_text
    there = mails("placement_goes_on").get()
    assert (there.to_email, there.subject) == ("da@example.org", f"Es geht weiter: {waiting.title}")
    assert "fängt zurzeit niemand neu an. Für Sie geht es weiter wie vereinbart" in there.body_text
    assert "Ein Hinweis" not in there.body_text
    need_changed.send(sender=Opportunity, now=now, opportunity_ids=[town.task.pk])
    assert mails("placement_rests").count() == mails("placement_goes_on").count() == 1
    TimePledge.objects.filter(pk=waiting.pledge_id).update(answer_due_at=now)
    assert list(silent_pledges(now)) == [waiting.pledge]
    Provider.objects.filter(pk=town.provider.pk).update(is_verified=True)
    assert not silent_pledges(now).exists()


def test_each_stop_and_each_lifting_is_told_once_to_each_who_was_there(town: Town) -> None:
    now = utc_now()
    waiting = make_placement(make_pledge(now), town.task, now, "awaiting_confirmation")
    there = make_placement(
        make_pledge(now, email="da@example.org", first_name="Da"),
        town.task,
        now,
        "active",
        from_on=local_day(now),
    )
    own_page = reverse("my_page", args=[my_page_token(waiting.volunteer.mailbox, now)])
    rests = "Hier kann zurzeit niemand neu anfangen. Ihre Zusage ruht."
    for turn in (1, 2):
        shown = Client().get(own_page).content.decode()
        assert ("Der Träger soll sich bis" in shown, rests in shown) == (True, False)
        town.verify(is_verified=False)
        shown = Client().get(own_page).content.decode()
        assert ("Der Träger soll sich bis" in shown, rests in shown) == (False, True)
        assert "Beim Träger kann zurzeit niemand neu anfangen." in shown
        assert "Jetzt muss der Träger Ihren Einsatz bestätigen." not in shown
        need_changed.send(sender=Opportunity, now=now, opportunity_ids=[town.task.pk])
        assert mails("placement_rests").count() == mails("placement_goes_on").count() == turn
        assert mails("placement_rests_no_more").count() == 2 * (turn - 1)
        town.verify(is_verified=True)
        need_changed.send(sender=Opportunity, now=now, opportunity_ids=[town.task.pk])
        assert mails("placement_rests").count() == mails("placement_goes_on").count() == turn
        assert mails("placement_rests_no_more").count() == 2 * turn

    begins, goes_on = mails("placement_rests_no_more").order_by("pk")[2:]
    assert (begins.to_email, begins.subject) == ("maria@example.org", f"Es ruht nicht mehr: {waiting.title}")
    assert "Jetzt bestätigt der Träger, dass Sie kommen können." in begins.body_text
    assert (goes_on.to_email, goes_on.subject) == ("da@example.org", f"Alles wie vereinbart: {there.title}")
    assert "Sie brauchen nichts zu tun." in goes_on.body_text


def test_who_came_in_between_or_left_hears_nothing_of_the_end(town: Town) -> None:
    now = utc_now()
    gone = make_placement(make_pledge(now), town.task, now, "active", from_on=local_day(now))
    town.verify(is_verified=False)
    leave_placement(gone, now=now)
    town.verify(is_verified=True)
    make_placement(
        make_pledge(now, email="neu@example.org", first_name="Neu"), town.task, now, "awaiting_confirmation"
    )
    need_changed.send(sender=Opportunity, now=now, opportunity_ids=[town.task.pk])

    assert mails("placement_goes_on").count() == 1
    assert not mails("placement_rests_no_more").exists()


def test_no_certificate_is_taken_for_it_either(town: Town) -> None:
    now = utc_now()
    Role.objects.update(**asking(clearance=True))
    placement = make_placement(make_pledge(now), town.task, now, "awaiting_clearance")
    town.verify(is_verified=False)
    officer = Client()
    officer.force_login(make_user(Membership.Role.SAFEGUARDING_OFFICER, town.provider))

    answer = officer.post(
        reverse("coordination_clearance", args=[placement.pk]),
        {"certificate_on": local_day(now).isoformat()},
    )

    assert answer.status_code == 422
    assert "zurückgenommen" in answer.content.decode()
    assert not Clearance.objects.exists()
    placement.refresh_from_db()
    assert placement.status == "awaiting_clearance"
