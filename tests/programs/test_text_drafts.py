"""Words of purposes, their news, the directory and the city are public once a second person has read them."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.history import lines_of
from programs.models import City, Fund, FundUpdate, HelpTelephone, Membership, Program, Provider, TextDraft
from programs.services.text_drafts import write_words
from tests.factories import (
    make_coordinator,
    make_fund,
    make_news,
    make_program,
    make_provider,
    make_user,
    make_youth_office,
)
from tests.kept import taken_back
from tests.searching import tables_with
from tests.today.reading import check

pytestmark = pytest.mark.django_db
Row = Any
NEW = "Hefte und Stifte für den Schulanfang."


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator() -> User:
    return make_user(is_superuser=True, is_staff=True)


@pytest.fixture
def provider() -> Provider:
    return make_provider("Lesefreunde e.V.")


@pytest.fixture
def fund(provider: Provider) -> Fund:
    return make_fund("Ranzen", slug="ranzen", provider=provider, purpose="Ranzen für den Schulanfang.")


@pytest.fixture
def reader(provider: Provider) -> User:
    """Who coordinates for the house and wrote nothing."""
    return make_coordinator(provider)


def form_of(client: Client, address: str) -> dict[str, Any]:
    """Return what the form in the administration would send if nobody changed anything."""
    context = client.get(address).context
    found = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        found += [formset.formset.management_form, *formset.formset.forms]
    return {
        bound.html_name: value
        for form in found
        for bound in form
        if (value := bound.value()) is not None and value is not False
    }


def edit(user: User, row: Row, **typed: str) -> None:
    client, kind = as_user(user), row._meta.model_name
    address = reverse(f"admin:programs_{kind}_change", args=[row.pk])
    answer = client.post(address, {**form_of(client, address), **typed})
    assert answer.status_code == 302, answer.context["adminform"].form.errors


def add(user: User, model: type[Row], **typed: Any) -> Row:
    client, kind = as_user(user), model._meta.model_name
    address = reverse(f"admin:programs_{kind}_add")
    answer = client.post(address, {**form_of(client, address), **typed})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    return model.objects.latest("pk")


def office_person() -> User:
    """Return somebody who coordinates for the youth office."""
    return make_coordinator(Provider.objects.filter(is_youth_office=True).first() or make_youth_office())


def waiting() -> TextDraft:
    return TextDraft.objects.get(status="draft")


def release(user: User, *, without: str = "", mark: str = "") -> Any:
    """Read what waits as `user` sees it, answer every question but `without`, and release it."""
    client, draft = as_user(user), waiting()
    page = client.get(reverse("coordination_text", args=[draft.pk])).content.decode()
    read = re.search(r'name="text_read" value="(\w+)"', page)
    asked = re.findall(r'name="hints_read" value="([^"]+)"', page)
    said = {
        "text_read": mark or (read[1] if read else ""),
        "hints_read": [each for each in asked if each != without],
    }
    return client.post(reverse("coordination_text_release", args=[draft.pk]), said)


def public(path: str) -> str:
    return Client().get(path).content.decode()


class TestAChange:
    def test_is_public_once_somebody_else_has_released_it(
        self, operator: User, reader: User, fund: Fund
    ) -> None:
        edit(operator, fund, purpose=NEW, target_cents="90000")
        assert (NEW in public("/spendenzweck/ranzen/"), fund.purpose in public("/spendenzweck/ranzen/")) == (
            False,
            True,
        )
        assert NEW not in public("/api/v1/zwecke/") + public("/spendenzwecke/")
        fund.refresh_from_db()
        assert (fund.target_cents, fund.text_version) == (90_000, 1)
        assert release(operator).status_code == 422
        assert NEW not in public("/spendenzweck/ranzen/")
        assert release(reader).status_code == 302
        assert NEW in public("/spendenzweck/ranzen/")
        fund.refresh_from_db()
        assert (fund.purpose, fund.text_version) == (NEW, 2)
        done = TextDraft.objects.get(is_new=False)
        assert (done.status, done.texts, done.released_by) == ("in_force", {}, reader)

    @pytest.mark.parametrize(
        ("model", "column"),
        [
            (Program, "description"),
            (Program, "public_contact"),
            (Provider, "public_contact"),
            (HelpTelephone, "hours"),
            (City, "help_intro"),
            (FundUpdate, "text"),
        ],
    )
    def test_of_every_kind_waits(self, operator: User, city: None, model: type[Row], column: str) -> None:
        row = make_news(Fund.objects.all()[0]) if model is FundUpdate else model.objects.all()[0]
        before, new = getattr(row, column), "Wir öffnen jeden Tag um neun Uhr."
        if model is FundUpdate:
            edit(operator, row.fund, **{"updates-0-text": new})
        else:
            edit(operator, row, **{column: new})
        row.refresh_from_db()
        assert (getattr(row, column), waiting().texts) == (before, {column: new})
        assert release(office_person()).status_code == 302
        row.refresh_from_db()
        assert getattr(row, column) == new

    def test_is_released_by_nobody_who_wrote_a_word_of_it(
        self, operator: User, reader: User, fund: Fund
    ) -> None:
        second = make_user(is_superuser=True, is_staff=True)
        edit(operator, fund, purpose=NEW)
        edit(second, fund, fallback_purpose="Für Bücher.")
        edit(second, fund, fallback_purpose=fund.fallback_purpose)
        for writer in (operator, second):
            assert release(writer).status_code == 422
        assert waiting().writers == sorted([operator.pk, second.pk])
        assert release(reader).status_code == 302

    def test_is_shown_beside_what_is_public_and_goes_when_it_says_the_same_again(
        self, operator: User, reader: User, fund: Fund
    ) -> None:
        edit(operator, fund, purpose=NEW)
        html = as_user(reader).get(reverse("coordination_text", args=[waiting().pk])).content.decode()
        assert f"<del>{fund.purpose}</del>" in html
        assert NEW in html
        assert NEW in as_user(operator).get(f"/verwaltung/programs/fund/{fund.pk}/change/").content.decode()
        edit(operator, fund, purpose=fund.purpose)
        assert not TextDraft.objects.filter(status="draft").exists()

    def test_that_was_written_while_somebody_read_is_read_again(
        self, operator: User, reader: User, fund: Fund, now: datetime
    ) -> None:
        edit(operator, fund, purpose=NEW)
        page = as_user(reader).get(reverse("coordination_text", args=[waiting().pk])).content.decode()
        read = re.search(r'name="text_read" value="(\w+)"', page)
        assert read is not None
        write_words(fund, {"purpose": "Etwas ganz anderes."}, by=operator, now=now)
        assert release(reader, mark=read[1]).status_code == 422
        fund.refresh_from_db()
        assert fund.purpose == "Ranzen für den Schulanfang."

    def test_is_answered_word_by_word(self, operator: User, reader: User, fund: Fund) -> None:
        edit(operator, fund, purpose="Ranzen für Xaverinchen und Quölzmann.")
        html = as_user(reader).get(reverse("coordination_text", args=[waiting().pk])).content.decode()
        assert re.findall(r"<mark>(\w+)</mark>", html) == ["Xaverinchen", "Quölzmann"]
        assert release(reader, without="Quölzmann").status_code == 422
        assert "Quölzmann" not in public("/spendenzweck/ranzen/")
        assert release(reader).status_code == 302

    def test_thrown_away_leaves_no_word(self, operator: User, reader: User, fund: Fund) -> None:
        edit(operator, fund, purpose="Ganz besonders seltene Worte.")
        sent = as_user(reader).post(reverse("coordination_text_discard", args=[waiting().pk]))
        assert sent.status_code == 302
        assert tables_with("seltene Worte") == []
        fund.refresh_from_db()
        assert fund.purpose == "Ranzen für den Schulanfang."

    def test_is_a_matter_of_the_house_and_of_the_youth_office(
        self, operator: User, reader: User, fund: Fund, city: None
    ) -> None:
        edit(operator, fund, purpose=NEW)
        address = reverse("coordination_text", args=[waiting().pk])
        office, foreign = office_person(), make_coordinator(make_provider("Fremder"))
        assert [as_user(each).get(address).status_code for each in (reader, office, foreign)] == [
            200,
            200,
            404,
        ]
        assert as_user(make_user(Membership.Role.TREASURER, fund.provider)).get(address).status_code == 403
        TextDraft.objects.filter(status="draft").delete()
        edit(operator, HelpTelephone.objects.all()[0], hours="immer")
        address = reverse("coordination_text", args=[waiting().pk])
        assert [as_user(each).get(address).status_code for each in (reader, office)] == [404, 200]

    def test_a_name_taken_meanwhile_is_not_given_twice(
        self, operator: User, reader: User, fund: Fund
    ) -> None:
        edit(operator, fund, name="Hefte")
        make_fund("Hefte", provider=fund.provider)
        assert release(reader).status_code == 422
        fund.refresh_from_db()
        assert fund.name == "Ranzen"


class TestSomethingNew:
    def test_purpose_is_hidden_until_then_whatever_is_ticked(
        self, operator: User, reader: User, provider: Provider
    ) -> None:
        words = {"name": "Hefte", "slug": "hefte", "purpose": NEW, "fallback_purpose": "Für Bücher."}
        made = add(operator, Fund, provider=str(provider.pk), is_open="on", is_shown="on", **words)
        assert (made.is_open, made.is_shown) == (False, False)
        edit(operator, made, is_open="on", is_shown="on")
        assert Client().get("/spendenzweck/hefte/").status_code == 404
        assert NEW not in public("/spendenzwecke/")
        assert release(operator).status_code == 422
        assert release(reader).status_code == 302
        assert NEW in public("/spendenzweck/hefte/")
        made.refresh_from_db()
        assert (made.is_open, made.is_shown, made.text_version) == (True, True, 1)

    def test_page_of_the_directory_and_telephone_likewise(
        self, operator: User, provider: Provider, city: None
    ) -> None:
        words = {"name": "Lesetreff", "slug": "lesetreff", "description": NEW, "source": "Flyer 2026"}
        add(operator, Program, provider=str(provider.pk), confidence="H", is_listed="on", **words)
        assert Client().get("/hilfe/lesetreff/").status_code == 404
        assert release(make_coordinator(provider)).status_code == 302
        assert NEW in public("/hilfe/lesetreff/")
        number = {"name": "Sorgentelefon", "number": "0800 1110333", "audience": "children"}
        add(operator, HelpTelephone, **number, source="Anbieter", as_of="2026", position="0", is_listed="on")
        assert "Sorgentelefon" not in public("/kind-in-gefahr/")
        assert release(office_person()).status_code == 302
        assert "Sorgentelefon" in public("/kind-in-gefahr/")

    def test_piece_of_news_likewise(self, operator: User, reader: User, fund: Fund) -> None:
        news = {"updates-TOTAL_FORMS": "1", "updates-0-title": "Danke", "updates-0-text": NEW}
        edit(operator, fund, **news, **{"updates-0-published_on": "2026-11-01", "updates-0-is_shown": "on"})
        assert NEW not in public("/spendenzweck/ranzen/")
        assert Client().get(f"/melden/news/{FundUpdate.objects.get().pk}/").status_code == 404
        assert release(reader).status_code == 302
        assert NEW in public("/spendenzweck/ranzen/")

    def test_provider_stands_in_no_list_before(self, operator: User) -> None:
        kinds = {"kind": "club", "issuer_kind": "none"}
        add(operator, Provider, name="Neuer Verein", slug="neuer-verein", **kinds)
        assert "Neuer Verein" not in public("/hilfe/traeger/")
        assert release(office_person()).status_code == 302
        assert "Neuer Verein" in public("/hilfe/traeger/")

    def test_name_does_not_free_itself(self, operator: User, reader: User, provider: Provider) -> None:
        words = {"slug": "x", "purpose": "Für Xaverinchen.", "fallback_purpose": "Für Bücher."}
        add(operator, Fund, name="Xaverinchen", provider=str(provider.pk), **words)
        asked = as_user(reader).get(reverse("coordination_text", args=[waiting().pk]))
        assert "„Xaverinchen“" in asked.content.decode()
        assert release(reader, without="Xaverinchen").status_code == 422

    def test_is_changed_and_not_thrown_away(self, operator: User, reader: User, provider: Provider) -> None:
        words = {"name": "Hefte", "slug": "hefte", "purpose": NEW, "fallback_purpose": "Für Bücher."}
        made = add(operator, Fund, provider=str(provider.pk), **words)
        assert (
            as_user(reader).post(reverse("coordination_text_discard", args=[waiting().pk])).status_code == 422
        )
        edit(operator, made, purpose="Hefte.")
        assert waiting().texts["purpose"] == "Hefte."
        assert release(reader).status_code == 302
        made.refresh_from_db()
        assert (made.purpose, made.is_shown) == ("Hefte.", True)


class TestTheDatabase:
    def test_refuses_to_show_what_nobody_released(self, operator: User, fund: Fund, now: datetime) -> None:
        Fund.objects.filter(pk=fund.pk).update(is_open=False, is_shown=False)
        about = {"row_id": fund.pk, "status_changed_at": now, "writers": [operator.pk]}
        TextDraft.objects.create(about="purpose", is_new=True, texts={"name": "x"}, **about)
        with pytest.raises(IntegrityError, match="shown_is_released"), transaction.atomic():
            Fund.objects.filter(pk=fund.pk).update(is_shown=True)

    def test_refuses_a_writer_as_the_second_person(self, operator: User, fund: Fund) -> None:
        edit(operator, fund, purpose=NEW)
        with (
            pytest.raises(IntegrityError, match="text_released_by_a_second_person"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "UPDATE programs_textdraft SET status = 'in_force', texts = '{}', released_by_id = %s",
                [operator.pk],
            )

    def test_keeps_one_draft_of_a_text(self, operator: User, fund: Fund, now: datetime) -> None:
        edit(operator, fund, purpose=NEW)
        about = {"about": "purpose", "row_id": fund.pk, "status_changed_at": now}
        with pytest.raises(IntegrityError, match="text_one_draft"), transaction.atomic():
            TextDraft.objects.create(**about)


def test_what_waits_goes_with_the_text_that_is_taken_down(
    operator: User, fund: Fund, provider: Provider
) -> None:
    officer = make_user(Membership.Role.SAFEGUARDING_OFFICER, make_youth_office())
    edit(operator, fund, purpose="Ranzen für Quölzmann.")
    as_user(officer).post(reverse("coordination_takedown", args=["purpose", fund.pk]))
    assert tables_with("quölzmann") == []
    assert not TextDraft.objects.filter(status="draft").exists()


def test_what_waits_goes_with_its_row(operator: User, provider: Provider) -> None:
    program = make_program(provider=provider)
    edit(operator, program, description=NEW)
    sent = as_user(operator).post(f"/verwaltung/programs/program/{program.pk}/delete/", {"post": "yes"})
    assert sent.status_code == 302
    assert not TextDraft.objects.filter(status="draft").exists()


def test_the_morning_list_names_it_to_all_who_may_release_it(
    operator: User, reader: User, fund: Fund, provider: Provider
) -> None:
    edit(operator, fund, purpose=NEW)
    draft = TextDraft.objects.get(status="draft")
    check(reader, "aenderungen", [draft.pk])
    check(operator, "aenderungen", [])
    assert fund.name in as_user(reader).get("/koordination/?art=aenderungen").content.decode()


def test_who_released_stands_in_the_history(operator: User, reader: User, fund: Fund) -> None:
    edit(operator, fund, purpose=NEW)
    release(reader)
    line = lines_of(fund).filter(changes__has_key="purpose").get()
    assert line.actor_user == reader.pk
    assert line.changes == {"purpose": ["Ranzen für den Schulanfang.", NEW]}


def test_no_other_way_in_writes_of_a_child(operator: User, fund: Fund, now: datetime) -> None:
    with pytest.raises(ValidationError, match="kein Kind und keine Familie"):
        write_words(fund, {"purpose": "Klein-Xaverinchen, 6 Jahre"}, by=operator, now=now)
    assert not TextDraft.objects.filter(status="draft").exists()


@pytest.mark.parametrize("column", ["name", "purpose", "fallback_purpose", "unit_label"])
def test_a_child_is_refused_and_waits_nowhere(operator: User, fund: Fund, column: str) -> None:
    client, address = as_user(operator), f"/verwaltung/programs/fund/{fund.pk}/change/"
    with taken_back():
        page = client.post(address, {**form_of(client, address), column: "Klein-Xaverinchen, 6 Jahre"})
        assert (page.status_code, tables_with("xaverinchen")) == (200, [])
