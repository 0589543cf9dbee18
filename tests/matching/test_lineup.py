"""Rows are worked on neighbour by neighbour, and nobody fares better or worse for where their row stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.matcher.checker import check
from benchmarks.matcher.instances import instance
from benchmarks.matcher.towns import centres, equal
from tests.matching.building import Need, Person, at, chosen, problem_of
from tests.matching.random_problems import problems
from tests.profiles import one_in
from volunteers.matching import Pairs, Problem, solve
from volunteers.matching.lineup import Lineup, lineup


def shuffled(problem: Problem, seed: int) -> tuple[Problem, Lineup]:
    rng = np.random.default_rng(seed)
    order = Lineup(rng.permutation(len(problem.volunteers)), rng.permutation(len(problem.opportunities)))
    return order.ordered(problem), order


def with_pairs(problem: Problem, seed: int) -> Problem:
    """The same with some pairs forbidden, some confirmed and some chosen, so that equals differ by them."""
    rng = np.random.default_rng(seed)
    n, m = len(problem.volunteers), len(problem.opportunities)
    people = rng.permutation(n)[:30].reshape(3, 10)
    forbidden, confirmed, picked = (
        Pairs(volunteer=row, opportunity=rng.integers(0, m, 10)) for row in people
    )
    return replace(problem, forbidden=forbidden, confirmed=confirmed, chosen=picked)


@pytest.mark.parametrize(
    "problem",
    [
        instance(150, 40, 3, 1),
        with_pairs(centres(150, 60, 1, 2), 1),
        equal(60, 60),
        with_pairs(equal(80, 50), 2),
    ],
    ids=["spread", "centres", "equal", "equal but for pairs"],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_rows_in_another_order_get_an_answer_worth_the_same(problem: Problem, seed: int) -> None:
    result = solve(problem, seed=5, compiled=False)
    moved, _order = shuffled(problem, seed)
    other = solve(moved, seed=5, compiled=False)
    check(moved, other.volunteer, other.opportunity)
    assert (other.score, other.bound, other.possible) == (result.score, result.bound, result.possible)
    assert sorted(other.pair_score.tolist()) == sorted(result.pair_score.tolist())
    assert sorted(other.prices.tolist()) == sorted(result.prices.tolist())


@one_in(3)
@given(problems(), st.integers(0, 9))
def test_whoever_is_unlike_all_others_gets_the_same_wherever_the_row_stands(
    problem: Problem, seed: int
) -> None:
    """Days since the last question tell the people apart, the need the tasks."""
    n, m = len(problem.volunteers), len(problem.opportunities)
    apart = replace(
        problem,
        volunteers=replace(problem.volunteers, days_since_asked=np.arange(n)),
        opportunities=replace(problem.opportunities, need=np.arange(m) * 10),
    )
    result = solve(apart, compiled=False)
    moved, order = shuffled(apart, seed)
    other = solve(moved, compiled=False)
    back = zip(order.volunteers[other.volunteer], order.opportunities[other.opportunity], strict=True)
    assert sorted((int(i), int(j)) for i, j in back) == chosen(result)
    assert other.prices.tolist() == result.prices[order.opportunities].tolist()


def test_the_seed_decides_which_of_equals_comes_first() -> None:
    problem = equal(40, 3)
    taken = {tuple(sorted(solve(problem, seed=seed, compiled=False).volunteer.tolist())) for seed in range(6)}
    assert len(taken) > 3


def test_neighbours_stand_side_by_side() -> None:
    """Of four villages each is one run of rows, however they were mixed."""
    villages = [(50.80, 6.48), (50.90, 6.48), (50.80, 6.70), (50.90, 6.70)]
    people = [Person(lat=villages[i % 4][0], lon=villages[i % 4][1], age=18 + i) for i in range(40)]
    needs = [Need(lat=villages[j % 4][0], lon=villages[j % 4][1], min_age=j) for j in range(12)]
    line = lineup(problem_of(people, needs), 0)
    for order in (line.volunteers, line.opportunities):
        assert sorted(order.tolist()) == list(range(len(order)))
        assert np.count_nonzero(np.diff(order % 4)) == 3


def test_a_row_keeps_all_that_is_said_of_it() -> None:
    people = [
        Person(windows=(at(0, 8, 3), at(2, 9, 4)), age=31),
        Person(windows=(), age=32),
        Person(windows=(at(5, 10, 2),), age=33, lat=float("nan"), paused=True),
    ]
    needs = [Need(slots=(), places=4), Need(slots=(at(0, 9, 1), at(2, 9, 1)), places=5)]
    ordered = Lineup(np.array([2, 0, 1]), np.array([1, 0])).ordered(
        problem_of(people, needs, confirmed=[(0, 1)], forbidden=[(1, 0)], chosen=[(2, 1)])
    )
    expected = problem_of(
        [people[2], people[0], people[1]],
        [needs[1], needs[0]],
        confirmed=[(1, 0)],
        forbidden=[(2, 1)],
        chosen=[(0, 0)],
    )
    for table in ("volunteers", "opportunities", "confirmed", "forbidden", "chosen"):
        one, other = getattr(ordered, table), getattr(expected, table)
        for name in one.__slots__:
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_unknown_positions_everywhere_and_nobody_at_all_can_be_lined_up() -> None:
    nowhere = problem_of([Person(lat=float("nan"))] * 3, [Need(lon=float("nan"))] * 2)
    for problem in (nowhere, problem_of([], []), problem_of([Person()], []), problem_of([], [Need()])):
        line = lineup(problem, 0)
        assert sorted(line.volunteers.tolist()) == list(range(len(problem.volunteers)))
        assert sorted(line.opportunities.tolist()) == list(range(len(problem.opportunities)))
    assert solve(nowhere, compiled=False).possible == 6
