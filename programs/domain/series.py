"""Which series becomes which rhythm when a task changes: series are moved, not rebuilt."""

from collections.abc import Collection, Mapping

from foundation.units import DAY
from programs.domain.rhythms import Rhythm, repeat_of

_OTHER_KIND = 7 * DAY


def followers(present: Mapping[int, Rhythm], wanted: Collection[Rhythm]) -> dict[int, Rhythm]:
    """Return by key which of `wanted` each present series follows; those left out have ended.

    Who repeats the same from the same minute on stays; the others go to what is left, the nearest first.
    Single days never become a repetition, nor the other way round.
    """
    found = {}
    left = {_key(rhythm): rhythm for rhythm in sorted(wanted)}
    for key, rhythm in sorted(present.items()):
        same = left.pop(_key(rhythm), None)
        if same is not None:
            found[key] = same
    moving = {key: rhythm for key, rhythm in present.items() if key not in found}
    while pairs := [
        (_apart(rhythm, other), key, kept)
        for key, rhythm in moving.items()
        for kept, other in left.items()
        if bool(rhythm.rule) == bool(other.rule)
    ]:
        _distance, key, kept = min(pairs)
        found[key] = left.pop(kept)
        del moving[key]
    return found


def _key(rhythm: Rhythm) -> tuple[str, int, int]:
    """What tells the series of a task apart; single days are one series for each time of day."""
    return rhythm.rule, rhythm.start_minute, 0 if rhythm.rule else rhythm.end_minute


def _apart(one: Rhythm, other: Rhythm) -> int:
    if not one.rule:
        return abs(one.start_minute - other.start_minute)
    (how, day), (other_how, other_day) = repeat_of(one.rule), repeat_of(other.rule)
    minutes = (day - other_day) * DAY + one.start_minute - other.start_minute
    return abs(minutes) + (how != other_how) * _OTHER_KIND
