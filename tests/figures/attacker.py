"""A stranger who has read everything that is published and lets a solver work out what is hidden.

Statements are linear: the sum of some unknowns lies between two bounds. The unknowns are whole numbers of
people; the solver treats them as real ones, so that the intervals it finds are never too narrow by rounding
and are cut to whole numbers at the end.
"""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

Unknown = Hashable
_ENDLESS = 1e6
_TOLERANCE = 1e-6


@dataclass
class Knowledge:
    """What is known of unknowns that are never below zero."""

    columns: dict[Unknown, int] = field(default_factory=dict)
    rows: list[tuple[list[int], float, float]] = field(default_factory=list)

    def learn(self, unknowns: Iterable[Unknown], least: float, most: float = _ENDLESS) -> None:
        """Take note that the sum of `unknowns` lies between `least` and `most`."""
        self.rows.append((self.places(unknowns), least, most))

    def places(self, unknowns: Iterable[Unknown]) -> list[int]:
        return [self.columns.setdefault(each, len(self.columns)) for each in unknowns]


class Solver:
    """HiGHS, asked for the least and the greatest value of sums."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._size = len(knowledge.columns)
        self._highs = highspy.Highs()
        self._highs.silent()
        self._highs.setOptionValue("presolve", "off")
        self._highs.addVars(self._size, np.zeros(self._size), np.full(self._size, _ENDLESS))
        for places, least, most in knowledge.rows:
            self._highs.addRow(least, most, len(places), np.array(places), np.ones(len(places)))

    def extreme(self, weights: np.ndarray, *, is_least: bool) -> np.ndarray:
        """Return the unknowns where their weighted sum is least or greatest."""
        costs = weights if is_least else -weights
        self._highs.changeColsCost(self._size, np.arange(self._size, dtype=np.int32), costs)
        self._highs.run()
        assert self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return np.array(self._highs.getSolution().col_value)


def too_narrow(
    knowledge: Knowledge, sums: Sequence[tuple[list[Unknown], float]]
) -> list[tuple[int, float, float]]:
    """Return (index, least, greatest) of each sum whose interval is shorter than it ought to be.

    Every answer of the solver is a possible town and thus a witness for all sums at once; only sums without
    two witnesses far enough apart are asked for singly.
    """
    targets = np.zeros((len(sums), len(knowledge.columns)))
    for index, (unknowns, _width) in enumerate(sums):
        targets[index, [knowledge.columns[each] for each in unknowns]] = 1
    widths = np.array([width for _unknowns, width in sums])
    solver = Solver(knowledge)
    least, greatest = np.full(len(sums), math.inf), np.full(len(sums), -math.inf)

    def witness(weights: np.ndarray, *, is_least: bool) -> None:
        values = targets @ solver.extreme(weights, is_least=is_least)
        np.minimum(least, values, out=least)
        np.maximum(greatest, values, out=greatest)

    for is_least in (True, False):
        witness(targets.sum(axis=0), is_least=is_least)
    for index in range(len(sums)):
        for is_least in (True, False):
            if greatest[index] - least[index] < widths[index] - _TOLERANCE:
                witness(targets[index], is_least=is_least)
    return [
        (index, math.ceil(least[index] - _TOLERANCE), math.floor(greatest[index] + _TOLERANCE))
        for index in range(len(sums))
        if greatest[index] - least[index] < widths[index] - _TOLERANCE
    ]
