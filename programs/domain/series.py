"""Which weekly series becomes which weekly time when a task changes: series are moved, not rebuilt."""

from collections.abc import Collection, Mapping

from foundation.times_of_week import WeeklyTime
from foundation.units import DAY


def followers(present: Mapping[int, WeeklyTime], wanted: Collection[WeeklyTime]) -> dict[int, WeeklyTime]:
    """Return by key which of `wanted` each present series follows; those left out have ended.

    Who begins at the same minute of the week stays; the others go to what is left, the nearest first.
    """
    found = {}
    left = {(time.weekday, time.start_minute): time for time in sorted(wanted)}
    for key, time in sorted(present.items()):
        same = left.pop((time.weekday, time.start_minute), None)
        if same is not None:
            found[key] = same
    moving = {key: time for key, time in present.items() if key not in found}
    while moving and left:
        _distance, key, start = min(
            (_apart(time, other), key, start) for key, time in moving.items() for start, other in left.items()
        )
        found[key] = left.pop(start)
        del moving[key]
    return found


def _apart(one: WeeklyTime, other: WeeklyTime) -> int:
    return abs((one.weekday - other.weekday) * DAY + one.start_minute - other.start_minute)
