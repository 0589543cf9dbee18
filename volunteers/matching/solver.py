"""One run of the matcher: arrays in, proposals and a certificate out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from volunteers.matching.certificate import upper_bound
from volunteers.matching.clearing import SETTLED_ROUNDS, clear, clear_settled, rearranged
from volunteers.matching.compiled import engine
from volunteers.matching.draws import mixed_bits, seed_bits
from volunteers.matching.edges import UNCAPPED, Edges, all_edges, thinned
from volunteers.matching.fingerprint import inputs_hash
from volunteers.matching.lineup import Lineup, as_they_stand, inverse, lineup
from volunteers.matching.market import Hall, open_hall
from volunteers.matching.problem import Bools, Ints, Problem
from volunteers.matching.remaining import Remaining, remaining
from volunteers.matching.settling import settled


class Method(NamedTuple):
    """in_line: rows are worked on along `lineup`, else as they stand and as the seed draws them; and a result
    that is not good enough is rearranged. at_once: how many volunteers arrive at the auction before those who
    came are satisfied, 0 for all. settles: whether a result that is still not good enough is tried again from
    prices that follow demand.
    """

    in_line: bool
    at_once: int
    settles: bool


METHODS = (
    Method(in_line=False, at_once=0, settles=False),
    Method(in_line=True, at_once=1000, settles=False),
    Method(in_line=True, at_once=1000, settles=True),
)
"""How runs were and are solved, the valid one last. A record names its method, so that it can be repeated."""

GOOD_PERCENT = 99.7
"""A run on part of the edges that reaches less of its bound is repeated on all, and one on all goes on from
settled prices.
"""

ENOUGH_PERCENT = 99.8
"""A result that reaches less of its bound is tried again with finer bids."""


@dataclass(frozen=True, slots=True)
class Solution:
    """volunteer, opportunity, score (a): the proposals, sorted by volunteer, best first.

    bound: no valid assignment of the same edges scores more. prices (m): NO_PRICE where no place is left.
    """

    volunteer: Ints
    opportunity: Ints
    pair_score: Ints
    bound: int
    prices: Ints

    @property
    def score(self) -> int:
        return int(self.pair_score.sum())

    @property
    def percent(self) -> float:
        """Score in percent of the bound; 100 where nothing is possible."""
        return 100 * self.score / self.bound if self.bound else 100.0


@dataclass(frozen=True, slots=True)
class Result(Solution):
    """A solution, how many pairs were possible, the SHA-256 of the inputs, and the method that found it."""

    possible: int
    inputs_hash: str
    method: Method


def solve(
    problem: Problem, *, seed: int = 0, compiled: bool | None = None, method: Method = METHODS[-1]
) -> Result:
    """Propose the best assignment. The same problem and seed give the same result, compiled or not, and one
    that does not depend on where the rows stand.

    `seed` decides who bids first and for what among equals. `compiled`: None uses numba if it is installed,
    True demands it (ImportError), False does without. An older `method` repeats what was solved by it.
    """
    line = lineup(problem, seed) if method.in_line else as_they_stand(problem)
    ordered = line.ordered(problem)
    left = remaining(ordered)
    edges = all_edges(ordered, left, seed)
    found = assign(ordered, left, edges, seed=seed, compiled=compiled, method=method)
    return Result(
        *_in_rows_of(line, found),
        found.bound,
        found.prices[inverse(line.opportunities)],
        len(edges),
        inputs_hash(problem, seed),
        method,
    )


def _in_rows_of(line: Lineup, found: Solution) -> tuple[Ints, Ints, Ints]:
    volunteer, opportunity = line.volunteers[found.volunteer], line.opportunities[found.opportunity]
    order = np.argsort(volunteer, kind="stable")
    return volunteer[order], opportunity[order], found.pair_score[order]


def assign(
    problem: Problem,
    left: Remaining,
    edges: Edges,
    *,
    seed: int = 0,
    compiled: bool | None = None,
    uncapped: int = UNCAPPED,
    method: Method = METHODS[-1],
) -> Solution:
    """Choose among `edges`; the benchmark compares this part of `solve`. The bound is over all of them.

    More than `uncapped` edges are first thinned; what that costs too much is chosen again among all.
    """
    kernel = engine(compiled)
    whole = open_hall(problem, left, edges, kernel)
    kept = thinned(edges, left, seed, uncapped)
    if kept is not edges:
        found = _auctioned(open_hall(problem, left, kept, kernel), whole, seed, method)
        if found.percent >= GOOD_PERCENT:
            return found
    found = _auctioned(whole, whole, seed, method)
    if method.settles and found.percent < GOOD_PERCENT:
        return _settled(whole, found, seed, method)
    return found


def _auctioned(hall: Hall, whole: Hall, seed: int, method: Method) -> Solution:
    """The auction over the edges of `hall`, in rounds until the result is good enough; its bound over all."""
    order = _arrivals(len(hall.most), seed, method)
    best: Solution | None = None
    for held, *either in clear(hall, order, method.at_once or len(order)):
        bound, prices = min(((upper_bound(whole, prices), prices) for prices in either), key=itemgetter(0))
        found = _solution(hall, held, bound, prices)
        if method.in_line and found.percent < ENOUGH_PERCENT:
            found = _solution(hall, rearranged(hall, held, order), bound, prices)
        best = found if best is None else _better(best, found)
        if best.percent >= ENOUGH_PERCENT:
            break
    assert best is not None
    return best


def _settled(hall: Hall, found: Solution, seed: int, method: Method) -> Solution:
    """Lower the bound of `found` and auction again from the prices behind it, until that is good enough."""
    for number, (patience, turn) in enumerate(SETTLED_ROUNDS, start=1):
        order = _arrivals(len(hall.most), seed + number, method)
        bound, prices = settled(hall, found.prices, found.score, patience)
        held = clear_settled(hall, order, method.at_once, prices, turn)
        found = _better(_solution(hall, held, bound, prices), found)
        if found.percent >= GOOD_PERCENT:
            break
    return found


def _arrivals(people: int, seed: int, method: Method) -> Ints:
    """Who arrives when: neighbours together, and as drawn among those who do: none is always first."""
    if not method.in_line:
        return np.random.default_rng(seed).permutation(people)
    rows = np.arange(people)
    return np.lexsort((mixed_bits(rows.astype(np.uint64) + seed_bits(seed)), rows // method.at_once))


def _solution(hall: Hall, held: Bools, bound: int, prices: Ints) -> Solution:
    edges = hall.edges
    volunteer, opportunity, score = (
        column[held].astype(np.int64) for column in (edges.volunteer, edges.opportunity, edges.score)
    )
    return Solution(volunteer, opportunity, score, bound, prices)


def _better(one: Solution, other: Solution) -> Solution:
    """The higher score with the lower bound: both were found over the same edges."""
    if other.score < one.score:
        one, other = other, one
    return replace(other, bound=one.bound, prices=one.prices) if one.bound < other.bound else other
