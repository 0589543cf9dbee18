"""The cap on candidates looks at both sides, and costs next to nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.matcher.instances import instance
from tests.matching.building import Need, Person, pairs_of, problem_of
from volunteers.matching import Pairs, solve
from volunteers.matching.certificate import upper_bound
from volunteers.matching.clearing import clear
from volunteers.matching.compiled import engine
from volunteers.matching.edges import Edges, chosen, rank, sorted_edges, thinned
from volunteers.matching.market import open_hall
from volunteers.matching.remaining import remaining


def crowd(people: int, needs: int, score: np.ndarray) -> tuple[Edges, object]:
    """Everybody may do everything: one placement each, one place each."""
    rows = pairs_of((i, j) for i in range(people) for j in range(needs))
    problem = problem_of([Person() for _ in range(people)], [Need() for _ in range(needs)])
    return sorted_edges(rows, score.reshape(-1).astype(np.int64)), remaining(problem)


def test_edges_are_sorted_by_volunteer_then_score_then_opportunity() -> None:
    rows = pairs_of([(0, 0), (0, 1), (0, 2), (1, 0), (1, 2)])
    edges = sorted_edges(rows, np.array([5, 9, 5, 1, 7]))
    assert edges.volunteer.tolist() == [0, 0, 0, 1, 1]
    assert edges.opportunity.tolist() == [1, 0, 2, 2, 0]
    assert edges.score.tolist() == [9, 5, 5, 7, 1]


def test_rank_counts_within_runs() -> None:
    assert rank(np.array([4, 4, 4, 7, 9, 9])).tolist() == [0, 1, 2, 0, 0, 1]
    assert rank(np.array([], np.int64)).tolist() == []


def test_short_lists_are_left_alone() -> None:
    edges, left = crowd(30, 40, np.full((30, 40), 100))
    assert thinned(edges, left) is edges


def test_what_is_far_down_both_lists_is_left_out_and_nothing_else() -> None:
    score = np.add.outer(np.arange(100), np.arange(100)) + 1  # the last are the best for everybody
    edges, left = crowd(100, 100, score)
    kept = thinned(edges, left)
    pairs = set(zip(kept.volunteer.tolist(), kept.opportunity.tolist(), strict=True))
    assert pairs == {(i, j) for i in range(100) for j in range(100) if i >= 60 or j >= 60}


def test_an_edge_low_for_the_volunteer_stays_if_it_is_high_for_the_opportunity() -> None:
    score = np.tile(np.arange(100, 0, -1), (60, 1))
    score[:, 99] += np.arange(60) % 7 == 0
    edges, left = crowd(60, 100, score)
    kept = thinned(edges, left)
    assert np.count_nonzero(kept.opportunity == 99) == 40
    assert set(kept.volunteer[kept.opportunity == 99].tolist()) >= {i for i in range(60) if i % 7 == 0}


def test_the_cap_costs_less_than_a_thousandth_where_one_on_a_single_side_costs_far_more() -> None:
    """In a town in which everybody is free all week and reaches everything."""
    problem = instance(300, 120, 1, 3)
    n = len(problem.volunteers)
    free = replace(
        problem.volunteers,
        max_km=np.full(n, np.inf),
        window_ptr=np.arange(n + 1),
        window_start=np.zeros(n, np.int64),
        window_end=np.full(n, 672),
    )
    problem = replace(problem, volunteers=free)
    left, edges = remaining(problem), solve(problem, compiled=False).edges

    def score_on(kept: Edges) -> int:
        _, held = clear(open_hall(problem, left, kept, engine(None)), np.arange(n))
        return int(kept.score[held].sum())

    kept, everything = thinned(edges, left), score_on(edges)
    assert len(kept) < 0.75 * len(edges)
    assert score_on(kept) > 0.999 * everything
    assert score_on(chosen(edges, rank(edges.volunteer) < 20)) < 0.99 * everything


def test_the_bound_is_over_all_edges_even_those_left_out() -> None:
    problem = problem_of([Person(days_since_asked=i % 60) for i in range(120)], [Need() for _ in range(120)])
    result = solve(problem, compiled=False)
    left = remaining(problem)
    assert len(result.edges) == 120 * 120
    assert len(thinned(result.edges, left)) == 120 * 120 - 80 * 80
    assert upper_bound(open_hall(problem, left, result.edges, engine(False)), result.prices) == result.bound
    assert isinstance(result.edges, Pairs)
