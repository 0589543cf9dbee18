"""One run of the matcher: arrays in, proposals and a certificate out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from volunteers.matching.compiled import engine
from volunteers.matching.counting import counted
from volunteers.matching.dividing import divided
from volunteers.matching.edges import UNCAPPED, Edges, all_edges, near_the_top
from volunteers.matching.fingerprint import inputs_hash
from volunteers.matching.lineup import Lineup, as_they_stand, inverse, lineup
from volunteers.matching.market import among, open_hall
from volunteers.matching.narrowing import narrowed
from volunteers.matching.problem import Ints, Opportunities, Problem
from volunteers.matching.remaining import Remaining, remaining
from volunteers.matching.rounds import auctioned, cleared
from volunteers.matching.solution import METHODS, Cases, Count, Method, Solution

SMALL = 2_000
"""Edges up to which a town is divided into cases. In a larger one a place more or less counts too little."""

COUNTABLE = 5_000
"""Edges up to which it is counted how many can be placed: among more half a placement is next to nothing."""


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
    opportunities, left, edges = _laid_out(line.ordered(problem), seed)
    found = assign(opportunities, left, edges, seed=seed, compiled=compiled, method=method)
    return Result(
        *_in_rows_of(line, found),
        found.bound,
        found.prices[inverse(line.opportunities)],
        len(edges),
        inputs_hash(problem, seed),
        method,
        cases=_cases_in_rows_of(line, found.cases),
        count=_count_in_rows_of(line, found.count),
    )


def _laid_out(problem: Problem, seed: int) -> tuple[Opportunities, Remaining, Edges]:
    """What the auction needs of a problem; who is behind the rows is no longer among it."""
    left = remaining(problem)
    return problem.opportunities, left, all_edges(problem, left, seed)


def _in_rows_of(line: Lineup, found: Solution) -> tuple[Ints, Ints, Ints]:
    volunteer, opportunity = line.volunteers[found.volunteer], line.opportunities[found.opportunity]
    order = np.argsort(volunteer, kind="stable")
    return volunteer[order], opportunity[order], found.pair_score[order]


def _cases_in_rows_of(line: Lineup, cases: Cases) -> Cases:
    prices = cases.prices.reshape(len(cases), len(line.opportunities))
    return replace(
        cases,
        volunteer=line.volunteers[cases.volunteer],
        opportunity=line.opportunities[cases.opportunity],
        prices=prices[:, inverse(line.opportunities)].reshape(-1),
    )


def _count_in_rows_of(line: Lineup, count: Count) -> Count:
    if not count:
        return count
    rows = inverse(line.opportunities)
    return replace(count, each=count.each[rows], prices=count.prices[rows])


def assign(
    opportunities: Opportunities,
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
    whole = open_hall(opportunities, left, edges, kernel)
    kept = near_the_top(edges, left, seed, uncapped)
    if kept is not None:
        found = auctioned(among(whole, kept), whole, seed, method)
        if found.is_good:
            return found
    found = cleared(whole, seed, method)
    if found.is_good or not method.closes_in:
        return found
    if method.counts and len(edges) <= COUNTABLE:
        found = counted(whole, found)
    if len(edges) <= SMALL:
        found = divided(whole, found, seed, method)
    return narrowed(whole, found, seed, method)
