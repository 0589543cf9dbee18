"""Judge an assignment by the rules alone, and recompute its certificate. Shares no code with the solver."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np

from volunteers.matching.edges import Edges
from volunteers.matching.problem import NO_LIMIT, Ints, Narrow, Pairs, Problem
from volunteers.matching.solution import WORTH, Count, Solution


class Rules:
    """The rules of a problem on plain Python values. Confirmed placements count as taken from the start."""

    def __init__(self, problem: Problem) -> None:
        volunteers, opportunities = problem.volunteers, problem.opportunities
        self.limit = [float("inf") if h == NO_LIMIT else h for h in volunteers.hours_limit.tolist()]
        self.places = opportunities.places.tolist()
        self.effort = opportunities.effort.tolist()
        slots = list(zip(opportunities.slot_start.tolist(), opportunities.slot_end.tolist(), strict=True))
        pointer = opportunities.slot_ptr.tolist()
        self.slots = [slots[a:b] for a, b in pairwise(pointer)]
        self.confirmed = list(
            zip(problem.confirmed.volunteer.tolist(), problem.confirmed.opportunity.tolist(), strict=True)
        )
        self.room = volunteers.max_placements.tolist()
        self.asks = volunteers.offers_left.tolist()
        self.paused = volunteers.paused.tolist()
        self.mine: dict[int, list[int]] = defaultdict(list)
        for i, j in self.confirmed:
            self.mine[i].append(j)
        self.free = list(self.places)
        for _, j in self.confirmed:
            self.free[j] = max(self.free[j] - 1, 0)

    def overlap(self, one: int, other: int) -> bool:
        return any(a < d and c < b for a, b in self.slots[one] for c, d in self.slots[other])


def check(problem: Problem, volunteer: Ints | Narrow, opportunity: Ints | Narrow) -> None:
    """Raise AssertionError unless the pairs keep places, placements, contacts, windows, overlaps and hours,
    and neither repeat a confirmed placement nor propose a forbidden pair.
    """
    rules = Rules(problem)
    pairs = list(zip(volunteer.tolist(), opportunity.tolist(), strict=True))
    closed = set(rules.confirmed)
    closed |= set(
        zip(problem.forbidden.volunteer.tolist(), problem.forbidden.opportunity.tolist(), strict=True)
    )
    assert len(set(pairs)) == len(pairs), "a pair twice"
    assert not closed & set(pairs), "a confirmed or forbidden pair"
    assert all(rules.free[j] >= count for j, count in Counter(j for _, j in pairs).items()), (
        "too many for the places"
    )
    bundles = defaultdict(list)
    for i, j in pairs:
        bundles[i].append(j)
    windows = list(
        zip(problem.volunteers.window_start.tolist(), problem.volunteers.window_end.tolist(), strict=True)
    )
    pointer = problem.volunteers.window_ptr.tolist()
    for i, bundle in bundles.items():
        everything = bundle + rules.mine[i]
        assert not rules.paused[i], "paused"
        assert len(bundle) <= rules.asks[i], "asked too often"
        assert len(everything) <= rules.room[i], "too many placements"
        assert sum(rules.effort[j] for j in everything) <= rules.limit[i], "too many hours"
        for at, j in enumerate(everything):
            assert not any(rules.overlap(j, other) for other in everything[at + 1 :]), "an overlap"
        for a, b in (slot for j in bundle for slot in rules.slots[j]):
            assert any(c <= a and b <= d for c, d in windows[pointer[i] : pointer[i + 1]]), (
                "outside the windows"
            )


def certificate(problem: Problem, edges: Edges, prices: Ints) -> int:
    """L(p): places left at their prices plus the best bundle of every volunteer, by search with pruning."""
    rules = Rules(problem)
    price = prices.tolist()
    wanted = defaultdict(list)
    for i, j, score in zip(
        edges.volunteer.tolist(), edges.opportunity.tolist(), edges.score.tolist(), strict=True
    ):
        if rules.free[j] and score > price[j]:
            wanted[i].append((score - price[j], j))
    total = sum(free * price[j] for j, free in enumerate(rules.free) if free)
    for i, options in wanted.items():
        room = 0 if rules.paused[i] else min(rules.room[i] - len(rules.mine[i]), rules.asks[i])
        hours = rules.limit[i] - sum(rules.effort[j] for j in rules.mine[i])
        total += _best(rules, sorted(options, reverse=True), room, hours, [], 0)
    return total


def proved(problem: Problem, edges: Edges, solution: Solution) -> int:
    """The bound that prices prove, a count, or the greatest of the cases; every assignment must be in one."""
    cases = solution.cases
    if solution.count:
        return _counted(problem, edges, solution.count)
    if not len(cases):
        return certificate(problem, edges, solution.prices)
    pairs = list(zip(cases.volunteer.tolist(), cases.opportunity.tolist(), cases.taken.tolist(), strict=True))
    decided = [
        {(i, j): bool(taken) for i, j, taken in pairs[a:b]} for a, b in pairwise(cases.pointer.tolist())
    ]
    assert _cover(decided), "an assignment that is in no case"
    prices = cases.prices.reshape(len(decided), -1)
    return max(_bound_of(problem, edges, *case) for case in zip(decided, prices, strict=True))


def _counted(problem: Problem, edges: Edges, count: Count) -> int:
    """The certificate of the prices, less the toll for each free place that must stay empty."""
    free = Rules(problem).free
    ones = replace(edges, score=np.full_like(edges.score, WORTH))
    assert certificate(problem, ones, count.each) < WORTH * (count.most + 1), "more than counted fit"
    asked = [price for price, places in zip(count.prices.tolist(), free, strict=True) if places]
    assert min(asked) >= count.toll >= 0, "a place without the toll"
    return certificate(problem, edges, count.prices) - count.toll * (sum(free) - count.most)


def _cover(decided: list[dict[tuple[int, int], bool]]) -> bool:
    """Whether any answer to all pairs agrees with what one of the cases says."""
    if not decided:
        return False
    if not all(decided):
        return True
    pair = next((pair for pair in decided[0] if all(pair in case for case in decided)), None)
    if pair is None:
        return False
    for way in (True, False):
        half = [case for case in decided if case[pair] is way]
        if not _cover([{p: is_in for p, is_in in case.items() if p != pair} for case in half]):
            return False
    return True


def _bound_of(problem: Problem, edges: Edges, decided: dict[tuple[int, int], bool], prices: Ints) -> int:
    """The certificate of the problem with these pairs decided, and the points of those taken."""
    rows = list(zip(edges.volunteer.tolist(), edges.opportunity.tolist(), strict=True))
    taken = [row for row, pair in enumerate(rows) if decided.get(pair)]
    open_rows = [row for row, pair in enumerate(rows) if pair not in decided]
    placed = Pairs(
        volunteer=np.append(problem.confirmed.volunteer, edges.volunteer[taken]),
        opportunity=np.append(problem.confirmed.opportunity, edges.opportunity[taken]),
    )
    people = problem.volunteers
    asks = people.offers_left - np.bincount(edges.volunteer[taken], minlength=len(people))
    rest = replace(problem, confirmed=placed, volunteers=replace(people, offers_left=asks))
    rules = Rules(rest)
    beside = [
        row
        for row in open_rows
        if not any(rules.overlap(rows[row][1], other) for other in rules.mine[rows[row][0]])
    ]
    left = Edges(
        volunteer=edges.volunteer[beside], opportunity=edges.opportunity[beside], score=edges.score[beside]
    )
    return int(edges.score[taken].sum()) + certificate(rest, left, prices)


def _best(
    rules: Rules, options: list[tuple[int, int]], room: int, hours: float, bundle: list[int], known: int
) -> int:
    """The most that `options`, best first, add to `bundle`, if that is more than `known`."""
    best = max(known, 0)
    for at, (worth, j) in enumerate(options):
        if room <= 0 or worth * room <= best:
            break
        if rules.effort[j] <= hours and not any(rules.overlap(j, other) for other in bundle):
            rest = _best(
                rules, options[at + 1 :], room - 1, hours - rules.effort[j], [*bundle, j], best - worth
            )
            best = max(best, worth + rest)
    return best
