"""Measure the matcher against a greedy baseline on seeded instances, and check what both find.

    ./dev bench matching --size M --scarcity 3 --seed 1 [--compiled | --plain] [--repeat 5]
    ./dev bench matching --town centres --volunteers 4000 --tasks 2047

Times are processor time of this process, from scored candidates to the assignment with its certificate; the
solver's include lining up the rows, which happens before there are candidates. Runs are interleaved greedy,
solver, greedy; a ratio compares a run with the two around it, the median is reported. The load is the number
of runnable processes on the machine at the end. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import time
import tracemalloc
from collections.abc import Callable
from statistics import median
from typing import TypeVar

import numpy as np

from benchmarks.matcher.checker import check, proved
from benchmarks.matcher.greedy import greedy
from benchmarks.matcher.instances import SIZES, instance
from benchmarks.matcher.towns import centres, equal
from volunteers.matching import solve
from volunteers.matching.certificate import upper_bound
from volunteers.matching.compiled import engine
from volunteers.matching.edges import Edges, all_edges
from volunteers.matching.lineup import lineup
from volunteers.matching.market import open_hall
from volunteers.matching.problem import Ints, Problem
from volunteers.matching.remaining import Remaining, remaining
from volunteers.matching.solver import Solution, assign

T = TypeVar("T")


def main() -> None:
    options = _options()
    compiled = engine(options.compiled).compiled
    solve(instance(*SIZES["S"], options.scarcity, options.seed), compiled=compiled)
    people, tasks = SIZES[options.size]
    unlined = _town(options, options.volunteers or people, options.tasks or tasks)
    lining_seconds, problem = _timed(lambda: lineup(unlined, 0).ordered(unlined))
    candidate_seconds, (left, edges) = _timed(lambda: _prepared(problem))
    print(f"{len(edges)} candidate pairs")
    times, found, baseline = _interleaved(problem, left, edges, compiled, options.repeat, lining_seconds)
    check(problem, found.volunteer, found.opportunity)
    check(problem, edges.volunteer[baseline], edges.opportunity[baseline])
    bound = proved(problem, edges, found)
    if bound != found.bound:
        raise SystemExit(f"The certificate is {bound}, the solver reports {found.bound}.")
    report = {
        "size": options.size,
        "town": options.town,
        "volunteers": len(problem.volunteers),
        "tasks": len(problem.opportunities),
        "seed": options.seed,
        "scarcity": options.scarcity,
        "compiled": compiled,
        "candidates": len(edges),
        "places": int(left.places.sum()),
        **_quality(problem, left, edges, found, baseline, bound),
        **times,
        "lining_seconds": round(lining_seconds, 4),
        "candidate_seconds": round(candidate_seconds, 4),
        "certificate_share": round(
            _certificate_seconds(problem, left, edges, found, compiled) / times["seconds"], 4
        ),
        **_memory(problem, left, edges, compiled),
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the matcher against a greedy baseline.")
    parser.add_argument("--size", choices=SIZES, default="M")
    parser.add_argument("--scarcity", type=int, choices=(1, 2, 3, 4), default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--town", choices=("spread", "centres", "equal"), default="spread")
    parser.add_argument("--volunteers", type=int, help="instead of those of the size")
    parser.add_argument("--tasks", type=int, help="instead of those of the size")
    parser.add_argument("--repeat", type=int, default=5)
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--compiled", action="store_true", default=None, help="demand numba")
    way.add_argument("--plain", action="store_false", dest="compiled", help="do without numba")
    return parser.parse_args()


def _town(options: argparse.Namespace, volunteers: int, tasks: int) -> Problem:
    if options.town == "equal":
        return equal(volunteers, tasks)
    make = centres if options.town == "centres" else instance
    return make(volunteers, tasks, options.scarcity, options.seed)


def _timed(function: Callable[[], T]) -> tuple[float, T]:
    begun = time.process_time()
    result = function()
    return time.process_time() - begun, result


def _prepared(problem: Problem) -> tuple[Remaining, Edges]:
    left = remaining(problem)
    return left, all_edges(problem, left)


def _interleaved(
    problem: Problem, left: Remaining, edges: Edges, compiled: bool, repeat: int, lining_seconds: float
) -> tuple[dict[str, float], Solution, Ints]:
    before, baseline = _timed(lambda: greedy(problem, left, edges))
    seconds, greedy_seconds, ratios = [], [before], []
    for turn in range(repeat):
        assigning, found = _timed(lambda: assign(problem.opportunities, left, edges, compiled=compiled))
        took = lining_seconds + assigning
        after, _ = _timed(lambda: greedy(problem, left, edges))
        seconds.append(took)
        greedy_seconds.append(after)
        ratios.append(2 * took / (before + after))
        before = after
        print(f"{turn + 1}/{repeat}: solver {took:.3f} s, greedy {after:.3f} s")
    times = {
        "seconds": round(median(seconds), 4),
        "greedy_seconds": round(median(greedy_seconds), 4),
        "ratio": round(median(ratios), 3),
    }
    return times, found, np.array(baseline)


def _quality(
    problem: Problem, left: Remaining, edges: Edges, found: Solution, baseline: Ints, bound: int
) -> dict[str, float]:
    filled, greedy_filled = len(found.volunteer), len(baseline)
    placed = np.bincount(problem.confirmed.opportunity, minlength=len(left.places))
    empty, greedy_empty = (
        int(np.count_nonzero((left.places > 0) & (placed + np.bincount(taken, minlength=len(placed)) == 0)))
        for taken in (found.opportunity, edges.opportunity[baseline])
    )
    greedy_score = int(edges.score[baseline].sum())
    return {
        "filled": filled,
        "greedy_filled": greedy_filled,
        "filled_ratio": round(filled / greedy_filled, 4),
        "score": found.score,
        "bound": bound,
        "percent_of_bound": round(100 * found.score / bound, 4),
        "greedy_percent_of_bound": round(100 * greedy_score / bound, 4),
        "empty_opportunities": empty,
        "greedy_empty_opportunities": greedy_empty,
    }


def _certificate_seconds(
    problem: Problem, left: Remaining, edges: Edges, found: Solution, compiled: bool
) -> float:
    hall = open_hall(problem.opportunities, left, edges, engine(compiled))
    return _timed(lambda: upper_bound(hall, found.prices))[0]


def _memory(problem: Problem, left: Remaining, edges: Edges, compiled: bool) -> dict[str, float]:
    peak = _peak_mb(lambda: assign(problem.opportunities, left, edges, compiled=compiled))
    greedy_peak = _peak_mb(lambda: greedy(problem, left, edges))
    return {
        "peak_mb": round(peak, 1),
        "greedy_peak_mb": round(greedy_peak, 1),
        "peak_ratio": round(peak / greedy_peak, 3),
    }


def _peak_mb(function: Callable[[], object]) -> float:
    """Most memory that `function` held beyond what was there before."""
    tracemalloc.start()
    function()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 2**20


if __name__ == "__main__":
    main()
