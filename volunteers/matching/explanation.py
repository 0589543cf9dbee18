"""Why a pair fits, and why one does not, as named codes: the words are the caller's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise

import numpy as np

from volunteers.matching import gates
from volunteers.matching.candidates import QUARTERS_PER_DAY
from volunteers.matching.gates import Refusal
from volunteers.matching.geography import metres_between
from volunteers.matching.intervals import expand
from volunteers.matching.problem import NONE, Ints, Opportunities, Pairs, Problem
from volunteers.matching.remaining import Remaining, filled, remaining
from volunteers.matching.score import prefers

DAYS = 7

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
    volunteers, opportunities = problem.volunteers, problem.opportunities
    row, column = pairs.volunteer, pairs.opportunity
    taken = filled(problem)[column]
    places = opportunities.places[column]
    facts = (
        metres_between(problem, row, column),
        _wanted(volunteers.fields[row], opportunities.field[column]),
        _wanted(volunteers.districts[row], opportunities.district[column]),
        volunteers.languages[row] & opportunities.languages[column],
        volunteers.skills[row] & opportunities.skills[column],
        volunteers.learning[row] & ~volunteers.skills[row] & opportunities.skills[column],
        volunteers.age_groups[row] & opportunities.age_groups[column],
        np.where(taken * FEW_FILLED <= places, taken, NONE),
        places,
    )
    lines = zip(_weekdays(opportunities, column), *(fact.tolist() for fact in facts), strict=True)
    return [tuple(_reasons(*line)) for line in lines]


def _wanted(mask: Ints, index: Ints) -> Ints:
    """The index where its bit is set in the mask, else NONE."""
    return np.where(prefers(mask, index, default=False), index, NONE)


def _weekdays(opportunities: Opportunities, column: Ints) -> list[tuple[int, ...]]:
    """The weekdays of each opportunity in `column`, 0 is Monday."""
    pair, slot = expand(opportunities.slot_ptr, column)
    days = np.unique(pair * DAYS + opportunities.slot_start[slot] // QUARTERS_PER_DAY)
    ends = np.searchsorted(days, np.arange(len(column) + 1) * DAYS).tolist()
    weekday = (days % DAYS).tolist()
    return [tuple(weekday[begin:end]) for begin, end in pairwise(ends)]


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


def _reasons(
    weekdays: tuple[int, ...],
    metres: int,
    field: int,
    district: int,
    languages: int,
    skills: int,
    learns: int,
    age_groups: int,
    taken: int,
    places: int,
) -> Iterator[Reason]:
    yield Reason(ReasonCode.FREE_ON, weekdays) if weekdays else Reason(ReasonCode.FLEXIBLE)
    if metres >= 0:
        yield Reason(ReasonCode.DISTANCE, (metres,))
    if field != NONE:
        yield Reason(ReasonCode.FIELD, (field,))
    if district != NONE:
        yield Reason(ReasonCode.DISTRICT, (district,))
    if languages:
        yield Reason(ReasonCode.LANGUAGE, bits(languages))
    if skills:
        yield Reason(ReasonCode.SKILL, bits(skills))
    if learns:
        yield Reason(ReasonCode.LEARNS, bits(learns))
    if age_groups:
        yield Reason(ReasonCode.AGE_GROUP, bits(age_groups))
    if taken != NONE:
        yield Reason(ReasonCode.NEEDS_YOU, (taken, places))
