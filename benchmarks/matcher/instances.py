"""Synthetic cities for the matcher, reproducible by seed. Nobody in them is real."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from volunteers.matching import NO_LIMIT, Opportunities, Pairs, Problem, Volunteers, grouped, merged_windows
from volunteers.matching.candidates import candidates
from volunteers.matching.edges import rank
from volunteers.matching.problem import Floats, Ints
from volunteers.matching.remaining import remaining

SIZES = {"S": (1_000, 200), "M": (10_000, 2_000), "L": (100_000, 20_000)}
ASKING_FOR_AN_ABILITY = (0.1, 0.3, 0.5, 0.7)
"""By scarcity 1 to 4: share of the opportunities that ask for one of four abilities, each had by a fifth."""

DAY = 96
KM_PER_DEGREE = 111.32


def instance(volunteers: int, opportunities: int, scarcity: int, seed: int) -> Problem:
    """A city with about 27 possible pairs per volunteer at scarcity 1, a fiftieth of them placed already."""
    rng = np.random.default_rng([seed, volunteers, scarcity])
    side = 12 * (opportunities / 2_000) ** 0.5
    problem = Problem(
        volunteers=_volunteers(rng, volunteers, side),
        opportunities=_opportunities(rng, opportunities, side, ASKING_FOR_AN_ABILITY[scarcity - 1]),
    )
    possible = candidates(problem, remaining(problem))
    drawn = rng.permutation(len(possible))
    declined = drawn[: volunteers // 50]
    return replace(
        problem,
        confirmed=_placed(problem, possible, drawn[volunteers // 50 :]),
        forbidden=Pairs(volunteer=possible.volunteer[declined], opportunity=possible.opportunity[declined]),
    )


def _volunteers(rng: np.random.Generator, n: int, side: float) -> Volunteers:
    row = np.repeat(np.arange(n), rng.integers(1, 5, n))
    day = rng.choice(7, len(row), p=[0.15, 0.15, 0.15, 0.15, 0.15, 0.15, 0.1])
    start = day * DAY + rng.integers(32, 72, len(row))
    pointer, start, end = merged_windows(
        n, row, start, np.minimum(start + rng.integers(8, 21, len(row)), (day + 1) * DAY)
    )
    lat, lon = _positions(rng, n, side)
    return Volunteers(
        window_ptr=pointer,
        window_start=start,
        window_end=end,
        max_placements=rng.choice(4, n, p=[0.01, 0.59, 0.3, 0.1]),
        offers_left=np.full(n, 3),
        hours_limit=np.where(rng.random(n) < 0.5, rng.integers(8, 25, n), NO_LIMIT),
        lat=lat,
        lon=lon,
        max_km=rng.uniform(1.5, 6, n),
        fields=rng.integers(0, 32, n),
        districts=np.zeros(n, np.int64),
        skills=((rng.random((n, 4)) < 0.2) * [1, 2, 4, 8]).sum(axis=1),
        learning=np.zeros(n, np.int64),
        lacking=np.zeros(n, np.int64),
        languages=np.zeros(n, np.int64),
        age_groups=np.zeros(n, np.int64),
        age=np.full(n, 30),
        meets=np.zeros(n, np.int64),
        days_since_asked=rng.integers(0, 90, n),
        paused=np.zeros(n, np.bool_),
    )


def _opportunities(rng: np.random.Generator, m: int, side: float, asking: float) -> Opportunities:
    start = rng.choice(7, m, p=[0.18, 0.18, 0.18, 0.18, 0.18, 0.07, 0.03]) * DAY + rng.integers(36, 76, m)
    effort = rng.integers(4, 13, m)
    pointer, start, end = grouped(m, np.arange(m), start, start + effort)
    lat, lon = _positions(rng, m, side)
    return Opportunities(
        slot_ptr=pointer,
        slot_start=start,
        slot_end=end,
        effort=effort,
        places=np.where(rng.random(m) < 0.01, 0, rng.integers(1, 11, m)),
        lat=lat,
        lon=lon,
        field=rng.integers(0, 5, m),
        district=np.full(m, -1),
        skills=np.where(rng.random(m) < asking, 1 << rng.integers(0, 4, m), 0),
        languages=np.zeros(m, np.int64),
        age_groups=np.zeros(m, np.int64),
        min_age=np.zeros(m, np.int64),
        requires=np.zeros(m, np.int64),
        need=rng.integers(0, 1001, m),
    )


def _positions(rng: np.random.Generator, rows: int, side: float) -> tuple[Floats, Floats]:
    north, east = rng.uniform(0, side, (2, rows)) / KM_PER_DEGREE
    return 50.8 + north, 6.48 + east / np.cos(np.radians(50.8))


def _placed(problem: Problem, possible: Pairs, drawn: Ints) -> Pairs:
    """One placement each for a fiftieth of the volunteers, as far as there are places."""
    _, first = np.unique(possible.volunteer[drawn], return_index=True)
    rows = drawn[np.sort(first)[: len(problem.volunteers) // 50]]
    rows = rows[np.argsort(possible.opportunity[rows], kind="stable")]
    opportunity = possible.opportunity[rows]
    rows = rows[rank(opportunity) < problem.opportunities.places[opportunity]]
    return Pairs(volunteer=possible.volunteer[rows], opportunity=possible.opportunity[rows])
