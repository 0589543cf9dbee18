"""Draws that are the same on every machine: the finalizer of splitmix64 (Steele, Lea and Flood 2014)."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Draws: TypeAlias = npt.NDArray[np.uint64]

STEPS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))


def seed_bits(seed: int) -> np.uint64:
    return np.uint64((seed + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)


def mixed_bits(bits: Draws) -> Draws:
    """64 new bits for each 64, in which every old one counts, the upper ones most evenly."""
    draw = bits.copy()
    for shift, factor in STEPS:
        draw ^= draw >> np.uint64(shift)
        draw *= np.uint64(factor)
    return draw
