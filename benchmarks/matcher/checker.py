"""Judge an assignment by the rules alone, and recompute its certificate. Shares no code with the solver."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

from volunteers.matching.edges import Edges
from volunteers.matching.problem import NO_LIMIT, Ints, Narrow, Problem


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
