"""Prices that follow demand: what they prove is true, no worse than before, and near the best there is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.matcher.attacks import ATTACKS
from benchmarks.matcher.checker import certificate
from tests.matching.building import Need, Person, at, best_score, possible, problem_of
from tests.matching.exact import optimum
from tests.matching.random_problems import problems
from tests.profiles import one_in
from volunteers.matching import NO_PRICE, Problem, solve
from volunteers.matching.compiled import engine
from volunteers.matching.market import Hall, open_hall
from volunteers.matching.remaining import remaining
from volunteers.matching.settling import settled
from volunteers.matching.solution import METHODS

LONG, EARLY, LATE = at(0, 14, 4), at(0, 14, 2), at(0, 16, 2)


def hall_of(problem: Problem) -> Hall:
    return open_hall(problem.opportunities, remaining(problem), possible(problem), engine(False))


@pytest.mark.parametrize(
    ("attack", "seed", "percent"),
    [
        ("tight_hours", 1, 99.9),
        ("tight_hours", 2, 99.8),
        ("every_second_week", 1, 99.9),
        ("one_favourite", 3, 99.8),
    ],
)
def test_the_best_there_is_lies_between_what_is_found_and_what_is_proved(
    attack: str, seed: int, percent: float
) -> None:
    problem = ATTACKS[attack](60, 60, seed)
    result, best = solve(problem, seed=seed), optimum(problem)
    before = solve(problem, seed=seed, method=METHODS[1])
    assert before.score <= result.score <= best <= result.bound <= before.bound
    assert 100 * result.score / best > percent


def test_of_a_small_town_less_can_be_proved_by_prices_than_is_found() -> None:
    """Places are whole. Prices cannot tell: their bound stays a half percent above the best there is."""
    problem = ATTACKS["one_favourite"](60, 60, 3)
    result = solve(problem, seed=3, method=METHODS[2])
    assert 99.4 < result.percent < 99.7
    assert 99.5 < 100 * optimum(problem) / result.bound < 99.6


@one_in(3)
@given(problems(), st.lists(st.integers(0, 400_000), min_size=5, max_size=5), st.integers(1, 4))
def test_from_any_prices_the_bound_falls_and_stays_one(
    problem: Problem, prices: list[int], patience: int
) -> None:
    hall, edges = hall_of(problem), possible(problem)
    start = np.array(prices[: len(problem.opportunities)], np.int64)
    start[hall.left.places == 0] = NO_PRICE
    bound, price = settled(hall, start, 0, patience)
    assert bound == certificate(problem, edges, price)
    assert best_score(problem) <= bound <= certificate(problem, edges, start)


def test_what_nobody_wants_at_its_price_becomes_free() -> None:
    problem = problem_of([Person()], [Need(places=3), Need(places=0)])
    score = int(possible(problem).score[0])
    bound, prices = settled(hall_of(problem), np.array([5_000, NO_PRICE]), score, 3)
    assert (bound, prices.tolist()) == (score, [0, NO_PRICE])


def test_where_too_many_want_the_same_it_becomes_dear() -> None:
    """One place, three people: the price lies between the second best and the best."""
    people = [Person(days_since_asked=days) for days in (0, 40, 90)]
    problem = problem_of(people, [Need()])
    scores = sorted(possible(problem).score.tolist())
    bound, prices = settled(hall_of(problem), np.array([0]), scores[2], 5)
    assert scores[2] <= bound <= scores[2] + 2
    assert scores[1] - 2 <= prices[0] <= scores[2]


def test_two_short_tasks_beside_each_other_pay_for_a_long_one_together() -> None:
    """At an auction each would bid alone; at settled prices the pair is worth what the long one is."""
    people = [Person(max_placements=2), Person(windows=(LONG,))]
    needs = [Need(slots=(LONG,), effort=16), Need(slots=(EARLY,)), Need(slots=(LATE,))]
    problem = problem_of(people, needs)
    best = best_score(problem)
    bound, _prices = settled(hall_of(problem), np.full(3, 60_000), best, 8)
    assert best <= bound <= best + best // 1000


def test_nobody_and_nothing_have_no_price_to_settle() -> None:
    for people, needs in (([], []), ([Person()], []), ([], [Need()]), ([Person(max_placements=0)], [Need()])):
        problem = problem_of(people, needs)
        bound, prices = settled(hall_of(problem), np.zeros(len(needs), np.int64), 0, 3)
        assert (bound, prices.tolist()) == (0, [0] * len(needs))
