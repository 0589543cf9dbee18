"""Placing groups: each needs several places of one role at once, and the auction gives them one by one.

They go before it: a group finds room only while there is much, somebody who comes alone finds it anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from volunteers.matching.candidates import PAIRS_AT_ONCE
from volunteers.matching.gates import GATES
from volunteers.matching.problem import NONE, Ints, Pairs, Problem
from volunteers.matching.remaining import Remaining, remaining
from volunteers.matching.score import scores


def place_groups(problem: Problem, order: Ints) -> Pairs:
    """Give each group, in the `order` of these rows, the best role that has room for all of it; one each.

    Of roles with the same points it is the earlier one. Rows of people who come alone are left out.
    """
    left = remaining(problem)
    needed, places = problem.volunteers.needed, left.places.copy()
    groups = order[needed[order] > 1]
    turn = np.zeros(len(needed), np.int64)
    turn[groups] = np.arange(len(groups))
    chosen: list[tuple[int, int]] = []
    placed = NONE
    for pairs in _blocks(problem, left, groups):
        line = np.lexsort((pairs.opportunity, -scores(problem, pairs), turn[pairs.volunteer]))
        both = zip(pairs.volunteer[line].tolist(), pairs.opportunity[line].tolist(), strict=True)
        for row, column in both:
            if row != placed and needed[row] <= places[column]:
                places[column] -= needed[row]
                chosen.append((row, column))
                placed = row
    return Pairs(
        volunteer=np.array([row for row, _column in chosen], np.int64),
        opportunity=np.array([column for _row, column in chosen], np.int64),
    )


def possible_for(problem: Problem, left: Remaining, rows: Ints) -> Pairs:
    """All pairs of these rows that every gate lets through, by looking at each opportunity."""
    columns = len(problem.opportunities)
    row, column = np.repeat(rows, columns), np.tile(np.arange(columns), len(rows))
    for gate in GATES.values():
        kept = gate(problem, left, row, column)
        row, column = row[kept], column[kept]
    return Pairs(volunteer=row, opportunity=column)


def _blocks(problem: Problem, left: Remaining, groups: Ints) -> Iterator[Pairs]:
    at_once = max(1, PAIRS_AT_ONCE // max(1, len(problem.opportunities)))
    for first in range(0, len(groups), at_once):
        yield possible_for(problem, left, groups[first : first + at_once])
