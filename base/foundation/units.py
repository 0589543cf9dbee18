"""What a whole number counts, so that mypy tells cents, minutes and quarter hours apart.

At run time each is the int it is. A number gets its unit once, where it comes in: from a form, a column,
Stripe. Reckoning gives a bare int, which has to be named again: what a sum counts is said, not guessed.
Arrays stay arrays; their units stand with the arrays.
"""

from datetime import datetime, time, timedelta
from typing import NewType

Cents = NewType("Cents", int)
"""An amount of money in cents of euro, negative for what goes out."""

Minutes = NewType("Minutes", int)
"""How long something takes."""

MinuteOfDay = NewType("MinuteOfDay", int)
"""A time of day, in minutes since local midnight: 0 … 1440, the last being the end of the day."""

QuarterHours = NewType("QuarterHours", int)
"""The matcher's measure: how long, or how far into the week (Monday 00:00 is 0)."""

QUARTER = Minutes(15)
HOUR = Minutes(60)
DAY = Minutes(24 * HOUR)

MIDNIGHT = MinuteOfDay(0)
NOON = MinuteOfDay(12 * HOUR)
END_OF_DAY = MinuteOfDay(DAY)


def minutes_in(hours: int) -> Minutes:
    """Return the minutes of whole hours."""
    return Minutes(hours * HOUR)


def minutes_of(quarters: QuarterHours) -> Minutes:
    """Return how many minutes a number of quarter hours is."""
    return Minutes(quarters * QUARTER)


def quarter_hours(minutes: Minutes) -> QuarterHours:
    """Return how many whole quarter hours fit into `minutes`."""
    return QuarterHours(minutes // QUARTER)


def whole_minutes(length: timedelta) -> Minutes:
    """Return the whole minutes of `length`; seconds beyond them do not count."""
    return Minutes(length // timedelta(minutes=1))


def minutes_between(start: MinuteOfDay, end: MinuteOfDay) -> Minutes:
    """Return how long it is from `start` to `end` of the same day."""
    return Minutes(end - start)


def minute_of_day(clock: time | datetime) -> MinuteOfDay:
    """Return the minute that `clock` shows, in whatever zone it is."""
    return MinuteOfDay(clock.hour * HOUR + clock.minute)


def time_of_week(quarters: QuarterHours) -> tuple[int, MinuteOfDay]:
    """Return weekday (0 = Monday) and time of day of a point in the week."""
    weekday, minute = divmod(minutes_of(quarters), DAY)
    return weekday, MinuteOfDay(minute)
