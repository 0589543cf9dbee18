"""What a run would propose: first what people asked for themselves, then the best for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np

from volunteers.matching import Pairs, Problem, Reason, Result, reasons, solve
from volunteers.matching.gates import GATES
from volunteers.matching.problem import NONE, Ints
from volunteers.matching.remaining import remaining
from volunteers.matching.score import scores
from volunteers.selectors.match_inputs import MatchInputs, match_inputs
from volunteers.wording.reasons import WANTED

StoredReason: TypeAlias = dict[str, Any]
SEED = 0


@dataclass(frozen=True)
class Proposal:
    """One question worth putting: primary keys, points, and reasons as they are stored."""

    pledge_id: int
    opportunity_id: int
    score: int
    reasons: list[StoredReason]


@dataclass(frozen=True)
class MatchPlan:
    """`wished`: pairs of rows that people asked for; `result`: the optimum for all the rest, by `seed`."""

    inputs: MatchInputs
    problem: Problem
    wished: Pairs
    result: Result
    seed: int

    def proposals(self) -> Iterator[Proposal]:
        """Yield what to ask, what people wished for first."""
        wished_for: StoredReason = {"code": WANTED, "values": []}
        yield from self._proposals(self.wished, scores(self.inputs.problem, self.wished), [wished_for])
        found = Pairs(volunteer=self.result.volunteer, opportunity=self.result.opportunity)
        yield from self._proposals(found, self.result.pair_score, [])

    def _proposals(self, pairs: Pairs, points: Ints, first: list[StoredReason]) -> Iterator[Proposal]:
        keys = self.inputs.pledges[pairs.volunteer], self.inputs.opportunities[pairs.opportunity]
        lines = zip(*(column.tolist() for column in (*keys, points)), strict=True)
        found = reasons(self.inputs.problem, pairs)
        for (pledge, opportunity, score), more in zip(lines, found, strict=True):
            yield Proposal(pledge, opportunity, score, first + [_stored(reason) for reason in more])


def match_plan(now: datetime) -> MatchPlan:
    """Read the rows and solve; writes nothing. The same rows give the same plan."""
    inputs = match_inputs(now)
    wished = _wished(inputs)
    problem = _with_wished_held(inputs.problem, wished)
    return MatchPlan(inputs, problem, wished, solve(problem, seed=SEED), SEED)


def _wished(inputs: MatchInputs) -> Pairs:
    """Pairs whose person pledged for this very task, as gates and places allow, longest waiting first."""
    left = remaining(inputs.problem)
    rows = np.flatnonzero(inputs.wanted != NONE)
    for gate in GATES.values():
        rows = rows[gate(inputs.problem, left, rows, inputs.wanted[rows])]
    rows = rows[np.lexsort((rows, inputs.waiting_since[rows]))]
    places = left.places.copy()
    taken = []
    for row in rows.tolist():
        column = inputs.wanted[row]
        if places[column] > 0:
            places[column] -= 1
            taken.append(row)
    chosen = np.array(sorted(taken), np.int64)
    return Pairs(volunteer=chosen, opportunity=inputs.wanted[chosen])


def _with_wished_held(problem: Problem, wished: Pairs) -> Problem:
    offers_left = problem.volunteers.offers_left.copy()
    offers_left[wished.volunteer] -= 1
    held = Pairs(
        volunteer=np.concatenate([problem.confirmed.volunteer, wished.volunteer]),
        opportunity=np.concatenate([problem.confirmed.opportunity, wished.opportunity]),
    )
    return replace(problem, volunteers=replace(problem.volunteers, offers_left=offers_left), confirmed=held)


def _stored(reason: Reason) -> StoredReason:
    return {"code": str(reason.code), "values": list(reason.values)}
