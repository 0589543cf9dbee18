"""Towns full of ties: people live at the centre of a district, tasks have round hours, many are equal."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from benchmarks.matcher.checker import check, proved
from benchmarks.matcher.greedy import greedy
from benchmarks.matcher.towns import centres, equal
from tests.matching.building import possible
from volunteers.matching import Problem, Result, solve
from volunteers.matching.remaining import remaining

WAYS = [False, True] if find_spec("numba") else [False]
"""Without and with the compiled kernel, where there is one."""


def judged(problem: Problem, *, compiled: bool) -> Result:
    """Solve, and let the independent checker judge validity and certificate."""
    result = solve(problem, compiled=compiled)
    check(problem, result.volunteer, result.opportunity)
    assert proved(problem, possible(problem), result) == result.bound
    assert result.percent > 99.7
    return result


@pytest.mark.parametrize("compiled", WAYS)
@pytest.mark.parametrize(
    ("people", "tasks"), [(200, 200), (199, 200), (201, 200), (300, 100), (100, 300), (1, 90), (90, 1)]
)
def test_equal_people_fill_equal_places_to_the_last(people: int, tasks: int, compiled: bool) -> None:
    result = judged(equal(people, tasks), compiled=compiled)
    assert len(result.volunteer) == min(people, tasks)


@pytest.mark.parametrize("compiled", WAYS)
@pytest.mark.parametrize(("people", "tasks"), [(300, 1000), (1000, 1000), (900, 400), (900, 200)])
def test_a_town_of_fourteen_districts_is_matched_as_well_as_can_be_proved(
    people: int, tasks: int, compiled: bool
) -> None:
    problem = centres(people, tasks, 1, 1)
    result = judged(problem, compiled=compiled)
    edges = possible(problem)
    baseline = greedy(problem, remaining(problem), edges)
    assert len(result.volunteer) >= len(baseline)
    assert result.score > int(edges.score[np.array(baseline)].sum())


@pytest.mark.parametrize(
    ("people", "compiled"),
    [(300, False), *((people, True) for people in (300, 2000, 4000) if True in WAYS)],
)
def test_the_tasks_of_a_year_are_shared_out_among_few_people_and_among_many(
    people: int, compiled: bool
) -> None:
    """From few people and many places to the balanced middle, where prices climb. By plain Python the large
    ones take many seconds; `./dev bench matching --plain` measures them."""
    problem = centres(people, 2047, 1, 1)
    result = judged(problem, compiled=compiled)
    edges = possible(problem)
    baseline = greedy(problem, remaining(problem), edges)
    assert len(result.volunteer) >= len(baseline)
    assert result.score > int(edges.score[np.array(baseline)].sum())


def test_the_districts_are_full_of_equal_scores() -> None:
    """Else these towns would test nothing that the spread ones do not."""
    edges = possible(centres(500, 500, 1, 1))
    assert len(edges) > 30_000
    assert len(np.unique(edges.score)) < 0.05 * len(edges)


def test_a_town_is_reproducible_by_its_seed() -> None:
    names = [solve(centres(200, 80, 2, seed)).inputs_hash for seed in (1, 1, 2)]
    assert names[0] == names[1] != names[2]
