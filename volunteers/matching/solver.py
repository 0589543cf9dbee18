"""One run of the matcher: arrays in, proposals and a certificate out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np

from volunteers.matching.certificate import upper_bound
from volunteers.matching.clearing import clear
from volunteers.matching.compiled import engine
from volunteers.matching.edges import UNCAPPED, Edges, all_edges, thinned
from volunteers.matching.fingerprint import inputs_hash
from volunteers.matching.market import Hall, open_hall
from volunteers.matching.problem import Ints, Problem
from volunteers.matching.remaining import Remaining, remaining

GOOD_PERCENT = 99.7
"""A run on part of the edges that reaches less of its bound is repeated on all."""

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
    """A solution, all edges it was chosen from, and the SHA-256 of the inputs."""

    edges: Edges
    inputs_hash: str


def solve(problem: Problem, *, seed: int = 0, compiled: bool | None = None) -> Result:
    """Propose the best assignment. The same problem and seed give the same result, compiled or not.

    `seed` decides who bids first and for what among equals. `compiled`: None uses numba if it is installed,
    True demands it (ImportError), False does without.
    """
    left = remaining(problem)
    edges = all_edges(problem, left, seed)
    found = assign(problem, left, edges, seed=seed, compiled=compiled)
    return Result(
        found.volunteer,
        found.opportunity,
        found.pair_score,
        found.bound,
        found.prices,
        edges,
        inputs_hash(problem, seed),
    )


def assign(
    problem: Problem,
    left: Remaining,
    edges: Edges,
    *,
    seed: int = 0,
    compiled: bool | None = None,
    uncapped: int = UNCAPPED,
) -> Solution:
    """Choose among `edges`; the benchmark compares this part of `solve`. The bound is over all of them.

    More than `uncapped` edges are first thinned; what that costs too much is chosen again among all.
    """
    kernel = engine(compiled)
    whole = open_hall(problem, left, edges, kernel)
    kept = thinned(edges, left, seed, uncapped)
    if kept is not edges:
        found = _auctioned(open_hall(problem, left, kept, kernel), whole, seed)
        if found.percent >= GOOD_PERCENT:
            return found
    return _auctioned(whole, whole, seed)


def _auctioned(hall: Hall, whole: Hall, seed: int) -> Solution:
    """The auction over the edges of `hall`, in rounds until the result is good enough; its bound over all."""
    order = np.random.default_rng(seed).permutation(len(hall.most))
    best: Solution | None = None
    edges = hall.edges
    for held, *either in clear(hall, order):
        bound, prices = min(((upper_bound(whole, prices), prices) for prices in either), key=itemgetter(0))
        volunteer, opportunity, score = (
            column[held].astype(np.int64) for column in (edges.volunteer, edges.opportunity, edges.score)
        )
        found = Solution(volunteer, opportunity, score, bound, prices)
        best = found if best is None else _better(best, found)
        if best.percent >= ENOUGH_PERCENT:
            break
    assert best is not None
    return best


def _better(one: Solution, other: Solution) -> Solution:
    """The higher score with the lower bound: both were found over the same edges."""
    if other.score < one.score:
        one, other = other, one
    return replace(other, bound=one.bound, prices=one.prices) if one.bound < other.bound else other
