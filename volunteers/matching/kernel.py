"""The inner loops of the auction: plain Python over sequences, compiled unchanged where numba is installed.

Both ways run these very functions, on lists or on arrays, in whole numbers only, and so find the same.
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from typing import NamedTuple

NO_PRICE = 1 << 40
"""The price of an opportunity without a place left: nobody can afford it."""


class Market(NamedTuple):
    """What does not change: E edges, n volunteers, m opportunities, s slots.

    opportunity, score, volunteer (E), sorted by volunteer, best score first. most, hours (n): placements
    and quarter hours left. effort, start, end (m): start of the first and end of the last slot. slot_ptr
    (m+1), slot_start, slot_end (s). desk (m+1): where the places of each start. several: 1 if any
    opportunity has more than one slot.
    """

    opportunity: Sequence[int]
    score: Sequence[int]
    volunteer: Sequence[int]
    most: Sequence[int]
    hours: Sequence[int]
    effort: Sequence[int]
    start: Sequence[int]
    end: Sequence[int]
    slot_ptr: Sequence[int]
    slot_start: Sequence[int]
    slot_end: Sequence[int]
    desk: Sequence[int]
    several: int


class Book(NamedTuple):
    """What the auction writes.

    price, rivalry (highest bid turned away), taken (m). holder, bid (places): edge and bid behind each place
    taken. held (E): 1 where the volunteer holds a place. live (E), first, last (n): edges that may be worth
    something. queue, queued (n): a ring of volunteers who have to look again. net (largest degree): scratch.
    depth: how many edges a bundle is chosen from; the best is certain only if that is all.
    """

    price: MutableSequence[int]
    rivalry: MutableSequence[int]
    taken: MutableSequence[int]
    holder: MutableSequence[int]
    bid: MutableSequence[int]
    held: MutableSequence[int]
    live: MutableSequence[int]
    first: Sequence[int]
    last: MutableSequence[int]
    queue: MutableSequence[int]
    queued: MutableSequence[int]
    net: MutableSequence[int]
    depth: int


def wanted(market: Market, book: Book, volunteer: int) -> int:
    """Count the edges among which the best bundle of the volunteer is: the first of theirs in `book.live`,
    best first, with their worth in `book.net`. A place held costs nothing more. What is worth nothing drops
    out of `book.live`, since prices only rise. Who takes one placement needs two edges, the best and the
    next; others get `book.depth`.
    """
    score, opportunity = market.score, market.opportunity
    price, held, live, net = book.price, book.held, book.live, book.net
    begin = book.first[volunteer]
    depth = 2 if market.most[volunteer] == 1 else book.depth
    end = begin
    count = 0
    for at in range(begin, book.last[volunteer]):
        e = live[at]
        value = score[e]
        if not held[e]:
            value -= price[opportunity[e]]
        if value <= 0:
            continue
        if count < depth:
            place = count
            live[end] = live[begin + count]
            count += 1
        elif value > net[count - 1]:
            place = count - 1
            live[end] = live[begin + place]
        else:
            live[end] = e
            end += 1
            continue
        end += 1
        while place > 0 and net[place - 1] < value:
            net[place] = net[place - 1]
            live[begin + place] = live[begin + place - 1]
            place -= 1
        net[place] = value
        live[begin + place] = e
    book.last[volunteer] = end
    return count


def slots_meet(market: Market, one: int, other: int) -> bool:
    """Whether any weekly slot of one opportunity overlaps one of the other."""
    for a in range(market.slot_ptr[one], market.slot_ptr[one + 1]):
        for b in range(market.slot_ptr[other], market.slot_ptr[other + 1]):
            if market.slot_start[a] < market.slot_end[b] and market.slot_start[b] < market.slot_end[a]:
                return True
    return False


def best_bundle(
    market: Market, book: Book, volunteer: int, count: int, skip: int
) -> tuple[int, int, int, int]:
    """Value and positions among the `count` wanted edges (-1 for none) of the best that do not overlap and
    fit into the volunteer's placements (at most three) and hours, leaving out position `skip`.

    Exact: the edges are sorted by worth, so that sums bound what may follow.
    """
    effort, start, end, opportunity = market.effort, market.start, market.end, market.opportunity
    live, net, several = book.live, book.net, market.several
    begin, most, hours = book.first[volunteer], market.most[volunteer], market.hours[volunteer]
    best, first, second, third = 0, -1, -1, -1
    for x in range(count):
        if x == skip:
            continue
        one = net[x]
        if one * most <= best:
            break
        a = opportunity[live[begin + x]]
        left = hours - effort[a]
        if left < 0:
            continue
        if one > best:
            best, first, second, third = one, x, -1, -1
        if most == 1:
            continue
        for y in range(x + 1, count):
            if y == skip:
                continue
            if one + net[y] * (most - 1) <= best:
                break
            b = opportunity[live[begin + y]]
            rest = left - effort[b]
            if rest < 0 or (
                start[a] < end[b] and start[b] < end[a] and (not several or slots_meet(market, a, b))
            ):
                continue
            two = one + net[y]
            if two > best:
                best, first, second, third = two, x, y, -1
            if most == 2:
                break
            for z in range(y + 1, count):
                if z == skip:
                    continue
                if two + net[z] <= best:
                    break
                c = opportunity[live[begin + z]]
                if rest < effort[c]:
                    continue
                if start[a] < end[c] and start[c] < end[a] and (not several or slots_meet(market, a, c)):
                    continue
                if start[b] < end[c] and start[c] < end[b] and (not several or slots_meet(market, b, c)):
                    continue
                best, first, second, third = two + net[z], x, y, z
                break
    return best, first, second, third


def let_go(market: Market, book: Book, e: int) -> None:
    """Give up the place held through edge `e`."""
    holder, bid = book.holder, book.bid
    j = market.opportunity[e]
    book.held[e] = 0
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
        book.held[loser] = 0
        if bid[at] > book.rivalry[j]:
            book.rivalry[j] = bid[at]
    else:
        book.taken[j] += 1
        for other in range(begin, at):
            if bid[other] < lowest:
                lowest = bid[other]
    book.held[e] = 1
    book.holder[at] = e
    bid[at] = offer
    if book.taken[j] == end - begin and lowest > book.price[j]:
        book.price[j] = lowest
    return loser


def auction(market: Market, book: Book, epsilon: int, waiting: int) -> int:
    """Let the `waiting` volunteers at the head of the queue bid, and all whom they outbid, until nobody
    wants more. Each bids for every new member of the best bundle what it adds to the best without it, and
    `epsilon`. Prices only rise, so it ends. Returns how many times a volunteer looked.
    """
    queue, queued, held, live = book.queue, book.queued, book.held, book.live
    volunteers = len(market.most)
    head = 0
    looks = 0
    while waiting > 0:
        i = queue[head]
        head = (head + 1) % volunteers
        waiting -= 1
        queued[i] = 0
        looks += 1
        count = wanted(market, book, i)
        if count == 0:
            continue
        begin = book.first[i]
        value, first, second, third = best_bundle(market, book, i, count, -1)
        for x in range(count):
            if held[live[begin + x]] and x != first and x != second and x != third:
                let_go(market, book, live[begin + x])
        for x in (first, second, third):
            if x < 0 or held[live[begin + x]]:
                continue
            e = live[begin + x]
            without = best_bundle(market, book, i, count, x)[0]
            loser = take(market, book, e, book.price[market.opportunity[e]] + value - without + epsilon)
            if loser >= 0 and not queued[market.volunteer[loser]]:
                queued[market.volunteer[loser]] = 1
                queue[(head + waiting) % volunteers] = market.volunteer[loser]
                waiting += 1
    return looks


def bundles_worth(market: Market, book: Book) -> int:
    """Sum over all volunteers of the best bundle at the prices of `book`, in which nothing is held."""
    total = 0
    for i in range(len(market.most)):
        count = wanted(market, book, i)
        if count > 0:
            total += best_bundle(market, book, i, count, -1)[0]
    return total
