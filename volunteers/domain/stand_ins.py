"""How fast a stand-in is looked for: the less time is left, the more people are asked at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SETTLE = timedelta(minutes=1)
"""Who presses the wrong button and comes back at once has asked nobody."""

HORIZON = timedelta(days=21)
"""Nobody is asked for a single date earlier than that."""

LAST_CALL = timedelta(hours=2)
"""So long before the date nobody is asked any more: people have to come."""

LOOK_AGAIN = timedelta(hours=1)
MOST_PER_WEEK = 2
"""Questions to stand in that one person gets in seven days."""


@dataclass(frozen=True)
class Pace:
    """So many people are asked side by side, each with so much time to answer."""

    at_once: int
    answer_within: timedelta


CALM = Pace(1, timedelta(hours=48))
BRISK = Pace(2, timedelta(hours=12))
URGENT = Pace(3, timedelta(hours=4))


def pace(left: timedelta) -> Pace | None:
    """Return how to ask while so much time is left until the date; None if it is too late to ask."""
    if left > timedelta(days=7):
        return CALM
    if left >= timedelta(hours=48):
        return BRISK
    return URGENT if left > LAST_CALL else None


def answer_by(now: datetime, starts_at: datetime, how: Pace) -> datetime:
    """Return until when an answer is waited for: never beyond the last call."""
    return min(now + how.answer_within, starts_at - LAST_CALL)
