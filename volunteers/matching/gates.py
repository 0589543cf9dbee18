"""Hard gates: each says for pairs of rows which of them it lets pass. No score outweighs one."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from volunteers.matching.geography import metres_between
from volunteers.matching.intervals import expand
from volunteers.matching.problem import (
    CONTACT_WITH_MINORS,
    REQUIRES_CLEARANCE,
    WEEK,
    Bools,
    Ints,
    Pairs,
    Problem,
)
from volunteers.matching.remaining import Remaining

Gate: TypeAlias = Callable[[Problem, Remaining, Ints, Ints], Bools]


class Refusal(StrEnum):
    """Why a pair is not possible."""

    PAUSED = "paused"
    CONTACT_BUDGET = "contact_budget"
    NO_PLACEMENT_LEFT = "no_placement_left"
    NO_PLACE_LEFT = "no_place_left"
    TOO_FEW_PLACES = "too_few_places"
    FORBIDDEN = "forbidden"
    TIME = "time"
    HOURS = "hours"
    DISTANCE = "distance"
    CLEARANCE = "clearance"
    CONTACT_WITH_MINORS = "contact_with_minors"
    AGE = "age"
    AGE_GROUP = "age_group"
    SKILL = "skill"
    LANGUAGE = "language"


def not_paused(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    return ~problem.volunteers.paused[volunteer]


def may_be_asked(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    return problem.volunteers.offers_left[volunteer] > 0


def has_placement_left(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    return left.unplaced[volunteer] > 0


def has_place_left(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    """A place for somebody who comes alone; of a group `holds_all` tells."""
    return (left.places[opportunity] > 0) | (problem.volunteers.needed[volunteer] > 1)


def holds_all(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    """A place for every head of a group."""
    needed = problem.volunteers.needed[volunteer]
    return (needed == 1) | (left.places[opportunity] >= needed)


def allowed(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    """Neither forbidden nor confirmed already."""
    return ~_is_among((problem.forbidden, problem.confirmed), problem, volunteer, opportunity)


def covers_slots(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    """Every slot lies within one free window of the volunteer; flexible opportunities always pass."""
    pair, _ = uncovered_slots(problem, left, volunteer, opportunity)
    return np.bincount(pair, minlength=len(volunteer)) == 0


def uncovered_slots(
    problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints
) -> tuple[Ints, Ints]:
    """Position among the pairs and row of every slot that no free window of the volunteer holds."""
    opportunities = problem.opportunities
    week = WEEK + 1
    pair, slot = expand(opportunities.slot_ptr, opportunity)
    row = np.repeat(np.arange(len(problem.volunteers)), np.diff(left.window_ptr))
    last = np.searchsorted(
        left.window_start + row * week, opportunities.slot_start[slot] + volunteer[pair] * week, "right"
    )
    reach = np.concatenate([[0], left.window_end + row * week])[last]
    missing = reach < opportunities.slot_end[slot] + volunteer[pair] * week
    return pair[missing], slot[missing]


def has_hours(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    return problem.opportunities.effort[opportunity] <= left.hours[volunteer]


def within_reach(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    """Within the radius; an unknown position passes."""
    metres = metres_between(problem, volunteer, opportunity)
    return metres <= problem.volunteers.max_km[volunteer] * 1000


def shows_clearance(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    return _meets(problem, volunteer, opportunity, REQUIRES_CLEARANCE)


def wants_contact(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    return _meets(problem, volunteer, opportunity, CONTACT_WITH_MINORS)


def is_old_enough(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    """An unknown age passes only where no age is asked for."""
    least = problem.opportunities.min_age[opportunity]
    return (least == 0) | (problem.volunteers.age[volunteer] >= least)


def wants_age_group(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    """A group the person likes; for a chosen task the choice says more."""
    wanted, helped = problem.volunteers.age_groups[volunteer], problem.opportunities.age_groups[opportunity]
    passes = (wanted == 0) | (helped == 0) | ((wanted & helped) != 0)
    return passes | _is_among((problem.chosen,), problem, volunteer, opportunity)


def has_skills(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    return missing_skills(problem, volunteer, opportunity) == 0


def missing_skills(problem: Problem, volunteer: Ints, opportunity: Ints) -> Ints:
    """Mask of what is asked for and not there; of a chosen task, only what the person said not to have.

    Whoever picks a task and wants to learn it, or was never asked, is for people to judge.
    """
    volunteers = problem.volunteers
    missing = problem.opportunities.skills[opportunity] & ~volunteers.skills[volunteer]
    is_chosen = _is_among((problem.chosen,), problem, volunteer, opportunity)
    return np.where(is_chosen, missing & volunteers.lacking[volunteer], missing)


def speaks_a_language(problem: Problem, left: Remaining, volunteer: Ints, opportunity: Ints) -> Bools:
    asked = problem.opportunities.languages[opportunity]
    return (asked == 0) | ((asked & problem.volunteers.languages[volunteer]) != 0)


def _is_among(lists: tuple[Pairs, ...], problem: Problem, volunteer: Ints, opportunity: Ints) -> Bools:
    width = len(problem.opportunities)
    listed = np.concatenate([pairs.volunteer * width + pairs.opportunity for pairs in lists])
    if not len(listed):
        return np.zeros(len(volunteer), np.bool_)
    return np.isin(volunteer * width + opportunity, listed)


def _meets(problem: Problem, volunteer: Ints, opportunity: Ints, bit: int) -> Bools:
    return (problem.opportunities.requires[opportunity] & ~problem.volunteers.meets[volunteer] & bit) == 0


GATES: dict[Refusal, Gate] = {
    Refusal.PAUSED: not_paused,
    Refusal.CONTACT_BUDGET: may_be_asked,
    Refusal.NO_PLACEMENT_LEFT: has_placement_left,
    Refusal.NO_PLACE_LEFT: has_place_left,
    Refusal.TOO_FEW_PLACES: holds_all,
    Refusal.FORBIDDEN: allowed,
    Refusal.TIME: covers_slots,
    Refusal.HOURS: has_hours,
    Refusal.DISTANCE: within_reach,
    Refusal.CLEARANCE: shows_clearance,
    Refusal.CONTACT_WITH_MINORS: wants_contact,
    Refusal.AGE: is_old_enough,
    Refusal.AGE_GROUP: wants_age_group,
    Refusal.SKILL: has_skills,
    Refusal.LANGUAGE: speaks_a_language,
}


def refusals(problem: Problem, left: Remaining, volunteer: int, opportunity: int) -> tuple[Refusal, ...]:
    """Every gate that closes for this pair, in the order of `Refusal`; empty when the pair is possible."""
    rows = np.array([volunteer]), np.array([opportunity])
    return tuple(refusal for refusal, gate in GATES.items() if not gate(problem, left, *rows)[0])
