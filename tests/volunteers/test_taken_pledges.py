"""Told on the phone or on paper: one page, the same pledge in the same states, letters instead of mails."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from citizens.models import Mailbox
from citizens.services.erasure import erase
from citizens.services.mailboxes import paper_mailbox
from citizens.services.personal_data import everything_about
from foundation.clock import local_day, utc_now
from foundation.history import lines_of
from outbox.models import Message
from programs.models import Opportunity
from tests.factories import (
    make_coordinator,
    make_opportunity,
    make_provider,
    make_youth_office,
    occupied,
    role_of,
)
from tests.volunteers.pledging import (
    link_in,
    mails,
    make_pledge,
    make_sent_offer,
    rows,
    taken_answers,
)
from tests.words_of_pages import as_read
from volunteers.models import Offer, Placement, TimePledge, Volunteer

pytestmark = pytest.mark.django_db
TAKE = "/koordination/zusagen/aufnehmen/"
NOTHING = {"people": 0, "pledges": 0, "mails": 0}


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def office() -> User:
    return make_coordinator(make_youth_office())


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def take(user: User, address: str = TAKE, **changes: Any) -> Any:
    return client_of(user).post(address, taken_answers(**changes))


def test_who_has_no_address_is_searched_for_at_once_and_gets_letters(office: User, now: datetime) -> None:
    answer = take(office)
    person = Volunteer.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/koordination/menschen/{person.pk}/")
    assert (person.first_name, person.last_name, person.phone) == ("Hedwig", "Kremer", "02421 445566")
    assert person.mailbox.postal_address == "Hedwig Kremer\nWeierstraße 7\n52349 Düren"
    pledge = person.pledges.get()
    assert (pledge.status, pledge.came_by, pledge.consent_on) == ("open", "phone", date(2026, 1, 7))
    assert pledge.taken_by == office
    assert pledge.answer_due_at is not None
    assert pledge.answer_due_at > now
    assert [str(window) for window in pledge.windows.all()] == ["Dienstag 900–1080"]
    letter = mails("pledge_confirmed").get()
    assert (letter.status, letter.to_email) == ("to_print", person.mailbox.email)
    noted = lines_of(pledge).get(changes__has_key="consent")
    assert (noted.changes, noted.actor_user) == ({"consent": [None, "phone 2026-01-07"]}, office.pk)
    shown = as_read(client_of(office).get(answer["Location"]).content.decode())
    assert "per Brief: Hedwig Kremer, Weierstraße 7, 52349 Düren" in shown
    assert "Zugesagt am Telefon, eingewilligt am 7. Januar 2026" in shown
    assert "@brief.invalid" not in shown


def test_who_has_an_address_confirms_it_like_everybody(office: User) -> None:
    answer = take(office, email="Hedwig@Example.org ", street="", postcode="", town="", came_by="in_person")
    assert (answer.status_code, answer["Location"]) == (303, "/koordination/zusagen/")
    pledge = TimePledge.objects.get()
    assert (pledge.status, pledge.came_by, pledge.volunteer.email) == (
        "unconfirmed",
        "in_person",
        "hedwig@example.org",
    )
    asked = mails("pledge_confirm").get()
    assert asked.status == "queued"
    assert Client().post(link_in(asked, "/zusage/bestaetigen/")).status_code == 303
    pledge.refresh_from_db()
    assert (pledge.status, pledge.consent_on) == ("open", date(2026, 1, 7))


def test_the_same_form_sent_twice_is_one_pledge(office: User) -> None:
    answers = taken_answers()
    client = client_of(office)
    places = {client.post(TAKE, answers)["Location"] for _each in range(2)}
    assert (len(places), rows()) == (1, {"people": 1, "pledges": 1, "mails": 1})
    places.add(client.post(TAKE, {**answers, "town": "Jülich"})["Location"])
    assert (len(places), rows()) == (2, {"people": 2, "pledges": 2, "mails": 2})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"consents": ""}, "Ohne Einwilligung dürfen wir nichts speichern."),
        ({"consent_on": "2099-01-01"}, "Dieser Tag kommt erst noch."),
        ({"consent_on": "0026-01-07"}, "zwischen 2000 und 2099"),
        ({"consent_on": ""}, "Noch offen: "),
        ({"street": ""}, "Ohne E-Mail-Adresse brauchen wir Straße und Hausnummer."),
        ({"postcode": ""}, "Ohne E-Mail-Adresse brauchen wir die Postleitzahl."),
        ({"town": " "}, "Ohne E-Mail-Adresse brauchen wir den Ort."),
        ({"last_name": ""}, "Für Briefe brauchen wir den Nachnamen."),
        ({"postcode": "A"}, "Bitte prüfen Sie die Postleitzahl"),
        ({"street": "siehe https://example.org"}, "Bitte schreiben Sie nur die Anschrift"),
        ({"first_name": ""}, "Bitte geben Sie den Vornamen an."),
        ({"came_by": "web"}, "came_by"),
        ({"note": "Das Kind Mia Schmidt, 7 Jahre, hat Asthma."}, "Hier wird kein Kind"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_stored(
    office: User, changes: dict[str, str], words: str
) -> None:
    answer = take(office, **changes)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Weierstraße 7" in page or "street" in changes
    assert (rows(), Mailbox.objects.count()) == (NOTHING, 0)


def test_a_wish_for_a_task_fills_in_its_times_and_is_kept(office: User, now: datetime) -> None:
    task = make_opportunity("Lesecafé", places=2, clearance_required=False)
    address = f"{TAKE}?rolle={role_of(task).pk}"
    page = client_of(office).get(address).content.decode()
    assert "Wunsch: Lesecafé" in page
    assert re.search(r'value="1-afternoon"[^>]*checked', page)
    take(office, address)
    pledge = TimePledge.objects.get()
    assert (pledge.wanted_role, pledge.wanted_opportunity) == (role_of(task), task)


def test_a_provider_takes_a_pledge_and_sees_no_more_of_the_person_than_before(now: datetime) -> None:
    coordinator = make_coordinator(make_provider())
    answer = take(coordinator)
    assert (answer.status_code, answer["Location"]) == (303, "/koordination/zusagen/")
    person = Volunteer.objects.get()
    client = client_of(coordinator)
    assert client.get(f"/koordination/menschen/{person.pk}/").status_code == 404
    assert "Hedwig" not in client.get("/koordination/zusagen/").content.decode()
    foreign = make_opportunity()
    assert client.get(f"{TAKE}?rolle={role_of(foreign).pk}").status_code == 404


def asked_on_paper(office: User, now: datetime) -> tuple[Offer, Opportunity]:
    take(office)
    task = make_opportunity("Lesecafé", places=2, clearance_required=False)
    return make_sent_offer(TimePledge.objects.get(), task, now), task


@pytest.mark.parametrize(
    ("said", "status", "places"), [("accept", "accepted", 1), ("decline", "declined", 0)]
)
def test_an_answer_by_telephone_counts_like_one_by_link(
    office: User, now: datetime, said: str, status: str, places: int
) -> None:
    offer, task = asked_on_paper(office, now)
    address = f"/koordination/anfragen/{offer.pk}/antwort/"
    client_of(office).post(address, {"answer": said, "came_by": "phone"})
    offer.refresh_from_db()
    task.refresh_from_db()
    assert (offer.status, offer.answered_by, occupied(task)) == (status, "phone", places)
    assert offer.answered_at is not None
    moved = lines_of(offer).get(to_status=status)
    assert (moved.actor_user, moved.actor_role) == (office.pk, "youth_office")
    other = "decline" if said == "accept" else "accept"
    again = client_of(office).post(address, {"answer": other, "came_by": "phone"}, follow=True)
    assert "Diese Anfrage gilt nicht mehr." in again.content.decode()
    offer.refresh_from_db()
    assert (offer.status, occupied(task)) == (status, places)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"answer": "accept"}, "Noch offen: Wie kam es?"),
        (
            {"answer": "accept", "came_by": "web"},
            "Wie kam es?: Bitte wählen Sie aus, was angeboten wird.",
        ),
        ({"came_by": "phone"}, "Noch offen: "),
    ],
)
def test_an_answer_that_came_by_nothing_is_none_and_that_is_said(
    office: User, now: datetime, answers: dict[str, str], told: str
) -> None:
    offer, _task = asked_on_paper(office, now)
    address = f"/koordination/anfragen/{offer.pk}/antwort/"
    assert told in client_of(office).post(address, answers, follow=True).content.decode()
    offer.refresh_from_db()
    assert (offer.status, offer.answered_by) == ("sent", "")


@pytest.mark.parametrize("came_by", ["", "web"])
def test_nobody_is_placed_by_a_yes_that_came_by_nothing_and_that_is_said(
    office: User, now: datetime, came_by: str
) -> None:
    pledge, task = make_pledge(now), make_opportunity("Lesecafé", places=1, clearance_required=False)
    assert "Wie kam es?" in place(office, pledge, task, came_by=came_by)
    task.refresh_from_db()
    assert (Placement.objects.count(), Offer.objects.count(), occupied(task)) == (0, 0, 0)


def place(office: User, pledge: TimePledge, task: Opportunity, **more: Any) -> str:
    answers = {"role": role_of(task).pk, "came_by": "in_person", **more}
    answer = client_of(office).post(f"/koordination/zusagen/{pledge.pk}/eintragen/", answers, follow=True)
    return str(answer.content.decode())


def test_a_known_person_is_placed_with_how_their_yes_came(office: User, now: datetime) -> None:
    pledge, task = make_pledge(now), make_opportunity("Lesecafé", places=1, clearance_required=False)
    before = Volunteer.objects.get().last_asked_at
    assert "Eingetragen. Jetzt bestätigt der Träger." in place(office, pledge, task)
    offer = Offer.objects.get()
    task.refresh_from_db()
    assert (offer.status, offer.answered_by, occupied(task)) == ("accepted", "in_person", 1)
    assert pledge.placements.get().status == "awaiting_confirmation"
    assert (mails("offer").count(), mails("placement_to_confirm").count()) == (0, 1)
    assert Volunteer.objects.get().last_asked_at == before
    noted = lines_of(offer).get(changes__has_key="placed_by_hand")
    assert noted.actor_user == office.pk


def test_the_budget_of_the_week_is_about_questions_not_about_a_yes(office: User, now: datetime) -> None:
    pledge = make_pledge(now, hours_per_week=9)
    TimePledge.objects.update(placements_wanted=3)
    for number in range(2):
        asked = make_sent_offer(pledge, make_opportunity(f"Frage {number}"), now)
        Offer.objects.filter(pk=asked.pk).update(status="declined", answered_at=now)
    task = make_opportunity("Lesecafé", places=1, clearance_required=False)
    page = place(office, pledge, task)
    assert "genug Fragen" not in page
    assert Offer.objects.filter(status="accepted").count() <= 1


def test_no_place_means_no_placement(office: User, now: datetime) -> None:
    pledge, task = make_pledge(now), make_opportunity("Lesecafé", places=1, clearance_required=False)
    make_sent_offer(make_pledge(now, email="anna@example.org"), task, now)
    page = place(office, pledge, task)
    assert "Eingetragen" not in page
    assert (pledge.placements.count(), pledge.offers.count()) == (0, 0)


def test_a_soft_gate_is_opened_by_its_name_only(office: User, now: datetime) -> None:
    pledge = make_pledge(now)
    task = make_opportunity("Türkisch", places=1, clearance_required=False, languages=["tr"])
    assert "Im Weg" in place(office, pledge, task)
    assert pledge.placements.count() == 0
    assert "Eingetragen" in place(office, pledge, task, in_spite_of="language")
    assert Offer.objects.get().in_spite_of == {"language"}


def test_only_whoever_sees_the_whole_city_places_and_notes_answers(office: User, now: datetime) -> None:
    offer, task = asked_on_paper(office, now)
    client = client_of(make_coordinator(task.provider))
    for address in (f"anfragen/{offer.pk}/antwort", f"zusagen/{offer.pledge_id}/eintragen"):
        assert client.post(f"/koordination/{address}/", {"came_by": "phone"}).status_code == 403
    offer.refresh_from_db()
    assert offer.status == "sent"


def test_an_envelope_belongs_to_paper_and_paper_to_an_envelope(now: datetime) -> None:
    paper = paper_mailbox("Hedwig Kremer\nWeierstraße 7\n52349 Düren", now)
    for row, values in ((paper, {"postal_address": ""}), (paper, {"email": "h@example.org"})):
        with pytest.raises(IntegrityError, match="mailbox_on_paper"), transaction.atomic():
            Mailbox.objects.filter(pk=row.pk).update(**values)
    with pytest.raises(ValidationError):
        Mailbox(
            email="x@example.org", postal_address="Das Kind Mia Schmidt, 7 Jahre", created_at=now
        ).full_clean()


def test_an_erasure_forgets_the_envelope_and_what_waits_to_be_printed(office: User, now: datetime) -> None:
    take(office)
    mailbox = Volunteer.objects.get().mailbox
    told = everything_about(mailbox, now)
    assert (told["postfach"]["email"], told["postfach"]["anschrift"]) == (
        "",
        "Hedwig Kremer\nWeierstraße 7\n52349 Düren",
    )
    assert told["zeit"]["zusagen"][0]["gekommen"] == "am Telefon"
    erase(mailbox, now)
    mailbox.refresh_from_db()
    assert (mailbox.postal_address, mailbox.erased_at) == ("", now)
    assert list(Message.objects.exclude(to_email="").filter(template="pledge_confirmed")) == []
    assert Message.objects.filter(status="to_print").count() == 0


def test_what_is_told_needs_a_consent_in_the_database_too(now: datetime) -> None:
    pledge = make_pledge(now)
    today = local_day(now) - timedelta(days=1)
    for values in ({"came_by": "phone"}, {"consent_on": today}):
        with pytest.raises(IntegrityError, match="pledge_taken_has_consent"), transaction.atomic():
            TimePledge.objects.filter(pk=pledge.pk).update(**values)
