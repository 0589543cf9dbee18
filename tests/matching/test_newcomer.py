"""The answer for one new volunteer from the prices of the last run."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.matcher.instances import SIZES, instance
from tests.matching.building import Need, Person, at, possible, problem_of
from volunteers.matching import NO_PRICE, best_for_new_volunteer, solve

DAYS = [Need(slots=(at(day, 15, 2),), need=100 * day) for day in range(4)]


def prices(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_the_best_bundle_is_the_best_net_of_prices() -> None:
    problem = problem_of([Person(max_placements=2)], DAYS)
    free = best_for_new_volunteer(problem, prices(0, 0, 0, 0))
    assert free.opportunity.tolist() == [3, 2]
    dear = best_for_new_volunteer(problem, prices(0, 0, 0, 100_000))
    assert dear.opportunity.tolist() == [2, 1]
    assert dear.pair_score.tolist() == [score - 10_000 for score in free.pair_score.tolist()]


def test_a_place_worth_more_to_others_waits_for_the_next_run() -> None:
    problem = problem_of([Person()], [Need()])
    assert best_for_new_volunteer(problem, prices(2_000_000)).opportunity.tolist() == []


def test_a_place_that_is_free_again_costs_nothing() -> None:
    problem = problem_of([Person()], [Need()])
    assert best_for_new_volunteer(problem, prices(NO_PRICE)).opportunity.tolist() == [0]


def test_without_a_free_place_or_a_possible_pair_nothing_is_suggested() -> None:
    assert (
        best_for_new_volunteer(problem_of([Person()], [Need(places=0)]), prices(0)).opportunity.tolist() == []
    )
    assert (
        best_for_new_volunteer(problem_of([Person(windows=())], [Need()]), prices(0)).opportunity.tolist()
        == []
    )
    assert best_for_new_volunteer(problem_of([Person()], []), prices()).opportunity.tolist() == []


def test_overlaps_and_hours_hold_for_a_newcomer_too() -> None:
    needs = [Need(slots=(at(0, 15, 2),), need=900), Need(slots=(at(0, 16, 2),)), Need(slots=(at(1, 15, 2),))]
    person = Person(max_placements=3)
    assert best_for_new_volunteer(problem_of([person], needs), prices(0, 0, 0)).opportunity.tolist() == [0, 2]
    tired = Person(max_placements=3, hours_limit=8)
    assert best_for_new_volunteer(problem_of([tired], needs), prices(0, 0, 0)).opportunity.tolist() == [0]


@pytest.mark.parametrize("people", [[], [Person(), Person()]])
def test_only_one_volunteer_is_answered_at_a_time(people: list[Person]) -> None:
    with pytest.raises(ValueError, match="takes exactly one volunteer"):
        best_for_new_volunteer(problem_of(people, [Need()]), prices(0))


def test_at_the_prices_of_a_run_its_volunteers_want_what_it_gave_them() -> None:
    """Alone with its prices, nearly everybody who takes one placement chooses as the whole run did."""
    problem = instance(*SIZES["S"], 2, 1)
    result, edges = solve(problem, compiled=False), possible(problem)
    volunteers = problem.volunteers
    agreed = asked = 0
    for i in np.flatnonzero(volunteers.max_placements == 1)[:80].tolist():
        mine = edges.volunteer == i
        net = edges.score[mine] - result.prices[edges.opportunity[mine]]
        given = (
            result.pair_score[result.volunteer == i]
            - result.prices[result.opportunity[result.volunteer == i]]
        )
        asked += 1
        agreed += int(given.sum() >= max(net.max(initial=0), 0) - 2_000)
    assert asked == 80
    assert agreed >= 78
