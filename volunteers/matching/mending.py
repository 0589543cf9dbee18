"""Inner loops, like `kernel`: fill places that were given up late, by moving volunteers along chains.

Volunteers whose slots overlap may give a place up when its price is too high for anybody to come back. Such
a hole goes to whom it helps most, who may leave one other place for it, which then is the hole: a reverse
auction, in which the prices of holes only fall.
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from typing import NamedTuple

from volunteers.matching.board import HANDS, NO_PRICE, Book, Market
from volunteers.matching.bundles import best_bundle, slots_meet, wanted

IMPOSSIBLE = -(1 << 40)


class Roster(NamedTuple):
    """row (m+1), edge (E): the edges of each opportunity, best score first. mine (3 n): edges each volunteer
    holds, -1 for a free hand. held (E). price (m): falls here. came, left (steps): the chain so far.
    """

    row: Sequence[int]
    edge: Sequence[int]
    mine: MutableSequence[int]
    held: MutableSequence[int]
    price: MutableSequence[int]
    came: MutableSequence[int]
    left: MutableSequence[int]


def fits_beside(market: Market, roster: Roster, e: int, but: int) -> bool:
    """Whether edge `e` fits beside what its volunteer holds, leaving out hand `but` (-1 for none)."""
    i, j = market.volunteer[e], market.opportunity[e]
    hours = market.hours[i] - market.effort[j]
    room = market.most[i] - 1
    for hand in range(HANDS):
        other = roster.mine[HANDS * i + hand]
        if hand == but or other < 0:
            continue
        held = market.opportunity[other]
        room -= 1
        hours -= market.effort[held]
        if slots_meet(market, j, held):
            return False
    return room >= 0 and hours >= 0


def best_move(market: Market, roster: Roster, e: int) -> tuple[int, int]:
    """What edge `e` adds, at prices, and the hand to be emptied for it (-1 for none needed)."""
    if fits_beside(market, roster, e, -1):
        return market.score[e], -1
    i = market.volunteer[e]
    best, which = IMPOSSIBLE, -1
    for hand in range(HANDS):
        other = roster.mine[HANDS * i + hand]
        if other < 0:
            continue
        value = market.score[e] - market.score[other] + roster.price[market.opportunity[other]]
        if value > best and fits_beside(market, roster, e, hand):
            best, which = value, hand
    return best, which


def swap(market: Market, roster: Roster, into: int, out: int) -> None:
    """Put edge `into` (-1 for none) where its volunteer holds `out` (-1 for a free hand)."""
    i = market.volunteer[into if into >= 0 else out]
    hand = HANDS * i
    while roster.mine[hand] != out:
        hand += 1
    roster.mine[hand] = into
    if into >= 0:
        roster.held[into] = 1
    if out >= 0:
        roster.held[out] = 0


def taker(market: Market, roster: Roster, j: int, moving: bool) -> tuple[int, int, int, int]:
    """Whom a place at opportunity `j` helps most: edge (-1 for nobody) and hand to be emptied (-1 for
    none), what that adds at prices, and what the next would add. Unless `moving`, only who need not leave a
    place. Leaving one hardly ever adds more than the score of the edge, so what scores less than the next
    best is not looked at.
    """
    into, which, best, following = -1, -1, 0, 0
    for at in range(roster.row[j], roster.row[j + 1]):
        e = roster.edge[at]
        if market.score[e] <= following:
            break
        if roster.held[e]:
            continue
        value, hand = best_move(market, roster, e)
        if hand >= 0 and not moving:
            continue
        if value > best:
            into, which, best, following = e, hand, value, best
        elif value > following:
            following = value
    return into, which, best, following


def mend(market: Market, roster: Roster, hole: int, epsilon: int) -> int:
    """Pass a hole at opportunity `hole` on until somebody fills it without leaving a place; return the gain.

    A chain that gains nothing, or has no end, is taken back; then whoever is free may still take the place.
    """
    j, gained, steps = hole, 0, 0
    while steps < len(roster.came):
        into, which, _, following = taker(market, roster, j, True)
        roster.price[j] = max(min(roster.price[j], following - epsilon), 0)
        if into < 0:
            break
        out = roster.mine[HANDS * market.volunteer[into] + which] if which >= 0 else -1
        swap(market, roster, into, out)
        roster.came[steps] = into
        roster.left[steps] = out
        steps += 1
        gained += market.score[into]
        if out < 0:
            if gained > 0:
                return gained
            break
        gained -= market.score[out]
        j = market.opportunity[out]
    while steps > 0:
        steps -= 1
        swap(market, roster, roster.left[steps], roster.came[steps])
    into = taker(market, roster, hole, False)[0]
    if into < 0:
        return 0
    swap(market, roster, into, -1)
    return market.score[into]


def mend_all(market: Market, roster: Roster, holes: Sequence[int], epsilon: int) -> int:
    """`mend` every one of `holes`; return the score gained."""
    gained = 0
    for hole in holes:
        gained += mend(market, roster, hole, epsilon)
    return gained


def rearrange(market: Market, book: Book, i: int) -> int:
    """Let volunteer `i` hold the best bundle of what they hold and of what is free; return the score gained.

    What is free has price 0, all else NO_PRICE.
    """
    held, opportunity, pick, bundle = book.held, market.opportunity, book.pick, book.bundle
    book.near[i], book.level[i] = book.last[i], 0
    value, bundle[0], bundle[1], bundle[2] = best_bundle(market, book, i, wanted(market, book, i), -1)
    for hand in range(HANDS * i, HANDS * i + HANDS):
        if book.mine[hand] >= 0:
            value -= market.score[book.mine[hand]]
    if value <= 0:
        return 0
    for hand in range(HANDS * i, HANDS * i + HANDS):
        e = book.mine[hand]
        if e >= 0:
            held[e] = 0
            book.taken[opportunity[e]] -= 1
            book.price[opportunity[e]] = 0
    for hand in range(HANDS):
        book.mine[HANDS * i + hand] = -1
        if bundle[hand] >= 0:
            e = pick[bundle[hand]]
            j = opportunity[e]
            held[e] = 1
            book.mine[HANDS * i + hand] = e
            book.taken[j] += 1
            if book.taken[j] == market.desk[j + 1] - market.desk[j]:
                book.price[j] = NO_PRICE
    return value


def rearrange_all(market: Market, book: Book) -> int:
    """`rearrange` everybody until nobody gains; return the score gained."""
    gained, before = 0, -1
    while gained > before:
        before = gained
        for x in range(len(market.most)):
            gained += rearrange(market, book, book.order[x])
    return gained
