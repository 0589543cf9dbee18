"""What falls short is narrowed to what is unsure, and a small town divided into cases: both stay proved."""

from __future__ import annotations

from dataclasses import fields, replace
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.matcher.attacks import ATTACKS
from benchmarks.matcher.checker import certificate, check, proved
from tests.matching.building import Need, Person, at, best_score, chosen, possible, problem_of
from tests.matching.exact import optimum
from tests.matching.random_problems import problems
from tests.profiles import one_in
from volunteers.matching import NO_PRICE, Pairs, Problem, Result, solve
from volunteers.matching.compiled import engine
from volunteers.matching.counting import counted
from volunteers.matching.deciding import slots_meet, without
from volunteers.matching.dividing import divided
from volunteers.matching.market import Hall, open_hall
from volunteers.matching.narrowing import SHARES, sure
from volunteers.matching.record import read, written
from volunteers.matching.remaining import remaining
from volunteers.matching.rounds import cleared
from volunteers.matching.settling import ONE, View, watched
from volunteers.matching.solution import METHODS, Cases, Solution

WAYS = [False, True] if find_spec("numba") else [False]
VIEW = View(30, 3, 6)


def hall_of(problem: Problem, way: bool = False) -> Hall:
    return open_hall(problem.opportunities, remaining(problem), possible(problem), engine(way))


def decided(problem: Problem, taken: Pairs, refused: Pairs) -> Problem:
    """The same, with these pairs confirmed and those forbidden."""
    people = problem.volunteers
    asked = np.bincount(taken.volunteer, minlength=len(people))
    return replace(
        problem,
        volunteers=replace(people, offers_left=people.offers_left - asked),
        confirmed=joined(problem.confirmed, taken),
        forbidden=joined(problem.forbidden, refused),
    )


def joined(one: Pairs, other: Pairs) -> Pairs:
    return Pairs(
        volunteer=np.concatenate([one.volunteer, other.volunteer]),
        opportunity=np.concatenate([one.opportunity, other.opportunity]),
    )


def pairs_in(hall: Hall, rows: np.ndarray) -> Pairs:
    return Pairs(
        volunteer=hall.edges.volunteer[rows].astype(np.int64),
        opportunity=hall.edges.opportunity[rows].astype(np.int64),
    )


def rows_of(hall: Hall, pairs: list[tuple[int, int]]) -> np.ndarray:
    every = list(zip(hall.edges.volunteer.tolist(), hall.edges.opportunity.tolist(), strict=True))
    return np.array([every.index(pair) for pair in pairs], np.int64)


@pytest.mark.parametrize("attack", ["tight_hours", "every_second_week", "scarce"])
@pytest.mark.parametrize("every", [1, 2, 3])
def test_what_is_left_beside_decided_pairs_is_what_is_possible_beside_confirmed_ones(
    attack: str, every: int
) -> None:
    problem = ATTACKS[attack](40, 60, every)
    hall = hall_of(problem)
    found = chosen(solve(problem))
    taken = rows_of(hall, found[::every])
    refused = np.setdiff1d(np.arange(len(hall.edges)), taken)[::7]
    rest = without(hall, taken, refused)
    again = hall_of(decided(problem, pairs_in(hall, taken), pairs_in(hall, refused)))
    assert rest.left.places.tolist() == again.left.places.tolist()
    assert rest.left.placements.tolist() == again.left.placements.tolist()
    for column in fields(rest.edges):
        mine, other = getattr(rest.edges, column.name), getattr(again.edges, column.name)
        assert mine.tolist() == other.tolist()


def test_slots_are_compared_pair_by_pair_and_each_with_each() -> None:
    both, early, late, tuesday = (at(0, 9, 2), at(1, 9, 2)), at(0, 8, 1), at(0, 10, 2), at(1, 10, 1)
    needs = [Need(slots=slots) for slots in (both, (early,), (late,), (tuesday,), ())]
    one, other = np.array([0, 0, 0, 0, 1, 3, 0]), np.array([1, 2, 3, 4, 2, 0, 0])
    meets = slots_meet(problem_of([], needs).opportunities, one, other)
    assert meets.tolist() == [False, True, True, False, False, True, True]


@one_in(3)
@given(problems(), st.lists(st.integers(0, 400_000), min_size=5, max_size=5))
def test_watching_from_any_prices_proves_a_bound_no_worse(problem: Problem, prices: list[int]) -> None:
    hall, edges = hall_of(problem), possible(problem)
    start = np.array(prices[: len(problem.opportunities)], np.int64)
    start[hall.left.places == 0] = NO_PRICE
    seen = watched(hall, start, 0, VIEW)
    assert seen.bound == certificate(problem, edges, seen.price)
    assert best_score(problem) <= seen.bound <= certificate(problem, edges, start)
    assert seen.share.min(initial=0) >= 0
    assert seen.share.max(initial=0) <= ONE


