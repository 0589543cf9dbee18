"""The arrays a run of the matcher works on. Rows are indices; the caller keeps the primary keys.

Times are quarter hours of a week, Monday 00:00 local time is 0, the week ends at 672, intervals are half
open. What reaches over Sunday midnight is two rows. Bit masks use the bits 0 to 62.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Narrow: TypeAlias = npt.NDArray[np.int32]
Shorts: TypeAlias = npt.NDArray[np.int16]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]

WEEK = 672
MAX_PLACEMENTS = 3
NO_LIMIT = -1
NONE = -1
REQUIRES_CLEARANCE = 1
CONTACT_WITH_MINORS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteers:
    """Who offers time: n rows, w windows. All arrays int64 unless stated.

    window_ptr (n+1), window_start (w), window_end (w): weekly windows per row, from `merged_windows`.
    max_placements (n): placements at the same time, 0 to 3, the confirmed ones included.
    offers_left (n): questions that may still be put now (contact budget).
    hours_limit (n): quarter hours per week, the confirmed ones included; NO_LIMIT without.
    lat, lon (n) float64: degrees, NaN unknown; max_km (n) float64: inf is anywhere.
    fields, districts (n): masks of what is preferred, 0 is no preference.
    skills, languages (n): masks of what the person has. learning, lacking (n): masks of the skills the person
    wants to learn and said not to have; they count for the `chosen` pairs alone.
    age_groups (n): mask of the groups the person wants to work with, 0 is any.
    age (n): years, -1 unknown. meets (n): mask of REQUIRES_CLEARANCE, CONTACT_WITH_MINORS.
    days_since_asked (n). paused (n) bool.
    heads (n): how many places a row needs, all of them or none; None where everybody comes alone. A group, a
    row of more than one, is placed by `place_groups`, never by the auction.
    """

    window_ptr: Ints
    window_start: Ints
    window_end: Ints
    max_placements: Ints
    offers_left: Ints
    hours_limit: Ints
    lat: Floats
    lon: Floats
    max_km: Floats
    fields: Ints
    districts: Ints
    skills: Ints
    learning: Ints
    lacking: Ints
    languages: Ints
    age_groups: Ints
    age: Ints
    meets: Ints
    days_since_asked: Ints
    paused: Bools
    heads: Ints | None = None

    def __len__(self) -> int:
        return len(self.max_placements)

    @property
    def needed(self) -> Ints:
        """(n) places each row needs."""
        return np.ones(len(self), np.int64) if self.heads is None else self.heads


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunities:
    """What needs people: m rows, s weekly slots. All arrays int64 unless stated.

    slot_ptr (m+1), slot_start (s), slot_end (s): slots per row, ALL to be covered; a row without is flexible.
    effort (m): quarter hours per week counted against `hours_limit`.
    places (m): people wanted, the confirmed ones included.
    lat, lon (m) float64: degrees, NaN is done from anywhere.
    field, district (m): index 0 to 62, -1 none.
    skills (m): mask, all are needed. languages (m): mask, one is needed, 0 none.
    age_groups (m): mask of the people helped, 0 is any. min_age (m): years a volunteer must have, 0 none.
    requires (m): mask of REQUIRES_CLEARANCE, CONTACT_WITH_MINORS.
    need (m): need index of the district, 0 to 1000.
    """

    slot_ptr: Ints
    slot_start: Ints
    slot_end: Ints
    effort: Ints
    places: Ints
    lat: Floats
    lon: Floats
    field: Ints
    district: Ints
    skills: Ints
    languages: Ints
    age_groups: Ints
    min_age: Ints
    requires: Ints
    need: Ints

    def __len__(self) -> int:
        return len(self.places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Rows of volunteers and of opportunities, one beside the other, both int64 (length)."""

    volunteer: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    opportunity: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.volunteer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Points of the score: the best possible pair reaches the sum, about a million.

    placed: any possible pair. hours: an effort of `full_hours` quarter hours a week or more. field: a wanted
    field. near: 0 m away, none at `far_metres`. need: need index 1000. district: a preferred one.
    waiting: `long_wait_days` without a question.
    """

    placed: int = 300_000
    hours: int = 150_000
    field: int = 250_000
    near: int = 150_000
    need: int = 100_000
    district: int = 50_000
    waiting: int = 50_000
    full_hours: int = 16
    far_metres: int = 10_000
    long_wait_days: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One run. `confirmed` take a place, a placement, their slots and hours, and are never moved; `forbidden`
    pairs are not proposed (asked before, declined). `chosen` pairs are those the person picked out: what is
    soft closes no gate for them. Raises ValueError if shapes, types or windows are wrong.
    """

    volunteers: Volunteers
    opportunities: Opportunities
    confirmed: Pairs = field(default_factory=Pairs)
    forbidden: Pairs = field(default_factory=Pairs)
    chosen: Pairs = field(default_factory=Pairs)
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        n, m = len(self.volunteers), len(self.opportunities)
        _check_columns(self.volunteers, n, "window")
        _check_columns(self.opportunities, m, "slot")
        _check_windows(self.volunteers)
        if np.any(self.volunteers.needed < 1):
            raise ValueError("heads: must be one at least")
        if np.any(self.opportunities.effort < 0):
            raise ValueError("effort: must not be negative")
        for name in ("confirmed", "forbidden", "chosen"):
            pairs: Pairs = getattr(self, name)
            _check_rows(f"{name}.volunteer", pairs.volunteer, n)
            _check_rows(f"{name}.opportunity", pairs.opportunity, m)
            if len(pairs.volunteer) != len(pairs.opportunity):
                raise ValueError(f"{name}: volunteer and opportunity differ in length")
        _check_weights(self.weights)


