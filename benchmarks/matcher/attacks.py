"""Towns in which a matcher may go wrong, reproducible by seed: ties, tight limits, half weeks, favourites."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.matcher.instances import instance
from benchmarks.matcher.towns import CENTRES, centres, equal
from volunteers.matching import Problem, grouped


def one_district(volunteers: int, tasks: int, seed: int) -> Problem:
    """Everybody lives where every task is: distance tells nobody apart."""
    town = centres(volunteers, tasks, 1, seed)
    lat, lon = CENTRES[0]
    return replace(
        town,
        volunteers=replace(town.volunteers, lat=np.full(volunteers, lat), lon=np.full(volunteers, lon)),
        opportunities=replace(town.opportunities, lat=np.full(tasks, lat), lon=np.full(tasks, lon)),
    )


def tight_hours(volunteers: int, tasks: int, seed: int) -> Problem:
    """Everybody would take three, but has two or three hours: what fits beside what decides."""
    town = centres(volunteers, tasks, 1, seed)
    rng = np.random.default_rng(seed)
    limit = rng.choice([8, 9, 10, 12], volunteers)
    people = replace(town.volunteers, max_placements=np.full(volunteers, 3), hours_limit=limit)
    return replace(town, volunteers=people)


def every_second_week(volunteers: int, tasks: int, seed: int) -> Problem:
    """Half of the tasks take half of their hours, a third come on a second day; all take two if they can."""
    town = centres(volunteers, tasks, 1, seed)
    rng = np.random.default_rng(seed)
    needs = town.opportunities
    twice = np.flatnonzero((rng.random(tasks) < 1 / 3) & (needs.slot_end < 6 * 96))
    row = np.concatenate([np.arange(tasks), twice])
    start = np.concatenate([needs.slot_start, needs.slot_start[twice] + 96])
    end = np.concatenate([needs.slot_end, needs.slot_end[twice] + 96])
    pointer, start, end = grouped(tasks, row, start, end)
    effort = np.where(rng.random(tasks) < 0.5, (needs.effort + 1) // 2, needs.effort) * np.diff(pointer)
    return replace(
        town,
        volunteers=replace(town.volunteers, max_placements=np.full(volunteers, 2)),
        opportunities=replace(needs, slot_ptr=pointer, slot_start=start, slot_end=end, effort=effort),
    )


def one_favourite(volunteers: int, tasks: int, seed: int) -> Problem:
    """One task of three places is everybody's best by far, at a time when everybody can."""
    town = centres(volunteers, tasks, 1, seed)
    needs = town.opportunities
    need, start, end = needs.need.copy(), needs.slot_start.copy(), needs.slot_end.copy()
    need[:], need[0], start[0], end[0] = 0, 1000, 0, 4
    people = town.volunteers
    row = np.repeat(np.arange(volunteers), np.diff(people.window_ptr))
    pointer, opens, closes = grouped(
        volunteers,
        np.concatenate([row, np.arange(volunteers)]),
        np.concatenate([people.window_start, np.zeros(volunteers, np.int64)]),
        np.concatenate([people.window_end, np.full(volunteers, 4)]),
    )
    skills = np.where(np.arange(tasks) == 0, 0, needs.skills)
    return replace(
        town,
        volunteers=replace(
            people,
            window_ptr=pointer,
            window_start=opens,
            window_end=closes,
            max_km=np.full(volunteers, np.inf),
            fields=np.full(volunteers, 31),
        ),
        opportunities=replace(
            needs,
            need=need,
            skills=skills,
            slot_start=start,
            slot_end=end,
            effort=np.where(np.arange(tasks) == 0, 4, needs.effort),
            places=np.where(np.arange(tasks) == 0, 3, needs.places),
        ),
    )


def tight_favourite(volunteers: int, tasks: int, seed: int) -> Problem:
    """A favourite of everybody, and three tasks each in two or three hours: half places go in circles."""
    town = one_favourite(volunteers, tasks, seed)
    limit = np.random.default_rng(seed).choice([8, 9, 10, 12], volunteers)
    people = replace(town.volunteers, max_placements=np.full(volunteers, 3), hours_limit=limit)
    return replace(town, volunteers=people)


def scarce(volunteers: int, tasks: int, seed: int) -> Problem:
    """Most tasks ask for what a fifth of the people can."""
    return instance(volunteers, tasks, 4, seed)


def all_equal(volunteers: int, tasks: int, seed: int) -> Problem:
    """Nothing tells one person or one task from another."""
    return equal(volunteers, tasks)


ATTACKS: dict[str, Callable[[int, int, int], Problem]] = {
    attack.__name__: attack
    for attack in (
        all_equal,
        one_district,
        tight_hours,
        every_second_week,
        scarce,
        one_favourite,
        tight_favourite,
    )
}
