"""The inner loops of the auction: plain Python over sequences, compiled unchanged where numba is installed.

Both ways run these very functions, on lists or on arrays, in whole numbers only, and so find the same.
"""

from __future__ import annotations

from volunteers.matching.board import FEW, HANDS, Book, Market
from volunteers.matching.bundles import best_bundle, best_two, choose, wanted

SLACK = 8
"""Bid increments by which the worth of a volunteer's best may fall before all edges are looked at again."""


def drop(market: Market, book: Book, e: int) -> None:
    """The volunteer of edge `e` no longer holds it."""
    book.held[e] = 0
    hand = HANDS * market.volunteer[e]
    while book.mine[hand] != e:
        hand += 1
    book.mine[hand] = -1


def let_go(market: Market, book: Book, e: int) -> None:
    """Give up the place held through edge `e`."""
    holder, bid = book.holder, book.bid
    j = market.opportunity[e]
    drop(market, book, e)
    book.taken[j] -= 1
    gap = market.desk[j]
    end = gap + book.taken[j]
    while holder[gap] != e:
        gap += 1
    holder[gap] = holder[end]
    bid[gap] = bid[end]


def take(market: Market, book: Book, e: int, offer: int) -> int:
    """Bid `offer` for a place through edge `e`; return the edge that loses its place, -1 if none.

    A full opportunity drops its lowest bid; its price is then the lowest bid held.
    """
    bid = book.bid
    j = market.opportunity[e]
    begin, end = market.desk[j], market.desk[j + 1]
    at = begin + book.taken[j]
    loser = -1
    lowest = offer
    if at == end:
        at = begin
        for other in range(begin + 1, end):
            passed = bid[other]
            if passed < bid[at]:
                passed = bid[at]
                at = other
            if passed < lowest:
                lowest = passed
        loser = book.holder[at]
        drop(market, book, loser)
        if bid[at] > book.rivalry[j]:
            book.rivalry[j] = bid[at]
    else:
        book.taken[j] += 1
        for other in range(begin, at):
            if bid[other] < lowest:
                lowest = bid[other]
    book.held[e] = 1
    hand = HANDS * market.volunteer[e]
    while book.mine[hand] >= 0:
        hand += 1
    book.mine[hand] = e
    book.holder[at] = e
    bid[at] = offer
    if book.taken[j] == end - begin and lowest > book.price[j]:
        book.price[j] = lowest
    return loser


def push(market: Market, book: Book, e: int, offer: int, behind: int) -> int:
    """Bid `offer` through edge `e`, queue who loses a place at `behind`; return 1 if one does, else 0."""
    loser = take(market, book, e, offer)
    if loser < 0 or book.queued[market.volunteer[loser]]:
        return 0
    book.queued[market.volunteer[loser]] = 1
    book.queue[behind % len(market.most)] = market.volunteer[loser]
    return 1


def look(market: Market, book: Book, i: int, epsilon: int, behind: int) -> int:
    """Let volunteer `i` look once and bid for every new member of the best bundle what it adds to the best
    without it, and `epsilon`. Who loses a place by that is queued from `behind` on; return how many do.
    """
    bundle, mine, pick = book.bundle, book.mine, book.pick
    needed = choose(market, book, i)
    if needed < book.level[i]:
        book.near[i], book.level[i] = book.last[i], 0
        needed = choose(market, book, i)
    if book.level[i] == 0:
        book.last[i] = book.near[i]
        if book.near[i] - book.first[i] > FEW:
            book.level[i] = max(needed - SLACK * epsilon, 0)
    for hand in range(HANDS):
        if bundle[hand] >= 0:
            bundle[hand] = pick[bundle[hand]]
    for hand in range(HANDS * i, HANDS * i + HANDS):
        e = mine[hand]
        if e >= 0 and e != bundle[0] and e != bundle[1] and e != bundle[2]:
            let_go(market, book, e)
    losers = 0
    for hand in range(HANDS):
        e = bundle[hand]
        if e >= 0 and not book.held[e]:
            offer = book.price[market.opportunity[e]] + book.gain[hand] + epsilon
            losers += push(market, book, e, offer, behind + losers)
    return losers


def auction(market: Market, book: Book, epsilon: int, at_once: int) -> int:
    """Let everybody bid, and all whom they outbid, until nobody wants more. Whenever nobody waits the next
    `at_once` of `book.order` arrive, so that those at work are few and near each other. Prices only rise, so
    it ends. Returns how many times a volunteer looked.
    """
    volunteers = len(market.most)
    head, waiting, looks = 0, 0, 0
    for first in range(0, volunteers, at_once):
        for x in range(first, min(first + at_once, volunteers)):
            book.queue[(head + waiting) % volunteers] = book.order[x]
            waiting += 1
        while waiting > 0:
            i = book.queue[head]
            head = (head + 1) % volunteers
            book.queued[i] = 0
            looks += 1
            waiting += look(market, book, i, epsilon, head + waiting - 1) - 1
    return looks


def bundles_worth(market: Market, book: Book) -> int:
    """Sum over all volunteers of the best bundle at the prices of `book`, in which nothing is held."""
    total = 0
    for i in range(len(market.most)):
        if market.most[i] == 1:
            best_two(market, book, i)
            total += book.net[0]
        else:
            total += best_bundle(market, book, i, wanted(market, book, i), -1)[0]
    return total


def demand(market: Market, book: Book) -> int:
    """Like `bundles_worth`, for changed prices; what everybody wants is left in `book.mine`, and how many
    want each task in `book.taken`.
    """
    total, bundle, mine = 0, book.bundle, book.mine
    for j in range(len(market.effort)):
        book.taken[j] = 0
    for i in range(len(market.most)):
        book.near[i], book.level[i] = book.last[i], 0
        value, bundle[0], bundle[1], bundle[2] = best_bundle(market, book, i, wanted(market, book, i), -1)
        total += value
        for hand in range(HANDS):
            mine[HANDS * i + hand] = -1
            if bundle[hand] >= 0:
                mine[HANDS * i + hand] = book.pick[bundle[hand]]
                book.taken[market.opportunity[book.pick[bundle[hand]]]] += 1
    return total
