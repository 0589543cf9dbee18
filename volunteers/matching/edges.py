"""Candidates with their scores, sorted for the auction, and the cap on how many of them enter it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteers.matching.problem import Bools, Ints, Pairs
from volunteers.matching.remaining import Remaining

UNCAPPED = 5_000_000
"""Up to so many edges all enter the auction: leaving some out costs places where scores are equal."""

CAP = 20
CAP_PER_PLACE = 20

MIXED_BITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges(Pairs):
    """Possible pairs and their score (length), sorted by volunteer, best score first, equals as `mixed`."""

    score: Ints


def sorted_edges(pairs: Pairs, score: Ints, seed: int = 0) -> Edges:
    """Sort pairs that are ordered by volunteer and opportunity."""
    top = int(score.max(initial=0)) + 1
    order = np.lexsort((mixed(pairs, seed), pairs.volunteer * top + (top - 1 - score)))
    return Edges(volunteer=pairs.volunteer[order], opportunity=pairs.opportunity[order], score=score[order])


def mixed(pairs: Pairs, seed: int) -> Ints:
    """A draw per pair (0 to 65535), another for each seed: who is first among equals differs from volunteer
    to volunteer, else everybody would bid for the same few. The finalizer of splitmix64 (Steele 2014).
    """
    draw = pairs.volunteer.astype(np.uint64) << np.uint64(32) | pairs.opportunity.astype(np.uint64)
    draw += np.uint64((seed + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        draw ^= draw >> np.uint64(shift)
        draw *= np.uint64(factor)
    return (draw >> np.uint64(64 - MIXED_BITS)).astype(np.int64)


def thinned(edges: Edges, left: Remaining, seed: int = 0, uncapped: int = UNCAPPED) -> Edges:
    """Leave out what is far down both lists, the volunteer's and the opportunity's, of more than `uncapped`.

    A list is long beyond 20 edges and 20 per place. Either side alone would cost 1 to 5 % of the optimum.
    While less than a quarter of the edges is so far down, sorting them out takes longer than it saves.
    """
    if len(edges) <= uncapped:
        return edges
    beyond = rank(edges.volunteer) >= CAP + CAP_PER_PLACE * left.placements[edges.volunteer]
    if np.count_nonzero(beyond) * 4 < len(edges):
        return edges
    by_opportunity = np.lexsort((mixed(edges, seed), -edges.score, edges.opportunity))
    place = np.empty(len(edges), np.int64)
    place[by_opportunity] = rank(edges.opportunity[by_opportunity])
    kept = ~beyond | (place < CAP + CAP_PER_PLACE * left.places[edges.opportunity])
    return chosen(edges, kept)


def chosen(edges: Edges, mask: Bools) -> Edges:
    return Edges(
        volunteer=edges.volunteer[mask], opportunity=edges.opportunity[mask], score=edges.score[mask]
    )


def rank(group: Ints) -> Ints:
    """Position of every element within its run of equal values."""
    first = np.flatnonzero(np.diff(group, prepend=-1))
    return np.arange(len(group)) - np.repeat(first, np.diff(np.append(first, len(group))))
