"""Working days of North Rhine-Westphalia against the calendar on the wall, and ends of days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from foundation.clock import end_of_day, last_day
from foundation.working_days import end_of_working_day, is_working_day, last_day_due, working_days_later

FREE_2026 = [
    date(2026, 1, 1),
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 1),
    date(2026, 5, 14),
    date(2026, 5, 25),
    date(2026, 6, 4),
    date(2026, 10, 3),
    date(2026, 11, 1),
    date(2026, 12, 25),
    date(2026, 12, 26),
]


@pytest.mark.parametrize("day", FREE_2026)
def test_public_holidays_of_the_land_are_free(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 6),  # Epiphany: not here
        date(2026, 2, 16),  # Rosenmontag is no public holiday, whatever the Rhineland thinks
        date(2026, 8, 15),
        date(2026, 10, 31),  # Reformation Day: not here
        date(2026, 12, 24),
        date(2026, 12, 31),
    ],
)
def test_what_is_free_elsewhere_or_by_custom_is_none(day: date) -> None:
    assert is_working_day(day) == (day.weekday() < 5)


def test_a_whole_year_has_its_working_days() -> None:
    """2026 in North Rhine-Westphalia: 261 days Monday to Friday, of which eight are holidays."""
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert sum(map(is_working_day, year)) == 253


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 3, 2), 5, date(2026, 3, 9)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # over Good Friday and Easter Monday
        (date(2026, 5, 13), 2, date(2026, 5, 18)),  # over Ascension Day
        (date(2026, 12, 24), 2, date(2026, 12, 29)),
        (date(2027, 12, 31), 1, date(2028, 1, 3)),
        (date(2028, 2, 28), 2, date(2028, 3, 1)),  # leap day
    ],
)
def test_counting_leaves_free_days_out(day: date, count: int, found: date) -> None:
    assert working_days_later(day, count) == found


@pytest.mark.parametrize(
    ("day", "ends_at"),
    [
        (date(2026, 3, 4), datetime(2026, 3, 4, 23, tzinfo=UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),  # 23 hours long
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),  # 25 hours long
        (date(2026, 12, 31), datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_berlin_midnight(day: date, ends_at: datetime) -> None:
    assert end_of_day(day) == ends_at
    assert last_day(ends_at) == day
    assert last_day(ends_at + timedelta(seconds=1)) == day + timedelta(days=1)


def test_the_end_of_a_working_day_counts_from_the_day_in_berlin() -> None:
    late = datetime(2026, 3, 2, 22, 59, tzinfo=UTC)
    assert end_of_working_day(late, 1) == datetime(2026, 3, 3, 23, tzinfo=UTC)
    assert end_of_working_day(late + timedelta(minutes=1), 1) == datetime(2026, 3, 4, 23, tzinfo=UTC)


@pytest.mark.parametrize("hours", range(0, 24 * 21, 5))
def test_the_last_day_due_is_the_last_whose_days_are_over(hours: int) -> None:
    """Asked from the end of March into the middle of April: a clock change and Easter in it."""
    now = datetime(2026, 3, 27, 1, tzinfo=UTC) + timedelta(hours=hours)
    day = last_day_due(now, 3)
    assert end_of_day(working_days_later(day, 3)) <= now
    assert end_of_day(working_days_later(day + timedelta(days=1), 3)) > now