def test_of_a_task_no_more_is_sure_than_it_has_places_and_what_is_wanted_most_first() -> None:
    needs = [Need(places=2), Need(slots=(at(1, 15, 2),))]
    hall = hall_of(problem_of([Person(max_placements=2) for _ in range(4)], needs))
    often = {(0, 0): 91, (1, 0): 99, (2, 0): 95, (3, 0): 90, (0, 1): 92, (1, 1): 50, (2, 1): 92, (3, 1): 0}
    pairs = pairs_in(hall, np.arange(len(hall.edges)))
    each = zip(pairs.volunteer.tolist(), pairs.opportunity.tolist(), strict=True)
    kept = pairs_in(hall, sure(hall, np.array([often[pair] for pair in each], np.int32), 90))
    assert set(zip(kept.volunteer.tolist(), kept.opportunity.tolist(), strict=True)) == {
        (1, 0),
        (2, 0),
        (0, 1),
    }


def test_what_is_always_wanted_has_the_whole_share() -> None:
    hall = hall_of(problem_of([Person(), Person()], [Need(places=2), Need(places=0)]))
    seen = watched(hall, np.array([0, NO_PRICE]), 0, VIEW)
    assert seen.share.tolist() == [ONE, ONE]
    assert seen.price.tolist() == [0, NO_PRICE]


