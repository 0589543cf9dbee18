"""The answer for one new volunteer, between two runs, from the prices the last run stored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteers.matching.board import NO_PRICE
from volunteers.matching.bundles import best_bundle, wanted
from volunteers.matching.compiled import engine
from volunteers.matching.edges import all_edges
from volunteers.matching.market import open_hall
from volunteers.matching.problem import Ints, Problem
from volunteers.matching.remaining import remaining


@dataclass(frozen=True, slots=True)
class Suggestion:
    """opportunity, pair_score (b): the best bundle of at most three, best net of its price first."""

    opportunity: Ints
    pair_score: Ints


def best_for_new_volunteer(problem: Problem, prices: Ints) -> Suggestion:
    """Best bundle at stored prices. `problem` holds one volunteer and the opportunities pulled for them.

    prices (m) belong to these rows; a place free again since the run costs nothing. Nobody is displaced: only
    places left are offered, and what scores less than its price waits for the next run.
    Raises ValueError unless there is exactly one volunteer.
    """
    if len(problem.volunteers) != 1:
        raise ValueError("best_for_new_volunteer takes exactly one volunteer")
    left = remaining(problem)
    edges = all_edges(problem, left)
    hall = open_hall(problem.opportunities, left, edges, engine(False))
    book = hall.open_book(np.where(prices >= NO_PRICE, 0, prices), np.zeros(1, np.int64))
    count = wanted(hall.market, book, 0)
    _, *places = best_bundle(hall.market, book, 0, count, -1)
    rows = np.array([book.pick[place] for place in places if place >= 0], np.int64)
    return Suggestion(edges.opportunity[rows].astype(np.int64), edges.score[rows].astype(np.int64))
