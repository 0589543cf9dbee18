"""What a run would propose: first what people asked for themselves, then groups, then the best for all.

One event is answered likewise: for one person among the tasks around, for one task among those who are free.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np

from volunteers.matching import Pairs, Problem, Reason, Result, best_for_new_volunteer, reasons, solve
from volunteers.matching.gates import GATES
from volunteers.matching.groups import place_groups
from volunteers.matching.problem import NONE, Ints
from volunteers.matching.remaining import Remaining, remaining
from volunteers.matching.score import scores
from volunteers.selectors.match_events import pledges_in_time_for
from volunteers.selectors.match_inputs import MatchInputs, inputs_around, match_inputs
from volunteers.wording.reasons import WANTED

StoredReason: TypeAlias = dict[str, Any]
SEED = 0


@dataclass(frozen=True)
class Proposal:
    """One question worth putting: primary keys, points, and why.

    `is_shared`: time is short, so several are asked and the faster answer counts. `heads`: how many come
    of a group; it shares with nobody.
    """

    pledge_id: int
    opportunity_id: int
    role_id: int
    score: int
    why: tuple[Reason, ...]
    is_shared: bool = False
    heads: int = 1

    @property
    def reasons(self) -> list[StoredReason]:
        """Return why as a question keeps it."""
        return [stored(reason) for reason in self.why]

    def shared(self, *, is_urgent: bool) -> Proposal:
        """Return it as it is put where time is short, or is not."""
        return replace(self, is_shared=is_urgent and self.heads == 1)


@dataclass(frozen=True)
class MatchPlan:
    """`wished`: pairs of rows that people asked for; `groups`: those of groups that asked for nothing.

    `result`: the optimum for all the rest, by `seed`.
    """

    inputs: MatchInputs
    problem: Problem
    wished: Pairs
    groups: Pairs
    result: Result
    seed: int

    def proposals(self) -> Iterator[Proposal]:
        """Yield what to ask, what people wished for first; nobody is asked for two roles of a task."""
        found = Pairs(volunteer=self.result.volunteer, opportunity=self.result.opportunity)
        yield from _once_a_task(
            [
                *_wished_proposals(self.inputs, self.wished),
                *_group_proposals(self.inputs, self.groups),
                *_proposals(self.inputs, found, self.result.pair_score),
            ]
        )


def _once_a_task(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return the first of each person and task."""
    first: dict[tuple[int, int], Proposal] = {}
    for each in proposals:
        first.setdefault((each.pledge_id, each.opportunity_id), each)
    return list(first.values())


def _wished_proposals(inputs: MatchInputs, wished: Pairs) -> Iterator[Proposal]:
    return _proposals(inputs, wished, scores(inputs.problem, wished), (Reason(WANTED),))


def _group_proposals(inputs: MatchInputs, groups: Pairs) -> Iterator[Proposal]:
    return _proposals(inputs, groups, scores(inputs.problem, groups))


def _proposals(
    inputs: MatchInputs, pairs: Pairs, points: Ints, first: tuple[Reason, ...] = ()
) -> Iterator[Proposal]:
    column = pairs.opportunity
    keys = inputs.pledges[pairs.volunteer], inputs.tasks[column], inputs.roles[column]
    heads = inputs.problem.volunteers.needed[pairs.volunteer]
    lines = zip(*(each.tolist() for each in (*keys, points, heads)), strict=True)
    found = reasons(inputs.problem, pairs)
    for (pledge, opportunity, role, score, many), more in zip(lines, found, strict=True):
        yield Proposal(pledge, opportunity, role, score, (*first, *more), heads=many)


def match_plan(now: datetime) -> MatchPlan:
    """Read the rows and solve; writes nothing. The same rows give the same plan."""
    return plan_of(match_inputs(now))


def plan_of(inputs: MatchInputs) -> MatchPlan:
    """Solve what was read."""
    wished, groups, problem = _set_aside(inputs)
    return MatchPlan(inputs, problem, wished, groups, solve(problem, seed=SEED), SEED)


def _set_aside(inputs: MatchInputs) -> tuple[Pairs, Pairs, Problem]:
    """Return what people wished for, where groups fit (by how long they wait), and what is left to solve."""
    wished = _wished(inputs)
    problem = _held(inputs.problem, wished)
    groups = place_groups(problem, np.lexsort((inputs.pledges, inputs.waiting_since)))
    return wished, groups, _held(problem, groups)


