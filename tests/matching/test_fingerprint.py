"""The hash names the inputs of a run and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from tests.matching.building import Need, Person, at, pairs_of, problem_of
from volunteers.matching import Problem, Weights, solve


def base() -> Problem:
    people = [Person(windows=(at(0, 8, 10),), max_placements=2), Person(heads=2)]
    return problem_of(people, [Need(), Need(places=3)], confirmed=[(1, 1), (0, 1)])


def name(problem: Problem, seed: int = 0) -> str:
    return solve(problem, seed=seed, compiled=False).inputs_hash


def test_it_is_a_sha256_that_stays_the_same() -> None:
    assert len(name(base())) == 64
    assert name(base()) == name(base())


def test_every_array_of_a_problem_counts() -> None:
    names = {name(base())}
    changed = 0
    for table in ("volunteers", "opportunities"):
        rows = getattr(base(), table)
        for column in fields(rows):
            array = getattr(rows, column.name).copy()
            if column.name.endswith("_ptr"):
                continue
            array[0] = (
                not array[0] if array.dtype == np.bool_ else array[0] + 1 if np.isfinite(array[0]) else 7
            )
            names.add(name(replace(base(), **{table: replace(rows, **{column.name: array})})))
            changed += 1
    assert len(names) == changed + 1


def test_weights_seed_and_pairs_count_but_not_the_order_of_pairs() -> None:
    assert name(base(), seed=1) != name(base())
    assert name(replace(base(), weights=Weights(need=1))) != name(base())
    assert name(replace(base(), forbidden=pairs_of([(0, 0)]))) != name(base())
    assert name(replace(base(), chosen=pairs_of([(0, 0)]))) != name(base())
    assert name(replace(base(), confirmed=pairs_of([(0, 1), (1, 1)]))) == name(base())
    assert name(replace(base(), confirmed=pairs_of([(0, 1)]))) != name(base())
