"""A run that was written down is repeated bit by bit, and nothing but what it worked on is in it."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from benchmarks.matcher.instances import instance
from tests.matching.building import Need, Person, problem_of
from volunteers.matching import Problem, Weights, solve
from volunteers.matching.record import read, written
from volunteers.matching.solution import METHODS

RECORDS = Path(__file__).parent / "records"

WAYS = [False, True] if find_spec("numba") else [False]


def town() -> Problem:
    problem = instance(300, 60, 3, 5)
    return replace(problem, weights=Weights(near=140_001))


@pytest.mark.parametrize("first", WAYS)
@pytest.mark.parametrize("again", WAYS)
def test_the_same_answer_comes_out_whichever_way_it_is_solved(first: bool, again: bool) -> None:
    problem = town()
    result = solve(problem, seed=11, compiled=first)
    paper = read(written(problem, 11, result))
    assert paper.inputs_hash == result.inputs_hash
    assert paper.problem.weights == Weights(near=140_001)
    assert paper.answer.bound == result.bound
    assert paper.answer.score == result.score > 0
    assert paper.answer.prices.tolist() == result.prices.tolist()
    assert paper.differences(compiled=again) == []


@pytest.mark.parametrize("way", WAYS)
def test_a_run_of_the_first_method_is_still_repeated_bit_by_bit(way: bool) -> None:
    """Stored when rows were solved as they stood, with places that were filled along chains."""
    paper = read((RECORDS / "first_method.npz").read_bytes())
    assert (len(paper.problem.volunteers), paper.seed, paper.answer.score) == (150, 3, 83_922_895)
    assert paper.differences(compiled=way) == []
    newest = solve(paper.problem, seed=3, compiled=way)
    assert newest.prices.tolist() != paper.answer.prices.tolist()
    assert read(written(paper.problem, 3, newest)).differences(compiled=way) == []
    assert newest.percent > 99.7


@pytest.mark.parametrize("way", WAYS)
def test_a_run_of_the_second_method_is_still_repeated_bit_by_bit(way: bool) -> None:
    """Stored when a result that fell short of its bound, as where hours are tight, was left as it was."""
    paper = read((RECORDS / "second_method.npz").read_bytes())
    assert (len(paper.problem.volunteers), paper.seed, paper.answer.score) == (60, 1, 65_825_968)
    assert paper.differences(compiled=way) == []
    newest = solve(paper.problem, seed=1, compiled=way)
    assert newest.score > paper.answer.score
    assert newest.bound < paper.answer.bound
    assert paper.answer.percent < 98 < 99.9 < newest.percent


@pytest.mark.parametrize("way", WAYS)
def test_a_run_of_the_third_method_is_still_repeated_bit_by_bit(way: bool) -> None:
    """Stored when a result that fell short was settled, and then left as it was."""
    paper = read((RECORDS / "third_method.npz").read_bytes())
    assert (len(paper.problem.volunteers), paper.seed, paper.answer.score) == (50, 7, 64_291_709)
    assert paper.differences(compiled=way) == []
    assert paper.method == METHODS[2]
    newest = solve(paper.problem, seed=7, compiled=way)
    assert newest.score > paper.answer.score
    assert paper.answer.percent < 99.5 < 99.7 < newest.percent


@pytest.mark.parametrize("way", WAYS)
def test_a_run_of_the_fourth_method_is_still_repeated_bit_by_bit(way: bool) -> None:
    """Stored when a small town was looked at case by case, before anybody counted how many can be placed."""
    paper = read((RECORDS / "fourth_method.npz").read_bytes())
    assert (len(paper.problem.volunteers), paper.seed, paper.answer.score) == (60, 3, 50_289_509)
    assert paper.differences(compiled=way) == []
    assert (paper.method, len(paper.answer.cases) > 1) == (METHODS[3], True)


def test_a_record_of_a_method_that_does_not_exist_is_refused() -> None:
    content = written(problem_of([], []), 0, solve(problem_of([], []), compiled=False))
    with np.load(BytesIO(content)) as columns:
        unknown = {**columns, "method": np.int64(len(METHODS))}
    with pytest.raises(ValueError, match="not a record of this version"):
        read(saved(unknown))


def test_the_same_run_is_the_same_bytes() -> None:
    problem = town()
    result = solve(problem, compiled=False)
    content = written(problem, 0, result)
    assert content == written(problem, 0, result)
    with np.load(BytesIO(content)) as columns:
        assert columns["answer.volunteer"].tolist() == result.volunteer.tolist()


def test_nothing_and_nobody_can_be_written_down() -> None:
    for problem in (problem_of([], []), problem_of([Person()], []), problem_of([], [Need()])):
        assert read(written(problem, 0, solve(problem, compiled=False))).differences(compiled=False) == []


@pytest.mark.parametrize("part", ["volunteer", "opportunity", "pair_score", "prices", "bound"])
def test_one_bit_that_differs_is_named(part: str) -> None:
    problem = town()
    result = solve(problem, compiled=False)
    right = getattr(result, part)
    wrong = right + 1 if part == "bound" else np.concatenate([right[:-1], right[-1:] ^ 1])
    paper = read(written(problem, 0, replace(result, **{part: wrong})))
    assert paper.differences(compiled=False) == [part]


def test_an_answer_that_lacks_its_last_pair_differs() -> None:
    problem = town()
    result = solve(problem, compiled=False)
    paper = read(written(problem, 0, replace(result, volunteer=result.volunteer[:-1])))
    assert paper.differences(compiled=False) == ["volunteer"]


def test_another_seed_is_another_run() -> None:
    problem = town()
    result = solve(problem, seed=1, compiled=False)
    paper = read(written(problem, 2, result))
    assert paper.inputs_hash != result.inputs_hash
    assert paper.differences(compiled=False) != []


def test_a_record_that_is_cut_or_lacks_a_column_is_refused() -> None:
    problem = problem_of([Person()], [Need()])
    content = written(problem, 0, solve(problem, compiled=False))
    with np.load(BytesIO(content)) as columns:
        older = {name: column for name, column in columns.items() if name != "volunteers.age"}
        newer = {**columns, "volunteers.shoe_size": np.zeros(1, np.int64)}
    flipped = content[:200] + bytes([content[200] ^ 255]) + content[201:]
    for broken in (b"", b"x" * 40, content[:-30], flipped, *map(saved, (older, newer))):
        with pytest.raises(ValueError, match="not a record of this version"):
            read(broken)


def saved(columns: dict[str, np.ndarray]) -> bytes:
    paper = BytesIO()
    np.savez_compressed(paper, **columns)
    return paper.getvalue()
