"""The best there is, proved by HiGHS, which chooses one bundle per person by the rules of the checker."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import highspy
import numpy as np

from benchmarks.matcher.checker import Rules
from tests.matching.building import possible
from volunteers.matching import Problem


def optimum(problem: Problem) -> int:
    """The score of the best assignment."""
    rules, edges = Rules(problem), possible(problem)
    options: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for i, j, score in zip(
        edges.volunteer.tolist(), edges.opportunity.tolist(), edges.score.tolist(), strict=True
    ):
        options[i].append((j, score))
    columns = [(i, *bundle) for i, mine in options.items() for bundle in _bundles(rules, mine, i)]
    model = highspy.Highs()
    model.silent()
    model.setOptionValue("mip_rel_gap", 0.0)
    people, none = len(rules.room), np.empty(0, np.int32)
    for most in [1] * people + rules.free:
        model.addRow(0, most, 0, none, np.empty(0))
    for i, worth, tasks in columns:
        rows = np.array([i, *(people + j for j in sorted(tasks))], np.int32)
        model.addCol(-worth, 0, 1, len(rows), rows, np.ones(len(rows)))
    every = np.arange(len(columns), dtype=np.int32)
    model.changeColsIntegrality(len(every), every, np.full(len(every), highspy.HighsVarType.kInteger))
    model.run()
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return -round(model.getInfo().objective_function_value)


def _bundles(rules: Rules, options: list[tuple[int, int]], person: int) -> list[tuple[int, list[int]]]:
    """Worth and tasks of everything the person could do beside each other."""
    found = []
    for size in range(1, min(rules.room[person], rules.asks[person]) + 1):
        for chosen in combinations(options, size):
            tasks = [j for j, _ in chosen]
            if sum(rules.effort[j] for j in tasks) <= rules.limit[person] and not any(
                rules.overlap(one, other) for one, other in combinations(tasks, 2)
            ):
                found.append((sum(score for _, score in chosen), tasks))
    return found
