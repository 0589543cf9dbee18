"""What people read about their pledge, their dates and their tasks: each sentence whole."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from foundation.times_of_week import WeeklyTime
from foundation.units import MinuteOfDay
from programs.domain.changed_dates import ChangedDate
from programs.models import Closure, Opportunity, Shift
from volunteers.domain.seats import ReleaseReason
from volunteers.domain.stages import Stage
from volunteers.wording import openings
from volunteers.wording.changed_dates import Change, told_dates
from volunteers.wording.fields import fields_text
from volunteers.wording.first_steps import first_steps
from volunteers.wording.groups import for_people, people, somebody
from volunteers.wording.obstacles import WAITING, missing
from volunteers.wording.reasons import reason_sentences, reason_texts
from volunteers.wording.stages import stage_sentence
from volunteers.wording.withdrawals import does_not_fit, not_public

MONDAY = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WHEN = "Montag, 9. März 2026, 15–16 Uhr"


def plain(text: object) -> str:
    return str(text).replace("\u00a0", " ")


def change(
    *,
    moved: timedelta = timedelta(0),
    was_cancelled: bool = False,
    is_cancelled: bool = False,
    was_released: bool = False,
    released_for: str = "",
    closure: Closure | None = None,
) -> Change:
    begins = MONDAY + moved
    shift = Shift(starts_at=begins, ends_at=begins + HOUR, is_cancelled=is_cancelled)
    shift.closure = closure
    return Change(ChangedDate(1, MONDAY, MONDAY + HOUR, was_cancelled), shift, was_released, released_for)


def told(**values: Any) -> list[tuple[str, bool]]:
    return [(each.text, each.is_to_come) for each in told_dates([change(**values)])]


class TestChangedDates:
    def test_what_is_as_it_was_is_not_told(self) -> None:
        assert told() == []
        assert told(was_cancelled=True, is_cancelled=True) == []
        assert told(was_released=True, released_for="full") == []

    def test_a_new_time_stands_beside_the_old_one(self) -> None:
        assert told(moved=HOUR) == [(f"statt {WHEN}: Montag, 9. März 2026, 16–17 Uhr", True)]
        later = told(moved=timedelta(days=1))
        assert later == [(f"statt {WHEN}: Dienstag, 10. März 2026, 15–16 Uhr", True)]

    def test_another_end_is_another_time(self) -> None:
        shift = Shift(starts_at=MONDAY, ends_at=MONDAY + 2 * HOUR, is_cancelled=False)
        longer = Change(ChangedDate(1, MONDAY, MONDAY + HOUR, False), shift, False, "")
        assert [each.text for each in told_dates([longer])] == [
            f"statt {WHEN}: Montag, 9. März 2026, 15–17 Uhr"
        ]

    def test_over_the_change_of_the_clock_the_hour_on_the_wall_is_told(self) -> None:
        before, after = datetime(2026, 3, 28, 14, tzinfo=UTC), datetime(2026, 3, 29, 13, tzinfo=UTC)
        shift = Shift(starts_at=after, ends_at=after + HOUR, is_cancelled=False)
        moved = Change(ChangedDate(1, before, before + HOUR, False), shift, False, "")
        assert [each.text for each in told_dates([moved])] == [
            "statt Samstag, 28. März 2026, 15–16 Uhr: Sonntag, 29. März 2026, 15–16 Uhr"
        ]

    def test_what_is_off_is_named_by_the_time_people_know(self) -> None:
        assert told(is_cancelled=True) == [(f"{WHEN}: fällt aus", False)]
        assert told(is_cancelled=True, moved=HOUR) == [(f"{WHEN}: fällt aus", False)]
        holidays = Closure(reason="holidays")
        assert told(is_cancelled=True, closure=holidays) == [
            (f"{WHEN}: fällt aus ({holidays.reason_text})", False)
        ]

    def test_what_takes_place_after_all_is_named_by_its_new_time(self) -> None:
        again = told(was_cancelled=True, moved=HOUR)
        assert again == [("Montag, 9. März 2026, 16–17 Uhr: findet doch statt", True)]

    @pytest.mark.parametrize(
        ("reason", "because"),
        [
            ("full", "die Plätze sind an diesem Tag schon vergeben"),
            ("age", "so spät ist es nichts für Freiwillige unter 18"),
            ("minor", "eine Vertretung muss mindestens 18 sein"),
            ("lacking", "für diesen Tag fehlt, was die Aufgabe verlangt"),
            ("same_time", "Sie sind dann schon in einer anderen Aufgabe eingeteilt"),
        ],
    )
    def test_who_is_not_expected_reads_why(self, reason: str, because: str) -> None:
        assert told(released_for=reason) == [(f"{WHEN}: hier kommen Sie nicht, {because}", False)]
        moved = told(released_for=reason, moved=HOUR)
        assert moved == [(f"Montag, 9. März 2026, 16–17 Uhr: hier kommen Sie nicht, {because}", False)]

    def test_every_reason_has_its_words(self) -> None:
        assert len({told(released_for=reason)[0][0] for reason in ReleaseReason.values}) == 5

    def test_who_is_expected_again_reads_that_and_no_more(self) -> None:
        assert told(was_released=True) == [(f"{WHEN}: Sie sind jetzt doch eingeteilt", True)]
        moved = told(was_released=True, moved=HOUR)
        assert moved == [("Montag, 9. März 2026, 16–17 Uhr: Sie sind jetzt doch eingeteilt", True)]

    def test_a_cancelled_date_is_off_for_whoever_was_not_expected(self) -> None:
        assert told(was_released=True, is_cancelled=True) == [(f"{WHEN}: fällt aus", False)]
        assert told(released_for="full", is_cancelled=True) == [(f"{WHEN}: fällt aus", False)]

    @pytest.mark.parametrize(
        ("count", "last"),
        [
            (12, f"{WHEN}: fällt aus"),
            (13, "und 1 weiterer Termin, siehe „Meine Seite“"),
            (15, "und 3 weitere Termine, siehe „Meine Seite“"),
        ],
    )
    def test_twelve_are_told_and_the_others_counted(self, count: int, last: str) -> None:
        lines = told_dates([change(is_cancelled=True)] * count)
        assert len(lines) == min(count, 13)
        assert (lines[-1].text, lines[-1].at, lines[-1].is_to_come) == (last, MONDAY, False)

    def test_what_is_not_told_is_not_counted(self) -> None:
        lines = told_dates([change(), *[change(is_cancelled=True)] * 12, change()])
        assert [each.text for each in lines] == [f"{WHEN}: fällt aus"] * 12

    def test_one_to_come_among_the_others_is_told_of_all(self) -> None:
        lines = told_dates([*[change(is_cancelled=True)] * 13, change(moved=HOUR)])
        assert lines[-1].is_to_come
        lines = told_dates([change(moved=HOUR), *[change(is_cancelled=True)] * 13])
        assert not lines[-1].is_to_come


class TestStages:
    def sentence(self, stage: Stage, **values: Any) -> str:
        known = {"paused_until": None, "answer_due_on": None, "is_escalated": False, "rests": False}
        return plain(stage_sentence(stage, **{**known, **values}))

    def test_who_waits_for_something_knows_until_when(self) -> None:
        due = date(2026, 3, 9)
        told = "Sie hören bis Montag, 9. März 2026 von uns."
        assert self.sentence(Stage.SEARCHING, answer_due_on=due) == told
        assert self.sentence(Stage.SEARCHING) == ""

    def test_who_waited_too_long_reads_who_looks_now(self) -> None:
        told = "Wir haben noch nichts gefunden. Das Jugendamt sieht jetzt selbst nach."
        assert self.sentence(Stage.SEARCHING, answer_due_on=date(2026, 3, 9), is_escalated=True) == told
        assert self.sentence(Stage.PLACED, is_escalated=True) == ""

    def test_a_pause_has_its_end(self) -> None:
        told = "Ab Mittwoch, 1. April 2026 fragen wir wieder. Laufende Einsätze gehen weiter."
        assert self.sentence(Stage.PAUSED, paused_until=date(2026, 4, 1)) == told
        assert self.sentence(Stage.PAUSED) == ""

    def test_the_other_stages_say_whose_turn_it_is(self) -> None:
        asked = "Unsere Frage steht oben auf dieser Seite. Sie haben das Wort."
        theirs = "Jetzt muss der Träger Ihren Einsatz bestätigen. Bleibt er still, erinnern wir ihn."
        papers = "Vor dem ersten Termin fehlt noch etwas. Der Weg dazu steht bei Ihrem Einsatz."
        assert self.sentence(Stage.ASKED) == asked
        assert self.sentence(Stage.PROVIDERS_TURN) == theirs
        assert self.sentence(Stage.INSPECTION) == papers
        assert self.sentence(Stage.PLACED, answer_due_on=date(2026, 3, 9)) == ""

    def test_where_nobody_may_begin_only_who_has_not_begun_reads_it(self) -> None:
        told = "Beim Träger kann zurzeit niemand neu anfangen. Sobald es weitergeht, schreiben wir Ihnen."
        for stage in Stage:
            said = self.sentence(stage, rests=True)
            assert (said == told) is (stage in (Stage.PROVIDERS_TURN, Stage.INSPECTION))

    def test_the_way_to_the_first_date_begins_with_the_promise(self) -> None:
        steps = first_steps(date(2026, 3, 9))
        assert [step["state"] for step in steps] == ["done", "current", "open", "open", "open"]
        promised = "Bis Montag, 9. März 2026 hören Sie von uns: mit einer Anfrage, oder wie es steht."
        assert steps[1]["text"] == promised
        assert [step["title"] for step in steps] == [
            "Ihre Zusage ist bestätigt",
            "Wir fragen Sie",
            "Sie sagen Ja oder Nein",
            "Der Träger meldet sich",
            "Ihr erster Termin",
        ]


class TestGroups:
    @pytest.mark.parametrize(
        ("heads", "number", "title", "who"),
        [
            (1, "1 Mensch", "Lesecafé", "eine freiwillige Person"),
            (2, "2 Menschen", "Lesecafé (für 2 Menschen)", "eine Gruppe (2 Menschen)"),
            (99, "99 Menschen", "Lesecafé (für 99 Menschen)", "eine Gruppe (99 Menschen)"),
        ],
    )
    def test_how_many_come(self, heads: int, number: str, title: str, who: str) -> None:
        assert (people(heads), for_people("Lesecafé", heads), somebody(heads)) == (number, title, who)


@pytest.mark.parametrize(
    ("metres", "phrase", "where"),
    [(499, "in der Nähe", "in der Nähe"), (500, "0,5 km", "0,5 km entfernt")],
)
def test_from_five_hundred_metres_on_a_way_is_told_in_figures(metres: int, phrase: str, where: str) -> None:
    stored = [{"code": "distance", "values": [metres]}]
    assert [plain(text) for text in reason_texts(stored)] == [phrase]
    assert plain(reason_sentences(stored)) == f"Wir denken an Sie, weil Sie {where} wohnen."


class TestObstacles:
    @pytest.mark.parametrize(
        ("code", "values", "text", "control", "is_about_person"),
        [
            ("time", [156, 168], "Zeit dienstags 15–18 Uhr", "id_times_0_morning", False),
            (
                "time",
                [0, 4, 668, 672],
                "Zeit montags 0–1 Uhr, sonntags 23–24 Uhr",
                "id_times_0_morning",
                False,
            ),
            ("hours", [4], "mindestens 1 Stunde in der Woche", "id_hours_per_week", False),
            ("hours", [6], "mindestens 1,5 Stunden in der Woche", "id_hours_per_week", False),
            ("distance", [1240], "ein Weg von 1,2 km", "id_max_distance_km", False),
            ("clearance", [], "eigene Unterlagen jeder einzelnen Person", "id_group_name", False),
            ("age", [18], "Alter ab 18 Jahren", "id_is_adult_0", True),
            ("skill", [0], "Fähigkeit „Vorlesen“", "id_can_reading_0", False),
            ("skill", [3, 0], "Fähigkeiten „Musik machen“, „Vorlesen“", "id_can_music_0", False),
        ],
    )
    def test_what_is_missing_is_named_and_leads_to_where_it_is_said(
        self, code: str, values: list[int], text: str, control: str, is_about_person: bool
    ) -> None:
        found = missing(code, values)
        assert (found.code, plain(found.text), found.control) == (code, text, control)
        assert found.is_about_person is is_about_person

    def test_of_several_languages_one_is_enough(self) -> None:
        text = plain(missing("language", [0, 1]).text)
        assert text.startswith("Sprache ")
        assert text.count(" oder ") == 1

    @pytest.mark.parametrize("code", [each for each in WAITING if each != "clearance"])
    def test_what_only_time_changes_is_nothing_missing(self, code: str) -> None:
        with pytest.raises(KeyError):
            missing(code, [])

    def test_a_changed_task_says_all_that_is_missing(self) -> None:
        found = [missing("age", [18]), missing("skill", [0])]
        assert does_not_fit(found) == (
            "Die Aufgabe hat sich geändert und passt nicht mehr zu Ihren Angaben: Es fehlt Alter ab 18"
            " Jahren, Fähigkeit „Vorlesen“."
        )


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("closed", "Dieses Angebot ist beendet."),
        ("paused", "Der Träger sucht dafür zurzeit niemanden mehr."),
        ("published", "Diese Aufgabe ist zurzeit nicht mehr öffentlich."),
        ("draft", "Diese Aufgabe ist zurzeit nicht mehr öffentlich."),
    ],
)
def test_why_a_task_is_not_public_any_more(status: str, sentence: str) -> None:
    assert not_public(Opportunity(status=status)) == sentence


class TestOpenings:
    @pytest.mark.parametrize(
        ("asked", "question"),
        [
            (openings.asks_for_skill("music"), "Können Sie das: „Musik machen“?"),
            (openings.asks_for_language("tr"), "Sprechen Sie Türkisch?"),
            (
                openings.asks_for_time(WeeklyTime(3, MinuteOfDay(900), MinuteOfDay(1080))),
                "Hätten Sie auch donnerstags 15–18 Uhr Zeit?",
            ),
            (openings.asks_for_kilometres(10), "Dürfte der Weg auch 10 km weit sein?"),
            (openings.asks_for_kilometres(50), "Dürfte der Weg auch durch die ganze Stadt gehen?"),
            (openings.asks_for_hours(1), "Hätten Sie in der Woche auch 1 Stunde Zeit?"),
            (openings.asks_for_hours(4), "Hätten Sie in der Woche auch 4 Stunden Zeit?"),
        ],
    )
    def test_one_answer_more_is_one_question(self, asked: str, question: str) -> None:
        assert plain(asked) == question
        why = "Mit dieser Antwort kämen 3 Aufgaben mehr für Sie infrage."
        assert plain(openings.question(asked, 3)) == f"{question} {why}"


@pytest.mark.parametrize(
    ("fields", "text"),
    [([], "Wo Hilfe gebraucht wird"), (["sport"], "Sport"), (["sport", "education"], "Bildung, Sport")],
)
def test_fields_are_told_in_the_order_of_the_list(fields: list[str], text: str) -> None:
    assert fields_text(fields) == text
