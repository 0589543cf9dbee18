"""Hold the bound against how many can be placed at all: what prices of single places cannot tell.

Where people take several tasks, half a placement may go round in a circle: people are each half at one task
and half at another, and prices find nothing wrong with it. All placements together are a whole number. If no
more than so many fit (a cut of rank one, Chvátal 1973), each pays a toll and that many tolls are given back,
which lowers the bound and keeps it one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from volunteers.matching.board import NO_PRICE
from volunteers.matching.market import Hall, open_hall
from volunteers.matching.problem import Ints
from volunteers.matching.settling import settled
from volunteers.matching.solution import WORTH, Count, Solution

PATIENCE_TO_COUNT = 12
PATIENCE = 4
TRIES = 14
"""Tolls that are tried: from none in wide steps first, then in ever smaller ones."""


def counted(hall: Hall, found: Solution) -> Solution:
    """Return `found`, which has no cases yet, with the lowest bound that a toll leaves, if that is lower."""
    places = hall.left.places
    most, each = _most(hall, len(found.volunteer))
    empty = int(places[places > 0].sum()) - most
    if empty <= 0:
        return found
    bound, prices, toll = _tolled(hall, found, empty)
    if bound >= found.bound:
        return found
    asked = np.where(places > 0, prices + toll, NO_PRICE)
    return replace(found, bound=bound, count=Count(most, toll, each, asked))


def _most(hall: Hall, known: int) -> tuple[int, Ints]:
    """How many placements fit at most, `known` of which are found, and the prices that prove it."""
    edges = hall.edges
    alike = replace(edges, score=np.full_like(edges.score, WORTH))
    flat = open_hall(hall.opportunities, hall.left, alike, hall.engine)
    start = np.where(hall.left.places > 0, WORTH // 2, NO_PRICE)
    bound, each = settled(flat, start, WORTH * known, PATIENCE_TO_COUNT)
    return bound // WORTH, each


def _tolled(hall: Hall, found: Solution, empty: int) -> tuple[int, Ints, int]:
    """The lowest bound found, the prices beside the toll, and the toll; `empty` places stay so at least."""
    is_open = hall.left.places > 0
    bound, prices, toll = found.bound, found.prices, 0
    tried, step = {0}, hall.top // 4
    while step and len(tried) <= TRIES:
        for other in (toll + step, toll - step):
            if other < 0 or other in tried:
                continue
            tried.add(other)
            start = np.where(is_open, np.maximum(prices + toll - other, 0), NO_PRICE)
            lower, at = settled(hall, start, found.score, PATIENCE, other, other * empty)
            if lower < bound:
                bound, prices, toll = lower, at, other
                break
        else:
            step //= 2
    return bound, prices, toll
