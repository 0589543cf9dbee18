"""What a problem refuses, and how its intervals are built."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.matching.building import Need, Person, pairs_of, problem_of
from volunteers.matching import Problem, Weights, grouped, merged_windows


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def small() -> Problem:
    return problem_of([Person(), Person()], [Need()])


def test_intervals_are_grouped_by_row_and_sorted() -> None:
    pointer, start, end = grouped(3, ints(2, 0, 2), ints(50, 10, 20), ints(60, 15, 30))
    assert pointer.tolist() == [0, 1, 1, 3]
    assert start.tolist() == [10, 20, 50]
    assert end.tolist() == [15, 30, 60]


def test_windows_that_touch_overlap_or_contain_each_other_become_one() -> None:
    row, start, end = ints(0, 0, 0, 0, 1, 1), ints(8, 0, 20, 21, 40, 30), ints(12, 8, 30, 25, 50, 40)
    pointer, start, end = merged_windows(2, row, start, end)
    assert pointer.tolist() == [0, 2, 3]
    assert start.tolist() == [0, 20, 30]
    assert end.tolist() == [12, 30, 50]


def test_windows_of_two_volunteers_never_become_one() -> None:
    pointer, start, end = merged_windows(2, ints(0, 1), ints(660, 0), ints(672, 12))
    assert pointer.tolist() == [0, 1, 2]
    assert start.tolist() == [660, 0]
    assert end.tolist() == [672, 12]


def test_nobody_has_no_windows() -> None:
    pointer, start, end = merged_windows(0, ints(), ints(), ints())
    assert pointer.tolist() == [0]
    assert start.tolist() == end.tolist() == []


def test_touching_windows_that_were_not_merged_are_refused() -> None:
    raw = replace(
        small().volunteers, window_ptr=ints(0, 2, 2), window_start=ints(0, 8), window_end=ints(8, 12)
    )
    with pytest.raises(ValueError, match="windows: must be sorted and merged, touching ones too"):
        replace(small(), volunteers=raw)


@pytest.mark.parametrize(
    ("column", "array", "message"),
    [
        ("age", np.array([1.0, 2.0]), "age: float64 instead of int64"),
        ("paused", np.array([0, 1]), "paused: int64 instead of bool"),
        ("skills", np.array([1, 2, 3]), r"skills: shape \(3,\) instead of 2 rows"),
        ("window_ptr", np.array([1, 1, 2]), "window_ptr: must rise from 0"),
        (
            "window_end",
            np.array([672, 673]),
            "window_start, window_end: must satisfy 0 <= start < end <= 672",
        ),
    ],
)
def test_a_wrong_column_is_refused_by_name(column: str, array: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(small(), volunteers=replace(small().volunteers, **{column: array}))


def test_a_slot_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="slot_start, slot_end: must satisfy"):
        problem_of([Person()], [Need(slots=((20, 10),))])


def test_a_negative_effort_is_refused() -> None:
    with pytest.raises(ValueError, match="effort: must not be negative"):
        problem_of([Person()], [Need(effort=-1)])


def test_pairs_outside_the_rows_are_refused() -> None:
    with pytest.raises(ValueError, match=r"confirmed\.volunteer: a row outside 0 to 1"):
        replace(small(), confirmed=pairs_of([(2, 0)]))
    with pytest.raises(ValueError, match=r"forbidden\.opportunity: a row outside 0 to 0"):
        replace(small(), forbidden=pairs_of([(1, -1)]))
    with pytest.raises(ValueError, match="confirmed: volunteer and opportunity differ in length"):
        replace(small(), confirmed=replace(pairs_of([(1, 0)]), opportunity=ints()))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (Weights(need=-1), "none may be negative"),
        (Weights(placed=0), "placed and the three scales must be positive"),
        (Weights(far_metres=0), "placed and the three scales must be positive"),
        (Weights(field=1 << 31), r"must stay below 2\*\*31"),
    ],
)
def test_weights_without_sense_are_refused(weights: Weights, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(small(), weights=weights)
