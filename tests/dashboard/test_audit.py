"""The audit trail: who came in, got a role, read or took away what; narrowed, taken away, never changed."""

import csv
import re
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import User
from accounts.watch import _EVENTS
from foundation.actors import staff
from foundation.clock import local_day, utc_now
from foundation.history import note_access, note_reads
from foundation.models import Event
from programs.models import Provider
from programs.services.invitations import invite_to_role
from tests.accounts.signing_in import PASSWORD, sign_in
from tests.factories import (
    make_coordinator,
    make_opportunity,
    make_provider,
    make_user,
    make_youth_office,
)
from tests.volunteers.pledging import make_placement, make_pledge
from wirbrauchensie.audit.rows import audited

pytestmark = pytest.mark.django_db
PAGE = "/koordination/protokoll/"


@pytest.fixture
def officer() -> User:
    return make_coordinator(make_youth_office(), name="Jana Amt")


@pytest.fixture
def reading(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def house() -> Provider:
    return make_provider("Haus am Markt")


def table(client: Client, **query: object) -> list[list[str]]:
    """Return the lines as they are taken away, without when; the oldest first."""
    answer = client.get(f"{PAGE}liste.csv", {**query, "sort": "at"})
    assert answer.status_code == 200
    rows = list(csv.reader(StringIO(answer.getvalue().decode().removeprefix("\ufeff")), delimiter=";"))
    assert rows[0] == ["Wann", "Wer", "Was", "Um wen oder was es ging"]
    return [row[1:] for row in rows[1:]]


def test_every_event_at_a_door_has_words(reading: Client, officer: User) -> None:
    """Asked of the source, so that a new event is not shown by its key."""
    folders = ("base", "donations", "platform", "programs", "volunteers")
    source = "".join(path.read_text() for folder in folders for path in Path(folder).rglob("*.py"))
    events = set(re.findall(r'note_access\(\w+, "(\w+)"', source)) | {
        event for _signal, event, _tell in _EVENTS
    }
    assert len(events) >= 19
    for event in sorted(events):
        note_access(officer, event, actor=staff(officer.pk, "coordinator"), now=utc_now())
    told = [line[1] for line in table(reading)]
    assert [words for words in told if "_" in words] == []


def test_every_kind_of_event_is_told_in_words(reading: Client, officer: User, house: Provider) -> None:
    mara = make_coordinator(house, name="Mara Mut", email="mara@example.org")
    mara.set_password(PASSWORD)
    mara.save()
    sign_in(Client(), mara, "falsch-und-lang-genug")
    sign_in(Client(), mara)
    invite_to_role(house, "owner", "neu@example.org", by=officer, now=utc_now())
    held = mara.memberships.get()
    reading.post(f"/koordination/zugaenge/{held.pk}/", {"end_role": "1"})
    task = make_opportunity("Singen", provider=house)
    placement = make_placement(make_pledge(utc_now()), task, utc_now(), "awaiting_clearance")
    seer = staff(mara.pk, "safeguarding_officer")
    note_reads([placement], actor=seer, now=utc_now(), route="coordination_clearance")

    found = [row for row in table(reading) if "Mara" in " ".join(row) or "neu@" in row[2]]
    assert found == [
        ["automatisch", "Konto angelegt", "Mara Mut"],
        ["automatisch", "Rolle gegeben: Koordination", "Mara Mut · Haus am Markt"],
        ["automatisch", "Anmeldung misslungen", "Mara Mut"],
        ["Mara Mut", "angemeldet", "Mara Mut"],
        ["Jana Amt (Jugendamt)", "Einladung gesendet", "neu@example.org"],
        ["Jana Amt (Jugendamt)", "Geräte abgemeldet", "Mara Mut"],
        ["Jana Amt (Koordination)", "Rolle beendet: Koordination", "Mara Mut · Haus am Markt"],
        ["Mara Mut (Kinderschutz (Einsichtnahme))", "Einsichtnahme gelesen", f"Einsatz {placement.pk}"],
    ]
    last = table(reading)[-1]
    assert (last[0], last[2]) == ("Jana Amt (Jugendamt)", "Jana Amt")
    assert last[1].startswith("Liste heruntergeladen: protokoll.csv, ")


def test_it_is_narrowed_by_person_kind_and_day(reading: Client, officer: User) -> None:
    ada, ben, now = make_user(name="Ada Alt"), make_user(name="Ben Bald"), utc_now()
    for user, event, days in ((ada, "signed_in", 3), (ben, "signed_in", 1), (ben, "session_ended", 0)):
        note_access(user, event, actor=staff(user.pk, ""), now=now - timedelta(days=days))
    note_access(ada, "sessions_ended", actor=staff(ben.pk, ""), now=now)
    day = local_day(now - timedelta(days=1))

    def acts(**query: object) -> list[tuple[str, str]]:
        return [(who, what) for who, what, _whom in table(reading, **query) if who[:3] in ("Ada", "Ben")]

    assert acts(kind="anmelden") == [("Ada Alt", "angemeldet"), ("Ben Bald", "angemeldet")]
    assert acts(kind="geraete") == [("Ben Bald", "ein Gerät abgemeldet"), ("Ben Bald", "Geräte abgemeldet")]
    assert acts(person=ada.pk) == [("Ada Alt", "angemeldet"), ("Ben Bald", "Geräte abgemeldet")]
    assert acts(from_on=day, until_on=day) == [("Ben Bald", "angemeldet")]
    assert acts(until_on=day - timedelta(days=1)) == [("Ada Alt", "angemeldet")]
    assert acts(person="kein", kind="quatsch", from_on="gestern") == acts()
    assert acts(from_on="0001-01-01", until_on="9999-12-31") == acts()
    assert len(acts()) == 4


def test_a_word_finds_who_acted_and_whom_it_was_about(reading: Client, house: Provider) -> None:
    make_coordinator(house, name="Zora Zimt")
    make_user(name="Otto Ohne")
    assert {row[2] for row in table(reading, q="zora")} == {"Zora Zimt", "Zora Zimt · Haus am Markt"}


def test_the_page_shows_twenty_at_a_time(reading: Client, officer: User) -> None:
    for _each in range(30):
        note_access(officer, "second_factor_used", actor=staff(officer.pk, ""), now=utc_now())
    page = reading.get(PAGE).content.decode()
    assert page.count("zweiter Faktor geprüft") == 20
    assert "Seite 2" in page or "page=2" in page
    assert "zweiter Faktor geprüft" in reading.get(PAGE, {"page": 2}).content.decode()


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_changes_no_line(officer: User, statement: str) -> None:
    note_access(officer, "signed_in", actor=staff(officer.pk, ""), now=utc_now())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("foundation_event"))
    assert Event.objects.filter(reason="signed_in").exists()


def test_many_lines_are_read_by_the_index(officer: User, now: datetime) -> None:
    Event.objects.bulk_create(
        Event(
            at=now - timedelta(minutes=number),
            kind="transition",
            app_label="volunteers",
            model="offer",
            object_id=number,
            to_status="sent",
            actor_kind="system",
        )
        for number in range(4000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE foundation_event")
    assert "event_for_audit" in audited()[:20].explain()
