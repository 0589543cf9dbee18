"""One run of the matcher: arrays in, proposals and a certificate out."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from volunteers.matching.candidates import candidates
from volunteers.matching.certificate import upper_bound
from volunteers.matching.clearing import clear
from volunteers.matching.compiled import engine
from volunteers.matching.edges import Edges, sorted_edges, thinned
from volunteers.matching.fingerprint import inputs_hash
from volunteers.matching.market import open_hall
from volunteers.matching.problem import Ints, Problem
from volunteers.matching.remaining import Remaining, remaining
from volunteers.matching.score import scores


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

    `seed` decides who bids first, and so between equals. `compiled`: None uses numba if it is installed, True
    demands it (ImportError), False does without.
    """
    left = remaining(problem)
    pairs = candidates(problem, left)
    edges = sorted_edges(pairs, scores(problem, pairs))
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
    problem: Problem, left: Remaining, edges: Edges, *, seed: int = 0, compiled: bool | None = None
) -> Solution:
    """Choose among `edges`; the benchmark compares this part of `solve`. The bound is over all of them."""
    kernel = engine(compiled)
    kept = thinned(edges, left)
    hall = open_hall(problem, left, kept, kernel)
    either, held = clear(hall, np.random.default_rng(seed).permutation(len(left.placements)))
    whole = hall if kept is edges else open_hall(problem, left, edges, kernel)
    bound, prices = min(((upper_bound(whole, prices), prices) for prices in either), key=itemgetter(0))
    return Solution(kept.volunteer[held], kept.opportunity[held], kept.score[held], bound, prices)
