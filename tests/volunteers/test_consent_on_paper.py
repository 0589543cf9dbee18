"""A guardian without telephone and internet signs a sheet, and the safeguarding officer notes it."""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import User
from citizens.services.links import my_page_token
from citizens.services.paper import letters_waiting
from foundation.clock import local_day, utc_now
from programs.models import Declaration, Membership, Provider
from tests.factories import make_declaration, make_provider, make_user
from tests.volunteers.pledging import link_in, mails
from tests.volunteers.test_gate import _months_ago, confirmed, lines_of, status
from volunteers.models import GuardianConsent, Placement, Volunteer
from wirbrauchensie.letters.document import letters_document

pytestmark = pytest.mark.django_db

OFFICER = Membership.Role.SAFEGUARDING_OFFICER
ENVELOPE = {"name": "Eva Beispiel", "street": "Weierstraße 1", "postcode": "52349", "town": "Düren"}
TEXT = "Ich bin einverstanden.\n\n- Eine erwachsene Person ist dabei.\n\nIch kann es zurückziehen."


@pytest.fixture
def today() -> datetime:
    return utc_now()


@pytest.fixture
def text() -> Declaration:
    return make_declaration("einverstaendnis", text=TEXT)


@pytest.fixture
def young(text: Declaration, today: datetime) -> Placement:
    return confirmed(today, is_adult=False)


@pytest.fixture
def officer(young: Placement) -> User:
    return make_user(OFFICER, young.opportunity.provider)


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def page(placement: Placement) -> str:
    return reverse("coordination_consent", args=[placement.pk])


def ask(desk: Client, placement: Placement, now: datetime, **more: str) -> Any:
    said = {"act": "ask", **ENVELOPE, "born_in": _months_ago(now, 200), **more}
    return desk.post(page(placement), said)


def note(desk: Client, placement: Placement, text: Declaration, day: date, **more: Any) -> Any:
    said = {"act": "note", "version": text.pk, "name": "Eva Beispiel", "signed_on": str(day), "seen": "on"}
    return desk.post(page(placement), {**said, **more})


def test_the_officer_has_a_letter_written_with_a_sheet_to_sign(
    desk: Client, young: Placement, today: datetime
) -> None:
    inspect = desk.get(reverse("coordination_clearance", args=[young.pk])).content.decode()
    assert page(young) in inspect
    Volunteer.objects.filter(pk=young.volunteer_id).update(last_name="Kremer")
    Provider.objects.update(address="Rurstraße 3, 52349 Düren")
    assert ask(desk, young, today).status_code == 303
    (waiting,) = letters_waiting()
    assert vars(waiting)["postal_address"] == "Eva Beispiel\nWeierstraße 1\n52349 Düren"
    assert "Ohne Telefon und Internet geht es auch" in waiting.body_text
    assert "mit einem Brief dorthin. Die Anschrift: Rurstraße 3, 52349 Düren." in waiting.body_text
    pages = [each.extract_text() for each in PdfReader(BytesIO(_printed(today))).pages]
    assert len(pages) == 2
    assert "Unterschrift" not in pages[0].replace("Unterschreiben", "")
    assert "Einverständnis für Maria Kremer: Vorlesen" in " ".join(pages[1].split())
    assert "(Fassung 1)" in pages[1]
    for line in ("Ich bin einverstanden.", "Eine erwachsene Person ist dabei.", "Ort und Datum"):
        assert line in pages[1]
    assert "Unterschrift" in pages[1]
    assert "Geburtsmonat" in pages[1]
    assert "____" not in "".join(pages)


def _printed(now: datetime) -> bytes:
    return letters_document(list(letters_waiting()), None, now=now)


def test_the_signed_sheet_is_noted_with_text_day_and_who_noted_it(
    desk: Client, officer: User, young: Placement, text: Declaration, today: datetime
) -> None:
    ask(desk, young, today)
    signed_on = local_day(today) - timedelta(days=3)
    answer = note(desk, young, text, signed_on)
    assert (answer.status_code, status(young)) == (303, "active")
    row = GuardianConsent.objects.get()
    assert (row.name, row.declaration, row.signed_on, row.noted_by) == (
        "Eva Beispiel",
        text,
        signed_on,
        officer,
    )
    assert row.given_at is not None
    assert row.mailbox.confirmed_at is None
    assert mails("guardian_asked").get().status == "suppressed"
    came = lines_of(young).get(to_status="active")
    assert (came.actor_kind, came.actor_role, came.actor_user) == ("user", OFFICER, officer.pk)
    shown = desk.get(page(young)).content.decode()
    assert "auf Papier zugestimmt, Fassung 1" in shown
    assert f"Notiert von {officer.name}" in shown


def test_the_guardian_and_the_minor_read_that_it_came_on_paper(
    desk: Client, young: Placement, text: Declaration, today: datetime
) -> None:
    ask(desk, young, today)
    link = link_in(mails("guardian_asked").get(), "/zustimmung/")
    note(desk, young, text, local_day(today))
    assert "auf Papier zugestimmt, Fassung 1" in Client().get(link).content.decode()
    told = Client().get(reverse("my_data_file", args=[my_page_token(young.volunteer.mailbox, today)])).json()
    (consent,) = told["zeit"]["einverstaendnisse"]
    assert consent["auf_papier_unterschrieben"] == str(local_day(today))


