"""A run on paper: what went into `solve` and what it answered, in bytes, so that it can be repeated.

Rows carry no keys: who they were is not in it.
"""

from __future__ import annotations

import zlib
from dataclasses import asdict, dataclass, fields
from io import BytesIO
from operator import attrgetter
from typing import Any, TypeAlias
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import numpy as np

from volunteers.matching.fingerprint import inputs_hash
from volunteers.matching.problem import Opportunities, Pairs, Problem, Volunteers, Weights
from volunteers.matching.solution import METHODS, Cases, Count, Method, Solution
from volunteers.matching.solver import Result, solve

Columns: TypeAlias = dict[str, Any]

TABLES = {"volunteers": Volunteers, "opportunities": Opportunities}
PAIRS = ("confirmed", "forbidden", "chosen")
FIRST_METHOD = 0
"""What the records say that name no method."""
ANSWER = ("volunteer", "opportunity", "pair_score", "prices")
CASES = tuple(f"cases.{column.name}" for column in fields(Cases))
COUNT = tuple(f"count.{column.name}" for column in fields(Count))
"""Written only where there are cases, or a count."""
LEVEL = 4
"""Of packing: a quarter of the time of the usual 6 for a twentieth more bytes."""


@dataclass(frozen=True, slots=True)
class Record:
    """Inputs, seed and answer of one run, and the method that found it."""

    problem: Problem
    seed: int
    answer: Solution
    method: Method

    @property
    def inputs_hash(self) -> str:
        return inputs_hash(self.problem, self.seed)

    def differences(self, *, compiled: bool | None = None) -> list[str]:
        """Solve again and name every part of the answer that is not the same bit by bit."""
        again = solve(self.problem, seed=self.seed, compiled=compiled, method=self.method)
        parts = [(name, attrgetter(name)) for name in (*ANSWER, *CASES, *COUNT)]
        differing = [name for name, part in parts if not _same(part(self.answer), part(again))]
        return differing + ["bound"] * (self.answer.bound != again.bound)


def written(problem: Problem, seed: int, answer: Result) -> bytes:
    """Return the record of a run: compressed columns."""
    columns: Columns = {
        "seed": np.int64(seed),
        "method": np.int64(METHODS.index(answer.method)),
        "answer.bound": np.int64(answer.bound),
    }
    for table in TABLES:
        rows = getattr(problem, table)
        arrays = {f"{table}.{each.name}": getattr(rows, each.name) for each in fields(rows)}
        columns |= {name: array for name, array in arrays.items() if array is not None}
    for name in PAIRS:
        pairs = getattr(problem, name)
        columns |= {f"{name}.volunteer": pairs.volunteer, f"{name}.opportunity": pairs.opportunity}
    columns |= {f"weights.{name}": np.int64(points) for name, points in asdict(problem.weights).items()}
    columns |= {f"answer.{name}": getattr(answer, name) for name in ANSWER}
    if len(answer.cases):
        columns |= {name: attrgetter(name)(answer) for name in CASES}
    if answer.count:
        columns |= {name: np.asarray(attrgetter(name)(answer)) for name in COUNT}
    return _packed(columns)


def _packed(columns: Columns) -> bytes:
    """Return the columns as `np.load` reads them; numpy's own `savez_compressed` knows no level."""
    paper = BytesIO()
    with ZipFile(paper, "w", ZIP_DEFLATED, compresslevel=LEVEL) as files:
        for name, column in columns.items():
            with files.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asanyarray(column), allow_pickle=False)
    return paper.getvalue()


def read(content: bytes) -> Record:
    """Return what `written` wrote. Raises ValueError if it is damaged or of a version with other columns."""
    try:
        with np.load(BytesIO(content), allow_pickle=False) as columns:
            return _record(dict(columns))
    except (ValueError, LookupError, TypeError, OSError, EOFError, BadZipFile, zlib.error) as error:
        raise ValueError(f"not a record of this version: {error}") from error


def _record(columns: Columns) -> Record:
    problem = Problem(
        volunteers=Volunteers(**_under("volunteers.", columns)),
        opportunities=Opportunities(**_under("opportunities.", columns)),
        confirmed=Pairs(**_under("confirmed.", columns)),
        forbidden=Pairs(**_under("forbidden.", columns)),
        chosen=Pairs(**_under("chosen.", columns)),
        weights=Weights(**{name: int(points) for name, points in _under("weights.", columns).items()}),
    )
    answer = _under("answer.", columns)
    return Record(
        problem=problem,
        seed=int(columns["seed"]),
        answer=Solution(
            **{**answer, "bound": int(answer["bound"])},
            cases=Cases(**_under("cases.", columns)),
            count=_count(_under("count.", columns)),
        ),
        method=METHODS[int(columns.get("method", FIRST_METHOD))],
    )


def _count(columns: Columns) -> Count:
    whole = {name: int(columns[name]) for name in ("most", "toll") if columns}
    return Count(**{**columns, **whole})


def _under(prefix: str, columns: Columns) -> Columns:
    return {name.removeprefix(prefix): column for name, column in columns.items() if name.startswith(prefix)}


def _same(one: np.ndarray | int, other: np.ndarray | int) -> bool:
    one, other = np.asarray(one), np.asarray(other)
    return one.dtype == other.dtype and np.array_equal(one, other)