def proposals_for_pledge(pledge_id: int, now: datetime) -> list[Proposal]:
    """Return what to ask the person of this pledge at the stored prices, their wish first; writes nothing."""
    inputs = inputs_around(pledge_id, now)
    if inputs is None:
        return []
    wished, groups, problem = _set_aside(inputs)
    best = best_for_new_volunteer(problem, inputs.prices)
    pairs = Pairs(volunteer=np.zeros(len(best.opportunity), np.int64), opportunity=best.opportunity)
    return _once_a_task(
        [
            *_wished_proposals(inputs, wished),
            *_group_proposals(inputs, groups),
            *_proposals(inputs, pairs, best.pair_score),
        ]
    )


def proposals_for_task(opportunity_id: int, now: datetime) -> list[Proposal]:
    """Return whom to ask for the free places of this task, role by role: who wishes it, then who fits best.

    Of equals who waits longest. Writes nothing.
    """
    return plan_of_task(opportunity_id, now)[1]


def plan_of_task(opportunity_id: int, now: datetime) -> tuple[MatchInputs, list[Proposal]]:
    """Return the same, and what it was made from."""
    inputs = match_inputs(now, only=pledges_in_time_for(opportunity_id), also=[opportunity_id])
    left = remaining(inputs.problem)
    columns = np.flatnonzero(inputs.tasks == opportunity_id).tolist()
    found: list[Proposal] = []
    for column in columns:
        elsewhere = np.isin(inputs.wanted, [each for each in columns if each != column])
        asked = np.isin(inputs.pledges, [each.pledge_id for each in found])
        rows = possible(inputs.problem, left, column)
        free = rows[~(elsewhere | asked)[rows]]
        found += best_for_role(inputs, column, free, int(left.places[column]))
    return inputs, found


def best_for_role(inputs: MatchInputs, column: int, rows: Ints, places: int) -> list[Proposal]:
    """Return whom of these rows to ask for so many places of the role in `column`.

    Who wishes it comes first, then who fits best; a group for which too few are left is passed over.
    """
    wishes = inputs.wanted[rows] == column
    points = scores(inputs.problem, _pairs(rows, column))
    order = np.lexsort((rows, inputs.waiting_since[rows], -points, ~wishes))
    order = order[_that_fit(inputs.problem.volunteers.needed[rows[order]], places)]
    wished, others = _pairs(rows[order[wishes[order]]], column), _pairs(rows[order[~wishes[order]]], column)
    return [
        *_wished_proposals(inputs, wished),
        *_proposals(inputs, others, scores(inputs.problem, others)),
    ]


def _that_fit(needed: Ints, places: int) -> list[int]:
    """Return the positions of those who get their places one after the other."""
    fitting = []
    for position, heads in enumerate(needed.tolist()):
        if not places:
            break
        if heads <= places:
            places -= heads
            fitting.append(position)
    return fitting


def possible(problem: Problem, left: Remaining, column: int) -> Ints:
    """Return the rows of everybody whom the gates let through to this column."""
    rows: Ints = np.arange(len(problem.volunteers))
    for gate in GATES.values():
        pairs = _pairs(rows, column)
        rows = rows[gate(problem, left, pairs.volunteer, pairs.opportunity)]
    return rows


def _pairs(rows: Ints, column: int) -> Pairs:
    return Pairs(volunteer=rows, opportunity=np.full(len(rows), column, np.int64))


def _wished(inputs: MatchInputs) -> Pairs:
    """Pairs whose person pledged for this very task, as gates and places allow, longest waiting first."""
    left = remaining(inputs.problem)
    rows = np.flatnonzero(inputs.wanted != NONE)
    for gate in GATES.values():
        rows = rows[gate(inputs.problem, left, rows, inputs.wanted[rows])]
    rows = rows[np.lexsort((rows, inputs.waiting_since[rows]))]
    places, needed = left.places.copy(), inputs.problem.volunteers.needed
    taken = []
    for row in rows.tolist():
        column = inputs.wanted[row]
        if places[column] >= needed[row]:
            places[column] -= needed[row]
            taken.append(row)
    chosen = np.array(sorted(taken), np.int64)
    return Pairs(volunteer=chosen, opportunity=inputs.wanted[chosen])


def _held(problem: Problem, pairs: Pairs) -> Problem:
    """Return the problem with these pairs as if they had been asked; of each row there is one at most."""
    offers_left = problem.volunteers.offers_left.copy()
    offers_left[pairs.volunteer] -= 1
    held = Pairs(
        volunteer=np.concatenate([problem.confirmed.volunteer, pairs.volunteer]),
        opportunity=np.concatenate([problem.confirmed.opportunity, pairs.opportunity]),
    )
    return replace(problem, volunteers=replace(problem.volunteers, offers_left=offers_left), confirmed=held)


def stored(reason: Reason) -> StoredReason:
    """Return a reason as a question keeps it."""
    return {"code": str(reason.code), "values": list(reason.values)}
