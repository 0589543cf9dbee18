"""Lower the bound: move prices until about as many people want each task as it has places.

Where people give tasks up again, for hours or for slots that meet, the auction leaves prices that nobody
pays. Here they follow demand alone, along the subgradient (Held and Karp 1971), in steps of Polyak's width
(1969) and with some of the way before (Camerini, Fratta and Maffioli 1975).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from volunteers.matching.board import NO_PRICE, Book
from volunteers.matching.market import Hall
from volunteers.matching.problem import Ints, Narrow

STEPS_OF_PATIENCE = 14
"""Steps for each step that may be idle."""

WHOLE = 16
"""What one place too few or too many counts, so that three quarters of the way before are whole numbers."""

WHOLE_LACK = 256
"""The same where the way is that of many steps together: fine enough, and with FARTHEST no step leaves 63
bits, however many want the same.
"""

FARTHEST = 1 << 20


def settled(
    hall: Hall, price: Ints, score: int, patience: int, toll: int = 0, back: int = 0
) -> tuple[int, Ints]:
    """Return the lowest bound found from `price` (m) and the prices behind it.

    `score`, of the best assignment known, tells how far the bound may still fall. Each placement costs `toll`
    beside its price, and all of them together give `back`. After `patience` steps that do not lower the bound
    the next start from the best prices and are half as wide. All in whole numbers, so that
    every machine takes the same steps.
    """
    places = hall.left.places
    book = hall.open_book(np.where(places > 0, 0, NO_PRICE), np.arange(len(hall.most)))
    best, at = _bound_and_lack(hall, book, price, toll, back)[0], price
    way, width, idle = np.zeros_like(places), 0, 0
    for _ in range(STEPS_OF_PATIENCE * patience):
        bound, lack = _bound_and_lack(hall, book, price, toll, back)
        idle = 0 if bound < best else idle + 1
        if bound < best:
            best, at = bound, price
        elif idle == patience:
            price, way, width, idle = at, np.zeros_like(way), width + 1, 0
            bound, lack = _bound_and_lack(hall, book, price, toll, back)
        way = WHOLE * lack + way * 3 // 4
        length = int((way * way).sum())
        if length == 0:
            break
        moved = price + way * (WHOLE * (bound - score >> width)) // length
        price = np.where(places > 0, np.maximum(moved, 0), NO_PRICE)
    return best, at


def _bound_and_lack(hall: Hall, book: Book, price: Ints, toll: int = 0, back: int = 0) -> tuple[int, Ints]:
    """L(p), see `certificate`, and how many places each task lacks (m): fewer than none are left over, unless
    it costs nothing but the toll already.
    """
    places = hall.left.places
    asked = price + toll
    (book.price[:],) = hall.pack(asked)
    bound = int(hall.engine.demand(hall.market, book)) + int(np.sum(np.where(places > 0, places * asked, 0)))
    lack = np.asarray(book.taken, np.int64) - places
    return bound - back, np.where((price == 0) & (lack < 0), 0, lack)


class View(NamedTuple):
    """How demand is watched: for how many steps, over about how many of the last, and after how many idle
    ones steps become half as wide.
    """

    steps: int
    memory: int
    patience: int


ONE = 1 << 16
"""The share of an edge that is always wanted."""


class Demand(NamedTuple):
    """The lowest `bound` seen, the `price` (m) behind it, and how often each edge was wanted (E), of ONE."""

    bound: int
    price: Ints
    share: Narrow


def watched(hall: Hall, price: Ints, score: int, view: View) -> Demand:
    """Watch what people want while prices move about `price` (m): the volume algorithm (Barahona and Anbil
    2000), which steps from the best prices along the demand of the last steps together. What is nearly always
    wanted belongs to nearly every good assignment.
    """
    places = hall.left.places
    book = hall.open_book(np.where(places > 0, 0, NO_PRICE), np.arange(len(hall.most)))
    best, at = _bound_and_lack(hall, book, price)[0], price
    share = _wanted(hall, book)
    filled = ONE * np.asarray(book.taken, np.int64)
    width, idle = 1, 0
    for _ in range(view.steps):
        way = np.clip((filled - ONE * places) // WHOLE_LACK, -FARTHEST, FARTHEST)
        way = np.where((places <= 0) | ((at == 0) & (way < 0)), 0, way)
        length = int((way * way).sum())
        if length == 0:
            break
        moved = at + way * (ONE // WHOLE_LACK * (best - score) >> width) // length
        price = np.where(places > 0, np.maximum(moved, 0), NO_PRICE)
        bound = _bound_and_lack(hall, book, price)[0]
        share += (_wanted(hall, book) - share) >> view.memory
        filled += (ONE * np.asarray(book.taken, np.int64) - filled) >> view.memory
        idle += 1
        if bound < best:
            best, at, idle = bound, price, 0
        elif idle == view.patience:
            width, idle = width + 1, 0
    return Demand(best, at, share)


def _wanted(hall: Hall, book: Book) -> Narrow:
    """ONE for each edge (E) that was just demanded, else 0."""
    mine = np.asarray(book.mine, np.int64)
    share = np.zeros(len(hall.edges), np.int32)
    share[mine[mine >= 0]] = ONE
    return share
