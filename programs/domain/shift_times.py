"""From a weekly rule in local time to the moments of its dates."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr

from foundation.clock import local_moment
from foundation.units import END_OF_DAY, MIDNIGHT, MinuteOfDay, minutes_between

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def weekly_rule(weekday: int) -> str:
    """Return the recurrence rule (RFC 5545) of a weekday, 0 = Monday."""
    return f"FREQ=WEEKLY;BYDAY={_DAYS[weekday]}"


def weekday_of(rule: str) -> int:
    """Return the weekday of a rule that `weekly_rule` wrote, 0 = Monday."""
    return _DAYS.index(rule[-2:])


def days_of(rule: str, first_on: date, from_on: date, until_on: date) -> Iterator[date]:
    """Yield the days of `rule`, counted from `first_on`, within the half-open [from_on, until_on)."""
    for moment in rrulestr(rule, dtstart=datetime.combine(first_on, time.min)).xafter(
        datetime.combine(from_on, time.min), inc=True
    ):
        if moment.date() >= until_on:
            return
        yield moment.date()


def span_of(day: date, start_minute: MinuteOfDay, end_minute: MinuteOfDay) -> tuple[datetime, datetime]:
    """Return the UTC moments of local wall times on `day`; `end_minute` may be 1440, the day's end.

    In the night in which an hour is skipped a shift within that hour keeps its length.
    """
    starts_at = local_moment(day, start_minute)
    next_midnight = (day + timedelta(days=1), MIDNIGHT)
    ends_at = local_moment(*(next_midnight if end_minute == END_OF_DAY else (day, end_minute)))
    if ends_at <= starts_at:
        ends_at = starts_at + timedelta(minutes=minutes_between(start_minute, end_minute))
    return starts_at, ends_at
