"""Inner loops, like `kernel`: what one volunteer wants most at the prices of the moment."""

from __future__ import annotations

from volunteers.matching.board import FEW, HANDS, Book, Market


def best_two(market: Market, book: Book, volunteer: int) -> int:
    """Like `wanted` for a volunteer who takes one placement and holds none; return 1 if any edge is worth
    something, else 0.
    """
    score, opportunity, price, live = market.score, market.opportunity, book.price, book.live
    at, stop, level = book.first[volunteer], book.near[volunteer], book.level[volunteer]
    one, two, best = 0, 0, -1
    while at < stop:
        e = live[at]
        value = score[e] - price[opportunity[e]]
        if value <= level:
            stop -= 1
            live[at], live[stop] = live[stop], e
            continue
        at += 1
        if value > one:
            one, two, best = value, one, e
        elif value > two:
            two = value
    book.near[volunteer] = stop
    book.net[0], book.pick[0], book.runner[0] = one, best, two
    return int(best >= 0)


def wanted(market: Market, book: Book, volunteer: int) -> int:
    """Count the edges among which the best bundle of the volunteer is: best first, their worth in `book.net`,
    they in `book.pick`, and in `book.runner` what else could stand in for each: see `wanted_kinds`.

    A place held costs nothing more. What is worth no more than the level is set aside: prices only rise. The
    order found is kept in `book.live`: next time it will be nearly right.
    """
    first, stop, level = book.first[volunteer], book.near[volunteer], book.level[volunteer]
    if stop - first > FEW:
        return wanted_kinds(market, book, volunteer)
    score, opportunity, price, held, live = market.score, market.opportunity, book.price, book.held, book.live
    net = book.net
    at = first
    while at < stop:
        e = live[at]
        value = score[e]
        if not held[e]:
            value -= price[opportunity[e]]
            if value <= level:
                stop -= 1
                live[at], live[stop] = live[stop], e
                continue
        x = at - first
        at += 1
        while x > 0 and net[x - 1] < value:
            net[x], live[first + x] = net[x - 1], live[first + x - 1]
            x -= 1
        net[x], live[first + x] = value, e
    book.near[volunteer] = stop
    for x in range(stop - first):
        book.pick[x], book.runner[x] = live[first + x], 0
    return stop - first


def wanted_kinds(market: Market, book: Book, volunteer: int) -> int:
    """Like `wanted` for a volunteer with many edges: of those alike in slots and effort only the best counts,
    and the worth of the next best of its kind is in `book.runner`, 0 for none.
    """
    score, opportunity, kind = market.score, market.opportunity, market.kind
    price, held, live = book.price, book.held, book.live
    net, pick, runner, place, rest = book.net, book.pick, book.runner, book.place, book.rest
    first, stop, level = book.first[volunteer], book.near[volunteer], book.level[volunteer]
    at = first
    count = 0
    while at < stop:
        e = live[at]
        j = opportunity[e]
        value = score[e]
        if not held[e]:
            value -= price[j]
            if value <= level:
                stop -= 1
                live[at], live[stop] = live[stop], e
                continue
        at += 1
        x = place[kind[j]]
        if x < 0:
            place[kind[j]] = count
            net[count], pick[count], runner[count] = value, e, 0
            count += 1
            continue
        if value > net[x]:
            rest[at - first - count - 1] = pick[x]
            net[x], pick[x], runner[x] = value, e, net[x]
            continue
        rest[at - first - count - 1] = e
        if value > runner[x]:
            runner[x] = value
    book.near[volunteer] = stop
    for x in range(count):
        value, e, next_best = net[x], pick[x], runner[x]
        place[kind[opportunity[e]]] = -1
        at = x
        while at > 0 and net[at - 1] < value:
            net[at], pick[at], runner[at] = net[at - 1], pick[at - 1], runner[at - 1]
            at -= 1
        net[at], pick[at], runner[at] = value, e, next_best
    for x in range(count):
        live[first + x] = pick[x]
    for x in range(stop - first - count):
        live[first + count + x] = rest[x]
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
    pick, net, several = book.pick, book.net, market.several
    most, hours = market.most[volunteer], market.hours[volunteer]
    best, first, second, third = 0, -1, -1, -1
    for x in range(count):
        if x == skip:
            continue
        one = net[x]
        if one * most <= best:
            break
        a = opportunity[pick[x]]
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
            b = opportunity[pick[y]]
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
                c = opportunity[pick[z]]
                if rest < effort[c]:
                    continue
                if start[a] < end[c] and start[c] < end[a] and (not several or slots_meet(market, a, c)):
                    continue
                if start[b] < end[c] and start[c] < end[b] and (not several or slots_meet(market, b, c)):
                    continue
                best, first, second, third = two + net[z], x, y, z
                break
    return best, first, second, third


def best_without(market: Market, book: Book, volunteer: int, count: int, skip: int) -> int:
    """Value of the best bundle without the edge at position `skip`: the next best of its kind stands in."""
    net, pick, runner = book.net, book.pick, book.runner
    worth, e, stand_in = net[skip], pick[skip], runner[skip]
    if stand_in == 0:
        return best_bundle(market, book, volunteer, count, skip)[0]
    x = skip
    while x + 1 < count and net[x + 1] > stand_in:
        net[x], pick[x], runner[x] = net[x + 1], pick[x + 1], runner[x + 1]
        x += 1
    net[x], pick[x] = stand_in, e
    value = best_bundle(market, book, volunteer, count, -1)[0]
    while x > skip:
        net[x], pick[x], runner[x] = net[x - 1], pick[x - 1], runner[x - 1]
        x -= 1
    net[x], pick[x], runner[x] = worth, e, stand_in
    return value


def choose(market: Market, book: Book, volunteer: int) -> int:
    """Put the positions of the best bundle among the edges looked at into `book.bundle` (-1 for none), what
    each member not yet held adds to the best without it into `book.gain`; return the worth up to which no
    other edge could change any of that.
    """
    net, bundle, gain = book.net, book.bundle, book.gain
    if market.most[volunteer] == 1:
        bundle[0], bundle[1], bundle[2] = best_two(market, book, volunteer) - 1, -1, -1
        gain[0] = net[0] - book.runner[0]
        return book.runner[0]
    count = wanted(market, book, volunteer)
    top = net[0] if count > 0 else 0
    value, bundle[0], bundle[1], bundle[2] = best_bundle(market, book, volunteer, count, -1)
    least = value
    for hand in range(HANDS):
        x = bundle[hand]
        if x >= 0 and not book.held[book.pick[x]]:
            without = best_without(market, book, volunteer, count, x)
            gain[hand] = value - without
            least = min(least, without)
    return least - (market.most[volunteer] - 1) * top
