"""Which pairs are possible: index ranges first, then the hard gates on what they hold.

Opportunities are sorted by day, row and column of a grid; one window of a volunteer and one row of the grid
within reach is then one range of that order. Times are compared next, then distances, then masks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from volunteers.matching import gates
from volunteers.matching.geography import flat
from volunteers.matching.intervals import expand
from volunteers.matching.problem import Bools, Floats, Ints, Pairs, Problem
from volunteers.matching.remaining import Remaining

CELL_METRES = 1000.0
QUARTERS_PER_DAY = 96
FLEXIBLE_DAY = 7
NOWHERE = 0
PAIRS_AT_ONCE = 1 << 22
"""Bounds the memory in use: volunteers are looked at in blocks that could make so many pairs at most."""
LEAST_VOLUNTEERS = 64

AFTER_TIME = (
    gates.has_hours,
    gates.within_reach,
    gates.shows_clearance,
    gates.wants_contact,
    gates.is_old_enough,
    gates.wants_age_group,
    gates.has_skills,
    gates.speaks_a_language,
    gates.allowed,
)


@dataclass(frozen=True, slots=True)
class Index:
    """Opportunities with places left in the order of `key`; `order` gives their rows. Cells count from 1."""

    order: Ints
    key: Ints
    south: float
    west: float
    rows: int
    columns: int

    def key_of(self, day: Ints, row: Ints | int, column: Ints | int) -> Ints:
        return (day * (self.rows + 1) + row) * (self.columns + 2) + column


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
    """Yield the possible pairs of one block of volunteers after the other; volunteers are independent."""
    index = _index(problem, left)
    active = np.flatnonzero(left.placements > 0)
    size = max(at_once // (len(index.order) + 1), LEAST_VOLUNTEERS)
    for first in range(0, len(active), size):
        volunteer, opportunity = _possible(problem, left, index, active[first : first + size])
        yield Pairs(volunteer=volunteer, opportunity=opportunity)


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
    index = Index(open_rows, day, south, west, int(row.max(initial=0)), int(column.max(initial=0)))
    key = index.key_of(day, row, column)
    order = np.argsort(key, kind="stable")
    return replace(index, order=open_rows[order], key=key[order])


def _cell(metres: Floats) -> Ints:
    return np.floor(metres / CELL_METRES).astype(np.int64) + 1


def _possible(problem: Problem, left: Remaining, index: Index, rows: Ints) -> tuple[Ints, Ints]:
    volunteer, window, opportunity = _pairs_by_day_and_cell(problem, left, index, rows)
    kept = _first_slot_fits(problem, left, window, opportunity)
    volunteer, opportunity = volunteer[kept], opportunity[kept]
    several = np.flatnonzero(np.diff(problem.opportunities.slot_ptr)[opportunity] > 1)
    kept = np.ones(len(volunteer), np.bool_)
    kept[several] = gates.covers_slots(problem, left, volunteer[several], opportunity[several])
    volunteer, opportunity = volunteer[kept], opportunity[kept]
    for gate in AFTER_TIME:
        kept = gate(problem, left, volunteer, opportunity)
        volunteer, opportunity = volunteer[kept], opportunity[kept]
    order = np.lexsort((opportunity, volunteer))
    return volunteer[order], opportunity[order]


def _pairs_by_day_and_cell(
    problem: Problem, left: Remaining, index: Index, rows: Ints
) -> tuple[Ints, Ints, Ints]:
    """Volunteer, window (-1 for the flexible) and opportunity of all that share a day and may be near."""
    owner, window, day = _days(left, rows)
    first_row, last_row, first_column, last_column, anywhere = _reach(problem, index, owner)
    count = np.where(anywhere, 1, 2 + np.maximum(last_row - first_row, -1))
    probe, step = expand(np.concatenate([[0], np.cumsum(count)]), np.arange(len(owner)))
    step = step - np.concatenate([[0], np.cumsum(count)])[probe]
    nowhere, day_of = step == 0, day[probe]
    row = np.where(nowhere, NOWHERE, first_row[probe] + step - 1)
    low = index.key_of(day_of, row, np.where(nowhere, 0, first_column[probe]))
    high = index.key_of(day_of, row, np.where(nowhere, index.columns + 2, last_column[probe] + 1))
    high = np.where(anywhere[probe], index.key_of(day_of + 1, 0, 0), high)
    bounds = np.searchsorted(index.key, np.stack([low, high]))
    length = np.maximum(bounds[1] - bounds[0], 0)
    found = np.repeat(np.arange(len(probe)), length)
    place = np.arange(len(found)) + np.repeat(bounds[0] - np.cumsum(length) + length, length)
    return owner[probe][found], window[probe][found], index.order[place]


def _days(left: Remaining, rows: Ints) -> tuple[Ints, Ints, Ints]:
    """One line per volunteer, window and day it touches, and one per volunteer for what is flexible."""
    position, window = expand(left.window_ptr, rows)
    first = left.window_start[window] // QUARTERS_PER_DAY
    count = (left.window_end[window] - 1) // QUARTERS_PER_DAY - first + 1
    line, step = expand(np.concatenate([[0], np.cumsum(count)]), np.arange(len(window)))
    day = first[line] + step - (np.cumsum(count) - count)[line]
    owner = np.concatenate([rows[position][line], rows])
    window = np.concatenate([window[line], np.full(len(rows), -1)])
    return owner, window, np.concatenate([day, np.full(len(rows), FLEXIBLE_DAY)])


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


def _first_slot_fits(problem: Problem, left: Remaining, window: Ints, opportunity: Ints) -> Bools:
    opportunities = problem.opportunities
    if not len(opportunities.slot_start) or not len(left.window_start):
        return window == -1
    slot = np.minimum(opportunities.slot_ptr[opportunity], len(opportunities.slot_start) - 1)
    starts_in = left.window_start[window] <= opportunities.slot_start[slot]
    return (window == -1) | (starts_in & (opportunities.slot_end[slot] <= left.window_end[window]))
