"""Take some pairs for decided, one way or the other, and leave the rest of the market to be cleared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from volunteers.matching.board import HANDS
from volunteers.matching.edges import Edges, chosen, rank
from volunteers.matching.intervals import expand
from volunteers.matching.market import Hall, hulls, open_hall
from volunteers.matching.problem import NONE, Bools, Ints, Opportunities


def without(hall: Hall, taken: Ints, refused: Ints | None = None) -> Hall:
    """What is left of `hall` when the edges in rows `taken`, which keep all rules together, hold their
    places, and those in rows `refused` are not to be.
    """
    edges, left, effort = hall.edges, hall.left, hall.opportunities.effort
    volunteer, opportunity = edges.volunteer[taken], edges.opportunity[taken]
    people, tasks = len(left.placements), len(left.places)
    count = np.bincount(volunteer, minlength=people)
    spent = np.zeros(people, np.int64)
    np.add.at(spent, volunteer, effort[opportunity])
    rest = replace(
        left,
        unplaced=left.unplaced - count,
        placements=left.placements - count,
        hours=left.hours - spent,
        places=left.places - np.bincount(opportunity, minlength=tasks),
    )
    kept = (rest.placements[edges.volunteer] > 0) & (rest.places[edges.opportunity] > 0)
    kept &= effort[edges.opportunity] <= rest.hours[edges.volunteer]
    kept[taken] = False
    if refused is not None:
        kept[refused] = False
    rows = np.flatnonzero(kept)
    rows = rows[~_meets_own(hall.opportunities, edges, rows, taken, people)]
    return open_hall(hall.opportunities, rest, chosen(edges, rows), hall.engine)


def _meets_own(opportunities: Opportunities, edges: Edges, rows: Ints, taken: Ints, people: int) -> Bools:
    """Which of `rows` share time with an edge of their volunteer among those `taken`."""
    taken = np.sort(taken)
    mine = np.full((people, HANDS), NONE)
    mine[edges.volunteer[taken], rank(edges.volunteer[taken])] = edges.opportunity[taken]
    meets = np.zeros(len(rows), np.bool_)
    for hand in range(HANDS):
        other = mine[edges.volunteer[rows], hand]
        both = np.flatnonzero(other != NONE)
        meets[both] |= slots_meet(opportunities, edges.opportunity[rows[both]].astype(np.int64), other[both])
    return meets


def slots_meet(opportunities: Opportunities, one: Ints, other: Ints) -> Bools:
    """Whether any weekly slot of opportunity `one` overlaps one of `other`, pair by pair."""
    start, end = hulls(opportunities)
    near = np.flatnonzero((start[one] < end[other]) & (start[other] < end[one]))
    pair, slot = expand(opportunities.slot_ptr, one[near])
    again, against = expand(opportunities.slot_ptr, other[near][pair])
    start, end = opportunities.slot_start, opportunities.slot_end
    slot = slot[again]
    overlap = (start[slot] < end[against]) & (start[against] < end[slot])
    meets = np.zeros(len(one), np.bool_)
    meets[near[pair[again][overlap]]] = True
    return meets
