"""The times of a task as somebody types them: what is taken, what is refused where, what comes back."""

from datetime import date, time
from typing import Any

import pytest

from programs.domain.rhythms import Rhythm, rule_of
from programs.forms.rhythm_rows import RhythmRows, rows_of

TUESDAY = {"day_0": "1", "from_0": "15:00", "to_0": "16:30"}
CHRISTMAS = {"date_0": "2026-12-24", "begin_0": "10:00", "end_0": "12:00"}
START, END = date(2026, 3, 2), date(2026, 3, 29)


def typed(**cells: Any) -> RhythmRows:
    return RhythmRows({name: value for name, value in cells.items() if value is not None})


def errors(form: RhythmRows) -> dict[str, list[str]]:
    return {name: list(told) for name, told in form.errors.items()}


def rule(repeat: str, weekday: int, start: int, end: int, **more: Any) -> Rhythm:
    return Rhythm(rule_of(repeat, weekday), start, end, **more)


@pytest.mark.parametrize(
    ("cells", "rhythms"),
    [
        (TUESDAY, [rule("weekly", 1, 900, 990)]),
        ({**TUESDAY, "repeat_0": "fortnightly"}, [rule("fortnightly", 1, 900, 990)]),
        ({**TUESDAY, "repeat_0": "-1", "day_0": "6"}, [rule("-1", 6, 900, 990)]),
        # until midnight, a whole day, over midnight as long as it may be
        ({**TUESDAY, "from_0": "23:00", "to_0": "00:00"}, [rule("weekly", 1, 1380, 1440)]),
        ({**TUESDAY, "from_0": "00:00", "to_0": "00:00"}, [rule("weekly", 1, 0, 1440)]),
        ({**TUESDAY, "from_0": "00:00", "to_0": "23:45"}, [rule("weekly", 1, 0, 1425)]),
        ({**TUESDAY, "from_0": "22:00", "to_0": "10:00"}, [rule("weekly", 1, 1320, 2040)]),
        # single days at the same time of day are one series, others their own
        (CHRISTMAS, [Rhythm("", 600, 720, (date(2026, 12, 24),))]),
        (
            {**CHRISTMAS, "date_1": "2026-12-05", "begin_1": "10:00", "end_1": "12:00"},
            [Rhythm("", 600, 720, (date(2026, 12, 5), date(2026, 12, 24)))],
        ),
        (
            {**CHRISTMAS, "date_1": "2026-12-24", "begin_1": "12:00", "end_1": "13:00"},
            [Rhythm("", 600, 720, (date(2026, 12, 24),)), Rhythm("", 720, 780, (date(2026, 12, 24),))],
        ),
        # what is left out is left out of what repeats, never of a day that was named
        (
            {**TUESDAY, **CHRISTMAS, "without": "24.12.2026", "skips_public_holidays": "on"},
            [
                rule("weekly", 1, 900, 990, without=(date(2026, 12, 24),), skips_public_holidays=True),
                Rhythm("", 600, 720, (date(2026, 12, 24),)),
            ],
        ),
        (
            {**TUESDAY, "skips_school_holidays": "on"},
            [rule("weekly", 1, 900, 990, skips_school_holidays=True)],
        ),
        # an empty row in between is no time
        (
            {**TUESDAY, "day_3": "2", "from_3": "09:00", "to_3": "09:15"},
            [rule("weekly", 1, 900, 990), rule("weekly", 2, 540, 555)],
        ),
        ({"on_call": "on"}, []),
    ],
)
def test_what_is_typed_is_taken(cells: dict[str, str], rhythms: list[Rhythm]) -> None:
    form = typed(**cells)
    assert errors(form) == {}
    assert form.rhythms == rhythms


