"""Candidates with their scores, sorted for the auction, and the cap on how many of them enter it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteers.matching.candidates import PAIRS_AT_ONCE, blocks
from volunteers.matching.draws import mixed_bits, seed_bits
from volunteers.matching.problem import Bools, Ints, Narrow, Pairs, Problem
from volunteers.matching.remaining import Remaining
from volunteers.matching.score import scores

UNCAPPED = 5_000_000
"""Up to so many edges all enter the auction: leaving some out costs places where scores are equal."""

CAP = 20
CAP_PER_PLACE = 20

EDGES_AT_ONCE = 1 << 21
MIXED_BITS = 16
KEY_BITS = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Possible pairs and their score (E, all int32: there may be tens of millions), sorted by volunteer, best
    score first, equals as `mixed`.
    """

    volunteer: Narrow
    opportunity: Narrow
    score: Narrow

    def __len__(self) -> int:
        return len(self.volunteer)


def all_edges(problem: Problem, left: Remaining, seed: int = 0, at_once: int = PAIRS_AT_ONCE) -> Edges:
    """Every possible pair with its score. Only one block at a time takes more than twelve bytes a pair."""
    columns = [np.empty(0, np.int32) for _ in range(3)]
    for pairs in blocks(problem, left, at_once):
        edges = sorted_edges(pairs, scores(problem, pairs), seed)
        for column, part in zip(columns, (edges.volunteer, edges.opportunity, edges.score), strict=True):
            _append(column, part)
    return Edges(volunteer=columns[0], opportunity=columns[1], score=columns[2])


def _append(column: Narrow, part: Narrow) -> None:
    """Lengthen `column` where it lies: joining parts at the end would hold them twice."""
    before = len(column)
    column.resize(before + len(part), refcheck=False)
    column[before:] = part


def sorted_edges(pairs: Pairs, score: Ints, seed: int = 0) -> Edges:
    """Sort pairs that are ordered by volunteer and opportunity."""
    volunteer, place = pairs.volunteer, rank(pairs.volunteer)
    among_own = last_in_order(
        volunteer - volunteer[:1], score.max(initial=0) - score, mixed(pairs, seed), place
    )
    order = np.arange(len(place)) - place + among_own
    return Edges(
        volunteer=volunteer.astype(np.int32),
        opportunity=pairs.opportunity[order].astype(np.int32),
        score=score[order].astype(np.int32),
    )


def mixed(pairs: Pairs | Edges, seed: int) -> Ints:
    """A draw per pair (0 to 65535), another for each seed: who is first among equals differs from volunteer
    to volunteer, else everybody would bid for the same few.
    """
    both = pairs.volunteer.astype(np.uint64) << np.uint64(32) | pairs.opportunity.astype(np.uint64)
    return (mixed_bits(both + seed_bits(seed)) >> np.uint64(64 - MIXED_BITS)).astype(np.int64)


def near_the_top(edges: Edges, left: Remaining, seed: int = 0, uncapped: int = UNCAPPED) -> Bools | None:
    """Mark (E) what is not far down both lists, the volunteer's and the opportunity's; None for all, of no
    more than `uncapped`.

    A list is long beyond 20 edges and 20 per place. Either side alone would cost 1 to 5 % of the optimum.
    While less than a quarter of the edges is so far down, sorting them out takes longer than it saves.
    """
    if len(edges) <= uncapped:
        return None
    first = runs(edges.volunteer)
    long = CAP + CAP_PER_PLACE * left.placements[edges.volunteer[first]]
    beyond = np.maximum(np.diff(np.append(first, len(edges))) - long, 0)
    if int(beyond.sum()) * 4 < len(edges):
        return None
    ends = np.zeros(len(edges) + 1, np.int8)
    ends[first] += 1
    ends[np.append(first[1:], len(edges)) - beyond] -= 1
    kept = np.cumsum(ends[:-1], dtype=np.int8) > 0
    order = best_first(edges.opportunity, edges.score, len(left.places))
    bounds = pointer(edges.opportunity, len(left.places))
    for j in np.flatnonzero(left.places).tolist():
        mine = order[bounds[j] : bounds[j + 1]]
        most = CAP + CAP_PER_PLACE * int(left.places[j])
        if len(mine) > most:
            part = chosen(edges, mine)
            best = np.lexsort((mixed(part, seed), -part.score))[:most]
            kept[mine[best]] = True
        else:
            kept[mine] = True
    return kept


def chosen(edges: Edges, mask: Bools | Ints | Narrow) -> Edges:
    return Edges(
        volunteer=edges.volunteer[mask], opportunity=edges.opportunity[mask], score=edges.score[mask]
    )


def best_first(
    group: Narrow, score: Narrow, groups: int, at_once: int = EDGES_AT_ONCE, kept: Bools | None = None
) -> Narrow:
    """The order by group (0 to `groups` - 1), best score first, equals as they stand, of the rows that are
    `kept` (None for all).

    About `at_once` rows are sorted together, which only bounds the memory in use.
    """
    order = np.empty(len(group) if kept is None else np.count_nonzero(kept), np.int32)
    done = 0
    step = max(groups * at_once // (len(group) + 1), 1)
    for first in range(0, groups, step):
        rows = _between(group, first, first + step, at_once, kept)
        points = score[rows]
        place = last_in_order(group[rows] - first, points.max(initial=0) - points, np.arange(len(rows)))
        order[done : done + len(rows)] = rows[place]
        done += len(rows)
    return order


def _between(group: Narrow, first: int, stop: int, at_once: int, kept: Bools | None) -> Ints:
    """The rows of the groups from `first` on and before `stop`."""
    found = [np.empty(0, np.int64)]
    for begin in range(0, len(group), at_once):
        part = slice(begin, begin + at_once)
        inside = (group[part] >= first) & (group[part] < stop)
        if kept is not None:
            inside &= kept[part]
        found.append(np.flatnonzero(inside) + begin)
    return np.concatenate(found)


def pointer(group: Narrow, groups: int, kept: Bools | None = None, at_once: int = EDGES_AT_ONCE) -> Ints:
    """Where the rows of each group that are `kept` (None for all) begin (groups+1) once sorted by it."""
    bounds = np.zeros(groups + 1, np.int64)
    for begin in range(0, len(group), at_once):
        part = slice(begin, begin + at_once)
        rows = group[part] if kept is None else group[part][kept[part]]
        bounds[1:] += np.bincount(rows, minlength=groups)
    return np.cumsum(bounds)


def last_in_order(*keys: Ints | Narrow) -> Ints:
    """The last of `keys`, none negative, in the order of all of them, of which the first counts most.

    Sorted as one number each where 63 bits hold them: far quicker than one after another.
    """
    bits = [int(key.max(initial=0)).bit_length() for key in keys]
    if sum(bits) > KEY_BITS:
        return keys[-1][np.lexsort(keys[::-1])].astype(np.int64)
    packed = np.zeros(len(keys[-1]), np.int64)
    for key, width in zip(keys, bits, strict=True):
        packed <<= width
        packed |= key
    packed.sort()
    packed &= (1 << bits[-1]) - 1
    return packed


def runs(group: Ints | Narrow) -> Ints:
    """Where each run of equal values begins."""
    changes = np.ones(len(group), np.bool_)
    np.not_equal(group[1:], group[:-1], out=changes[1:])
    return np.flatnonzero(changes)


def rank(group: Ints | Narrow) -> Ints:
    """Position of every element within its run of equal values."""
    first = runs(group)
    return np.arange(len(group)) - np.repeat(first, np.diff(np.append(first, len(group))))
