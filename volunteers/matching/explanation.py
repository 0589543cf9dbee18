"""Why a pair fits, and why one does not, as named codes: the words are the caller's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import NamedTuple

import numpy as np

from volunteers.matching import gates
from volunteers.matching.candidates import QUARTERS_PER_DAY
from volunteers.matching.gates import Refusal
from volunteers.matching.geography import metres_between
from volunteers.matching.problem import NONE, Ints, Opportunities, Pairs, Problem
from volunteers.matching.remaining import Remaining, filled, remaining
from volunteers.matching.score import prefers

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


class Reason(NamedTuple):
    """A `ReasonCode`, or a code of the caller's own, and its values."""

    code: str
    values: tuple[int, ...] = ()


def reasons(problem: Problem, pairs: Pairs) -> list[tuple[Reason, ...]]:
    """The reasons for each pair, in the order of `ReasonCode`; equal ones are one object."""
    volunteers, opportunities = problem.volunteers, problem.opportunities
    row, column = pairs.volunteer, pairs.opportunity
    taken, places = filled(problem), opportunities.places
    skills = opportunities.skills[column]
    in_need = taken * FEW_FILLED <= places
    told = (
        _each(_weekdays(opportunities)[column], _free),
        _of_index(ReasonCode.DISTANCE, metres_between(problem, row, column)),
        _of_index(ReasonCode.FIELD, _wanted(volunteers.fields[row], opportunities.field[column])),
        _of_index(ReasonCode.DISTRICT, _wanted(volunteers.districts[row], opportunities.district[column])),
        _of_bits(ReasonCode.LANGUAGE, volunteers.languages[row] & opportunities.languages[column]),
        _of_bits(ReasonCode.SKILL, volunteers.skills[row] & skills),
        _of_bits(ReasonCode.LEARNS, volunteers.learning[row] & ~volunteers.skills[row] & skills),
        _of_bits(ReasonCode.AGE_GROUP, volunteers.age_groups[row] & opportunities.age_groups[column]),
        _each(
            np.where(in_need[column], column, NONE),
            lambda j: None if j == NONE else Reason(ReasonCode.NEEDS_YOU, (int(taken[j]), int(places[j]))),
        ),
    )
    return [tuple(filter(None, line)) for line in zip(*told, strict=True)]


def _each(fact: Ints, reason: Callable[[int], Reason | None]) -> list[Reason | None]:
    """What `reason` makes of each fact, asked once for every different one, of which there are few."""
    facts = fact.tolist()
    made = {each: reason(each) for each in set(facts)}
    return [made[each] for each in facts]


def _of_index(code: ReasonCode, index: Ints) -> list[Reason | None]:
    return _each(index, lambda each: None if each == NONE else Reason(code, (each,)))


def _of_bits(code: ReasonCode, mask: Ints) -> list[Reason | None]:
    return _each(mask, lambda each: Reason(code, bits(each)) if each else None)


def _free(weekdays: int) -> Reason:
    return Reason(ReasonCode.FREE_ON, bits(weekdays)) if weekdays else Reason(ReasonCode.FLEXIBLE)


def _wanted(mask: Ints, index: Ints) -> Ints:
    """The index where its bit is set in the mask, else NONE."""
    return np.where(prefers(mask, index, default=False), index, NONE)


def _weekdays(opportunities: Opportunities) -> Ints:
    """The weekdays of each opportunity as bits, 0 is Monday."""
    row = np.repeat(np.arange(len(opportunities)), np.diff(opportunities.slot_ptr))
    found = np.zeros(len(opportunities), np.int64)
    np.bitwise_or.at(found, row, 1 << opportunities.slot_start // QUARTERS_PER_DAY)
    return found


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


@cache
def bits(mask: int) -> tuple[int, ...]:
    return tuple(bit for bit in range(mask.bit_length()) if mask >> bit & 1)