INCOMPLETE = "Bitte geben Sie Wochentag, Beginn und Ende an."
NO_DAY = "Bitte geben Sie Tag, Beginn und Ende an."
QUARTERS = "Bitte nur volle Viertelstunden angeben."
BACKWARDS = "Das Ende muss nach dem Beginn liegen."
TWICE = "Diese Zeit überschneidet sich mit einer anderen."
NONE = "Bitte nennen Sie mindestens eine Zeit oder wählen Sie unten „Auf Abruf“."
BOTH = "Entweder auf Abruf oder zu festen Zeiten, nicht beides."


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({}, {"day_0": [NONE]}),
        ({**TUESDAY, "on_call": "on"}, {"on_call": [BOTH]}),
        ({**CHRISTMAS, "on_call": "on"}, {"on_call": [BOTH]}),
        # of an incomplete row the first empty cell, and not that there is no time at all
        ({**TUESDAY, "day_0": ""}, {"day_0": [INCOMPLETE]}),
        ({**TUESDAY, "from_0": ""}, {"from_0": [INCOMPLETE]}),
        ({**TUESDAY, "to_0": ""}, {"to_0": [INCOMPLETE]}),
        ({"from_1": "15:00"}, {"day_1": [INCOMPLETE]}),
        ({**CHRISTMAS, "date_0": ""}, {"date_0": [NO_DAY]}),
        ({**CHRISTMAS, "end_0": ""}, {"end_0": [NO_DAY]}),
        ({"date_7": "2026-12-24"}, {"begin_7": [NO_DAY]}),
        # quarters of an hour at both ends
        ({**TUESDAY, "from_0": "15:05"}, {"from_0": [QUARTERS]}),
        ({**TUESDAY, "to_0": "16:31"}, {"from_0": [QUARTERS]}),
        ({**CHRISTMAS, "begin_0": "10:14"}, {"begin_0": [QUARTERS]}),
        # twelve hours over midnight are a night, a quarter more is a mistake
        ({**TUESDAY, "from_0": "22:00", "to_0": "10:15"}, {"to_0": [BACKWARDS]}),
        ({**TUESDAY, "from_0": "15:00", "to_0": "15:00"}, {"to_0": [BACKWARDS]}),
        ({**CHRISTMAS, "begin_0": "12:15", "end_0": "12:00"}, {"end_0": [BACKWARDS]}),
        # the later of two that meet
        ({**TUESDAY, "day_1": "1", "from_1": "16:15", "to_1": "17:00"}, {"day_1": [TWICE]}),
        ({**CHRISTMAS, "date_2": "2026-12-24", "begin_2": "11:45", "end_2": "13:00"}, {"date_2": [TWICE]}),
        # a night meets the morning after it
        (
            {
                **CHRISTMAS,
                "begin_0": "22:00",
                "end_0": "06:00",
                "date_1": "2026-12-25",
                "begin_1": "05:00",
                "end_1": "07:00",
            },
            {"date_1": [TWICE]},
        ),
        ({**TUESDAY, "date_0": "2026-12-22", "begin_0": "16:00", "end_0": "17:00"}, {"date_0": [TWICE]}),
        # what a cell cannot mean is said once, at this cell
        ({**TUESDAY, "from_0": "24:00"}, {"from_0": ["Bitte eine gültige Uhrzeit eingeben."]}),
        (
            {**TUESDAY, "day_0": "7"},
            {"day_0": ["Bitte eine gültige Auswahl treffen. 7 ist keine gültige Auswahl."]},
        ),
        (
            {**TUESDAY, "repeat_0": "5"},
            {"repeat_0": ["Bitte eine gültige Auswahl treffen. 5 ist keine gültige Auswahl."]},
        ),
        (
            {**CHRISTMAS, "date_0": "1999-12-31"},
            {"date_0": ["Bitte nennen Sie einen Tag zwischen 2000 und 2099."]},
        ),
        (
            {**TUESDAY, "without": "24.12.2026, 24.13.2026"},
            {"without": ["„24.13.2026“ ist kein Tag. Bitte so: 24.12.2026."]},
        ),
    ],
)
def test_what_cannot_be_is_told_at_its_cell(cells: dict[str, str], told: dict[str, list[str]]) -> None:
    assert errors(typed(**cells)) == told


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # they touch, or never come on the same day
        ({**TUESDAY}, {"day_1": "1", "from_1": "16:30", "to_1": "17:00"}),
        ({**TUESDAY, "repeat_0": "1"}, {"repeat_1": "2", "day_1": "1", "from_1": "15:00", "to_1": "16:30"}),
        ({**CHRISTMAS}, {"date_1": "2026-12-31", "begin_1": "10:00", "end_1": "12:00"}),
        # a night ends on Wednesday at six
        (
            {**TUESDAY, "from_0": "22:00", "to_0": "06:00"},
            {"day_1": "2", "from_1": "06:00", "to_1": "07:00"},
        ),
    ],
)
def test_what_only_touches_is_taken(one: dict[str, str], other: dict[str, str]) -> None:
    form = typed(**one, **other)
    assert errors(form) == {}


