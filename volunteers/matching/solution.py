"""What a run finds, what it proves about it, and by which method."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from volunteers.matching.market import Hall
from volunteers.matching.problem import Bools, Ints


class Method(NamedTuple):
    """in_line: rows are worked on along `lineup`, else as they stand and as the seed draws them; and a result
    that is not good enough is rearranged. at_once: how many volunteers arrive at the auction before those who
    came are satisfied, 0 for all. settles: whether a result that is still not good enough is tried again from
    prices that follow demand. closes_in: whether what is then not good enough is narrowed to what is unsure,
    and a small town looked at case by case. counts: whether what even then is not good enough is held against
    how many can be placed at all.
    """

    in_line: bool
    at_once: int
    settles: bool
    closes_in: bool
    counts: bool = False


METHODS = (
    Method(in_line=False, at_once=0, settles=False, closes_in=False),
    Method(in_line=True, at_once=1000, settles=False, closes_in=False),
    Method(in_line=True, at_once=1000, settles=True, closes_in=False),
    Method(in_line=True, at_once=1000, settles=True, closes_in=True),
    Method(in_line=True, at_once=1000, settles=True, closes_in=True, counts=True),
)
"""How runs were and are solved, the valid one last. A record names its method, so that it can be repeated."""

GOOD_PERCENT = 99.7
"""A run on part of the edges that reaches less of its bound is repeated on all, and one on all goes on until
it is reached or nothing is left to try.
"""

ENOUGH_PERCENT = 99.8
"""A result that reaches less of its bound is tried again with finer bids."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases of which one holds for every assignment: some pairs are taken, others are not.

    pointer (c+1): where the pairs of each case begin. volunteer, opportunity, taken (1 or 0): these pairs.
    prices (c m): the bound of each case, the greatest of which is that of the solution.
    """

    pointer: Ints = field(default_factory=lambda: np.zeros(1, np.int64))
    volunteer: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    opportunity: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    taken: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    prices: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.pointer) - 1


WORTH = 1 << 20
"""What every placement counts where it is only counted."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many placements any assignment has at `most`, and the bound that follows.

    Where each is worth WORTH, the prices `each` (m) prove it. Of the `prices` (m) `toll` is asked for every
    placement, none less; for as many free places as stay empty at least it comes off their bound.
    """

    most: int = 0
    toll: int = 0
    each: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    prices: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def __bool__(self) -> bool:
        return self.toll > 0


@dataclass(frozen=True, slots=True)
class Solution:
    """volunteer, opportunity, score (a): the proposals, sorted by volunteer, best first.

    bound: no valid assignment of the same edges scores more. prices (m): NO_PRICE where no place is left;
    they prove the bound, unless there are `cases`, whose prices do, or a `count`.
    """

    volunteer: Ints
    opportunity: Ints
    pair_score: Ints
    bound: int
    prices: Ints
    cases: Cases = field(default_factory=Cases, kw_only=True)
    count: Count = field(default_factory=Count, kw_only=True)

    @property
    def score(self) -> int:
        return int(self.pair_score.sum())

    @property
    def percent(self) -> float:
        return percent(self.score, self.bound)

    @property
    def is_good(self) -> bool:
        return is_good(self.score, self.bound)


def percent(score: int, bound: int) -> float:
    """Score in percent of the bound; 100 where nothing is possible."""
    return 100 * score / bound if bound else 100.0


def is_good(score: int, bound: int) -> bool:
    return percent(score, bound) >= GOOD_PERCENT


def solution(hall: Hall, held: Bools, bound: int, prices: Ints) -> Solution:
    """The edges of `hall` that are `held` (E)."""
    edges = hall.edges
    volunteer, opportunity, score = (
        column[held].astype(np.int64) for column in (edges.volunteer, edges.opportunity, edges.score)
    )
    return Solution(volunteer, opportunity, score, bound, prices)


def better(one: Solution, other: Solution) -> Solution:
    """The higher score with the lower bound: both were found over the same edges."""
    if other.score < one.score:
        one, other = other, one
    if one.bound < other.bound:
        other = replace(other, bound=one.bound, prices=one.prices, cases=one.cases, count=one.count)
    return other


def together(hall: Hall, taken: Ints, rest: Solution) -> Solution:
    """The edges of `hall` in rows `taken` with what was found and proved of all beside them."""
    edges = hall.edges
    volunteer, opportunity, score = (
        np.concatenate([column[taken], found])
        for column, found in (
            (edges.volunteer, rest.volunteer),
            (edges.opportunity, rest.opportunity),
            (edges.score, rest.pair_score),
        )
    )
    order = np.lexsort((opportunity, -score, volunteer))
    bound = rest.bound + int(edges.score[taken].sum(dtype=np.int64))
    return Solution(volunteer[order], opportunity[order], score[order], bound, rest.prices)