@pytest.mark.parametrize("attack", ["tight_hours", "every_second_week"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_sure_keeps_every_rule_together(attack: str, seed: int) -> None:
    problem = ATTACKS[attack](60, 60, seed)
    hall = hall_of(problem)
    before = solve(problem, seed=seed, compiled=False, method=METHODS[2])
    share = watched(hall, before.prices, before.score, VIEW).share
    for least in SHARES:
        pairs = pairs_in(hall, sure(hall, share, least))
        check(problem, pairs.volunteer, pairs.opportunity)
        assert 20 < len(pairs.volunteer) < len(before.volunteer) + 10


CLOSED_IN = [
    ("one_favourite", 60, 60, 3),
    ("tight_hours", 30, 60, 10),
    ("tight_hours", 50, 100, 7),
    ("every_second_week", 30, 60, 8),
]
"""Each fell short by the method before: of its bound, or of the best there is."""


@pytest.mark.parametrize(("attack", "people", "tasks", "seed"), CLOSED_IN)
def test_a_small_town_reaches_what_its_cases_prove(attack: str, people: int, tasks: int, seed: int) -> None:
    problem = ATTACKS[attack](people, tasks, seed)
    before = solve(problem, seed=seed, method=METHODS[2])
    one, *more = (solve(problem, seed=seed, compiled=way, method=METHODS[3]) for way in WAYS)
    check(problem, one.volunteer, one.opportunity)
    assert before.percent < 99.7 <= one.percent
    assert proved(problem, possible(problem), one) == one.bound < before.bound
    assert before.score <= one.score <= optimum(problem) <= one.bound
    for other in more:
        assert answer(other) == answer(one)


def answer(result: Result) -> tuple[object, ...]:
    cases = tuple(getattr(result.cases, column.name).tolist() for column in fields(Cases))
    count = result.count
    return (
        chosen(result),
        result.bound,
        result.prices.tolist(),
        cases,
        (count.most, count.toll, count.each.tolist(), count.prices.tolist()),
    )


@pytest.mark.parametrize("way", WAYS)
def test_a_run_with_cases_is_repeated_bit_by_bit(way: bool) -> None:
    problem = ATTACKS["one_favourite"](60, 60, 3)
    result = solve(problem, seed=3, method=METHODS[3])
    assert len(result.cases) > 1
    paper = read(written(problem, 3, result))
    assert paper.differences(compiled=way) == []
    assert proved(problem, possible(problem), paper.answer) == result.bound
    for column in ("taken", "prices"):
        values = getattr(result.cases, column)
        wrong = replace(result.cases, **{column: np.append(values[:-1], values[-1] ^ 1)})
        other = read(written(problem, 3, replace(result, cases=wrong)))
        assert other.differences(compiled=way) == [f"cases.{column}"]


def test_cases_that_leave_an_assignment_out_prove_nothing() -> None:
    problem = ATTACKS["one_favourite"](60, 60, 3)
    result, edges = solve(problem, seed=3, method=METHODS[3]), possible(problem)
    cases, last = result.cases, int(result.cases.pointer[-2])
    fewer = replace(
        cases,
        pointer=cases.pointer[:-1],
        volunteer=cases.volunteer[:last],
        opportunity=cases.opportunity[:last],
        taken=cases.taken[:last],
        prices=cases.prices[: -len(problem.opportunities)],
    )
    with pytest.raises(AssertionError, match="an assignment that is in no case"):
        proved(problem, edges, replace(result, cases=fewer))


def test_what_is_good_enough_has_no_cases() -> None:
    """Bit by bit as the method before has it."""
    problem = ATTACKS["tight_hours"](60, 60, 1)
    before, *now = (solve(problem, seed=1, compiled=False, method=method) for method in METHODS[2:])
    assert before.percent >= 99.7
    assert [answer(each) for each in now] == [answer(before)] * 2
    assert [(len(each.cases), bool(each.count)) for each in now] == [(0, False)] * 2


COUNTED = [("tight_favourite", 40, 40, 2), ("tight_favourite", 40, 40, 4), ("one_favourite", 60, 60, 3)]
"""Half places go in circles: the best there is reaches no 99.6 percent of what prices alone can prove."""


@pytest.mark.parametrize(("attack", "people", "tasks", "seed"), COUNTED)
def test_a_town_is_held_against_how_many_can_be_placed(
    attack: str, people: int, tasks: int, seed: int
) -> None:
    problem, edges = ATTACKS[attack](people, tasks, seed), possible(ATTACKS[attack](people, tasks, seed))
    before = solve(problem, seed=seed, method=METHODS[2])
    one, *more = (solve(problem, seed=seed, compiled=way) for way in WAYS)
    check(problem, one.volunteer, one.opportunity)
    best = optimum(problem)
    assert before.percent < 99.6 < 99.8 < one.percent
    assert before.score <= one.score <= best <= one.bound < certificate(problem, edges, one.prices)
    assert proved(problem, edges, one) == one.bound
    assert one.count.most == len(one.volunteer)
    for other in more:
        assert answer(other) == answer(one)


@pytest.mark.parametrize("way", WAYS)
def test_a_run_that_was_counted_is_repeated_bit_by_bit(way: bool) -> None:
    problem = ATTACKS["tight_favourite"](40, 40, 2)
    result = solve(problem, seed=2)
    assert read(written(problem, 2, result)).differences(compiled=way) == []
    assert proved(problem, possible(problem), read(written(problem, 2, result)).answer) == result.bound
    wrong = {"most": result.count.most + 1, "each": result.count.each + 1}
    other = replace(result, count=replace(result.count, **wrong))
    assert read(written(problem, 2, other)).differences(compiled=way) == ["count.most", "count.each"]


def test_a_count_that_is_too_low_and_a_toll_that_is_not_asked_prove_nothing() -> None:
    problem = ATTACKS["tight_favourite"](40, 40, 2)
    result, edges = solve(problem, seed=2), possible(problem)
    for wrong, why in (
        (replace(result.count, most=result.count.most - 1), "more than counted fit"),
        (replace(result.count, toll=int(result.count.prices.min()) + 1), "a place without the toll"),
    ):
        with pytest.raises(AssertionError, match=why):
            proved(problem, edges, replace(result, count=wrong))


@one_in(3)
@given(problems(), st.integers(0, 5))
def test_counting_any_town_keeps_the_bound_true(problem: Problem, seed: int) -> None:
    """From what the auction finds, and from nobody placed and prices of nothing."""
    hall, edges = hall_of(problem), possible(problem)
    free = np.where(hall.left.places > 0, 0, NO_PRICE)
    none = np.empty(0, np.int64)
    nothing = Solution(none, none, none, certificate(problem, edges, free), free)
    for before in (nothing, cleared(hall, seed, METHODS[1])):
        found = counted(hall, before)
        assert (found.score, found.prices.tolist()) == (before.score, before.prices.tolist())
        assert best_score(problem) <= found.bound <= before.bound
        assert proved(problem, edges, found) == found.bound


@one_in(3)
@given(problems(), st.integers(0, 5))
def test_dividing_any_town_keeps_the_bound_true(problem: Problem, seed: int) -> None:
    """From the worst there is: nobody placed, and prices of nothing."""
    hall, edges = hall_of(problem), possible(problem)
    free = np.where(hall.left.places > 0, 0, NO_PRICE)
    none = np.empty(0, np.int64)
    nothing = Solution(none, none, none, certificate(problem, edges, free), free)
    found = divided(hall, nothing, seed, METHODS[-1])
    check(problem, found.volunteer, found.opportunity)
    assert found.score <= best_score(problem) <= found.bound <= nothing.bound
    assert proved(problem, edges, found) == found.bound
