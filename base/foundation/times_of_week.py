"""Weekly windows as values: what rules reckon with; the question for them is in `weekly_times`."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from foundation.units import HOUR, NOON, MinuteOfDay


class WeeklyTime(NamedTuple):
    """A weekly window: weekday 0 (Monday) … 6, half open, in minutes since midnight."""

    weekday: int
    start_minute: MinuteOfDay
    end_minute: MinuteOfDay


class WeeklyRow(Protocol):
    """A stored weekly window: its columns are plain numbers."""

    @property
    def weekday(self) -> int: ...

    @property
    def start_minute(self) -> int: ...

    @property
    def end_minute(self) -> int: ...


def weekly_time(row: WeeklyRow) -> WeeklyTime:
    """Return the window that `row` stores."""
    return WeeklyTime(row.weekday, MinuteOfDay(row.start_minute), MinuteOfDay(row.end_minute))


class Daypart(NamedTuple):
    """A part of any day, half open, in minutes since midnight."""

    key: str
    start_minute: MinuteOfDay
    end_minute: MinuteOfDay


DAYPARTS = (
    Daypart("morning", MinuteOfDay(8 * HOUR), NOON),
    Daypart("midday", NOON, MinuteOfDay(15 * HOUR)),
    Daypart("afternoon", MinuteOfDay(15 * HOUR), MinuteOfDay(18 * HOUR)),
    Daypart("evening", MinuteOfDay(18 * HOUR), MinuteOfDay(21 * HOUR)),
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
