"""Towns made to mislead the matcher: what it finds is valid, near what can be proved, the same both ways."""

from __future__ import annotations

from importlib.util import find_spec
from itertools import product

import pytest

from benchmarks.matcher.attacks import ATTACKS
from benchmarks.matcher.checker import check, proved
from benchmarks.matcher.greedy import greedy
from tests.matching.building import Need, Person, at, chosen, possible, problem_of
from volunteers.matching import solve
from volunteers.matching.clearing import rearranged
from volunteers.matching.compiled import engine
from volunteers.matching.market import as_mask, open_hall
from volunteers.matching.remaining import remaining

WAYS = [False, True] if find_spec("numba") else [False]
SINGLE = ["all_equal", "one_district", "scarce", "one_favourite"]
SEVERAL = ["tight_hours", "every_second_week", "tight_favourite"]
"""People take several tasks that fit beside each other: near balance the auction alone falls short."""

SHAPES = [(100, 100), (160, 50), (50, 150)]
BALANCED = [(150, 200), (200, 300), (100, 300)]
CASES = [
    *product([*SINGLE, *SEVERAL], SHAPES, [1, 2]),
    *product(SEVERAL, BALANCED, [2]),
    ("every_second_week", (400, 400), 1),
    ("every_second_week", (500, 500), 1),
    ("one_favourite", (60, 60), 3),
]


@pytest.mark.parametrize(("attack", "shape", "seed"), CASES)
def test_an_attack_costs_next_to_nothing(attack: str, shape: tuple[int, int], seed: int) -> None:
    problem = ATTACKS[attack](*shape, seed)
    result = solve(problem, seed=seed)
    check(problem, result.volunteer, result.opportunity)
    edges = possible(problem)
    assert proved(problem, edges, result) == result.bound
    assert result.percent > 99.7
    if attack in SINGLE:
        assert 1.001 * result.score >= edges.score[greedy(problem, remaining(problem), edges)].sum()


@pytest.mark.parametrize("attack", [*SINGLE, *SEVERAL])
def test_both_ways_find_the_same_under_attack(attack: str) -> None:
    problem = ATTACKS[attack](60, 60, 1)
    one, *more = (solve(problem, seed=1, compiled=way) for way in WAYS)
    for other in more:
        assert chosen(other) == chosen(one)
        assert (other.bound, other.prices.tolist()) == (one.bound, one.prices.tolist())


@pytest.mark.parametrize("way", WAYS)
def test_whoever_holds_less_than_what_is_free_beside_it_exchanges_it(way: bool) -> None:
    """One long task for two short ones, whose sum is worth more; the long one then goes to the second."""
    long, early, late = at(0, 14, 4), at(0, 14, 2), at(0, 16, 2)
    people = [Person(max_placements=2), Person(windows=(long,), max_placements=1)]
    needs = [Need(slots=(long,), effort=16), Need(slots=(early,)), Need(slots=(late,)), Need(places=0)]
    problem = problem_of(people, needs)
    left, edges = remaining(problem), possible(problem)
    hall = open_hall(problem.opportunities, left, edges, engine(way))
    held = (edges.volunteer == 0) & (edges.opportunity == 0)
    found = rearranged(hall, as_mask(held), left.placements * 0 + [0, 1])
    pairs = sorted(zip(edges.volunteer[found].tolist(), edges.opportunity[found].tolist(), strict=True))
    assert pairs == [(0, 1), (0, 2), (1, 0)]


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_moved_where_nobody_gains(way: bool) -> None:
    problem = problem_of([Person(), Person(), Person(max_placements=0)], [Need(places=1), Need(places=0)])
    hall = open_hall(problem.opportunities, remaining(problem), possible(problem), engine(way))
    held = hall.edges.volunteer == 1
    assert rearranged(hall, held, remaining(problem).places[[0, 0, 0]].cumsum() - 1).tolist() == held.tolist()