@pytest.mark.parametrize(
    ("cells", "ends_on", "told"),
    [
        (TUESDAY, END, {}),
        (TUESDAY, date(2026, 3, 3), {}),
        (TUESDAY, START, {"day_0": ["Im angegebenen Zeitraum liegt kein Dienstag."]}),
        (
            {**TUESDAY, "repeat_0": "fortnightly"},
            START,
            {"day_0": ["Im angegebenen Zeitraum liegt kein Dienstag."]},
        ),
        (
            {**TUESDAY, "repeat_0": "4"},
            date(2026, 3, 23),
            {"day_0": ["Im angegebenen Zeitraum liegt kein solcher Dienstag."]},
        ),
        (
            {**TUESDAY, "without": "3.3.2026"},
            date(2026, 3, 9),
            {"day_0": ["Im angegebenen Zeitraum bleibt davon kein Termin übrig."]},
        ),
        ({**TUESDAY, "without": "3.3.2026"}, date(2026, 3, 10), {}),
        (CHRISTMAS, None, {}),
        (CHRISTMAS, date(2026, 12, 24), {}),
        (CHRISTMAS, date(2026, 12, 23), {"date_0": ["Dieser Tag liegt nicht im angegebenen Zeitraum."]}),
        (
            {**CHRISTMAS, "date_0": "2026-03-01"},
            None,
            {"date_0": ["Dieser Tag liegt nicht im angegebenen Zeitraum."]},
        ),
        ({**CHRISTMAS, "date_0": "2026-03-02"}, None, {}),
    ],
)
def test_what_never_comes_within_the_period_is_told_at_its_row(
    cells: dict[str, str], ends_on: date | None, told: dict[str, list[str]]
) -> None:
    form = typed(**cells)
    assert form.is_valid()
    form.refuse_what_never_comes(START, ends_on)
    assert errors(form) == told


def test_a_period_of_one_holiday_leaves_nothing() -> None:
    form = typed(**{**TUESDAY, "day_0": "4", "skips_public_holidays": "on"})
    assert form.is_valid()
    form.refuse_what_never_comes(date(2026, 4, 3), date(2026, 4, 3))
    assert errors(form) == {"day_0": ["Im angegebenen Zeitraum bleibt davon kein Termin übrig."]}


@pytest.mark.parametrize(
    ("cells", "repeated", "dates"),
    [
        ({}, 5, 8),
        # one more row than holds something, four more days
        ({"day_3": "1"}, 5, 8),
        ({"to_4": "15:00"}, 6, 8),
        ({"from_9": "15:00"}, 11, 8),
        ({"begin_3": "15:00"}, 5, 8),
        ({"date_4": "x"}, 5, 9),
        ({"end_99": "15:00"}, 5, 104),
        # what no form of ours sends makes no thousand rows
        ({"date_9999": "x", "day_9999": "1"}, 371, 374),
        ({"date_10000": "x", "day_-1": "1", "day_1x": "1", "day_": "1", "days_20": "1"}, 5, 8),
        ({"day_30": "", "date_30": ""}, 5, 8),
    ],
)
def test_there_is_a_row_for_all_that_was_sent_and_empty_ones_beside(
    cells: dict[str, str], repeated: int, dates: int
) -> None:
    form = typed(**cells)
    assert (len(form.repeated_rows()), len(form.date_rows())) == (repeated, dates)
    assert (len(form.first_row()), len(form.further_rows())) == (1, repeated - 1)