def _check_columns(table: Volunteers | Opportunities, rows: int, kind: str) -> None:
    floats = {"lat", "lon", "max_km"}
    ptr = getattr(table, f"{kind}_ptr")
    intervals = int(ptr[-1]) if len(ptr) else -1
    lengths = {f"{kind}_ptr": rows + 1, f"{kind}_start": intervals, f"{kind}_end": intervals}
    for column in fields(table):
        array = getattr(table, column.name)
        if array is None:
            continue
        dtype = np.float64 if column.name in floats else np.bool_ if column.name == "paused" else np.int64
        if array.dtype != dtype:
            raise ValueError(f"{column.name}: {array.dtype} instead of {np.dtype(dtype)}")
        if array.shape != (lengths.get(column.name, rows),):
            raise ValueError(
                f"{column.name}: shape {array.shape} instead of {lengths.get(column.name, rows)} rows"
            )
    start, end = getattr(table, f"{kind}_start"), getattr(table, f"{kind}_end")
    if ptr[0] != 0 or np.any(np.diff(ptr) < 0):
        raise ValueError(f"{kind}_ptr: must rise from 0")
    if np.any((start < 0) | (end > WEEK) | (start >= end)):
        raise ValueError(f"{kind}_start, {kind}_end: must satisfy 0 <= start < end <= {WEEK}")


def _check_windows(volunteers: Volunteers) -> None:
    row = np.repeat(np.arange(len(volunteers)), np.diff(volunteers.window_ptr))
    same = row[1:] == row[:-1]
    if np.any(same & (volunteers.window_start[1:] <= volunteers.window_end[:-1])):
        raise ValueError("windows: must be sorted and merged, touching ones too")


def _check_weights(weights: Weights) -> None:
    """Every pair needs a point at least, and all its points must fit into 32 bits."""
    points = [getattr(weights, weight.name) for weight in fields(weights)]
    if (
        min(points) < 0
        or not weights.placed
        or not (weights.full_hours and weights.far_metres and weights.long_wait_days)
    ):
        raise ValueError("weights: none may be negative; placed and the three scales must be positive")
    if sum(points) >= 1 << 31:
        raise ValueError("weights: their sum must stay below 2**31")


def _check_rows(name: str, rows: Ints, size: int) -> None:
    if rows.dtype != np.int64:
        raise ValueError(f"{name}: {rows.dtype} instead of int64")
    if len(rows) and (rows.min() < 0 or rows.max() >= size):
        raise ValueError(f"{name}: a row outside 0 to {size - 1}")
