"""A group gets a role with room for all of it, or none; the auction never gives it a place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.matching.building import Need, Person, at, chosen, problem_of
from tests.matching.random_problems import needs, people
from volunteers.matching import Problem, Refusal, obstacles, refusals, solve
from volunteers.matching.groups import place_groups
from volunteers.matching.problem import Ints
from volunteers.matching.record import read, written
from volunteers.matching.remaining import remaining

FAR, NEAR = Need(lat=50.85, places=9), Need(places=9)


def placed(problem: Problem, order: list[int]) -> list[tuple[int, int]]:
    pairs = place_groups(problem, np.array(order, np.int64))
    return list(zip(pairs.volunteer.tolist(), pairs.opportunity.tolist(), strict=True))


@pytest.mark.parametrize(
    ("groups", "roles", "order", "found"),
    [
        ([4], [FAR, NEAR], [0], [(0, 1)]),
        ([4], [FAR, replace(NEAR, places=3)], [0], [(0, 0)]),
        ([4], [replace(NEAR, places=3)], [0], []),
        ([4], [NEAR, NEAR], [0], [(0, 0)]),
        ([5, 5], [NEAR, FAR], [0, 1], [(0, 0), (1, 1)]),
        ([5, 5], [NEAR, FAR], [1, 0], [(1, 0), (0, 1)]),
        ([6, 5, 4], [NEAR], [0, 1, 2], [(0, 0)]),
        ([5, 6, 4], [NEAR], [0, 1, 2], [(0, 0), (2, 0)]),
        ([1, 4], [NEAR], [0, 1], [(1, 0)]),
        ([1], [NEAR], [0], []),
        ([4], [], [0], []),
    ],
)
def test_who_comes_first_gets_the_best_role_with_room_for_all(
    groups: list[int], roles: list[Need], order: list[int], found: list[tuple[int, int]]
) -> None:
    assert placed(problem_of([Person(heads=each) for each in groups], roles), order) == found


def test_a_closed_gate_is_closed_for_a_group_too() -> None:
    busy, paused = Person(heads=2, windows=(at(1, 8, 1),)), Person(heads=2, paused=True)
    assert placed(problem_of([busy, paused], [NEAR]), [0, 1]) == []


def test_the_auction_leaves_groups_alone_and_gives_their_places_to_nobody() -> None:
    crowd = [Person(heads=8), *(Person() for _number in range(4))]
    assert chosen(solve(problem_of(crowd, [NEAR]))) == [(1, 0), (2, 0), (3, 0), (4, 0)]
    held = problem_of(crowd, [NEAR], confirmed=[(0, 0)])
    assert remaining(held).places.tolist() == [1]
    assert len(chosen(solve(held))) == 1


def test_a_run_with_groups_is_written_down_and_repeated() -> None:
    problem = problem_of([Person(heads=3), Person()], [NEAR], confirmed=[(0, 0)])
    paper = read(written(problem, 5, solve(problem, seed=5, compiled=False)))
    assert paper.problem.volunteers.needed.tolist() == [3, 1]
    assert paper.differences(compiled=False) == []


def test_a_row_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="heads"):
        problem_of([Person(heads=0), Person(heads=2)], [NEAR])


def test_what_is_in_the_way_of_a_group_is_too_few_places_and_not_that_all_are_gone() -> None:
    problem = problem_of([Person(heads=2), Person()], [Need(places=0)])
    pairs = problem.confirmed.__class__(volunteer=np.array([0, 1]), opportunity=np.array([0, 0]))
    assert [each[0].refusal for each in obstacles(problem, pairs)] == ["too_few_places", "no_place_left"]
    assert refusals(problem, 0, 0) == (Refusal.TOO_FEW_PLACES,)


@st.composite
def crowds(draw: st.DrawFn) -> tuple[Problem, Ints]:
    everybody = [
        replace(each, heads=draw(st.integers(1, 4))) for each in draw(st.lists(people(), max_size=6))
    ]
    roles = [replace(each, places=draw(st.integers(0, 7))) for each in draw(st.lists(needs(), max_size=4))]
    order = draw(st.permutations(range(len(everybody))))
    return problem_of(everybody, roles), np.array(order, np.int64)


@given(crowds())
def test_never_more_heads_than_places_each_once_and_nobody_who_would_fit_is_left(
    crowd: tuple[Problem, Ints],
) -> None:
    problem, order = crowd
    pairs = place_groups(problem, order)
    heads, places = problem.volunteers.needed, problem.opportunities.places.copy()
    for row, column in zip(pairs.volunteer.tolist(), pairs.opportunity.tolist(), strict=True):
        places[column] -= heads[row]
    assert (places >= 0).all()
    assert len(set(pairs.volunteer.tolist())) == len(pairs)
    assert all(heads[row] > 1 for row in pairs.volunteer)
    after = replace(problem, opportunities=replace(problem.opportunities, places=places))
    for row in set(np.flatnonzero(heads > 1).tolist()) - set(pairs.volunteer.tolist()):
        assert all(refusals(after, row, column) for column in range(len(places)))