def test_further_rows_are_in_sight_once_they_hold_something() -> None:
    assert [typed(**TUESDAY).has_more_times, typed(**TUESDAY).has_dates] == [False, False]
    assert typed(**TUESDAY, from_1="15:00").has_more_times
    assert typed(**TUESDAY, to_4="15:00").has_more_times
    # how often is chosen from the beginning
    assert not typed(**TUESDAY, repeat_1="fortnightly").has_more_times
    assert typed(**TUESDAY, end_7="15:00").has_dates


def test_what_there_is_is_shown_and_read_again_as_the_same() -> None:
    rhythms = [
        Rhythm("", 600, 720, (date(2026, 12, 24), date(2026, 12, 5))),
        Rhythm("", 1320, 1560, (date(2026, 12, 12),)),
        rule("-1", 4, 1320, 1560, without=(date(2026, 12, 25),), skips_public_holidays=True),
        rule("weekly", 1, 900, 990, skips_school_holidays=True),
        rule("fortnightly", 1, 540, 600),
    ]
    shown = rows_of(rhythms)
    assert shown["on_call"] is False
    assert [(shown[f"repeat_{row}"], shown[f"day_{row}"]) for row in range(3)] == [
        ("fortnightly", 1),
        ("weekly", 1),
        ("-1", 4),
    ]
    assert [(shown[f"from_{row}"], shown[f"to_{row}"]) for row in range(3)] == [
        (time(9), time(10)),
        (time(15), time(16, 30)),
        (time(22), time(2)),
    ]
    assert [(shown[f"date_{row}"], shown[f"begin_{row}"], shown[f"end_{row}"]) for row in range(3)] == [
        (date(2026, 12, 5), time(10), time(12)),
        (date(2026, 12, 12), time(22), time(2)),
        (date(2026, 12, 24), time(10), time(12)),
    ]
    assert shown["without"] == [date(2026, 12, 25)]
    assert (shown["skips_public_holidays"], shown["skips_school_holidays"]) == (True, True)
    form = RhythmRows(initial=shown)
    assert form["without"].value() == "25.12.2026"
    assert (form.has_more_times, form.has_dates) == (True, True)
    sent = {bound.html_name: value for bound in form if (value := bound.value()) not in (None, "", False)}
    again = typed(**sent)
    assert errors(again) == {}
    plain = {(each.rule, each.start_minute, each.end_minute, tuple(sorted(each.days))) for each in rhythms}
    assert {(each.rule, each.start_minute, each.end_minute, each.days) for each in again.rhythms} == plain


def test_each_time_keeps_the_days_that_it_alone_leaves_out() -> None:
    shown, other, new = date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 15)
    rhythms = [rule("weekly", 1, 900, 990, without=(shown,)), rule("weekly", 1, 1080, 1140, without=(other,))]
    said = rows_of(rhythms)
    assert said["without"] == [shown, other]

    def read(typed_days: str, **cells: Any) -> dict[int, tuple[date, ...]]:
        sent = {bound.html_name: value for bound in RhythmRows(initial=said) if (value := bound.value())}
        form = RhythmRows({**sent, "without": typed_days, **cells}, initial=said)
        assert errors(form) == {}
        return {each.start_minute: each.without for each in form.rhythms}

    assert read("1.12.2026, 8.12.2026") == {900: (shown,), 1080: (other,)}
    assert read("1.12.2026, 8.12.2026, 15.12.2026") == {900: (shown, new), 1080: (other, new)}
    assert read("8.12.2026") == {900: (), 1080: (other,)}
    assert read("1.12.2026, 8.12.2026", from_0="14:00") == {840: (shown, other), 1080: (other,)}


def test_on_call_is_shown_where_there_is_no_time() -> None:
    assert rows_of([]) == {
        "on_call": True,
        "without": [],
        "skips_public_holidays": False,
        "skips_school_holidays": False,
    }
