"""The rhythm of a series: which days it makes, what it leaves out, what the matcher sees of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule, rruleset
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from foundation.times_of_week import WeeklyTime
from foundation.working_days import is_public_holiday
from programs.domain.rhythms import (
    Holidays,
    Rhythm,
    days_of,
    followers_of_days,
    has_date,
    minutes_per_week,
    overlap,
    repeat_of,
    rule_of,
    weekly_shares,
)
from programs.domain.series import followers
from programs.domain.shift_times import span_of
from programs.wording.rhythms import times_in_words

REPEATS = ["weekly", "fortnightly", "1", "2", "3", "4", "-1"]
WEEKDAYS = [MO, TU, WE, TH, FR, SA, SU]
EASTER = (date(2026, 3, 30), date(2026, 4, 11))
NO_SCHOOL = Holidays(is_public_holiday)
DAYS = st.dates(date(2026, 1, 1), date(2029, 12, 31))


def rhythm(repeat: str = "weekly", weekday: int = 1, start: int = 900, end: int = 960, **more) -> Rhythm:
    return Rhythm(rule_of(repeat, weekday), start, end, **more)


def single(*days: date, start: int = 900, end: int = 960) -> Rhythm:
    return Rhythm("", start, end, days)


@given(
    repeat=st.sampled_from(REPEATS),
    weekday=st.integers(0, 6),
    first_on=DAYS,
    ahead=st.integers(0, 200),
    length=st.integers(0, 300),
    without=st.sets(st.integers(0, 200), max_size=9),
    skips=st.tuples(st.booleans(), st.booleans()),
    school=st.tuples(st.integers(0, 300), st.integers(0, 40)),
)
def test_days_are_those_that_an_independent_expansion_has(
    repeat: str,
    weekday: int,
    first_on: date,
    ahead: int,
    length: int,
    without: set[int],
    skips: tuple[bool, bool],
    school: tuple[int, int],
) -> None:
    from_on = first_on + timedelta(days=ahead)
    until_on = from_on + timedelta(days=length)
    left_out = sorted(first_on + timedelta(days=number) for number in without)
    free_from = first_on + timedelta(days=school[0])
    free_to = free_from + timedelta(days=school[1])
    asked = rhythm(
        repeat,
        weekday,
        without=tuple(left_out),
        skips_public_holidays=skips[0],
        skips_school_holidays=skips[1],
    )

    expected = rruleset()
    begin = datetime.combine(first_on, datetime.min.time())
    if repeat in ("weekly", "fortnightly"):
        first = begin + timedelta(days=(weekday - begin.weekday()) % 7)
        interval = 2 if repeat == "fortnightly" else 1
        expected.rrule(rrule(WEEKLY, interval=interval, byweekday=weekday, dtstart=first))
    else:
        expected.rrule(rrule(MONTHLY, byweekday=WEEKDAYS[weekday](int(repeat)), dtstart=begin))
    for day in left_out:
        expected.exdate(datetime.combine(day, datetime.min.time()))
    feasts = country_holidays("DE", subdiv="NW")
    window = expected.between(
        datetime.combine(from_on, datetime.min.time()) - timedelta(seconds=1),
        datetime.combine(until_on, datetime.min.time()) - timedelta(seconds=1),
    )
    kept = [
        moment.date()
        for moment in window
        if not (skips[0] and moment.date() in feasts)
        and not (skips[1] and free_from <= moment.date() <= free_to)
    ]

    holidays = Holidays(is_public_holiday, ((free_from, free_to),))
    assert days_of(asked, first_on, from_on, until_on, holidays) == kept


@pytest.mark.parametrize(
    ("asked", "first_on", "days"),
    [
        # the leap day 2028 is a Tuesday, and the last one of its month
        (rhythm(), date(2028, 2, 20), [(2, 22), (2, 29), (3, 7), (3, 14), (3, 21), (3, 28)]),
        (rhythm("-1"), date(2028, 2, 20), [(2, 29), (3, 28)]),
        (rhythm("4"), date(2028, 2, 20), [(2, 22), (3, 28)]),
        # counted from the first Tuesday, although the first day is the Wednesday after another one
        (rhythm("fortnightly"), date(2028, 2, 16), [(2, 22), (3, 7), (3, 21)]),
        (single(date(2028, 2, 29), date(2028, 2, 1)), date(2028, 2, 20), [(2, 29)]),
        (rhythm(without=(date(2028, 2, 29), date(2028, 3, 1))), date(2028, 3, 20), [(3, 21), (3, 28)]),
    ],
)
def test_leap_day_and_counting(asked: Rhythm, first_on: date, days: list[tuple[int, int]]) -> None:
    found = days_of(asked, first_on, date(2028, 2, 1), date(2028, 4, 1), NO_SCHOOL)
    assert found == [date(2028, *day) for day in days]


@pytest.mark.parametrize(
    ("more", "days"),
    [
        ({}, [(3, 23), (3, 30), (4, 6), (4, 13), (5, 18), (5, 25), (6, 1)]),
        ({"skips_public_holidays": True}, [(3, 23), (3, 30), (4, 13), (5, 18), (6, 1)]),
        ({"skips_school_holidays": True}, [(3, 23), (4, 13), (5, 18), (5, 25), (6, 1)]),
        ({"skips_public_holidays": True, "skips_school_holidays": True}, [(3, 23), (4, 13), (5, 18), (6, 1)]),
    ],
)
def test_easter_and_whit_monday_and_the_school_holidays_are_exact(
    more: dict[str, bool], days: list[tuple[int, int]]
) -> None:
    holidays = Holidays(is_public_holiday, (EASTER,))
    wanted = {date(2026, *day) for day in days}
    found = days_of(
        rhythm("weekly", 0, **more), date(2026, 3, 23), date(2026, 3, 23), date(2026, 6, 2), holidays
    )
    assert {day for day in found if not date(2026, 4, 13) < day < date(2026, 5, 18)} == wanted


def test_a_single_day_takes_place_even_on_a_holiday() -> None:
    easter = single(date(2026, 4, 6))
    asked = Rhythm("", easter.start_minute, easter.end_minute, easter.days, (), True, True)
    holidays = Holidays(is_public_holiday, (EASTER,))
    assert days_of(asked, date(2026, 1, 1), date(2026, 4, 1), date(2026, 5, 1), holidays) == [
        date(2026, 4, 6)
    ]


@pytest.mark.parametrize(
    ("day", "start", "end", "expected"),
    [
        # 22 to 3 o'clock in the night in which the clocks go forward: four hours
        (
            date(2026, 3, 28),
            1320,
            1620,
            (datetime(2026, 3, 28, 21, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ),
        # and back: six
        (
            date(2026, 10, 24),
            1320,
            1620,
            (datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 2, tzinfo=UTC)),
        ),
        # into the leap day
        (
            date(2028, 2, 28),
            1380,
            1500,
            (datetime(2028, 2, 28, 22, tzinfo=UTC), datetime(2028, 2, 29, 0, tzinfo=UTC)),
        ),
    ],
)
def test_over_midnight(day: date, start: int, end: int, expected: tuple[datetime, datetime]) -> None:
    assert span_of(day, start, end) == expected


@pytest.mark.parametrize(
    ("asked", "shares", "minutes"),
    [
        ([rhythm()], [(1, 900, 960, 4)], 60),
        ([rhythm("fortnightly")], [(1, 900, 960, 2)], 30),
        ([rhythm("-1")], [(1, 900, 960, 1)], 15),
        ([rhythm("1"), rhythm("3")], [(1, 900, 960, 2)], 30),
        ([rhythm("fortnightly", end=965)], [(1, 900, 965, 2)], 33),
        ([rhythm(weekday=6, start=1320, end=1560)], [(0, 0, 120, 4), (6, 1320, 1440, 4)], 240),
        ([single(date(2026, 3, 3), date(2026, 3, 7))], [(1, 900, 960, 1), (5, 900, 960, 1)], 30),
        ([], [], 0),
    ],
)
def test_what_the_matcher_sees(
    asked: list[Rhythm], shares: list[tuple[int, int, int, int]], minutes: int
) -> None:
    found = weekly_shares(asked)
    assert [(s.weekday, s.start_minute, s.end_minute, s.in_four_weeks) for s in found] == shares
    assert [share.time for share in found] == [WeeklyTime(*share[:3]) for share in shares]
    assert minutes_per_week(found) == minutes


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        (rhythm(), rhythm(start=930, end=990), True),
        (rhythm(), rhythm(start=960, end=990), False),
        (rhythm("1"), rhythm("2", start=930, end=990), False),
        (rhythm("4"), rhythm("-1"), True),
        (rhythm("1"), rhythm(), True),
        (rhythm(weekday=0, start=1380, end=1560), rhythm(start=60, end=120), True),
        (single(date(2026, 3, 3)), single(date(2026, 3, 10)), False),
        (single(date(2026, 3, 3)), single(date(2026, 3, 3), start=930, end=990), True),
        (single(date(2026, 3, 3)), rhythm(), True),
    ],
)
def test_which_times_overlap(one: Rhythm, other: Rhythm, meets: bool) -> None:
    assert overlap(one, other) == overlap(other, one) == meets


@given(
    repeat=st.sampled_from(["", *REPEATS]),
    old=st.sets(st.integers(0, 90), max_size=8),
    new=st.sets(st.integers(0, 90), max_size=8),
)
def test_each_date_moves_within_its_week_or_month_to_a_day_of_its_own(
    repeat: str, old: set[int], new: set[int]
) -> None:
    base = date(2026, 3, 2)
    before = sorted(base + timedelta(days=number) for number in old)
    after = sorted(base + timedelta(days=number) for number in new)
    found = followers_of_days(before, after, rule_of(repeat, 1) if repeat else "")
    assert len(set(found.values())) == len(found)
    assert set(found.values()) <= set(after)
    assert all(found[day] == day for day in set(before) & set(after))
    for day, goes_to in found.items():
        if repeat in ("weekly", "fortnightly"):
            assert day.isocalendar()[:2] == goes_to.isocalendar()[:2]
        elif repeat:
            assert (day.year, day.month) == (goes_to.year, goes_to.month)
    if not repeat:
        assert len(found) == min(len(before), len(after))


def test_single_days_never_become_a_repetition() -> None:
    present = {1: rhythm(), 2: single(date(2026, 3, 3))}
    other_day, other_time = single(date(2026, 3, 10)), rhythm("fortnightly", 3)
    assert followers(present, [other_day, other_time]) == {1: other_time, 2: other_day}
    assert followers(present, [other_day]) == {2: other_day}


def test_a_series_follows_what_comes_as_often_however_far_it_is_else() -> None:
    """A week of days and hours is nearer than the same hour every second week."""
    weekly_on_sunday = rhythm("weekly", 6, 1200, 1260)
    fortnightly_at_the_hour = rhythm("fortnightly", 1, 900, 960)
    wanted = [fortnightly_at_the_hour, weekly_on_sunday]
    assert followers({1: rhythm("weekly", 1)}, wanted) == {1: weekly_on_sunday}
    assert followers({1: rhythm("fortnightly", 0)}, wanted) == {1: fortnightly_at_the_hour}


def test_a_period_without_a_date_is_known_as_such() -> None:
    tuesday = rhythm("3")
    assert has_date(tuesday, date(2026, 3, 1), date(2026, 3, 17), date(2026, 3, 1), NO_SCHOOL)
    assert not has_date(tuesday, date(2026, 3, 1), date(2026, 3, 16), date(2026, 3, 1), NO_SCHOOL)
    assert not has_date(tuesday, date(2026, 3, 1), date(2026, 3, 20), date(2026, 3, 18), NO_SCHOOL)
    assert has_date(tuesday, date(2026, 3, 1), None, date(2026, 12, 20), NO_SCHOOL)
    years_on = single(date(2029, 5, 5))
    assert has_date(years_on, date(2026, 3, 1), None, date(2026, 3, 1), NO_SCHOOL)
    assert not has_date(years_on, date(2026, 3, 1), None, date(2029, 5, 6), NO_SCHOOL)


def test_a_rule_is_written_as_rfc_5545_has_it() -> None:
    days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    assert [rule_of("weekly", each) for each in range(7)] == [f"FREQ=WEEKLY;BYDAY={day}" for day in days]
    assert [rule_of("fortnightly", each) for each in range(7)] == [
        f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day}" for day in days
    ]
    assert [rule_of("-1", each) for each in range(7)] == [f"FREQ=MONTHLY;BYDAY=-1{day}" for day in days]


@pytest.mark.parametrize("repeat", REPEATS)
@pytest.mark.parametrize("weekday", range(7))
def test_a_rule_tells_what_it_was_made_of(repeat: str, weekday: int) -> None:
    assert repeat_of(rule_of(repeat, weekday)) == (repeat, weekday)


def test_times_are_told_in_words() -> None:
    told = times_in_words(
        [
            single(date(2026, 12, 24), start=1200, end=1560),
            rhythm("fortnightly", 3, skips_public_holidays=True, skips_school_holidays=True),
            rhythm("-1", 0, 570, 660),
            rhythm(),
        ]
    )
    assert told == (
        "jeden letzten Montag im Monat 9:30–11 Uhr, dienstags 15–16 Uhr,"
        " alle zwei Wochen donnerstags 15–16 Uhr, am 24. Dezember 2026 20–2 Uhr"
        " (nicht an Feiertagen und nicht in den Schulferien)"
    )
    assert times_in_words([]) == "Zeiten nach Absprache"
    assert times_in_words([rhythm("2", skips_public_holidays=True)]) == (
        "jeden zweiten Dienstag im Monat 15–16 Uhr (nicht an Feiertagen)"
    )
