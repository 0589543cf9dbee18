"""Why a pair fits, and why one does not, as named codes: the words are the caller's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from volunteers.matching import gates
from volunteers.matching.candidates import QUARTERS_PER_DAY
from volunteers.matching.gates import Refusal
from volunteers.matching.geography import metres_between
from volunteers.matching.problem import Pairs, Problem
from volunteers.matching.remaining import remaining

FEW_FILLED = 2
"""`NEEDS_YOU` is said while the places filled, times this, are at most the places."""


class ReasonCode(StrEnum):
    """What a reason says, and its values."""

    FREE_ON = "free_on"  # weekdays of the slots, 0 is Monday
    FLEXIBLE = "flexible"  # none: no fixed time
    DISTANCE = "distance"  # metres
    FIELD = "field"  # the index of a field the volunteer chose
    DISTRICT = "district"  # the index of a district the volunteer chose
    LANGUAGE = "language"  # bits of the languages asked for that the volunteer speaks
    SKILL = "skill"  # bits of the skills asked for
    AGE_GROUP = "age_group"  # bits of the groups that the volunteer chose
    NEEDS_YOU = "needs_you"  # places filled, places


@dataclass(frozen=True, slots=True)
class Reason:
    code: ReasonCode
    values: tuple[int, ...] = ()


def reasons(problem: Problem, pairs: Pairs) -> list[tuple[Reason, ...]]:
    """The reasons for each pair, in the order of `ReasonCode`."""
    metres = metres_between(problem, pairs.volunteer, pairs.opportunity).tolist()
    filled = np.bincount(problem.confirmed.opportunity, minlength=len(problem.opportunities)).tolist()
    rows = zip(pairs.volunteer.tolist(), pairs.opportunity.tolist(), metres, strict=True)
    return [tuple(_reasons(problem, i, j, distance, filled[j])) for i, j, distance in rows]


def refusals(problem: Problem, volunteer: int, opportunity: int) -> tuple[Refusal, ...]:
    """Every gate that is closed for this pair, in the order of `Refusal`; empty when it is possible."""
    return gates.refusals(problem, remaining(problem), volunteer, opportunity)


def bits(mask: int) -> tuple[int, ...]:
    return tuple(bit for bit in range(mask.bit_length()) if mask >> bit & 1)


def _reasons(problem: Problem, i: int, j: int, metres: int, filled: int) -> list[Reason]:
    volunteers, opportunities = problem.volunteers, problem.opportunities
    slots = opportunities.slot_start[opportunities.slot_ptr[j] : opportunities.slot_ptr[j + 1]]
    weekdays = tuple(sorted(set((slots // QUARTERS_PER_DAY).tolist())))
    found = [Reason(ReasonCode.FREE_ON, weekdays) if weekdays else Reason(ReasonCode.FLEXIBLE)]
    if metres >= 0:
        found.append(Reason(ReasonCode.DISTANCE, (metres,)))
    for code, chosen, index in (
        (ReasonCode.FIELD, volunteers.fields[i], opportunities.field[j]),
        (ReasonCode.DISTRICT, volunteers.districts[i], opportunities.district[j]),
    ):
        if index >= 0 and chosen >> index & 1:
            found.append(Reason(code, (int(index),)))
    for code, has, asked in (
        (ReasonCode.LANGUAGE, volunteers.languages[i], opportunities.languages[j]),
        (ReasonCode.SKILL, volunteers.skills[i], opportunities.skills[j]),
        (ReasonCode.AGE_GROUP, volunteers.age_groups[i], opportunities.age_groups[j]),
    ):
        if has & asked:
            found.append(Reason(code, bits(int(has & asked))))
    places = int(opportunities.places[j])
    if filled * FEW_FILLED <= places:
        found.append(Reason(ReasonCode.NEEDS_YOU, (filled, places)))
    return found
