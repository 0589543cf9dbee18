"""The baseline: take the possible pairs by score, best first, wherever they still fit. Plain Python."""

from __future__ import annotations

from volunteers.matching.edges import Edges
from volunteers.matching.problem import Problem
from volunteers.matching.remaining import Remaining


def greedy(problem: Problem, left: Remaining, edges: Edges) -> list[int]:
    """Rows of `edges` chosen. For opportunities with one weekly slot."""
    volunteer, opportunity, score = edges.volunteer.tolist(), edges.opportunity.tolist(), edges.score.tolist()
    places, room, hours = left.places.tolist(), left.placements.tolist(), left.hours.tolist()
    start, end = problem.opportunities.slot_start.tolist(), problem.opportunities.slot_end.tolist()
    effort = problem.opportunities.effort.tolist()
    taken: list[list[int]] = [[] for _ in room]
    chosen = []
    for row in sorted(range(len(score)), key=score.__getitem__, reverse=True):
        j = opportunity[row]
        if not places[j]:
            continue
        i = volunteer[row]
        if not room[i] or effort[j] > hours[i]:
            continue
        if any(start[j] < end[other] and start[other] < end[j] for other in taken[i]):
            continue
        places[j] -= 1
        room[i] -= 1
        hours[i] -= effort[j]
        taken[i].append(j)
        chosen.append(row)
    return chosen
