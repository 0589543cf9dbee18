"""What happened to a task in words: each kind of value, each act, and who did it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from foundation.models import Event
from programs.models import Opportunity
from programs.selectors.history import Entry, history_of
from tests.factories import make_activity, make_district, make_opportunity, make_program, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def task() -> Opportunity:
    """A task of which nothing has happened yet: what is stored has its own lines, which nobody deletes."""
    return Opportunity(pk=987_654_321)


def note(task: Opportunity, now: datetime, kind: str = "changed", **values: Any) -> Event:
    said = {
        "at": now,
        "kind": kind,
        "actor_kind": "system",
        "app_label": "programs",
        "model": "opportunity",
        "object_id": task.pk,
    }
    return Event.objects.create(**{**said, **values})


def lines(task: Opportunity, now: datetime, **changes: list[Any]) -> list[str]:
    note(task, now, changes=changes)
    return [line.replace("\xa0", " ") for line in history_of(task)[0].lines]


SLOT = {"weekday": 1, "start_minute": 905, "end_minute": 1440, "in_four_weeks": 4}
SERIES = {
    "rrule": "FREQ=WEEKLY;BYDAY=TU",
    "rdates": [],
    "exdates": ["2026-12-24"],
    "start_minute": 900,
    "end_minute": 960,
}
DAYS = {**SERIES, "rrule": "", "rdates": ["2026-12-05"], "exdates": []}
CLOSED = {"from_on": "2026-03-10", "until_on": "2026-03-12", "reason": "illness"}


@pytest.mark.parametrize(
    ("column", "before", "after", "line"),
    [
        ("title", "Lesen", "Vorlesen", "Titel: Lesen → Vorlesen"),
        ("title", "", "x" * 141, f"Titel: – → {'x' * 139}…"),
        ("title", "x" * 140, None, f"Titel: {'x' * 140} → –"),
        ("field", "sport", "culture", "Handlungsfeld: Sport → Kultur"),
        ("site_kind", "", "schule_ogs", "Art des Ortes: – → Schule, OGS"),
        (
            "staff_is_there",
            False,
            True,
            "Bei jedem Termin ist eine erwachsene Person des Trägers dabei: nein → ja",
        ),
        ("ends_on", None, "2026-12-31", "Endet am: – → 31. Dezember 2026"),
        ("age_bands", [], ["6-9", "0-3"], "Alter der Kinder: – → 6 bis 9 Jahre, 0-3"),
        ("district_id", None, 0, "Stadtteil: – → #0"),
        ("places", 0, 3, "Plätze: 0 → 3"),
        ("languages", ["tr"], ["tr", "ar"], "Nötige Sprachen: Türkisch → Türkisch, Arabisch"),
        ("weekly_slot", None, SLOT, "Wöchentliche Zeit: – → Dienstag 15:05–24:00"),
        ("series", SERIES, DAYS, "Zeiten: dienstags 15–16 Uhr → am 5. Dezember 2026 15–16 Uhr"),
        ("series", None, SERIES, "Zeiten: – → dienstags 15–16 Uhr"),
        (
            "closure",
            None,
            CLOSED,
            "Termine fallen aus: – → 10. März 2026–12. März 2026 (Krankheit beim Träger)",
        ),
        (
            "closure",
            {**CLOSED, "until_on": None, "reason": "other"},
            {**CLOSED, "until_on": "2026-03-10", "only_id": None},
            "Termine fallen aus: 10. März 2026 (Anderer Grund) → 10. März 2026 (Krankheit beim Träger)",
        ),
        (
            "closure",
            {**CLOSED, "until_on": "2026-03-10", "only_id": 7},
            None,
            "Termine fallen aus: ein Termin am 10. März 2026 (Krankheit beim Träger) → –",
        ),
        ("role_name", None, {"name": "Aufbauen"}, "Aufgabe: – → Aufbauen"),
        ("role_name", {"name": "Aufbauen"}, {"name": ""}, "Aufgabe: Aufbauen → –"),
    ],
)
def test_a_change_says_what_it_was_and_is(
    task: Opportunity, now: datetime, column: str, before: Any, after: Any, line: str
) -> None:
    assert lines(task, now, **{column: [before, after]}) == [line]


def test_what_nobody_follows_has_no_line_and_the_others_stand_in_their_order(
    task: Opportunity, now: datetime
) -> None:
    changes = {"title": ["a", "b"], "text": [None, "removed"], "unknown": [1, 2], "places": [1, 2]}
    assert lines(task, now, **changes) == ["Plätze: 1 → 2", "Titel: a → b"]
    note(task, now + timedelta(seconds=1), changes=None)
    assert history_of(task)[0].lines == []


def test_a_row_is_named_as_it_is_called_now_and_by_its_number_once_it_is_gone(
    task: Opportunity, now: datetime
) -> None:
    north, south, program = make_district("Nord"), make_district("Süd"), make_program("Lesetreff")
    gone = make_program("Vorbei")
    told = lines(task, now, district_id=[north.pk, south.pk], program_id=[gone.pk, program.pk])
    assert told == ["Stadtteil: Nord → Süd", "Angebot: Vorbei → Lesetreff"]
    number = gone.pk
    gone.delete()
    assert [line for line in history_of(task)[0].lines if "Angebot" in line] == [
        f"Angebot: #{number} → Lesetreff"
    ]


def test_of_one_of_several_roles_each_fact_that_changed_has_a_line(task: Opportunity, now: datetime) -> None:
    first, second = make_activity("Vorlesen"), make_activity("Fahren")
    before = {
        "name": "Aufbauen",
        "places": 1,
        "skills": [],
        "languages": [],
        "minimum_age": 16,
        "activity_id": first.pk,
        "contact_with_minors": True,
        "clearance_required": True,
    }
    after = {**before, "name": "Abbauen", "places": 2, "activity_id": second.pk, "skills": ["driving"]}
    assert lines(task, now, role=[before, after]) == [
        "Abbauen: Plätze: 1 → 2",
        "Abbauen: Nötige Fähigkeiten: – → Auto fahren",
        "Abbauen: Tätigkeit: Vorlesen → Fahren",
    ]
    gone = {**after, "name": "", "minimum_age": 18}
    assert lines(task, now + timedelta(seconds=1), role=[after, gone]) == [
        "Abbauen: Mindestalter der Freiwilligen: 16 → 18"
    ]


@pytest.mark.parametrize(
    ("kind", "to_status", "title"),
    [
        ("created", "", "Angelegt"),
        ("changed", "", "Geändert"),
        ("transition", "in_review", "wartet auf Freigabe"),
        ("transition", "closed", "beendet"),
    ],
)
def test_each_act_has_its_name(
    task: Opportunity, now: datetime, kind: str, to_status: str, title: str
) -> None:
    note(task, now, kind, to_status=to_status)
    assert [entry.title for entry in history_of(task)] == [title]


@pytest.mark.parametrize(
    ("role", "told"),
    [
        ("coordinator", "Kim Beispiel (Koordination)"),
        ("coordinator, treasurer", "Kim Beispiel (Koordination, Spenden und Buchung)"),
        ("erfunden", "Kim Beispiel (erfunden)"),
        ("", "Kim Beispiel"),
    ],
)
def test_who_did_it_is_named_with_the_role(task: Opportunity, now: datetime, role: str, told: str) -> None:
    person = make_user(name="Kim Beispiel")
    note(task, now, actor_kind="user", actor_user=person.pk, actor_role=role)
    assert history_of(task)[0].text == told
    User.objects.filter(pk=person.pk).delete()
    assert history_of(task)[0].text == told.replace("Kim Beispiel", "gelöschtes Konto")


def test_what_no_person_did_went_by_itself(task: Opportunity, now: datetime) -> None:
    note(task, now, actor_kind="system", actor_role="coordinator")
    assert history_of(task)[0].text == "automatisch"


def test_the_latest_thirty_come_first_and_those_of_a_moment_the_later_first(
    task: Opportunity, now: datetime
) -> None:
    for number in range(31):
        note(task, now + timedelta(minutes=number // 2), changes={"places": [number, number + 1]})
    note(make_opportunity(), now + timedelta(days=1), changes={"places": [7, 8]})
    found: list[Entry] = history_of(task)
    assert [entry.lines for entry in found] == [
        [f"Plätze: {number} → {number + 1}"] for number in range(30, 0, -1)
    ]
    assert found[0].date == now + timedelta(minutes=15)
