"""Weekly intervals as CSR arrays: pointer, start, end."""

from __future__ import annotations

import numpy as np

from volunteers.matching.problem import WEEK, Ints


def grouped(rows: int, row: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Group flat intervals (row, start, end) by row, sorted by start: pointer (rows+1), start, end."""
    order = np.lexsort((end, start, row))
    pointer = np.zeros(rows + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=rows), out=pointer[1:])
    return pointer, start[order].astype(np.int64), end[order].astype(np.int64)


def merged_windows(rows: int, row: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Group like `grouped`; merge what overlaps or touches, so that a slot across two windows is covered."""
    pointer, start, end = grouped(rows, row, start, end)
    row = np.repeat(np.arange(rows), np.diff(pointer))
    shift = row * (WEEK + 1)
    reach = np.maximum.accumulate(end + shift) if len(end) else end
    first = np.ones(len(row), np.bool_)
    first[1:] = start[1:] + shift[1:] > reach[:-1]
    opening = np.flatnonzero(first)
    closing = np.append(opening[1:], len(row))[: len(opening)] - 1
    return grouped(rows, row[opening], start[opening], (reach - shift)[closing])


def expand(pointer: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """For CSR `pointer` and chosen `rows`: position within `rows` and CSR index of all their intervals."""
    length = pointer[rows + 1] - pointer[rows]
    position = np.repeat(np.arange(len(rows)), length)
    offset = np.repeat(pointer[rows] - np.cumsum(length) + length, length)
    return position, np.arange(len(position)) + offset
