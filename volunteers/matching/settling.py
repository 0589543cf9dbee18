"""Lower the bound: move prices until about as many people want each task as it has places.

Where people give tasks up again, for hours or for slots that meet, the auction leaves prices that nobody
pays. Here they follow demand alone, along the subgradient (Held and Karp 1971), in steps of Polyak's width
(1969) and with some of the way before (Camerini, Fratta and Maffioli 1975).
"""

from __future__ import annotations

import numpy as np

from volunteers.matching.board import NO_PRICE, Book
from volunteers.matching.market import Hall
from volunteers.matching.problem import Ints

STEPS_OF_PATIENCE = 14
"""Steps for each step that may be idle."""

WHOLE = 16
"""What one place too few or too many counts, so that three quarters of the way before are whole numbers."""


def settled(hall: Hall, price: Ints, score: int, patience: int) -> tuple[int, Ints]:
    """Return the lowest bound found from `price` (m) and the prices behind it.

    `score`, of the best assignment known, tells how far the bound may still fall. After `patience` steps that
    do not lower it the next start from the best prices and are half as wide. All in whole numbers, so that
    every machine takes the same steps.
    """
    places = hall.left.places
    book = hall.open_book(np.where(places > 0, 0, NO_PRICE), np.arange(len(hall.most)))
    best, at = _bound_and_lack(hall, book, price)[0], price
    way, width, idle = np.zeros_like(places), 0, 0
    for _ in range(STEPS_OF_PATIENCE * patience):
        bound, lack = _bound_and_lack(hall, book, price)
        idle = 0 if bound < best else idle + 1
        if bound < best:
            best, at = bound, price
        elif idle == patience:
            price, way, width, idle = at, np.zeros_like(way), width + 1, 0
            bound, lack = _bound_and_lack(hall, book, price)
        way = WHOLE * lack + way * 3 // 4
        length = int((way * way).sum())
        if length == 0:
            break
        moved = price + way * (WHOLE * (bound - score >> width)) // length
        price = np.where(places > 0, np.maximum(moved, 0), NO_PRICE)
    return best, at


def _bound_and_lack(hall: Hall, book: Book, price: Ints) -> tuple[int, Ints]:
    """L(p), see `certificate`, and how many places each task lacks (m): fewer than none are left over, unless
    it costs nothing already.
    """
    places = hall.left.places
    (book.price[:],) = hall.pack(price)
    bound = int(hall.engine.demand(hall.market, book)) + int(np.sum(np.where(places > 0, places * price, 0)))
    lack = np.asarray(book.taken, np.int64) - places
    return bound, np.where((price == 0) & (lack < 0), 0, lack)
