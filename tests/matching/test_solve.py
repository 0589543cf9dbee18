"""What a run proposes, and what it can prove about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from benchmarks.matcher.checker import check, proved
from tests.matching.building import (
    WHOLE_WEEK,
    Need,
    Person,
    at,
    best_score,
    chosen,
    pairs_of,
    possible,
    problem_of,
)
from tests.matching.random_problems import problems
from tests.profiles import one_in
from volunteers.matching import NO_LIMIT, NO_PRICE, Problem, Weights, solve

EQUAL = Weights(hours=0, field=0, near=0, need=0, district=0, waiting=0)
TWO = {"max_placements": 2}
THREE = {"max_placements": 3}


def placed(problem: Problem) -> Problem:
    """The same with the first proposal of a run confirmed."""
    result = solve(problem, compiled=False)
    return replace(problem, confirmed=pairs_of(chosen(result)[:1]))


@given(problems())
def test_the_solution_is_valid_and_its_bound_holds(problem: Problem) -> None:
    for given_problem in (problem, placed(problem)):
        result = solve(given_problem, compiled=False)
        check(given_problem, result.volunteer, result.opportunity)
        assert proved(given_problem, possible(given_problem), result) == result.bound
        assert result.bound >= best_score(given_problem) >= result.score


@given(problems())
def test_no_place_stays_empty_that_somebody_free_could_take(problem: Problem) -> None:
    result = solve(problem, compiled=False)
    taken, edges = chosen(result), possible(problem)
    assert result.possible == len(edges)
    for pair in zip(edges.volunteer.tolist(), edges.opportunity.tolist(), strict=True):
        if pair not in taken:
            rows = pairs_of([*taken, pair])
            with pytest.raises(AssertionError):
                check(problem, rows.volunteer, rows.opportunity)


@one_in(3)
@given(problems())
def test_the_same_input_gives_the_same_output(problem: Problem) -> None:
    one, other = solve(problem, compiled=False), solve(replace(problem), compiled=False)
    assert chosen(one) == chosen(other)
    assert one.prices.tolist() == other.prices.tolist()
    assert (one.bound, one.inputs_hash) == (other.bound, other.inputs_hash)


@pytest.mark.parametrize(
    ("people", "needs"),
    [([], []), ([Person()], []), ([], [Need()]), ([Person(paused=True)], [Need(places=0)])],
)
def test_where_nothing_is_possible_nothing_is_proposed(people: list[Person], needs: list[Need]) -> None:
    result = solve(problem_of(people, needs))
    assert chosen(result) == []
    assert (result.score, result.bound, result.percent) == (0, 0, 100.0)
    assert result.possible == 0


def test_the_one_who_can_do_nothing_else_gets_the_place() -> None:
    tuesday, wednesday = at(1, 16, 2), at(2, 16, 2)
    people = [Person(windows=(tuesday, wednesday), fields=1), Person(windows=(tuesday,), fields=2)]
    result = solve(problem_of(people, [Need(slots=(tuesday,)), Need(slots=(wednesday,))]))
    assert chosen(result) == [(0, 1), (1, 0)]
    assert result.percent > 99.9


def test_an_opportunity_without_places_has_no_price_and_swallows_no_bid() -> None:
    people = [Person(), Person(windows=(at(1, 0, 24),))]
    result = solve(problem_of(people, [Need(places=0), Need(slots=(at(1, 10, 2),))]))
    assert result.prices.tolist()[0] == NO_PRICE
    assert len(chosen(result)) == 1
    assert result.bound < 2 * result.score


def test_where_all_places_are_confirmed_there_is_no_price() -> None:
    problem = problem_of([Person(), Person()], [Need(places=1), Need(places=2)], confirmed=[(0, 0)])
    result = solve(problem)
    assert result.prices.tolist() == [NO_PRICE, 0]
    assert chosen(result) == [(1, 1)]


def test_confirmed_placements_are_not_moved_for_a_better_pair() -> None:
    people = [Person(fields=2), Person(fields=1)]
    before = problem_of(people, [Need()])
    assert chosen(solve(before)) == [(1, 0)]
    assert chosen(solve(replace(before, confirmed=pairs_of([(0, 0)])))) == []


def test_confirmed_placements_beyond_the_places_leave_none() -> None:
    problem = problem_of([Person(), Person(), Person()], [Need(places=1)], confirmed=[(0, 0), (1, 0)])
    assert chosen(solve(problem)) == []


def test_a_confirmed_placement_keeps_its_slot_its_hours_and_its_place_among_three() -> None:
    monday, later, tuesday = at(0, 15, 2), at(0, 16, 2), at(1, 15, 2)
    needs = [Need(slots=(monday,)), Need(slots=(later,)), Need(slots=(tuesday,))]
    assert chosen(solve(problem_of([Person(**TWO)], needs, confirmed=[(0, 0)]))) == [(0, 2)]
    assert chosen(solve(problem_of([Person(**TWO, hours_limit=15)], needs, confirmed=[(0, 0)]))) == []
    assert chosen(solve(problem_of([Person()], needs, confirmed=[(0, 0)]))) == []


def test_overlapping_slots_are_never_both_proposed_and_touching_ones_are() -> None:
    first, touching, overlapping = at(0, 14, 2), at(0, 16, 2), at(0, 15, 2)
    needs = [Need(slots=(first,)), Need(slots=(touching,)), Need(slots=(overlapping,), effort=16)]
    assert chosen(solve(problem_of([Person(**THREE)], needs))) == [(0, 0), (0, 1)]


def test_slots_on_other_days_may_interlock() -> None:
    around, between = (at(0, 15, 2), at(2, 15, 2)), (at(1, 15, 2), at(3, 15, 2))
    needs = [Need(slots=around, need=100), Need(slots=between), Need(slots=(at(2, 16, 2),))]
    assert chosen(solve(problem_of([Person(**THREE)], needs))) == [(0, 0), (0, 1)]


def test_flexible_opportunities_take_hours_only() -> None:
    needs = [Need(slots=(), effort=8) for _ in range(3)]
    assert len(chosen(solve(problem_of([Person(**THREE, windows=())], needs)))) == 3
    assert len(chosen(solve(problem_of([Person(**THREE, hours_limit=16)], needs)))) == 2


def test_the_hours_limit_chooses_the_best_that_fits() -> None:
    slots = [at(day, 15, 2) for day in range(3)]
    needs = [Need(slots=(slot,), effort=effort) for slot, effort in zip(slots, (16, 9, 9), strict=True)]
    assert chosen(solve(problem_of([Person(**THREE, hours_limit=18)], needs))) == [(0, 1), (0, 2)]
    assert chosen(solve(problem_of([Person(**THREE, hours_limit=17)], needs))) == [(0, 0)]


def test_nobody_gets_more_than_placements_or_questions_left() -> None:
    needs = [Need(slots=(at(day, 15, 2),)) for day in range(5)]
    assert len(chosen(solve(problem_of([Person(**TWO)], needs)))) == 2
    assert len(chosen(solve(problem_of([Person(**THREE, offers_left=1)], needs)))) == 1


def test_equal_scores_fill_every_place_and_the_seed_decides_between_equals() -> None:
    problem = problem_of([Person() for _ in range(6)], [Need(places=2), Need(places=1)], weights=EQUAL)
    winners = set()
    for seed in range(12):
        result = solve(problem, seed=seed)
        assert len(chosen(result)) == 3
        assert result.score == 900_000
        assert result.percent > 99.8
        assert chosen(result) == chosen(solve(problem, seed=seed))
        winners.update(result.volunteer.tolist())
    assert winners == set(range(6))


def test_more_than_512_candidates_on_either_side_fit() -> None:
    many = 600
    needs = [Need(slots=(at(j % 7, 6 + j % 16, 1),)) for j in range(many)]
    assert len(chosen(solve(problem_of([Person(**THREE)], needs)))) == 3
    crowd = problem_of([Person(days_since_asked=i % 50) for i in range(many)], [Need(places=many - 10)])
    result = solve(crowd, compiled=False)
    assert len(chosen(result)) == many - 10
    assert result.percent > 99.9


def test_a_volunteer_crosses_the_border_of_a_district_when_that_helps_more() -> None:
    """Solving district by district would leave a place empty in the second."""
    slot = at(0, 15, 2)
    needs = [Need(slots=(slot,), district=0, places=1), Need(slots=(slot,), district=1, places=1)]
    people = [Person(districts=0b01), Person(districts=0b01)]
    assert len(chosen(solve(problem_of(people, needs)))) == 2
    alone = [
        solve(problem_of([person for person in people if person.districts >> d & 1], [needs[d]]))
        for d in (0, 1)
    ]
    assert sum(len(chosen(result)) for result in alone) == 1


def test_the_score_prefers_what_the_weights_say() -> None:
    weights = Weights()
    person = Person(fields=0b10, districts=0b100, days_since_asked=30, lat=50.8043)
    need = Need(field=1, district=2, effort=8, need=500, lat=50.8043 + 5 / 111.32)
    result = solve(problem_of([person], [need]))
    halves = (weights.hours + weights.need + weights.near + weights.waiting) // 2
    assert result.pair_score.tolist() == [weights.placed + weights.field + weights.district + halves]


def test_what_was_not_asked_for_is_worth_less() -> None:
    weights = Weights()
    unknown = Need(field=1, lat=float("nan"), lon=float("nan"), effort=0)
    assert solve(problem_of([Person(fields=0b01)], [unknown])).pair_score.tolist() == [weights.placed]
    assert solve(problem_of([Person(fields=0)], [unknown])).pair_score.tolist() == [
        weights.placed + weights.field
    ]


def test_who_waited_longest_is_asked_first() -> None:
    people = [Person(days_since_asked=days) for days in (3, 40, 12)]
    assert chosen(solve(problem_of(people, [Need()]))) == [(1, 0)]


def test_proposals_are_sorted_by_volunteer_and_best_first() -> None:
    needs = [Need(slots=(at(day, 15, 2),), need=need) for day, need in enumerate((100, 900, 500))]
    result = solve(problem_of([Person(**THREE), Person(**THREE, windows=WHOLE_WEEK)], needs * 2))
    assert result.volunteer.tolist() == [0, 0, 0, 1, 1, 1]
    for bundle in (result.pair_score[:3], result.pair_score[3:]):
        assert np.all(np.diff(bundle) <= 0)
    assert result.score == int(result.pair_score.sum())


def test_who_has_no_hours_left_may_still_do_what_takes_none() -> None:
    assert chosen(solve(problem_of([Person(hours_limit=0)], [Need(effort=0), Need(effort=1)]))) == [(0, 0)]


def test_an_unlimited_week_is_no_limit() -> None:
    needs = [Need(slots=(), effort=600) for _ in range(3)]
    assert len(chosen(solve(problem_of([Person(**THREE, hours_limit=NO_LIMIT)], needs)))) == 3
