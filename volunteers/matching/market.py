"""Lay the candidates out for the auction: arrays for the compiled kernel, lists for the plain one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from volunteers.matching.board import FEW, HANDS, Book, Market
from volunteers.matching.compiled import Engine
from volunteers.matching.edges import Edges, runs
from volunteers.matching.problem import MAX_PLACEMENTS, WEEK, Bools, Ints, Narrow, Opportunities, Shorts
from volunteers.matching.remaining import Remaining

ALWAYS_LATER = WEEK + 1
NEVER = WEEK + 2
MOST = np.iinfo(np.int32).max
AT_ONCE = 1 << 21
"""Edges that are compared at once; it only bounds the memory in use."""


@dataclass(frozen=True, slots=True)
class Hall:
    """`market` in the form that `engine` takes, beside the arrays behind it.

    kept (E): which edges enter the auction, None for all; there may be too many to hold them twice.
    most (n): placements a volunteer can take at once. kinds: how many differ in slots or effort.
    degree: edges of the volunteer who has most of them.
    """

    engine: Engine
    opportunities: Opportunities
    edges: Edges
    left: Remaining
    most: Ints
    kinds: int
    degree: int
    market: Market
    kept: Bools | None = None

    @property
    def top(self) -> int:
        """The best score of an edge that is kept."""
        return int(self.edges.score.max(initial=0, where=True if self.kept is None else self.kept))

    def pack(self, *arrays: Any) -> tuple[Any, ...]:
        return packed(self.engine, *arrays)

    def open_book(self, price: Ints, order: Ints) -> Book:
        """Nothing is held, `price` (m) is the start, volunteers arrive in `order` (n)."""
        live, bounds = self._worth_something(price, len(order))
        places = int(self.left.places.sum())
        arrays = self.pack(
            price.copy(),
            np.zeros(len(price), np.int64),
            np.zeros(len(price), np.int64),
            np.zeros(places, np.int64),
            np.zeros(places, np.int64),
            np.zeros(len(self.edges), np.int8),
            np.full(HANDS * len(order), -1),
            live,
            bounds[:-1].copy(),
            bounds[1:].copy(),
            bounds[1:].copy(),
            np.zeros(len(order), np.int64),
            order,
            np.zeros(len(order), np.int64),
            np.ones(len(order), np.int8),
            *np.zeros((3, max(self.kinds, FEW)), np.int64),
            np.full(self.kinds, -1),
            np.zeros(self.degree, np.int64),
            *np.zeros((2, HANDS), np.int64),
        )
        return Book._make(arrays)

    def _worth_something(self, price: Ints, volunteers: int) -> tuple[Narrow, Ints]:
        """Edges kept that score more than their price, and where those of each volunteer begin."""
        narrow = np.minimum(price, MOST).astype(np.int32)
        live, count = np.empty(len(self.edges), np.int32), 0
        bounds = np.zeros(volunteers + 1, np.int64)
        for first in range(0, len(self.edges), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            worth = self.edges.score[part] > narrow[self.edges.opportunity[part]]
            if self.kept is not None:
                worth &= self.kept[part]
            rows = np.flatnonzero(worth)
            live[count : count + len(rows)] = rows + first
            count += len(rows)
            bounds[1:] += np.bincount(self.edges.volunteer[part][rows], minlength=volunteers)
        return live[:count], np.cumsum(bounds)


def open_hall(opportunities: Opportunities, left: Remaining, edges: Edges, engine: Engine) -> Hall:
    """Prepare `edges` for the kernel of `engine`."""
    most = most_at_once(opportunities, left, edges)
    kind = kinds(opportunities)
    columns = packed(
        engine,
        edges.opportunity,
        edges.score,
        edges.volunteer,
        most,
        left.hours,
        opportunities.effort,
        *hulls(opportunities),
        opportunities.slot_ptr,
        opportunities.slot_start,
        opportunities.slot_end,
        np.concatenate([[0], np.cumsum(left.places)]),
        kind,
    )
    market = Market._make((*columns, int(np.any(np.diff(opportunities.slot_ptr) > 1))))
    degree = int(np.diff(np.append(runs(edges.volunteer), len(edges))).max(initial=0))
    return Hall(engine, opportunities, edges, left, most, int(kind.max(initial=0)) + 1, degree, market)


def among(hall: Hall, kept: Bools) -> Hall:
    """The same with only the edges that are `kept` (E)."""
    most = most_at_once(hall.opportunities, hall.left, hall.edges, kept)
    (column,) = hall.pack(most)
    return replace(hall, kept=kept, most=most, market=hall.market._replace(most=column))


def packed(engine: Engine, *arrays: Any) -> tuple[Any, ...]:
    """Arrays for the compiled kernel, lists for the plain one, which reads them far faster."""
    return arrays if engine.compiled else tuple(array.tolist() for array in arrays)


def hulls(opportunities: Opportunities) -> tuple[Ints, Ints]:
    """Start of the first and end of the last slot (m), 0 and 0 without slots: what is apart here is apart."""
    pointer = opportunities.slot_ptr
    fixed = np.flatnonzero(np.diff(pointer))
    start, end = np.zeros(len(opportunities), np.int64), np.zeros(len(opportunities), np.int64)
    if len(fixed):
        start[fixed] = np.minimum.reduceat(opportunities.slot_start, pointer[fixed])
        end[fixed] = np.maximum.reduceat(opportunities.slot_end, pointer[fixed])
    return start, end


def kinds(opportunities: Opportunities) -> Ints:
    """Numbers (m), equal for what has one slot and that and the effort in common: nobody takes two."""
    single = np.diff(opportunities.slot_ptr) == 1
    row = np.where(single, -1, np.arange(len(opportunities)))
    columns = np.stack([row, *hulls(opportunities), opportunities.effort])
    return np.unique(columns, axis=1, return_inverse=True)[1].reshape(-1)


def most_at_once(
    opportunities: Opportunities, left: Remaining, edges: Edges, kept: Bools | None = None
) -> Ints:
    """Placements (n) that fit beside each other at most, so that the search for bundles gives up early.

    Counted by first slots that do not overlap (earliest end first) and by the least effort, among the edges
    that are `kept` (None for all): never too few.
    """
    fixed = np.flatnonzero(np.diff(opportunities.slot_ptr))
    first = opportunities.slot_ptr[fixed]
    begin, end = np.full((2, len(opportunities)), ALWAYS_LATER, np.int16)
    begin[fixed], end[fixed] = opportunities.slot_start[first], opportunities.slot_end[first]
    effort = np.minimum(opportunities.effort, MOST).astype(np.int32)
    most = np.zeros(len(left.placements), np.int64)
    for part in _whole_lists(edges):
        volunteer, opportunity = edges.volunteer[part], edges.opportunity[part]
        if kept is not None:
            volunteer, opportunity = volunteer[kept[part]], opportunity[kept[part]]
        rows = runs(volunteer)
        count = _one_after_the_other(begin[opportunity], end[opportunity], rows)
        least = np.minimum.reduceat(effort[opportunity], rows)
        who = volunteer[rows]
        by_hours = np.where(least > 0, left.hours[who] // np.maximum(least, 1), MAX_PLACEMENTS)
        most[who] = np.minimum(np.minimum(count, left.placements[who]), by_hours)
    return most


def _whole_lists(edges: Edges) -> Iterator[slice]:
    """Yield parts of the edges, in which no volunteer's list is cut."""
    rows = runs(edges.volunteer)
    begins = rows[np.flatnonzero(np.diff(rows // AT_ONCE, prepend=-1))]
    for first, stop in pairwise([*begins.tolist(), len(edges)]):
        yield slice(first, stop)


def _one_after_the_other(begin: Shorts, end: Shorts, rows: Ints) -> Shorts:
    """How many of the slots of each list (from `rows` on) fit one after the other, up to MAX_PLACEMENTS."""
    length = np.diff(np.append(rows, len(begin)))
    count, reached = np.zeros((2, len(rows)), np.int16)
    for _ in range(MAX_PLACEMENTS):
        ends = np.where(begin >= np.repeat(reached, length), end, np.int16(NEVER))
        reached = np.minimum.reduceat(ends, rows)
        count += reached < NEVER
    return count


def as_mask(held: Any) -> Bools:
    return np.asarray(held, np.int8) > 0
