"""Small numbers cannot be worked out from what is published, on whatever days and periods somebody looks.

A published series only grows by steps, at most one a day, and each step stands on so many different people
that it tells of none. Between steps the reading stays as it was. Whatever else is published (a period, a
total, a gap) is made of such readings alone, so that it tells nothing beyond them. Why so, and what
statistical offices do: docs/decisions/0028.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby, islice
from typing import NamedTuple

from foundation.units import HOUR, Minutes

BASE = 5
CENTS_BASE = 500
Steps = list[tuple[date, int]]


class Entry(NamedTuple):
    """On `day` it became known that `person` gave `amount`: minutes, or cents, below zero if taken back."""

    day: date
    person: int
    amount: int


class Arrival(NamedTuple):
    """On `day` somebody became known, and with them a group of `heads`, or nobody else."""

    day: date
    heads: int = 1


def floored(value: int, base: int = BASE) -> int:
    """Return the multiple of `base` below or at `value`."""
    return value // base * base


def whole_hours(minutes: Minutes) -> int:
    """Return minutes as they are published: hours, rounded down to fives."""
    return floored(minutes // HOUR)


def step_size(shown_from: int) -> int:
    """Return how many people one step of a head count stands for: a multiple of five from `shown_from` on."""
    return -(-shown_from // BASE) * BASE


def steps_of_heads(arrivals: Iterable[Arrival], *, known: Mapping[date, int], size: int) -> Steps:
    """Return the steps that follow the `known` ones, for a count of all heads that came with `arrivals`.

    A step is made when `size` contacts more are known, however many come with each: a group is one contact.
    A reading is the number of heads rounded down to `size`; `size` numbers are possible behind each.
    """
    last_on, reading = max(known.items(), default=(date.min, 0))
    contacts, heads, steps = 0, 0, []
    counted = _contacts_behind(arrivals := sorted(arrivals), known, size)
    for day, of_day in groupby(arrivals, key=lambda arrival: arrival.day):
        arrived = [arrival.heads for arrival in of_day]
        contacts, heads = contacts + len(arrived), heads + sum(arrived)
        if day > last_on and floored(contacts, size) > counted and floored(heads, size) > reading:
            counted, reading = floored(contacts, size), floored(heads, size)
            steps.append((day, reading))
    return steps


def _contacts_behind(arrivals: Iterable[Arrival], known: Mapping[date, int], size: int) -> int:
    """Return on how many contacts the last of the `known` steps stood, those who have left since included."""
    last_on, reading = max(known.items(), default=(date.min, 0))
    still_there = sum(arrival.day <= last_on for arrival in arrivals)
    return min(max(len(known) * size, floored(still_there, size)), reading)


def steps_of_sums(entries: Iterable[Entry], *, known: Mapping[date, int], shown_from: int) -> Steps:
    """Return the steps that follow the `known` ones, for the sum of `entries`, which come in order of days.

    A step is made when it stands on `shown_from` people whose part has changed since the last one, and what
    is left stands on as many. A reading is the exact sum of that day, nothing where more went back than came.
    """
    waiting = sorted(known, reverse=True)
    last_on = max(known, default=date.min)
    changed: dict[int, int] = defaultdict(int)
    left: dict[int, int] = defaultdict(int)
    total, steps = 0, []
    for day, of_day in groupby(entries, key=lambda entry: entry.day):
        while waiting and waiting[-1] < day:
            waiting.pop()
            changed.clear()
        for entry in of_day:
            changed[entry.person] += entry.amount
            left[entry.person] += entry.amount
            total += entry.amount
        if day > last_on and _are_enough(changed, shown_from) and _are_enough(left, shown_from):
            steps.append((day, max(total, 0)))
            changed.clear()
    return steps


def _are_enough(parts: Mapping[int, int], shown_from: int) -> bool:
    some = islice((part for part in parts.values() if part), shown_from)
    return len(list(some)) == shown_from
