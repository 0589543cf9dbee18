"""Find prices at which demand meets the places: the bundle auction, from coarse bids to fine ones.

Dualise the places with a price per opportunity; each volunteer then has a tiny exact problem of their own.
Bertsekas and Castañón 1989 (transportation), Bertsekas, Castañón and Tsaknakis 1993 (inequality constraints).
Overlapping slots and limits on hours break gross substitutes; that is the remainder to the bound.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from volunteers.matching.kernel import NO_PRICE, slots_meet
from volunteers.matching.market import Hall, as_mask
from volunteers.matching.problem import Bools, Ints

FRACTIONS = (10, 40, 500)
"""The bid increment of each round, as a fraction of the best score."""


def clear(hall: Hall, order: Ints) -> tuple[Ints, Bools]:
    """Prices (m), NO_PRICE where no place is left, and the edges held (E).

    A coarse round overshoots by its own increment; the next starts two and a half increments lower, from nothing held.
    """
    shut = hall.left.places == 0
    price = np.zeros(len(shut), np.int64)
    held = np.zeros(len(hall.edges), np.bool_)
    epsilon = 0
    top = int(hall.edges.score.max(initial=0))
    for fraction in FRACTIONS:
        price = np.where(shut, NO_PRICE, np.maximum(price - epsilon * 5 // 2, 0))
        epsilon = max(top // fraction, 1)
        book = hall.open_book(price, order)
        hall.engine.auction(hall.market, book, epsilon, len(order))
        price, held = np.asarray(book.price, np.int64), as_mask(book.held)
    return price, topped_up(hall, held)


def topped_up(hall: Hall, held: Bools) -> Bools:
    """Fill places given up late, best score first, without moving anybody: it only ever adds."""
    edges, left = hall.edges, hall.left
    places = left.places - np.bincount(edges.opportunity[held], minlength=len(left.places))
    room = hall.most - np.bincount(edges.volunteer[held], minlength=len(hall.most))
    open_ = np.flatnonzero(~held & (places[edges.opportunity] > 0) & (room[edges.volunteer] > 0))
    taken: dict[int, list[int]] = defaultdict(list)
    busy = np.isin(edges.volunteer, edges.volunteer[open_]) & held
    for i, j in zip(edges.volunteer[busy].tolist(), edges.opportunity[busy].tolist(), strict=True):
        taken[i].append(j)
    held = held.copy()
    for e in open_[np.argsort(-edges.score[open_], kind="stable")].tolist():
        i, j = int(edges.volunteer[e]), int(edges.opportunity[e])
        if places[j] > 0 and room[i] > 0 and _fits(hall, i, j, taken[i]):
            held[e] = True
            places[j] -= 1
            room[i] -= 1
            taken[i].append(j)
    return held


def _fits(hall: Hall, volunteer: int, opportunity: int, taken: list[int]) -> bool:
    effort = sum(hall.market.effort[j] for j in (*taken, opportunity))
    return effort <= hall.left.hours[volunteer] and not any(slots_meet(hall.market, opportunity, j) for j in taken)
