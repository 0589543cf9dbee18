"""Small problems in a few words, and their best solution by trying everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import combinations
from typing import Any

import numpy as np

from volunteers.matching import (
    NO_LIMIT,
    NONE,
    Opportunities,
    Pairs,
    Problem,
    Result,
    Volunteers,
    Weights,
    grouped,
    merged_windows,
)
from volunteers.matching.edges import Edges, all_edges
from volunteers.matching.remaining import remaining

DAY = 96
WHOLE_WEEK = ((0, 672),)
RATHAUS = (50.8043, 6.4823)

Interval = tuple[int, int]


def at(day: int, hour: float, hours: float) -> Interval:
    """From `hour` on `day` (0 is Monday), for so many hours, in quarter hours of the week."""
    start = day * DAY + round(hour * 4)
    return start, start + round(hours * 4)


@dataclass(frozen=True)
class Person:
    """A volunteer, free all week for one placement at any distance unless told otherwise."""

    windows: Sequence[Interval] = WHOLE_WEEK
    max_placements: int = 1
    offers_left: int = 3
    hours_limit: int = NO_LIMIT
    lat: float = RATHAUS[0]
    lon: float = RATHAUS[1]
    max_km: float = float("inf")
    fields: int = 0
    districts: int = 0
    skills: int = 0
    learning: int = 0
    lacking: int = 0
    languages: int = 0
    age_groups: int = 0
    age: int = 40
    meets: int = 0
    days_since_asked: int = 0
    paused: bool = False
    heads: int = 1


@dataclass(frozen=True)
class Need:
    """An opportunity with one place on Monday from 15 to 17 at the town hall unless told otherwise."""

    slots: Sequence[Interval] = field(default_factory=lambda: (at(0, 15, 2),))
    effort: int = 8
    places: int = 1
    lat: float = RATHAUS[0]
    lon: float = RATHAUS[1]
    field: int = 0
    district: int = NONE
    skills: int = 0
    languages: int = 0
    age_groups: int = 0
    min_age: int = 0
    requires: int = 0
    need: int = 0


def problem_of(
    people: Sequence[Person],
    needs: Sequence[Need],
    confirmed: Sequence[tuple[int, int]] = (),
    forbidden: Sequence[tuple[int, int]] = (),
    chosen: Sequence[tuple[int, int]] = (),
    weights: Weights | None = None,
) -> Problem:
    """The problem of these people and needs; pairs are (person, need)."""
    windows = dict(
        zip(("window_ptr", "window_start", "window_end"), merged_windows(*_flat(people)), strict=True)
    )
    slots = dict(zip(("slot_ptr", "slot_start", "slot_end"), grouped(*_flat(needs)), strict=True))
    return Problem(
        volunteers=_with_groups(Volunteers(**windows, **_columns(people, Person))),
        opportunities=Opportunities(**slots, **_columns(needs, Need)),
        confirmed=pairs_of(confirmed),
        forbidden=pairs_of(forbidden),
        chosen=pairs_of(chosen),
        weights=weights or Weights(),
    )


def _with_groups(volunteers: Volunteers) -> Volunteers:
    """Heads are a column only where somebody comes with others."""
    return volunteers if volunteers.needed.max(initial=1) > 1 else replace(volunteers, heads=None)


def pairs_of(pairs: Iterable[tuple[int, int]]) -> Pairs:
    columns = np.array(list(pairs), np.int64).reshape(-1, 2)
    return Pairs(volunteer=columns[:, 0].copy(), opportunity=columns[:, 1].copy())


def chosen(result: Result) -> list[tuple[int, int]]:
    """The proposals as sorted pairs (person, need)."""
    return sorted(zip(result.volunteer.tolist(), result.opportunity.tolist(), strict=True))


def possible(problem: Problem) -> Edges:
    """Every pair that passes the gates, with its score."""
    return all_edges(problem, remaining(problem))


def best_score(problem: Problem) -> int:
    """The optimum, by trying every bundle of every volunteer."""
    volunteers, opportunities = problem.volunteers, problem.opportunities
    edges: dict[int, list[tuple[int, int]]] = {}
    every = possible(problem)
    columns = (every.volunteer, every.opportunity, every.score)
    for i, j, score in zip(*(column.tolist() for column in columns), strict=True):
        edges.setdefault(i, []).append((j, score))
    held: dict[int, list[int]] = {}
    for i, j in zip(
        problem.confirmed.volunteer.tolist(), problem.confirmed.opportunity.tolist(), strict=True
    ):
        held.setdefault(i, []).append(j)
    free = opportunities.places.tolist()
    for mine in held.values():
        for j in mine:
            free[j] -= 1

    def fits(i: int, bundle: Sequence[tuple[int, int]]) -> bool:
        mine = [j for j, _ in bundle] + held.get(i, [])
        limit = volunteers.hours_limit[i]
        return (
            len(bundle) <= volunteers.offers_left[i]
            and len(mine) <= volunteers.max_placements[i]
            and (limit == NO_LIMIT or sum(opportunities.effort[j] for j in mine) <= limit)
            and not any(_overlap(opportunities, a, b) for a, b in combinations(mine, 2))
        )

    def best_from(people: Sequence[int]) -> int:
        if not people:
            return 0
        best = best_from(people[1:])
        for size in (1, 2, 3):
            for bundle in combinations(edges[people[0]], size):
                if fits(people[0], bundle) and all(free[j] > 0 for j, _ in bundle):
                    for j, _ in bundle:
                        free[j] -= 1
                    best = max(best, sum(score for _, score in bundle) + best_from(people[1:]))
                    for j, _ in bundle:
                        free[j] += 1
        return best

    return best_from(sorted(edges))


def _overlap(opportunities: Opportunities, one: int, other: int) -> bool:
    slots = [
        list(
            zip(
                opportunities.slot_start[opportunities.slot_ptr[j] : opportunities.slot_ptr[j + 1]],
                opportunities.slot_end[opportunities.slot_ptr[j] : opportunities.slot_ptr[j + 1]],
                strict=True,
            )
        )
        for j in (one, other)
    ]
    return any(a < d and c < b for a, b in slots[0] for c, d in slots[1])


def _flat(rows: Sequence[Any]) -> tuple[int, Any, Any, Any]:
    lines = [
        (row, start, end)
        for row, made in enumerate(rows)
        for start, end in (made.windows if isinstance(made, Person) else made.slots)
    ]
    row, start, end = np.array(lines, np.int64).reshape(-1, 3).T
    return len(rows), row, start, end


def _columns(rows: Sequence[Any], kind: type) -> dict[str, Any]:
    floats, flags = {"lat", "lon", "max_km"}, {"paused"}
    names = [name for name in asdict(kind()) if name not in ("windows", "slots")]
    return {
        name: np.array(
            [getattr(row, name) for row in rows],
            np.float64 if name in floats else np.bool_ if name in flags else np.int64,
        )
        for name in names
    }
