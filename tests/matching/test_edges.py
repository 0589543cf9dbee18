"""The cap on candidates looks at both sides, and costs next to nothing."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from benchmarks.matcher.attacks import ATTACKS
from benchmarks.matcher.checker import check, proved
from benchmarks.matcher.instances import instance
from benchmarks.matcher.towns import centres
from tests.matching.building import Need, Person, pairs_of, possible, problem_of
from volunteers.matching.certificate import upper_bound
from volunteers.matching.clearing import clear, rearranged
from volunteers.matching.compiled import engine
from volunteers.matching.edges import (
    UNCAPPED,
    Edges,
    all_edges,
    best_first,
    chosen,
    last_in_order,
    near_the_top,
    pointer,
    rank,
    runs,
    sorted_edges,
)
from volunteers.matching.market import among, open_hall
from volunteers.matching.remaining import Remaining, remaining
from volunteers.matching.solver import assign, solve

WAYS = [False, True] if find_spec("numba") else [False]


def crowd(people: int, needs: int, score: np.ndarray) -> tuple[Edges, object]:
    """Everybody may do everything: one placement each, one place each."""
    rows = pairs_of((i, j) for i in range(people) for j in range(needs))
    problem = problem_of([Person() for _ in range(people)], [Need() for _ in range(needs)])
    return sorted_edges(rows, score.reshape(-1).astype(np.int64)), remaining(problem)


def thinned(edges: Edges, left: Remaining, **most: int) -> Edges:
    kept = near_the_top(edges, left, **most)
    return edges if kept is None else chosen(edges, kept)


def test_edges_are_sorted_by_volunteer_then_score() -> None:
    rows = pairs_of([(0, 0), (0, 1), (0, 2), (1, 0), (1, 2)])
    edges = sorted_edges(rows, np.array([5, 9, 4, 1, 7]))
    assert edges.volunteer.tolist() == [0, 0, 0, 1, 1]
    assert edges.opportunity.tolist() == [1, 0, 2, 2, 0]
    assert edges.score.tolist() == [9, 5, 4, 7, 1]


def test_who_is_first_among_equals_differs_from_person_to_person_and_with_the_seed() -> None:
    """Were it the lowest row, everybody would bid for the same few."""
    rows = pairs_of((i, j) for i in range(200) for j in range(200))
    first = [
        sorted_edges(rows, np.full(200 * 200, 7), seed).opportunity[::200].tolist() for seed in (0, 0, 1)
    ]
    assert first[0] == first[1]
    assert len(set(first[0])) > 100
    assert sum(one == other for one, other in zip(first[0], first[2], strict=True)) < 10


def test_the_lowest_and_the_highest_seed_draw_as_well() -> None:
    rows = pairs_of((0, j) for j in range(50))
    orders = {tuple(sorted_edges(rows, np.full(50, 7), s).opportunity) for s in (-(2**63), -1, 2**63 - 1)}
    assert len(orders) == 3


def test_rank_counts_within_runs() -> None:
    assert rank(np.array([4, 4, 4, 7, 9, 9])).tolist() == [0, 1, 2, 0, 0, 1]
    assert rank(np.array([], np.int64)).tolist() == []


def test_runs_begin_where_the_value_changes() -> None:
    assert runs(np.array([0, 0, 3, 3, 3, 9])).tolist() == [0, 2, 5]
    assert runs(np.array([], np.int32)).tolist() == []


@pytest.mark.parametrize("at_once", [1, 7, 1000])
@pytest.mark.parametrize("top", [3, 2**31 - 1])
def test_the_best_come_first_in_each_group_and_equals_as_they_stand(at_once: int, top: int) -> None:
    rng = np.random.default_rng(top)
    group, score = rng.integers(0, 12, 200).astype(np.int32), rng.integers(0, top, 200).astype(np.int32)
    group[group == 5] = 6
    expected = sorted(range(200), key=lambda row: (group[row], -score[row], row))
    assert best_first(group, score, 12, at_once).tolist() == expected
    assert best_first(group[:0], score[:0], 12, at_once).tolist() == []
    kept = rng.random(200) < 0.3
    some = best_first(group, score, 12, at_once, kept)
    assert some.tolist() == [row for row in expected if kept[row]]
    bounds = pointer(group, 12, kept, at_once)
    assert np.diff(bounds).tolist() == [np.count_nonzero(kept & (group == each)) for each in range(12)]


def test_what_one_number_cannot_hold_is_sorted_all_the_same() -> None:
    keys = [np.array([2**40, 0, 2**40, 2**40]), np.array([2**30, 5, 1, 1]), np.array([0, 1, 3, 2])]
    assert last_in_order(*keys).tolist() == [1, 2, 3, 0]


def test_short_lists_are_left_alone() -> None:
    edges, left = crowd(30, 40, np.full((30, 40), 100))
    assert thinned(edges, left, uncapped=0) is edges


def test_up_to_five_million_edges_nothing_is_left_out() -> None:
    edges, left = crowd(300, 300, np.full((300, 300), 100))
    assert thinned(edges, left) is edges
    assert thinned(edges, left, uncapped=90_000) is edges
    assert len(thinned(edges, left, uncapped=89_999)) < 90_000


def test_what_is_left_of_equals_can_still_fill_every_place() -> None:
    """Cut off by row number, the same forty people and the same forty tasks would be left: eighty pairs."""
    edges, left = crowd(200, 200, np.full((200, 200), 100))
    kept = thinned(edges, left, uncapped=0)
    assert len(kept) < 0.5 * len(edges)
    assert np.bincount(kept.volunteer, minlength=200).min() >= 40
    assert np.bincount(kept.opportunity, minlength=200).min() >= 40
    assert np.bincount(kept.opportunity, minlength=200).max() < 120
    equals = problem_of([Person() for _ in range(200)], [Need() for _ in range(200)])
    found = assign(equals.opportunities, left, edges, compiled=False, uncapped=0)
    check(equals, found.volunteer, found.opportunity)
    assert len(found.volunteer) == 200


def test_a_run_on_part_of_the_edges_that_falls_short_is_repeated_on_all() -> None:
    """Everybody ranks the tasks alike and every task the people: what the cap leaves fills eighty places."""
    people = [Person(days_since_asked=i * 60 // 99) for i in range(100)]
    problem = problem_of(people, [Need(need=10 * j) for j in range(100)])
    left, edges = remaining(problem), possible(problem)
    kept = thinned(edges, left, uncapped=0)
    first = next(clear(open_hall(problem.opportunities, left, kept, engine(False)), np.arange(100), 100))
    assert 75 <= np.count_nonzero(first.held) <= 85
    found = assign(problem.opportunities, left, edges, compiled=False, uncapped=0)
    check(problem, found.volunteer, found.opportunity)
    assert len(found.volunteer) == 100
    assert found.percent > 99.7


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("attack", ["one_district", "every_second_week", "tight_hours"])
def test_an_auction_among_some_edges_finds_what_it_finds_without_the_others(attack: str, way: bool) -> None:
    """They are marked, not copied; with what is left, some can take fewer tasks at once than before."""
    problem = ATTACKS[attack](120, 60, 1)
    left, edges = remaining(problem), possible(problem)
    kept = np.random.default_rng(1).random(len(edges)) < 0.4
    order = np.random.default_rng(2).permutation(120)
    halls = [
        open_hall(problem.opportunities, left, each, engine(way)) for each in (edges, chosen(edges, kept))
    ]
    some, alone = among(halls[0], kept), halls[1]
    assert some.most.tolist() == alone.most.tolist() != halls[0].most.tolist()
    for one, other in zip(clear(some, order, 50), clear(alone, order, 50), strict=True):
        assert not one.held[~kept].any()
        assert one.held[kept].tolist() == other.held.tolist()
        assert one.price.tolist() == other.price.tolist()
        assert one.rivalry.tolist() == other.rivalry.tolist()
        found = rearranged(some, one.held, order)
        assert found[kept].tolist() == rearranged(alone, other.held, order).tolist()


def test_what_is_far_down_both_lists_is_left_out_and_nothing_else() -> None:
    score = np.add.outer(np.arange(100), np.arange(100)) + 1  # the last are the best for everybody
    edges, left = crowd(100, 100, score)
    kept = thinned(edges, left, uncapped=0)
    pairs = set(zip(kept.volunteer.tolist(), kept.opportunity.tolist(), strict=True))
    assert pairs == {(i, j) for i in range(100) for j in range(100) if i >= 60 or j >= 60}


def test_an_edge_low_for_the_volunteer_stays_if_it_is_high_for_the_opportunity() -> None:
    score = np.tile(np.arange(100, 0, -1), (60, 1))
    score[:, 99] += np.arange(60) % 7 == 0
    edges, left = crowd(60, 100, score)
    kept = thinned(edges, left, uncapped=0)
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
    left, edges = remaining(problem), possible(problem)

    def score_on(kept: Edges) -> int:
        found = next(clear(open_hall(problem.opportunities, left, kept, engine(None)), np.arange(n), n))
        return int(kept.score[found.held].sum())

    kept, everything = thinned(edges, left, uncapped=0), score_on(edges)
    assert len(kept) < 0.75 * len(edges)
    assert score_on(kept) > 0.999 * everything
    assert score_on(chosen(edges, rank(edges.volunteer) < 20)) < 0.99 * everything


def test_the_bound_is_over_all_edges_even_those_left_out() -> None:
    problem = problem_of([Person(days_since_asked=i % 60) for i in range(120)], [Need(places=2)] * 160)
    left, edges = remaining(problem), possible(problem)
    assert len(edges) == 120 * 160
    assert len(thinned(edges, left, uncapped=0)) < 0.9 * len(edges)
    found = assign(problem.opportunities, left, edges, compiled=False, uncapped=0)
    hall = open_hall(problem.opportunities, left, edges, engine(False))
    assert upper_bound(hall, found.prices) == found.bound
    assert proved(problem, edges, found) == found.bound


def test_blocks_of_any_size_find_the_same_pairs() -> None:
    problem = centres(400, 150, 2, 3)
    left = remaining(problem)
    whole, parts = all_edges(problem, left, 7), all_edges(problem, left, 7, at_once=500)
    assert len(whole) == 8022
    for column in ("volunteer", "opportunity", "score"):
        assert getattr(whole, column).tolist() == getattr(parts, column).tolist()
        assert getattr(parts, column).dtype == np.int32
    assert np.all(np.diff(parts.volunteer) >= 0)


def test_weeks_laid_out_in_parts_leave_the_same_time_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds a place is not free at its slots; some hold one, some none."""
    problem = instance(300, 60, 1, 2)
    whole = remaining(problem)
    assert len(problem.confirmed.volunteer) == 6
    monkeypatch.setattr("volunteers.matching.remaining.WEEKS_AT_ONCE", 4)
    parts = remaining(problem)
    for column in ("window_ptr", "window_start", "window_end"):
        assert getattr(parts, column).tolist() == getattr(whole, column).tolist()
    untouched = problem.volunteers.window_end - problem.volunteers.window_start
    assert (whole.window_end - whole.window_start).sum() < untouched.sum()


def test_beside_one_block_a_pair_takes_twelve_bytes() -> None:
    """None is held twice while they are put together; a block takes less than 6 MB."""
    problem = centres(1500, 1500, 1, 1)
    left = remaining(problem)
    tracemalloc.start()
    edges = all_edges(problem, left, at_once=1 << 15)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(edges) == 332_977
    assert peak < 12 * len(edges) + 6 * 2**20


@pytest.mark.parametrize(("people", "pairs"), [(500, 21_965), (1_000, 45_429)])
def test_a_whole_run_in_one_town_takes_at_most_180_bytes_a_pair(people: int, pairs: int) -> None:
    """More than UNCAPPED pairs are thinned before they bid: those that do take less than 1 GB."""
    problem = centres(people, 300, 1, 1)
    tracemalloc.start()
    found = solve(problem, seed=1, compiled=False)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.possible == pairs
    assert peak < 180 * pairs
    assert 180 * UNCAPPED < 10**9


def test_nobody_and_nothing_make_no_edges() -> None:
    for problem in (problem_of([], [Need()]), problem_of([Person()], []), problem_of([], [])):
        assert len(all_edges(problem, remaining(problem))) == 0
