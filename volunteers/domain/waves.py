"""When time is short several people are asked for one place, and whoever says yes first comes."""

from datetime import date, datetime, timedelta

from foundation.clock import end_of_day, local_day

SHORT = timedelta(days=7)
"""Time is short for a task all of whose dates lie within this: a week later it would be too late."""

VERY_SHORT = timedelta(hours=48)


def people_for_a_place(left: timedelta) -> int:
    """Return how many are asked at once for one place while so much time is left until the first date."""
    return 3 if left < VERY_SHORT else 2


def answer_by(now: datetime, first_at: datetime) -> datetime:
    """Return until when an answer counts: the end of tomorrow, or of the day before it begins."""
    today = local_day(now)
    before: date = local_day(first_at) - timedelta(days=1)
    return end_of_day(max(today, min(today + timedelta(days=1), before)))


def while_it_helps(end: datetime, last_at: datetime | None, now: datetime) -> datetime:
    """Return until when an answer counts that was to come by `end`, if the last date begins at `last_at`.

    Nobody says yes to what has been: until the end of the day before, or on the day itself until it begins.
    """
    if last_at is None or last_at >= end:
        return end
    day_before = end_of_day(local_day(last_at) - timedelta(days=1))
    return day_before if day_before > now else last_at
