"""Towns full of ties, reproducible by seed: people live at centres of districts, times are round hours."""

from __future__ import annotations

import numpy as np

from benchmarks.matcher.instances import ASKING_FOR_AN_ABILITY, DAY
from volunteers.matching import NO_LIMIT, Opportunities, Problem, Volunteers, grouped, merged_windows

CENTRES = np.array(
    [
        (50.800000, 6.483333),
        (50.810139, 6.473750),
        (50.806389, 6.501512),
        (50.792603, 6.495109),
        (50.812711, 6.493742),
        (50.790000, 6.464167),
        (50.820278, 6.464167),
        (50.838056, 6.490833),
        (50.798056, 6.428889),
        (50.790556, 6.441389),
        (50.815833, 6.445833),
        (50.768141, 6.478522),
        (50.761667, 6.495000),
        (50.845833, 6.423056),
    ]
)
"""Degrees of fourteen districts of Düren, the town centre first."""

PARTS_OF_DAY = np.array([(7, 12), (8, 12), (9, 15), (13, 18), (14, 18), (15, 19), (16, 21)])
STARTS = np.array([28, 36, 40, 56, 60, 62, 64, 66, 68])
"""When tasks begin, in quarter hours of the day."""


def centres(volunteers: int, opportunities: int, scarcity: int, seed: int) -> Problem:
    """Düren as its pages fill it: fourteen places, few times, few radii, every district equally in need.

    About two places per opportunity and little more than one placement per volunteer, so that twice as many
    volunteers as opportunities balance.
    """
    rng = np.random.default_rng([seed, volunteers, opportunities, scarcity])
    return Problem(
        volunteers=_neighbours(rng, volunteers),
        opportunities=_round_hours(rng, opportunities, ASKING_FOR_AN_ABILITY[scarcity - 1]),
    )


def equal(volunteers: int, opportunities: int) -> Problem:
    """Everybody is like everybody, every task like every other, with one place, at one hour and one site."""
    week = np.zeros(volunteers, np.int64)
    pointer, start, end = merged_windows(volunteers, np.arange(volunteers), week, week + 7 * DAY)
    slot = np.full(opportunities, 60)
    return Problem(
        volunteers=_people(
            windows=(pointer, start, end),
            centre=week,
            max_km=np.full(volunteers, 5.0),
        ),
        opportunities=_tasks(
            start=slot,
            effort=np.full(opportunities, 8),
            places=np.ones(opportunities, np.int64),
            centre=np.zeros(opportunities, np.int64),
        ),
    )


def _neighbours(rng: np.random.Generator, n: int) -> Volunteers:
    days = np.argsort(rng.random((n, 7)), axis=1) < rng.integers(2, 6, n)[:, None]
    row, day = np.nonzero(days)
    part = PARTS_OF_DAY[rng.integers(0, len(PARTS_OF_DAY), len(row))]
    windows = merged_windows(n, row, day * DAY + part[:, 0] * 4, day * DAY + part[:, 1] * 4)
    return _people(
        windows=windows,
        centre=_home(rng, n),
        max_km=rng.choice([2.0, 5.0, 10.0, 50.0], n, p=[0.2, 0.5, 0.2, 0.1]),
        max_placements=rng.choice([1, 2, 3], n, p=[0.9, 0.08, 0.02]),
        hours_limit=rng.choice([1, 2, 3, 4, 6, 8], n, p=[0.05, 0.5, 0.2, 0.15, 0.05, 0.05]) * 4,
        fields=((rng.random((n, 5)) < 0.4) * (1 << np.arange(5))).sum(axis=1),
        skills=((rng.random((n, 4)) < 0.4) * (1 << np.arange(4))).sum(axis=1),
        days_since_asked=rng.choice([0, 1, 7, 30], n, p=[0.7, 0.1, 0.1, 0.1]),
    )


def _round_hours(rng: np.random.Generator, m: int, asking: float) -> Opportunities:
    day = rng.choice(7, m, p=[0.18, 0.18, 0.18, 0.18, 0.18, 0.07, 0.03])
    return _tasks(
        start=day * DAY + rng.choice(STARTS, m),
        effort=rng.choice([4, 6, 8], m, p=[0.3, 0.3, 0.4]),
        places=rng.integers(1, 4, m),
        centre=_home(rng, m),
        field=rng.integers(0, 5, m),
        skills=np.where(rng.random(m) < asking, 1 << rng.integers(0, 4, m), 0),
    )


def _home(rng: np.random.Generator, rows: int) -> np.ndarray:
    share = 1 / np.arange(2, len(CENTRES) + 2)
    return rng.choice(len(CENTRES), rows, p=share / share.sum())


def _people(
    *,
    windows: tuple[np.ndarray, np.ndarray, np.ndarray],
    centre: np.ndarray,
    max_km: np.ndarray,
    **columns: np.ndarray,
) -> Volunteers:
    n = len(centre)
    default = {
        "max_placements": 1,
        "offers_left": 3,
        "hours_limit": NO_LIMIT,
        "fields": 0,
        "districts": 0,
        "skills": 0,
        "languages": 0,
        "age_groups": 0,
        "learning": 0,
        "lacking": 0,
        "age": 30,
        "meets": 3,
        "days_since_asked": 0,
    }
    filled = {name: np.full(n, value) for name, value in default.items()}
    return Volunteers(
        window_ptr=windows[0],
        window_start=windows[1],
        window_end=windows[2],
        lat=CENTRES[centre, 0],
        lon=CENTRES[centre, 1],
        max_km=max_km,
        paused=np.zeros(n, np.bool_),
        **(filled | columns),
    )


def _tasks(
    *, start: np.ndarray, effort: np.ndarray, places: np.ndarray, centre: np.ndarray, **columns: np.ndarray
) -> Opportunities:
    m = len(centre)
    default = {
        "field": 0,
        "district": -1,
        "skills": 0,
        "languages": 0,
        "age_groups": 0,
        "min_age": 0,
        "requires": 0,
        "need": 500,
    }
    filled = {name: np.full(m, value) for name, value in default.items()}
    pointer, start, end = grouped(m, np.arange(m), start, start + effort)
    return Opportunities(
        slot_ptr=pointer,
        slot_start=start,
        slot_end=end,
        effort=effort,
        places=places,
        lat=CENTRES[centre, 0],
        lon=CENTRES[centre, 1],
        **(filled | columns),
    )
