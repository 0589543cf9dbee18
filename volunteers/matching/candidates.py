"""Which pairs are possible: index ranges first, then the hard gates on what they hold.

Opportunities are sorted by day, row and column of a grid; one window of a volunteer and one row of the grid
within reach is then one range of that order. Times are compared next, then distances, then masks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from volunteers.matching import gates
from volunteers.matching.geography import flat
from volunteers.matching.intervals import expand
from volunteers.matching.problem import WEEK, Bools, Floats, Ints, Narrow, Pairs, Problem, Shorts
from volunteers.matching.remaining import Remaining

CELL_METRES = 1000.0
QUARTERS_PER_DAY = 96
FLEXIBLE_DAY = 7
NOWHERE = 0
OPPORTUNITY_BITS = 31

PAIRS_AT_ONCE = 1 << 21
VOLUNTEERS_AT_ONCE = 1 << 12
"""Both bound the memory in use."""

AFTER_TIME = (
    gates.has_hours,
    gates.shows_clearance,
    gates.wants_contact,
    gates.is_old_enough,
    gates.wants_age_group,
    gates.has_skills,
    gates.speaks_a_language,
    gates.within_reach,
    gates.allowed,
)


@dataclass(frozen=True, slots=True)
class Index:
    """Opportunities with places left in the order of `key`; `order` gives their rows. Cells count from 1.

    start, end: their first slot, 0 and 0 without one.
    """

    order: Ints
    key: Ints
    start: Shorts
    end: Shorts
    south: float
    west: float
    rows: int
    columns: int

    def key_of(self, day: Ints, row: Ints | int, column: Ints | int) -> Ints:
        return (day * (self.rows + 1) + row) * (self.columns + 2) + column


@dataclass(frozen=True, slots=True)
class Probes:
    """Ranges of the index, sorted by volunteer: whose (`owner`), from `low` on so many as `length`, and the
    window from `opens` to `closes` in which the first slot must lie.
    """

    owner: Narrow
    opens: Shorts
    closes: Shorts
    low: Ints
    length: Ints

    def parts(self, at_once: int) -> Iterator[Probes]:
        """Yield them in parts of about `at_once` pairs; those of a volunteer stay together."""
        last = np.flatnonzero(np.diff(self.owner, append=-1))
        number = np.cumsum(self.length)[last] // at_once
        ends = last[np.flatnonzero(np.diff(number, append=-1))] + 1
        for begin, end in pairwise([0, *ends.tolist()]):
            part = slice(begin, end)
            yield Probes(
                self.owner[part], self.opens[part], self.closes[part], self.low[part], self.length[part]
            )


def candidates(problem: Problem, left: Remaining) -> Pairs:
    """All possible pairs, sorted by volunteer and opportunity."""
    found = list(blocks(problem, left))
    if not found:
        return Pairs()
    return Pairs(
        volunteer=np.concatenate([block.volunteer for block in found]),
        opportunity=np.concatenate([block.opportunity for block in found]),
    )


def blocks(problem: Problem, left: Remaining, at_once: int = PAIRS_AT_ONCE) -> Iterator[Pairs]:
    """Yield the possible pairs of one block of volunteers after the other; volunteers are independent.

    At most `at_once` pairs are looked at together, or those of one volunteer.
    """
    index = _index(problem, left)
    active = np.flatnonzero(left.placements > 0)
    for first in range(0, len(active), VOLUNTEERS_AT_ONCE):
        probes = _probes(problem, left, index, active[first : first + VOLUNTEERS_AT_ONCE])
        for part in probes.parts(at_once):
            yield _possible(problem, left, index, part)


def _index(problem: Problem, left: Remaining) -> Index:
    opportunities = problem.opportunities
    open_rows = np.flatnonzero(left.places > 0)
    fixed = np.diff(opportunities.slot_ptr)[open_rows] > 0
    day = np.full(len(open_rows), FLEXIBLE_DAY)
    day[fixed] = opportunities.slot_start[opportunities.slot_ptr[open_rows[fixed]]] // QUARTERS_PER_DAY
    north, east = flat(opportunities.lat[open_rows], opportunities.lon[open_rows], opportunities)
    placed = ~np.isnan(north + east)
    south, west = (float(axis[placed].min()) if placed.any() else 0.0 for axis in (north, east))
    row, column = np.full(len(open_rows), NOWHERE), np.zeros(len(open_rows), np.int64)
    row[placed], column[placed] = _cell(north[placed] - south), _cell(east[placed] - west)
    start, end = np.zeros((2, len(open_rows)), np.int16)
    first = opportunities.slot_ptr[open_rows[fixed]]
    start[fixed], end[fixed] = opportunities.slot_start[first], opportunities.slot_end[first]
    index = Index(
        open_rows, day, start, end, south, west, int(row.max(initial=0)), int(column.max(initial=0))
    )
    key = index.key_of(day, row, column)
    order = np.argsort(key, kind="stable")
    return replace(index, order=open_rows[order], key=key[order], start=start[order], end=end[order])


def _cell(metres: Floats) -> Ints:
    return np.floor(metres / CELL_METRES).astype(np.int64) + 1


def _possible(problem: Problem, left: Remaining, index: Index, probes: Probes) -> Pairs:
    volunteer, opportunity = _in_time(index, probes)
    several = np.flatnonzero(np.diff(problem.opportunities.slot_ptr)[opportunity] > 1)
    if len(several):
        kept = np.ones(len(volunteer), np.bool_)
        kept[several] = gates.covers_slots(problem, left, volunteer[several], opportunity[several])
        volunteer, opportunity = volunteer[kept], opportunity[kept]
    for gate in AFTER_TIME:
        kept = gate(problem, left, volunteer, opportunity)
        volunteer, opportunity = volunteer[kept], opportunity[kept]
    both = np.sort(volunteer << OPPORTUNITY_BITS | opportunity)
    return Pairs(volunteer=both >> OPPORTUNITY_BITS, opportunity=both & (1 << OPPORTUNITY_BITS) - 1)


def _in_time(index: Index, probes: Probes) -> tuple[Ints, Ints]:
    """Volunteer and opportunity of what is probed and has its first slot within the window."""
    before = np.cumsum(probes.length) - probes.length
    place = np.repeat((probes.low - before).astype(np.int32), probes.length)
    place += np.arange(len(place), dtype=np.int32)
    opens, closes = (np.repeat(side, probes.length) for side in (probes.opens, probes.closes))
    kept = np.flatnonzero((opens <= index.start[place]) & (index.end[place] <= closes))
    return np.repeat(probes.owner, probes.length)[kept].astype(np.int64), index.order[place[kept]]


def _probes(problem: Problem, left: Remaining, index: Index, rows: Ints) -> Probes:
    """Where in the index all stands that shares a day with one of the volunteers `rows` and may be near."""
    owner, window, day = _days(left, rows)
    first_row, last_row, first_column, last_column, anywhere = _reach(problem, index, owner)
    pointer = np.concatenate(
        [[0], np.cumsum(np.where(anywhere, 1, 2 + np.maximum(last_row - first_row, -1)))]
    )
    line, place = expand(pointer, np.arange(len(owner)))
    step = place - pointer[line]
    nowhere, day_of = step == 0, day[line]
    row = np.where(nowhere, NOWHERE, first_row[line] + step - 1)
    low = index.key_of(day_of, row, np.where(nowhere, 0, first_column[line]))
    high = index.key_of(day_of, row, np.where(nowhere, index.columns + 2, last_column[line] + 1))
    high = np.where(anywhere[line], index.key_of(day_of + 1, 0, 0), high)
    low, high = np.searchsorted(index.key, np.stack([low, high]))
    found = np.flatnonzero(low < high)
    line, low = line[found], low[found]
    opens = np.append(left.window_start, 0)[window].astype(np.int16)
    closes = np.append(left.window_end, WEEK)[window].astype(np.int16)
    return Probes(owner[line].astype(np.int32), opens[line], closes[line], low, high[found] - low)


def _days(left: Remaining, rows: Ints) -> tuple[Ints, Ints, Ints]:
    """One line per volunteer, window and day it touches, and one per volunteer for what is flexible (window
    -1), sorted by volunteer.
    """
    position, window = expand(left.window_ptr, rows)
    first = left.window_start[window] // QUARTERS_PER_DAY
    count = (left.window_end[window] - 1) // QUARTERS_PER_DAY - first + 1
    line, step = expand(np.concatenate([[0], np.cumsum(count)]), np.arange(len(window)))
    day = first[line] + step - (np.cumsum(count) - count)[line]
    owner = np.concatenate([rows[position][line], rows])
    window = np.concatenate([window[line], np.full(len(rows), -1)])
    day = np.concatenate([day, np.full(len(rows), FLEXIBLE_DAY)])
    order = np.argsort(owner, kind="stable")
    return owner[order], window[order], day[order]


def _reach(problem: Problem, index: Index, owner: Ints) -> tuple[Ints, Ints, Ints, Ints, Bools]:
    """First and last row, first and last column of the grid within the radius; whether there is none."""
    volunteers = problem.volunteers
    north, east = flat(volunteers.lat[owner], volunteers.lon[owner], problem.opportunities)
    radius = volunteers.max_km[owner] * 1000 + 1
    anywhere = ~np.isfinite(north + east + radius)
    radius = np.where(anywhere, 0.0, radius)
    spans = []
    for axis, origin, cells in ((north, index.south, index.rows), (east, index.west, index.columns)):
        middle = np.where(anywhere, 0.0, axis - origin)
        spans += [np.clip(_cell(middle - radius), 1, cells + 1), np.clip(_cell(middle + radius), 0, cells)]
    return spans[0], spans[1], spans[2], spans[3], anywhere
