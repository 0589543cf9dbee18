"""Name the inputs of a run, so that it can be repeated and compared."""

from __future__ import annotations

import hashlib
from dataclasses import fields

import numpy as np

from volunteers.matching.problem import Pairs, Problem


def inputs_hash(problem: Problem, seed: int) -> str:
    """SHA-256 (hex) of all arrays, the weights and the seed; the order of the pairs does not count."""
    digest = hashlib.sha256(f"seed={seed}".encode())
    for table in (problem.volunteers, problem.opportunities):
        for column in fields(table):
            if (array := getattr(table, column.name)) is not None:
                _add(digest, column.name, array)
    for name in ("confirmed", "forbidden", "chosen"):
        pairs: Pairs = getattr(problem, name)
        order = np.lexsort((pairs.opportunity, pairs.volunteer))
        _add(digest, f"{name}.volunteer", pairs.volunteer[order])
        _add(digest, f"{name}.opportunity", pairs.opportunity[order])
    for weight in fields(problem.weights):
        digest.update(f"{weight.name}={getattr(problem.weights, weight.name)};".encode())
    return digest.hexdigest()


def _add(digest: hashlib._Hash, name: str, array: np.ndarray) -> None:
    digest.update(f"{name}:{len(array)};".encode())
    digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes())
