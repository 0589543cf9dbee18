"""Candidates with their scores, sorted for the auction, and the cap on how many of them enter it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteers.matching.problem import Bools, Ints, Pairs
from volunteers.matching.remaining import Remaining

CAP = 20
CAP_PER_PLACE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges(Pairs):
    """Possible pairs and their score (length), sorted by volunteer, best score first, then opportunity."""

    score: Ints


def sorted_edges(pairs: Pairs, score: Ints) -> Edges:
    """Sort pairs that are ordered by volunteer and opportunity."""
    top = int(score.max(initial=0)) + 1
    order = np.argsort(pairs.volunteer * top + (top - 1 - score), kind="stable")
    return Edges(volunteer=pairs.volunteer[order], opportunity=pairs.opportunity[order], score=score[order])


def thinned(edges: Edges, left: Remaining) -> Edges:
    """Leave out what is far down both lists: the volunteer's and the opportunity's.

    A list is long beyond 20 edges and 20 per place. Either side alone would cost 1 to 5 % of the optimum.
    While less than a quarter of the edges is so far down, sorting them out takes longer than it saves.
    """
    beyond = rank(edges.volunteer) >= CAP + CAP_PER_PLACE * left.placements[edges.volunteer]
    if np.count_nonzero(beyond) * 4 < len(edges):
        return edges
    by_opportunity = np.lexsort((-edges.score, edges.opportunity))
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
