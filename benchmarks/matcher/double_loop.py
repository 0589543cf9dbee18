"""The baseline for candidates: every person against every task, rule by rule. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from math import hypot

from volunteers.matching.geography import flat
from volunteers.matching.problem import Problem
from volunteers.matching.remaining import Remaining


def possible_pairs(problem: Problem, left: Remaining, people: Iterable[int]) -> list[tuple[int, int]]:
    """The possible pairs of these rows. For tasks with one weekly slot that ask for skills alone."""
    volunteers, needs = problem.volunteers, problem.opportunities
    north, east = (axis.tolist() for axis in flat(volunteers.lat, volunteers.lon, needs))
    there_north, there_east = (axis.tolist() for axis in flat(needs.lat, needs.lon, needs))
    pointer = left.window_ptr.tolist()
    windows = list(zip(left.window_start.tolist(), left.window_end.tolist(), strict=True))
    placements, hours = left.placements.tolist(), left.hours.tolist()
    reach, has = (volunteers.max_km * 1000).tolist(), volunteers.skills.tolist()
    start, end, effort = needs.slot_start.tolist(), needs.slot_end.tolist(), needs.effort.tolist()
    places, skills = left.places.tolist(), needs.skills.tolist()
    closed = {
        pair
        for pairs in (problem.forbidden, problem.confirmed)
        for pair in zip(pairs.volunteer.tolist(), pairs.opportunity.tolist(), strict=True)
    }
    found = []
    tasks = range(len(needs))
    for i in people:
        if not placements[i]:
            continue
        mine = windows[pointer[i] : pointer[i + 1]]
        for j in tasks:
            first, last = start[j], end[j]
            for opens, closes in mine:
                if opens <= first and last <= closes:
                    break
            else:
                continue
            if not places[j] or effort[j] > hours[i] or skills[j] & ~has[i]:
                continue
            if (
                round(hypot(north[i] - there_north[j], east[i] - there_east[j])) > reach[i]
                or (i, j) in closed
            ):
                continue
            found.append((i, j))
    return found