def test_it_is_withdrawn_on_paper_too_and_the_proof_stays(
    desk: Client, officer: User, young: Placement, text: Declaration, today: datetime
) -> None:
    ask(desk, young, today)
    note(desk, young, text, local_day(today))
    assert desk.post(page(young), {"act": "withdraw"}).status_code == 303
    assert status(young) == "ended"
    row = GuardianConsent.objects.get()
    assert (row.name, row.noted_by, row.withdrawn_at is None) == ("Eva Beispiel", officer, False)
    ended = lines_of(young).get(to_status="ended")
    assert (ended.actor_kind, ended.actor_user) == ("user", officer.pk)
    assert mails("consent_withdrawn").count() == 1
    assert "Hier ist niemand zu fragen" in desk.get(page(young)).content.decode()
    assert note(desk, young, text, local_day(today)).status_code == 422


def test_the_page_of_the_placement_leads_there_as_long_as_it_runs(
    desk: Client, officer: User, young: Placement, text: Declaration, today: datetime
) -> None:
    placement = reverse("coordination_placement", args=[young.pk])
    Membership.objects.create(
        user=officer, provider=young.opportunity.provider, role=Membership.Role.COORDINATOR
    )
    ask(desk, young, today)
    note(desk, young, text, local_day(today))
    assert page(young) in desk.get(placement).content.decode()
    desk.post(page(young), {"act": "withdraw"})
    assert page(young) not in desk.get(placement).content.decode()


def test_a_no_on_paper_ends_it(desk: Client, young: Placement, today: datetime) -> None:
    ask(desk, young, today)
    assert desk.post(page(young), {"act": "withdraw"}).status_code == 303
    assert (status(young), GuardianConsent.objects.get().given_at) == ("cancelled", None)


@pytest.mark.parametrize("wrong", [{"name": " "}, {"seen": ""}, {"version": "0"}, {"signed_on": ""}])
def test_nothing_is_noted_without_name_day_sheet_and_this_text(
    desk: Client, young: Placement, text: Declaration, today: datetime, wrong: dict[str, str]
) -> None:
    ask(desk, young, today)
    answer = note(desk, young, text, local_day(today), **wrong)
    assert (answer.status_code, "<title>Fehler:" in answer.content.decode()) == (422, True)
    assert (status(young), GuardianConsent.objects.get().given_at) == ("awaiting_clearance", None)


def test_no_day_to_come_is_noted(desk: Client, young: Placement, text: Declaration, today: datetime) -> None:
    ask(desk, young, today)
    answer = note(desk, young, text, local_day(today) + timedelta(days=1))
    assert (answer.status_code, "kommt erst noch" in answer.content.decode()) == (422, True)
    assert GuardianConsent.objects.get().given_at is None


def test_nothing_is_noted_where_nobody_was_asked_or_needs_to_be(
    desk: Client, young: Placement, text: Declaration, today: datetime
) -> None:
    assert note(desk, young, text, local_day(today)).status_code == 422
    assert not GuardianConsent.objects.exists()
    ask(desk, young, today)
    Volunteer.objects.filter(pk=young.volunteer_id).update(born_in=date(today.year - 19, 1, 1))
    assert note(desk, young, text, local_day(today)).status_code == 422
    assert GuardianConsent.objects.get().given_at is None


def test_who_is_of_age_by_the_month_is_not_asked_for(desk: Client, young: Placement, today: datetime) -> None:
    answer = ask(desk, young, today, born_in=_months_ago(today, 19 * 12))
    assert (answer.status_code, "ist schon 18" in answer.content.decode()) == (422, True)
    assert not GuardianConsent.objects.exists()


def test_who_is_below_16_is_not_asked_for(desk: Client, young: Placement, today: datetime) -> None:
    answer = ask(desk, young, today, born_in=_months_ago(today, 15 * 12))
    assert (answer.status_code, "ab 16 Jahren" in answer.content.decode()) == (422, True)
    assert "<title>Fehler:" in answer.content.decode()
    assert not GuardianConsent.objects.exists()


@pytest.mark.parametrize("role", [OFFICER, Membership.Role.COORDINATOR])
def test_nobody_else_notes_it(
    client: Client, young: Placement, text: Declaration, today: datetime, role: Membership.Role
) -> None:
    provider = make_provider() if role == OFFICER else young.opportunity.provider
    client.force_login(make_user(role, provider))
    assert ask(client, young, today).status_code in (403, 404)
    assert client.get(page(young)).status_code in (403, 404)
    assert not GuardianConsent.objects.exists()


def test_the_database_keeps_the_proof(
    desk: Client, officer: User, young: Placement, text: Declaration, today: datetime
) -> None:
    ask(desk, young, today)
    with pytest.raises(IntegrityError, match="consent_on_paper_is_given"), transaction.atomic():
        GuardianConsent.objects.update(signed_on=local_day(today))
    note(desk, young, text, local_day(today))
    other = make_user(OFFICER, young.opportunity.provider)
    for change in ({"signed_on": date(2026, 1, 1)}, {"signed_on": None}, {"noted_by": other}):
        with pytest.raises(IntegrityError), transaction.atomic():
            GuardianConsent.objects.update(**change)
    GuardianConsent.objects.update(noted_by=None)
