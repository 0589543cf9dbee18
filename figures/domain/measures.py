"""What is counted, and over which times."""

from datetime import date, timedelta
from enum import StrEnum


class Measure(StrEnum):
    """What a fact is about. A fact says on which day it became known here, not on which day it happened."""

    PLEDGED = "pledged"  # somebody offered time
    PLACED = "placed"  # somebody began to help
    HOURS = "hours"  # minutes somebody gave
    GIFTS = "gifts"  # cents somebody gave, or got back
    ANSWERED = "answered"  # minutes until somebody who offered time was asked something
    TAKEN = "taken"  # somebody has places now


PERIODS = {"30": 30, "90": 90, "365": 365, "alle": 365 * 50}
"""How many days each period has, the last counted one included. Published figures know years as well."""
BEFORE = "-davor"
"""What the name of a period is followed by for the equally long one before it."""


def span(period: str, last_on: date) -> tuple[date, date]:
    """Return first and last day of `period`, which ends on `last_on`; a year ("2026") on its last day."""
    if period in PERIODS:
        return last_on - timedelta(days=PERIODS[period] - 1), last_on
    return date(int(period), 1, 1), min(date(int(period), 12, 31), last_on)


def span_before(period: str, last_on: date) -> tuple[date, date]:
    """Return the first and last day of the equally long period before `period`."""
    days = timedelta(days=PERIODS[period])
    first_on, until = span(period, last_on)
    return first_on - days, until - days
