"""For somebody who asks by hand: the best tasks of a person, the best people for a task, and why not others.

The gates and points are the matcher's own; no rule stands here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from programs.models import Role
from volunteers.matching import Pairs, Reason, Refusal, reasons
from volunteers.matching.explanation import ReasonCode
from volunteers.matching.gates import GATES
from volunteers.matching.problem import Ints
from volunteers.matching.remaining import remaining
from volunteers.matching.score import scores
from volunteers.selectors.match_events import pledges_in_time_for
from volunteers.selectors.match_inputs import MatchInputs, match_inputs
from volunteers.services.fit import Standing, standings_of_pairs
from volunteers.services.match_plan import StoredReason, stored
from volunteers.wording.obstacles import BUSY
from volunteers.wording.reasons import reason_texts

SOFT: frozenset[str] = frozenset(
    {Refusal.TIME, Refusal.DISTANCE, Refusal.AGE_GROUP, Refusal.SKILL, Refusal.LANGUAGE}
)
"""Gates that stand on what the person told of themselves: somebody who knows better may ask all the same."""

BEST_SHOWN = 10
OTHERS_SHOWN = 20
ALL_SHOWN = 1_000
"""So many of each when all are asked for: more open roles a city hardly has, and no page holds."""


@dataclass(frozen=True)
class Suggestion:
    """One pair: primary keys, what speaks for it, and what stands in its way."""

    pledge_id: int
    opportunity_id: int
    role_id: int
    score: int
    reasons: list[StoredReason]
    standing: Standing

    @property
    def reason_texts(self) -> list[str]:
        """What speaks for it, in words."""
        return reason_texts(self.reasons)

    @property
    def missing_codes(self) -> list[str]:
        """The gates that the person could open by telling something else."""
        return [each.code for each in self.standing.missing]

    @property
    def may_be_asked_anyway(self) -> bool:
        """Whether nothing but soft gates is closed."""
        return bool(self.missing_codes) and not self.standing.waiting and SOFT.issuperset(self.missing_codes)


@dataclass(frozen=True)
class Suggestions:
    """`best`: possible ones; `others`: with the least in the way first; `more`: how many are not shown."""

    best: list[Suggestion]
    others: list[Suggestion]
    more: int


def tasks_for(
    pledge_id: int, opportunity_ids: Collection[int], now: datetime, *, all_of_them: bool = False
) -> Suggestions:
    """Return how a running pledge stands to each role of these tasks, the best first."""
    inputs = match_inputs(now, only=[pledge_id], also=opportunity_ids)
    columns = np.flatnonzero(np.isin(inputs.tasks, list(opportunity_ids)))
    pairs = Pairs(volunteer=np.zeros(len(columns), np.int64), opportunity=columns)
    return _ranked(inputs, pairs, all_of_them=all_of_them)


def people_for(opportunity_id: int, now: datetime) -> Suggestions:
    """Return how those who look for something and are free at a time of the task stand to its roles."""
    inputs = match_inputs(now, only=pledges_in_time_for(opportunity_id), also=[opportunity_id])
    columns = np.flatnonzero(inputs.tasks == opportunity_id)
    rows: Ints = np.arange(len(inputs.pledges))
    pairs = Pairs(volunteer=np.tile(rows, len(columns)), opportunity=np.repeat(columns, len(rows)))
    return _ranked(inputs, pairs)


def suggestion(pledge_id: int, role: Role, now: datetime) -> Suggestion | None:
    """Return how this pledge stands to this role, None if nobody is sought there any more."""
    found = tasks_for(pledge_id, [role.opportunity_id], now)
    return next((each for each in (*found.best, *found.others) if each.role_id == role.pk), None)


def _ranked(inputs: MatchInputs, pairs: Pairs, *, all_of_them: bool = False) -> Suggestions:
    points, closed = scores(inputs.problem, pairs), _gates_closed(inputs, pairs)
    order = np.lexsort((np.arange(len(points)), -points, closed))
    best, others = order[closed[order] == 0], order[closed[order] > 0]
    most_best, most_others = (ALL_SHOWN, ALL_SHOWN) if all_of_them else (BEST_SHOWN, OTHERS_SHOWN)
    left_out = max(0, len(best) - most_best) + max(0, len(others) - most_others)
    return Suggestions(
        _shown(inputs, pairs, points, best[:most_best]),
        _shown(inputs, pairs, points, others[:most_others]),
        left_out,
    )


def _gates_closed(inputs: MatchInputs, pairs: Pairs) -> Ints:
    left = remaining(inputs.problem)
    closed: Ints = np.zeros(len(pairs.volunteer), np.int64)
    for gate in GATES.values():
        closed += ~gate(inputs.problem, left, pairs.volunteer, pairs.opportunity)
    return closed


def _shown(inputs: MatchInputs, pairs: Pairs, points: Ints, lines: Ints) -> list[Suggestion]:
    chosen = Pairs(volunteer=pairs.volunteer[lines], opportunity=pairs.opportunity[lines])
    standings = standings_of_pairs(inputs.problem, chosen)
    found = zip(reasons(inputs.problem, chosen), standings, strict=True)
    columns: tuple[Any, ...] = (
        inputs.pledges[chosen.volunteer].tolist(),
        inputs.tasks[chosen.opportunity].tolist(),
        inputs.roles[chosen.opportunity].tolist(),
        points[lines].tolist(),
        [_true_reasons(each, standing) for each, standing in found],
        standings,
    )
    return [Suggestion(*line) for line in zip(*columns, strict=True)]


def _true_reasons(found: tuple[Reason, ...], standing: Standing) -> list[StoredReason]:
    """Nobody is told to be free at a time at which they are not."""
    is_free = standing.codes.isdisjoint({Refusal.TIME, BUSY})
    return [stored(reason) for reason in found if is_free or reason.code != ReasonCode.FREE_ON]
