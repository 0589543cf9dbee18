"""Look at a small town case by case: a pair is taken, or it is not.

Places are whole, prices cannot tell: half a percent may lie between the best there is and the lowest bound.
Every assignment has the pair or has it not, so the greater bound of the two cases is one for all (Land and
Doig 1960), and each case is a market of its own with what it finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from volunteers.matching.board import NO_PRICE
from volunteers.matching.clearing import SETTLED_ROUNDS
from volunteers.matching.deciding import without
from volunteers.matching.market import Hall
from volunteers.matching.problem import Ints
from volunteers.matching.rounds import cleared
from volunteers.matching.settling import ONE, View, settled, watched
from volunteers.matching.solution import Cases, Count, Method, Solution, better, is_good, together

MOST_CASES = 24
TRIED = 4
"""Pairs that are tried both ways before the one is divided by that lowers the greater bound most."""

VIEW = View(100, 4, 10)
PATIENCE = 2
ROUNDS = 1
"""Rounds of settled prices in each case: it begins near the lowest bound already."""

SURE = ONE // 16


@dataclass(frozen=True, slots=True)
class _Case:
    """Rows of the edges of the whole that are taken and refused, the market that is left, and what was found
    and proved of both together.
    """

    taken: Ints
    refused: Ints
    rest: Hall
    prices: Ints
    bound: int


def divided(hall: Hall, found: Solution, seed: int, method: Method) -> Solution:
    """Divide the case with the greatest bound until `found`, or better, is good enough or cases are many."""
    none = np.empty(0, np.int64)
    cases, bound = [_Case(none, none, hall, found.prices, found.bound)], found.bound
    while not is_good(found.score, bound) and len(cases) < MOST_CASES:
        worst = max(range(len(cases)), key=lambda number: cases[number].bound)
        halves = _halves(hall, cases[worst], found.score)
        if halves is None:
            break
        cases[worst : worst + 1] = halves
        for number in (worst, worst + 1):
            case = cases[number]
            own = cleared(case.rest, seed + len(cases), method, SETTLED_ROUNDS[:ROUNDS])
            whole = together(hall, case.taken, own)
            if whole.bound < case.bound:
                cases[number] = replace(case, prices=whole.prices, bound=whole.bound)
            found = better(found, replace(whole, bound=found.bound, prices=found.prices, count=found.count))
        bound = max(case.bound for case in cases)
    if bound >= found.bound:
        return found
    return replace(found, bound=bound, cases=_written(hall, cases), count=Count())


def _halves(hall: Hall, case: _Case, score: int) -> list[_Case] | None:
    """The two cases of the pair by which the greater bound falls most, None where all pairs are sure."""
    share = watched(case.rest, case.prices, score - _points(hall, case.taken), VIEW).share
    unsure = np.flatnonzero((share > SURE) & (share < ONE - SURE))
    order = np.lexsort((unsure, -case.rest.edges.score[unsure], np.abs(share[unsure] - ONE // 2)))
    best: list[_Case] | None = None
    for row in _rows_in(hall, case.rest, unsure[order[:TRIED]]):
        halves = [
            _bounded(hall, np.append(case.taken, row), case.refused, case.prices, score),
            _bounded(hall, case.taken, np.append(case.refused, row), case.prices, score),
        ]
        if best is None or _greater_first(halves) < _greater_first(best):
            best = halves
    return best


def _greater_first(halves: list[_Case]) -> list[int]:
    return sorted((half.bound for half in halves), reverse=True)


def _bounded(hall: Hall, taken: Ints, refused: Ints, prices: Ints, score: int) -> _Case:
    rest, own = without(hall, taken, refused), _points(hall, taken)
    start = np.where(rest.left.places > 0, prices, NO_PRICE)
    bound, settling = settled(rest, start, score - own, PATIENCE)
    return _Case(taken, refused, rest, settling, own + bound)


def _points(hall: Hall, rows: Ints) -> int:
    return int(hall.edges.score[rows].sum(dtype=np.int64))


def _rows_in(hall: Hall, rest: Hall, rows: Ints) -> Iterator[int]:
    """Where in `hall` the edges of `rest` in `rows` are."""
    for volunteer, opportunity in zip(rest.edges.volunteer[rows], rest.edges.opportunity[rows], strict=True):
        same = (hall.edges.volunteer == volunteer) & (hall.edges.opportunity == opportunity)
        yield int(np.flatnonzero(same)[0])


def _written(hall: Hall, cases: list[_Case]) -> Cases:
    rows = [np.concatenate([case.taken, case.refused]) for case in cases]
    every = np.concatenate(rows)
    return Cases(
        pointer=np.concatenate([[0], np.cumsum([len(some) for some in rows])]),
        volunteer=hall.edges.volunteer[every].astype(np.int64),
        opportunity=hall.edges.opportunity[every].astype(np.int64),
        taken=np.concatenate([np.repeat([1, 0], [len(case.taken), len(case.refused)]) for case in cases]),
        prices=np.concatenate([case.prices for case in cases]),
    )
