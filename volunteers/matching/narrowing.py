"""Narrow a market to what is unsure: what demand agrees on is taken for decided, the rest cleared anew.

Where people take several tasks an auction overshoots a little everywhere. Near the lowest bound most people
want the same at every step, and few waver: they alone bid again.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np

from volunteers.matching.deciding import without
from volunteers.matching.edges import best_first, rank
from volunteers.matching.market import Hall
from volunteers.matching.problem import Ints, Narrow
from volunteers.matching.rounds import cleared
from volunteers.matching.settling import ONE, View, watched
from volunteers.matching.solution import Method, Solution, better, together

VIEWS = (View(100, 4, 10), View(200, 5, 16), View(300, 6, 24))
SHARES = (ONE * 9 // 10, ONE * 8 // 10, ONE * 7 // 10)
"""An edge wanted more often than this is sure. Three of one person, each wanted for more than two thirds of
the time, were wanted together at some time, and so fit beside each other.
"""


def narrowed(hall: Hall, found: Solution, seed: int, method: Method) -> Solution:
    """Clear anew what is unsure, by each view and share, until that with what is sure is good enough."""
    for number, (view, least) in enumerate(product(VIEWS, SHARES), start=1):
        if found.is_good:
            break
        if least == SHARES[0]:
            bound, prices, share = watched(hall, found.prices, found.score, view)
        kept = sure(hall, share, least)
        rest = cleared(without(hall, kept), seed + number, method)
        found = better(found, replace(together(hall, kept, rest), bound=bound, prices=prices))
    return found


def sure(hall: Hall, share: Narrow, least: int) -> Ints:
    """Edges wanted more often than `least`, of each task no more than it has places."""
    places = hall.left.places
    rows = np.flatnonzero(share > least)
    rows = rows[best_first(hall.edges.opportunity[rows], share[rows], len(places))]
    opportunity = hall.edges.opportunity[rows]
    return np.sort(rows[rank(opportunity) < places[opportunity]])
