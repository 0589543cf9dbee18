"""From one unit to another."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from foundation import units
from foundation.times_of_week import WeeklyTime, weekly_time
from programs.models import WeeklySlot
from volunteers.models import Availability


@pytest.mark.parametrize(("quarters", "minutes"), [(0, 0), (1, 15), (4, 60), (6, 90), (672, 10_080)])
def test_quarter_hours_and_minutes_lead_to_each_other(quarters: int, minutes: int) -> None:
    assert units.minutes_of(units.QuarterHours(quarters)) == minutes
    assert units.quarter_hours(units.Minutes(minutes)) == quarters


@pytest.mark.parametrize(("minutes", "quarters"), [(14, 0), (16, 1), (29, 1), (59, 3), (1439, 95)])
def test_a_begun_quarter_hour_is_not_a_whole_one(minutes: int, quarters: int) -> None:
    assert units.quarter_hours(units.Minutes(minutes)) == quarters


@pytest.mark.parametrize(("hours", "minutes"), [(0, 0), (1, 60), (2, 120), (40, 2400)])
def test_hours_are_sixty_minutes_each(hours: int, minutes: int) -> None:
    assert units.minutes_in(hours) == minutes


@pytest.mark.parametrize(
    ("length", "minutes"),
    [
        (timedelta(0), 0),
        (timedelta(seconds=59, microseconds=999_999), 0),
        (timedelta(minutes=1), 1),
        (timedelta(hours=1, minutes=30, seconds=30), 90),
        (timedelta(days=2), 2880),
    ],
)
def test_seconds_beyond_whole_minutes_do_not_count(length: timedelta, minutes: int) -> None:
    assert units.whole_minutes(length) == minutes


def test_the_day_ends_where_the_next_begins() -> None:
    assert units.minutes_between(units.MIDNIGHT, units.END_OF_DAY) == units.DAY == 1440
    assert units.minutes_between(units.MIDNIGHT, units.NOON) == 720
    assert units.minutes_between(units.MinuteOfDay(990), units.MinuteOfDay(1005)) == units.QUARTER


@pytest.mark.parametrize(
    ("clock", "minute"),
    [
        (time(0, 0), 0),
        (time(16, 30), 990),
        (time(23, 59, 59), 1439),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), 90),
        (datetime(2026, 3, 29, 3, 30, tzinfo=ZoneInfo("Europe/Berlin")), 210),
    ],
)
def test_the_minute_of_the_day_is_what_the_clock_shows(clock: time | datetime, minute: int) -> None:
    assert units.minute_of_day(clock) == minute


@pytest.mark.parametrize(
    ("quarters", "weekday", "minute"),
    [(0, 0, 0), (66, 0, 990), (95, 0, 1425), (96, 1, 0), (4 * 96 + 1, 4, 15), (671, 6, 1425)],
)
def test_a_point_in_the_week_is_a_weekday_and_a_time(quarters: int, weekday: int, minute: int) -> None:
    assert units.time_of_week(units.QuarterHours(quarters)) == (weekday, minute)


@pytest.mark.parametrize("model", [WeeklySlot, Availability])
def test_a_stored_window_is_read_as_it_stands(model: type[WeeklySlot] | type[Availability]) -> None:
    row = model(weekday=6, start_minute=1380, end_minute=1440)
    assert weekly_time(row) == WeeklyTime(6, units.MinuteOfDay(1380), units.END_OF_DAY)
