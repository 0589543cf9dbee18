"""What confirmed placements leave: they are never moved, so the matcher only sees the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteers.matching.intervals import expand, grouped
from volunteers.matching.problem import NO_LIMIT, WEEK, Bools, Ints, Pairs, Problem

ANY_HOURS = 7 * WEEK

WEEKS_AT_ONCE = 4096
"""Weeks that are laid out together; it only bounds the memory in use."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """unplaced (n): placements a volunteer has room for. placements (n): how many the auction may propose
    now, 0 for a group or who is paused, and never more than the questions left. hours (n): quarter hours a
    week left, ANY_HOURS without a limit. places (m): places left. window_ptr (n+1), window_start, window_end:
    windows without the slots of confirmed placements.
    """

    unplaced: Ints
    placements: Ints
    hours: Ints
    places: Ints
    window_ptr: Ints
    window_start: Ints
    window_end: Ints


def remaining(problem: Problem) -> Remaining:
    """Subtract the confirmed placements, the contact budget and the pauses."""
    volunteers, opportunities, confirmed = problem.volunteers, problem.opportunities, problem.confirmed
    n = len(volunteers)
    unplaced = np.maximum(volunteers.max_placements - np.bincount(confirmed.volunteer, minlength=n), 0)
    placements = np.maximum(np.minimum(unplaced, volunteers.offers_left), 0)
    placements[volunteers.paused | (volunteers.needed > 1)] = 0
    spent = np.bincount(confirmed.volunteer, opportunities.effort[confirmed.opportunity], n).astype(np.int64)
    limit = np.where(volunteers.hours_limit == NO_LIMIT, ANY_HOURS, volunteers.hours_limit)
    hours = np.where(volunteers.hours_limit == NO_LIMIT, ANY_HOURS, np.maximum(limit - spent, 0))
    places = np.maximum(opportunities.places - filled(problem), 0)
    return Remaining(unplaced, placements, hours, places, *_free_windows(problem))


def filled(problem: Problem) -> Ints:
    """(m) places that the confirmed have, of a group one for each head."""
    volunteer, opportunity = problem.confirmed.volunteer, problem.confirmed.opportunity
    heads = problem.volunteers.needed[volunteer]
    return np.bincount(opportunity, heads, len(problem.opportunities)).astype(np.int64)


def _free_windows(problem: Problem) -> tuple[Ints, Ints, Ints]:
    volunteers, confirmed = problem.volunteers, problem.confirmed
    windows = (volunteers.window_ptr, volunteers.window_start, volunteers.window_end)
    busy, line = np.unique(confirmed.volunteer, return_inverse=True)
    if not len(busy):
        return windows
    row = np.repeat(np.arange(len(volunteers)), np.diff(volunteers.window_ptr))
    kept = ~np.isin(row, busy)
    free = (np.searchsorted(busy, row[~kept]), *(ends[~kept] for ends in windows[1:]))
    taken = _slots_of(problem, confirmed, line)
    parts = [(row[kept], windows[1][kept], windows[2][kept])]
    for first in range(0, len(busy), WEEKS_AT_ONCE):
        lines = min(WEEKS_AT_ONCE, len(busy) - first)
        painted = _paint(lines, first, *free) & ~_paint(lines, first, *taken)
        edges = np.diff(painted.astype(np.int8), axis=1, prepend=0, append=0)
        rise, start = np.nonzero(edges == 1)
        parts.append((busy[first + rise], start, np.nonzero(edges == -1)[1]))
    return grouped(len(volunteers), *(np.concatenate(column) for column in zip(*parts, strict=True)))


def _slots_of(problem: Problem, pairs: Pairs, line: Ints) -> tuple[Ints, Ints, Ints]:
    opportunities = problem.opportunities
    of_pair, slot = expand(opportunities.slot_ptr, pairs.opportunity)
    return line[of_pair], opportunities.slot_start[slot], opportunities.slot_end[slot]


def _paint(lines: int, first: int, line: Ints, start: Ints, end: Ints) -> Bools:
    """Which quarter hours the intervals of `lines` from `first` on cover."""
    mine = (line >= first) & (line < first + lines)
    line, start, end = line[mine] - first, start[mine], end[mine]
    steps = np.zeros((lines, WEEK + 1), np.int16)
    np.add.at(steps, (line, start), 1)
    np.add.at(steps, (line, end), -1)
    return np.cumsum(steps, axis=1, dtype=np.int16)[:, :WEEK] > 0
