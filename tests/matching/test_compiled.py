"""Compiled and plain are the same functions and find the same. Collected only where numba is installed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given

from benchmarks.matcher.instances import SIZES, instance
from tests.matching.building import chosen
from tests.matching.random_problems import problems
from volunteers.matching import Problem, solve
from volunteers.matching.compiled import engine
from volunteers.matching.kernel import auction, bundles_worth, demand
from volunteers.matching.mending import mend_all, rearrange_all


def same(problem: Problem, seed: int) -> None:
    fast, plain = (solve(problem, seed=seed, compiled=compiled) for compiled in (True, False))
    assert chosen(fast) == chosen(plain)
    assert fast.prices.tolist() == plain.prices.tolist()
    assert (fast.score, fast.bound, fast.inputs_hash) == (plain.score, plain.bound, plain.inputs_hash)


def test_the_compiled_functions_are_the_plain_ones() -> None:
    compiled = engine(True)
    functions = (
        compiled.auction,
        compiled.bundles_worth,
        compiled.demand,
        compiled.mend_all,
        compiled.rearrange_all,
    )
    plain = [auction, bundles_worth, demand, mend_all, rearrange_all]
    assert [function.py_func for function in functions] == plain
    assert engine(None).compiled


@given(problems())
def test_compiled_and_plain_find_the_same_in_small_problems(problem: Problem) -> None:
    same(problem, seed=0)


@pytest.mark.parametrize("scarcity", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", [1, 2])
def test_compiled_and_plain_find_the_same_in_a_town(scarcity: int, seed: int) -> None:
    same(instance(*SIZES["S"], scarcity, seed), seed)


def test_what_was_compiled_is_kept_for_the_next_process() -> None:
    same(instance(60, 20, 1, 1), seed=1)
    code = (
        "from benchmarks.matcher.instances import instance\n"
        "from volunteers.matching import solve\n"
        "from volunteers.matching.compiled import engine\n"
        "solve(instance(60, 20, 1, 1), compiled=True)\n"
        "stats = engine(True).auction.stats\n"
        "print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1 0\n"
