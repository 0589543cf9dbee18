"""Weekly windows as values: what rules reckon with; the question for them is in `weekly_times`."""

from collections.abc import Iterable
from typing import NamedTuple


class WeeklyTime(NamedTuple):
    """A weekly window: weekday 0 (Monday) … 6, half open, in minutes since midnight."""

    weekday: int
    start_minute: int
    end_minute: int


class Daypart(NamedTuple):
    """A part of any day, half open, in minutes since midnight."""

    key: str
    start_minute: int
    end_minute: int


DAYPARTS = (
    Daypart("morning", 8 * 60, 12 * 60),
    Daypart("midday", 12 * 60, 15 * 60),
    Daypart("afternoon", 15 * 60, 18 * 60),
    Daypart("evening", 18 * 60, 21 * 60),
)


def merged(times: Iterable[WeeklyTime]) -> list[WeeklyTime]:
    """Return the windows sorted, those that touch or overlap joined."""
    joined: list[WeeklyTime] = []
    for window in sorted(times):
        last = joined[-1] if joined else None
        if last and last.weekday == window.weekday and window.start_minute <= last.end_minute:
            joined[-1] = last._replace(end_minute=max(last.end_minute, window.end_minute))
        else:
            joined.append(window)
    return joined
