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
from volunteers.matching.remaining import Remaining, remaining

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
    SKILL = "skill"  # bits of the skills asked for that the volunteer has
    LEARNS = "learns"  # bits of the skills asked for that the volunteer wants to learn
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


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A closed gate and what it misses.

    Values: TIME (start, end) of each slot not covered, in quarter hours of the week; HOURS the effort in
    quarter hours; DISTANCE metres; AGE years; SKILL, LANGUAGE, AGE_GROUP bits; of any other gate none.
    """

    refusal: Refusal
    values: tuple[int, ...] = ()


def obstacles(problem: Problem, pairs: Pairs) -> list[tuple[Obstacle, ...]]:
    """What each pair misses, in the order of `Refusal`; empty where the pair is possible."""
    left = remaining(problem)
    lines = zip(pairs.volunteer.tolist(), pairs.opportunity.tolist(), strict=True)
    return [
        tuple(
            Obstacle(refusal, _missed(problem, left, refusal, i, j))
            for refusal in gates.refusals(problem, left, i, j)
        )
        for i, j in lines
    ]


def _missed(problem: Problem, left: Remaining, refusal: Refusal, i: int, j: int) -> tuple[int, ...]:
    opportunities, pair = problem.opportunities, (np.array([i]), np.array([j]))
    if refusal == Refusal.TIME:
        _, slot = gates.uncovered_slots(problem, left, *pair)
        ends = np.stack([opportunities.slot_start[slot], opportunities.slot_end[slot]], axis=1)
        return tuple(ends.ravel().tolist())
    if refusal == Refusal.SKILL:
        return bits(int(gates.missing_skills(problem, *pair)[0]))
    if refusal == Refusal.DISTANCE:
        return (int(metres_between(problem, *pair)[0]),)
    masks = {Refusal.LANGUAGE: opportunities.languages, Refusal.AGE_GROUP: opportunities.age_groups}
    if refusal in masks:
        return bits(int(masks[refusal][j]))
    amounts = {Refusal.HOURS: opportunities.effort, Refusal.AGE: opportunities.min_age}
    return (int(amounts[refusal][j]),) if refusal in amounts else ()


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
        (ReasonCode.LEARNS, volunteers.learning[i] & ~volunteers.skills[i], opportunities.skills[j]),
        (ReasonCode.AGE_GROUP, volunteers.age_groups[i], opportunities.age_groups[j]),
    ):
        if has & asked:
            found.append(Reason(code, bits(int(has & asked))))
    places = int(opportunities.places[j])
    if filled * FEW_FILLED <= places:
        found.append(Reason(ReasonCode.NEEDS_YOU, (filled, places)))
    return found
