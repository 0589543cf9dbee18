"""In which order rows are worked on: neighbours side by side, equals as drawn by the seed.

The order follows from what the rows say and not from where they stand, so that nobody fares better or worse
for their number; and who competes for the same places is near in memory, which a large city feels.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from volunteers.matching.draws import Draws, mixed_bits, seed_bits
from volunteers.matching.intervals import expand
from volunteers.matching.problem import Floats, Ints, Opportunities, Pairs, Problem, Volunteers

CELLS_PER_DEGREE = 128
"""About 0.9 km to the north and 0.6 km to the east in Germany."""

AXIS_BITS = 16

Table = TypeVar("Table", Volunteers, Opportunities)


@dataclass(frozen=True, slots=True)
class Lineup:
    """volunteers (n), opportunities (m): the rows of a problem in the order in which they are worked on."""

    volunteers: Ints
    opportunities: Ints

    def ordered(self, problem: Problem) -> Problem:
        """The same problem with its rows in this order."""
        volunteer, opportunity = inverse(self.volunteers), inverse(self.opportunities)

        def moved(pairs: Pairs) -> Pairs:
            return Pairs(volunteer=volunteer[pairs.volunteer], opportunity=opportunity[pairs.opportunity])

        return replace(
            problem,
            volunteers=taken(problem.volunteers, self.volunteers, "window"),
            opportunities=taken(problem.opportunities, self.opportunities, "slot"),
            confirmed=moved(problem.confirmed),
            forbidden=moved(problem.forbidden),
            chosen=moved(problem.chosen),
        )


def lineup(problem: Problem, seed: int) -> Lineup:
    """Rows by the cell they are in, along a curve that visits neighbours one after the other (Morton 1966).

    Those of one cell follow a draw from the seed and all that is said of a row, its pairs included. Only who
    is exchangeable is told apart by the number of the row, which is drawn as well.
    """
    volunteers, opportunities = problem.volunteers, problem.opportunities
    people = _said(volunteers, "window", seed)
    tasks = _said(opportunities, "slot", seed)
    for salt, pairs in enumerate((problem.confirmed, problem.forbidden, problem.chosen), start=1):
        there, here = tasks[pairs.opportunity], people[pairs.volunteer]
        people = mixed_bits(people + _sums(len(people), pairs.volunteer, mixed_bits(there + np.uint64(salt))))
        tasks = mixed_bits(tasks + _sums(len(tasks), pairs.opportunity, mixed_bits(here + np.uint64(salt))))
    return Lineup(
        np.lexsort((_lots(people, seed), people, _cells(volunteers.lat, volunteers.lon))),
        np.lexsort((_lots(tasks, seed), tasks, _cells(opportunities.lat, opportunities.lon))),
    )


def _lots(rows: Draws, seed: int) -> Draws:
    return mixed_bits(np.arange(len(rows), dtype=np.uint64) + seed_bits(seed))


def as_they_stand(problem: Problem) -> Lineup:
    return Lineup(np.arange(len(problem.volunteers)), np.arange(len(problem.opportunities)))


def inverse(order: Ints) -> Ints:
    """Where each row stands in `order`."""
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return place


def taken(table: Table, order: Ints, kind: str) -> Table:
    """The rows of `table` in `order`; `kind` names its intervals."""
    pointer = getattr(table, f"{kind}_ptr")
    _, interval = expand(pointer, order)
    columns = {}
    for column in fields(table):
        array = getattr(table, column.name)
        if array is None:
            continue
        if column.name == f"{kind}_ptr":
            columns[column.name] = np.concatenate([[0], np.cumsum(np.diff(pointer)[order])])
        else:
            columns[column.name] = array[interval if column.name.startswith(f"{kind}_") else order]
    return type(table)(**columns)


def _said(table: Volunteers | Opportunities, kind: str, seed: int) -> Draws:
    """A draw per row from the seed and everything in its columns."""
    pointer = getattr(table, f"{kind}_ptr")
    draw = np.full(len(table), seed_bits(seed))
    for column in fields(table):
        array = getattr(table, column.name)
        if array is not None and not column.name.startswith(f"{kind}_"):
            draw = mixed_bits(draw + _bits(array))
    row = np.repeat(np.arange(len(table)), np.diff(pointer))
    start, end = (_bits(getattr(table, f"{kind}_{side}")) for side in ("start", "end"))
    return mixed_bits(draw + _sums(len(table), row, mixed_bits(start << np.uint64(32) | end)))


def _bits(column: npt.NDArray[np.generic]) -> Draws:
    return column.astype(np.uint64) if column.dtype == np.bool_ else column.view(np.uint64)


def _sums(rows: int, row: Ints, draw: Draws) -> Draws:
    """The sum of the draws of every row; the order does not count."""
    total = np.zeros(rows, np.uint64)
    np.add.at(total, row, draw)
    return total


def _cells(lat: Floats, lon: Floats) -> Ints:
    """The number of the cell of each position along the curve; the unknown ones come first."""
    curve = np.zeros(len(lat), np.int64)
    for shift, axis in enumerate((lat, lon)):
        known = np.isfinite(axis)
        lowest = axis[known].min(initial=np.inf)
        cell = np.zeros(len(axis), np.int64)
        cell[known] = (axis[known] - lowest) * CELLS_PER_DEGREE
        for bit in range(AXIS_BITS):
            curve |= (cell >> bit & 1) << (2 * bit + shift)
    return curve
