"""Find prices at which demand meets the places: the bundle auction, from coarse bids to fine ones.

Dualise the places with a price per opportunity; each volunteer then has a tiny exact problem of their own.
Bertsekas and Castañón 1989 (transportation), Bertsekas, Castañón and Tsaknakis 1993 (inequality constraints).
Overlapping slots and limits on hours break gross substitutes; that is the remainder to the bound.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from volunteers.matching.edges import rank
from volunteers.matching.kernel import NO_PRICE
from volunteers.matching.market import Hall, as_mask
from volunteers.matching.mending import HANDS, Roster
from volunteers.matching.problem import Bools, Ints


class Round(NamedTuple):
    """One auction from nothing held. fraction: its bid increment is the best score divided by this.

    step_back: prices start so many increments of the round before below where it ended, since a coarse round
    overshoots. glance: edges from which a volunteer chooses, None for all; coarse prices need only be near.
    """

    fraction: int
    step_back: int
    glance: int | None


ROUNDS = (Round(10, 0, 8), Round(30, 1, 8), Round(150, 2, 8), Round(1000, 4, None))

CHAIN = 128
"""Volunteers who may move one after the other to fill a single place."""


def clear(hall: Hall, order: Ints) -> tuple[tuple[Ints, Ints], Bools]:
    """Prices (m) by the lowest bid held and by the highest turned away, both NO_PRICE where no place is left,
    and the edges held (E). The first bound a large market more closely, the second a small one.

    `order` (n) says who bids first. Only what was turned away is carried over to the next round, and lowered:
    a price that nobody else would pay spoils the bound and scares off who bid it.
    """
    shut = hall.left.places == 0
    price = rivalry = np.zeros(len(shut), np.int64)
    held = np.zeros(len(hall.edges), np.bool_)
    epsilon = 0
    top = int(hall.edges.score.max(initial=0))
    for turn in ROUNDS:
        opening = np.where(shut, NO_PRICE, np.maximum(rivalry - turn.step_back * epsilon, 0))
        epsilon = max(top // turn.fraction, 1)
        book = hall.open_book(opening, order, turn.glance)
        hall.engine.auction(hall.market, book, epsilon, len(order))
        price, held = np.asarray(book.price, np.int64), as_mask(book.held)
        rivalry = np.maximum(np.asarray(book.rivalry, np.int64), opening)
    return (price, rivalry), mended(hall, price, held, epsilon)


def mended(hall: Hall, price: Ints, held: Bools, epsilon: int) -> Bools:
    """Fill the places that were given up although they have a price; nobody who holds one is left without."""
    edges, places = hall.edges, hall.left.places
    empty = places - np.bincount(edges.opportunity[held], minlength=len(places))
    holes = np.repeat(np.arange(len(places)), np.where(price > 0, empty, 0))
    if not len(holes):
        return held
    rows = np.flatnonzero(held)
    mine = np.full(HANDS * len(hall.most), -1)
    mine[HANDS * edges.volunteer[rows] + rank(edges.volunteer[rows])] = rows
    narrow = np.uint16 if len(places) <= 1 << 16 else np.int64  # sixteen bits are sorted ten times as fast
    roster = Roster._make(
        hall.pack(
            np.concatenate([[0], np.cumsum(np.bincount(edges.opportunity, minlength=len(places)))]),
            np.argsort(edges.opportunity.astype(narrow), kind="stable"),
            mine,
            held.astype(np.int8),
            price.copy(),
            np.zeros(CHAIN, np.int64),
            np.zeros(CHAIN, np.int64),
        )
    )
    (packed_holes,) = hall.pack(holes)
    hall.engine.mend_all(hall.market, roster, packed_holes, epsilon)
    return as_mask(roster.held)
