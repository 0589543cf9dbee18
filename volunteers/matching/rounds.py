"""The auction in rounds until its result is good enough, then from prices that have settled."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from volunteers.matching.certificate import upper_bound
from volunteers.matching.clearing import SETTLED_ROUNDS, Settling, clear, clear_settled, rearranged
from volunteers.matching.draws import mixed_bits, seed_bits
from volunteers.matching.market import Hall
from volunteers.matching.problem import Ints
from volunteers.matching.settling import settled
from volunteers.matching.solution import ENOUGH_PERCENT, Method, Solution, better, solution


def cleared(hall: Hall, seed: int, method: Method, rounds: tuple[Settling, ...] = SETTLED_ROUNDS) -> Solution:
    """The auction over all edges of `hall`, and what settled prices make of it if the method has them."""
    found = auctioned(hall, hall, seed, method)
    return found if found.is_good or not method.settles else _settled(hall, found, seed, method, rounds)


def auctioned(hall: Hall, whole: Hall, seed: int, method: Method) -> Solution:
    """The auction over the edges of `hall`, in rounds until the result is good enough; its bound over all."""
    order = _arrivals(len(hall.most), seed, method)
    best: Solution | None = None
    for held, *either in clear(hall, order, method.at_once or len(order)):
        bound, prices = min(((upper_bound(whole, prices), prices) for prices in either), key=itemgetter(0))
        found = solution(hall, held, bound, prices)
        if method.in_line and found.percent < ENOUGH_PERCENT:
            found = solution(hall, rearranged(hall, held, order), bound, prices)
        best = found if best is None else better(best, found)
        if best.percent >= ENOUGH_PERCENT:
            break
    assert best is not None
    return best


def _settled(
    hall: Hall, found: Solution, seed: int, method: Method, rounds: tuple[Settling, ...]
) -> Solution:
    """Lower the bound of `found` and auction again from the prices behind it, until that is good enough."""
    for number, (patience, turn) in enumerate(rounds, start=1):
        order = _arrivals(len(hall.most), seed + number, method)
        bound, prices = settled(hall, found.prices, found.score, patience)
        held = clear_settled(hall, order, method.at_once, prices, turn)
        found = better(solution(hall, held, bound, prices), found)
        if found.is_good:
            break
    return found


def _arrivals(people: int, seed: int, method: Method) -> Ints:
    """Who arrives when: neighbours together, and as drawn among those who do: none is always first."""
    if not method.in_line:
        return np.random.default_rng(seed).permutation(people)
    rows = np.arange(people)
    return np.lexsort((mixed_bits(rows.astype(np.uint64) + seed_bits(seed)), rows // method.at_once))
