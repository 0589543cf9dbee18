"""Find prices at which demand meets the places: the bundle auction, from coarse bids to fine ones.

Dualise the places with a price per opportunity; each volunteer then has a tiny exact problem of their own.
Bertsekas and Castañón 1989 (transportation), Bertsekas, Castañón and Tsaknakis 1993 (inequality constraints).
Overlapping slots and limits on hours break gross substitutes; that is the remainder to the bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from volunteers.matching.board import HANDS, NO_PRICE
from volunteers.matching.edges import best_first, pointer, rank
from volunteers.matching.market import Hall, as_mask
from volunteers.matching.mending import Roster
from volunteers.matching.problem import Bools, Ints


class Round(NamedTuple):
    """One auction from nothing held. fraction: its bid increment is the best score divided by this.

    step_back: prices start so many increments of the round before below where it ended, since a coarse round
    overshoots.
    """

    fraction: int
    step_back: int


ROUNDS = (Round(5, 0), Round(20, 1), Round(100, 2), Round(500, 3), Round(2000, 4))
FIRST_FINE = 3
"""The round from which on the result may be good enough."""

Settling = tuple[int, Round]

SETTLED_ROUNDS: tuple[Settling, ...] = (
    (3, Round(500, 4)),
    (5, Round(100, 2)),
    (8, Round(500, 4)),
    (8, Round(2000, 16)),
    (13, Round(100, 2)),
    (13, Round(500, 2)),
)
"""With how much patience prices settle, and the auction that starts from them; the next follows while the
result is not good enough.
"""

CHAIN = 128
"""Volunteers who may move one after the other to fill a single place."""


class Clearing(NamedTuple):
    """held (E): the edges held. price, rivalry (m): the lowest bid held and the highest turned away, NO_PRICE
    where no place is left; the first bounds a large market more closely, the second a small one.
    """

    held: Bools
    price: Ints
    rivalry: Ints


class Outcome(NamedTuple):
    """What an auction leaves of its book, whose other columns need not be kept: price, rivalry (m), held (E),
    mine (3 n).
    """

    price: Ints
    rivalry: Ints
    held: Bools
    mine: Ints


def clear(hall: Hall, order: Ints, at_once: int) -> Iterator[Clearing]:
    """Yield what the first fine round finds, and whoever asks again what the finer ones do.

    `order` (n) says who arrives when, `at_once` how many together. Only what was turned away is carried over
    to the next round, and lowered: a price that nobody else would pay spoils the bound and scares off who bid
    it.
    """
    shut = hall.left.places == 0
    rivalry = np.zeros(len(shut), np.int64)
    epsilon = 0
    top = hall.top
    for number, turn in enumerate(ROUNDS):
        opening = np.where(shut, NO_PRICE, np.maximum(rivalry - turn.step_back * epsilon, 0))
        epsilon = max(top // turn.fraction, 1)
        left = _auctioned(hall, opening, order, epsilon, at_once)
        rivalry = np.maximum(left.rivalry, opening)
        if number >= FIRST_FINE:
            yield Clearing(mended(hall, left, epsilon), left.price, rivalry)


def clear_settled(hall: Hall, order: Ints, at_once: int, price: Ints, turn: Round) -> Bools:
    """What the auction finds (E) from just below prices (m) at which demand meets the places already."""
    epsilon = max(hall.top // turn.fraction, 1)
    lowered = np.maximum(price - turn.step_back * epsilon, 0)
    left = _auctioned(hall, np.where(hall.left.places > 0, lowered, NO_PRICE), order, epsilon, at_once)
    return rearranged(hall, mended(hall, left, epsilon), order)


def _auctioned(hall: Hall, opening: Ints, order: Ints, epsilon: int, at_once: int) -> Outcome:
    book = hall.open_book(opening, order)
    hall.engine.auction(hall.market, book, epsilon, at_once)
    price, rivalry, mine = (np.asarray(column, np.int64) for column in (book.price, book.rivalry, book.mine))
    return Outcome(price, rivalry, as_mask(book.held), mine)


def mended(hall: Hall, left: Outcome, epsilon: int) -> Bools:
    """Fill the places that were given up although they have a price; nobody who holds one is left without."""
    edges, places = hall.edges, hall.left.places
    price, held = left.price, left.held
    empty = places - np.bincount(edges.opportunity[held], minlength=len(places))
    holes = np.repeat(np.arange(len(places)), np.where(price > 0, empty, 0))
    if not len(holes):
        return held
    by_opportunity = best_first(edges.opportunity, edges.score, len(places), kept=hall.kept)
    roster = Roster._make(
        hall.pack(
            pointer(edges.opportunity, len(places), hall.kept),
            by_opportunity,
            left.mine,
            held.astype(np.int8),
            price.copy(),
            np.zeros(CHAIN, np.int64),
            np.zeros(CHAIN, np.int64),
        )
    )
    (packed_holes,) = hall.pack(holes)
    hall.engine.mend_all(hall.market, roster, packed_holes, epsilon)
    return as_mask(roster.held)


def rearranged(hall: Hall, held: Bools, order: Ints) -> Bools:
    """Let everybody, in `order`, exchange what they hold for the best of that and of what is free, until
    nobody gains. Where people take several tasks, places stay free that only fit beside other ones than are
    held.
    """
    edges, places = hall.edges, hall.left.places
    rows = np.flatnonzero(held)
    volunteer = edges.volunteer[rows]
    taken = np.bincount(edges.opportunity[rows], minlength=len(places))
    mine = np.full(HANDS * len(order), -1)
    mine[HANDS * volunteer + rank(volunteer)] = rows
    columns = hall.pack(np.where(taken < places, 0, NO_PRICE), mine, taken, held.astype(np.int8))
    book = hall.open_book(np.zeros(len(places), np.int64), order)
    book = book._replace(**dict(zip(("price", "mine", "taken", "held"), columns, strict=True)))
    hall.engine.rearrange_all(hall.market, book)
    return as_mask(book.held)
