"""What the matcher needs, read in a fixed number of queries whatever the number of rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from django.conf import settings
from django.db.models import Q, QuerySet

from volunteers.matching import Pairs, Problem, Volunteers, Weights
from volunteers.matching.problem import NONE, Bools, Ints
from volunteers.models import Offer, Placement
from volunteers.selectors.match_arrays import integers, lines_of, located
from volunteers.selectors.match_districts import district_bits
from volunteers.selectors.match_events import tasks_around
from volunteers.selectors.match_opportunities import RoleRows, role_rows
from volunteers.selectors.match_pledges import PledgeRows, pledge_rows
from volunteers.selectors.match_weights import current_weights


@dataclass(frozen=True)
class MatchInputs:
    """The arrays of one run and the primary keys behind their rows.

    pledges (n), roles (m): primary keys, rising. tasks (m): the opportunity of each role. wanted (n): row of
    the role that was pledged for and not asked about yet, or NONE. waiting_since (n): seconds since 1970 of
    the confirmation. prices (m): of a place, as the last run stored them.
    """

    problem: Problem
    pledges: Ints
    roles: Ints
    tasks: Ints
    wanted: Ints
    waiting_since: Ints
    prices: Ints


def match_inputs(
    now: datetime, only: Collection[int] | None = None, also: Collection[int] = ()
) -> MatchInputs:
    """Return the problem as the rows stand now; the same rows give the same problem.

    With `only`, the pledges of these keys alone, beside what they want and what their people do already, and
    the roles of the opportunities `also`.
    """
    has_points = only is None or bool(also)
    districts = district_bits() if has_points else {}
    people = pledge_rows(now, districts, only)
    return _inputs_of(people, districts, now, only, also, has_points=has_points)


def inputs_around(pledge_id: int, now: datetime) -> MatchInputs | None:
    """Return the problem of one pledge and the open tasks around it, None if it takes no part in runs."""
    districts = district_bits()
    people = pledge_rows(now, districts, [pledge_id])
    if not people.are_in_the_run:
        return None
    return _inputs_of(people, districts, now, [pledge_id], tasks_around(people.columns, now))


def _inputs_of(
    people: PledgeRows,
    districts: Mapping[int, int],
    now: datetime,
    only: Collection[int] | None,
    also: Collection[int],
    *,
    has_points: bool = True,
) -> MatchInputs:
    """Districts and weights bear on points, not on what is possible: without them only that is right."""
    held_rows, asked_rows = _held_and_asked(people, only, now)
    needs = role_rows(
        now, districts, None if only is None else _touched(people, held_rows, asked_rows) | set(also)
    )
    held = _held(people, needs, held_rows)
    asked = _asked(people, needs, asked_rows)
    chosen = _chosen(people, needs)
    heads = people.columns.needed[held.pairs.volunteer]
    taken = np.bincount(held.pairs.opportunity, heads, len(needs.pks)).astype(np.int64)
    problem = Problem(
        volunteers=_with_own_share(people, needs, held),
        opportunities=replace(needs.columns, places=needs.columns.places + taken),
        confirmed=held.pairs,
        forbidden=asked,
        chosen=chosen,
        weights=current_weights() if has_points else Weights(),
    )
    return MatchInputs(
        problem=problem,
        pledges=people.pks,
        roles=needs.pks,
        tasks=needs.tasks,
        wanted=_wanted(len(people.pks), chosen, asked),
        waiting_since=people.confirmed_at,
        prices=needs.prices,
    )


@dataclass(frozen=True)
class _Held:
    """Pairs that hold a place; `is_other` (length): held through another pledge of the same person."""

    pairs: Pairs
    is_other: Bools


def _held_and_asked(
    people: PledgeRows, only: Collection[int] | None, now: datetime
) -> tuple[list[tuple[int, int, int, int]], list[tuple[int, int]]]:
    """(person, opportunity, role, pledge) of what holds a place; (person, opportunity) of what was asked for.

    Asked for is what was asked and not withdrawn, or taken on, if it is open or of this season.
    """
    placements, offers = _of_people(people, only)
    this_season = Q(status_changed_at__gt=now - timedelta(days=settings.OFFER_SEASON_DAYS))
    asked = offers.exclude(status=Offer.Status.WITHDRAWN).filter(
        this_season | Q(status__in=[Offer.Status.PROPOSED, Offer.Status.SENT])
    )
    taken_on = placements.filter(this_season | Q(status__in=Placement.HOLDING))
    what = ("opportunity_id", "role_id", "pledge_id", "status")
    rows = list(
        taken_on.values_list("volunteer_id", *what).union(
            asked.values_list("pledge__volunteer_id", *what), all=True
        )
    )
    holding = {*Placement.HOLDING, Offer.Status.SENT}
    return [row[:4] for row in rows if row[4] in holding], [row[:2] for row in rows]


def _of_people(
    people: PledgeRows, only: Collection[int] | None
) -> tuple[QuerySet[Placement], QuerySet[Offer]]:
    placements, offers = Placement.objects.order_by(), Offer.objects.order_by()
    if only is None:
        return placements, offers
    persons = people.persons.tolist()
    return placements.filter(volunteer_id__in=persons), offers.filter(pledge__volunteer_id__in=persons)


def _touched(
    people: PledgeRows, held: list[tuple[int, int, int, int]], asked: list[tuple[int, int]]
) -> set[int]:
    return {*people.wanted_tasks.tolist(), *(row[1] for row in held), *(row[1] for row in asked)}


def _held(people: PledgeRows, needs: RoleRows, rows: list[tuple[int, int, int, int]]) -> _Held:
    persons, _tasks, roles, pledges = integers(rows, 4)
    line, row = people.rows_of(persons)
    known, column = located(needs.pks, roles[line])
    line, pairs = _once(needs, line[known], row[known], column)
    return _Held(pairs, pledges[line] != people.pks[pairs.volunteer])


def _asked(people: PledgeRows, needs: RoleRows, rows: list[tuple[int, int]]) -> Pairs:
    """Whoever was asked for one role of a task is not asked for another."""
    persons, tasks = integers(sorted(set(rows)), 2)
    line, row = people.rows_of(persons)
    again, column = lines_of(needs.tasks, tasks[line])
    return _once(needs, line[again], row[again], column)[1]


def _once(needs: RoleRows, line: Ints, row: Ints, column: Ints) -> tuple[Ints, Pairs]:
    """Return each pair of rows once, and from which line of the input it comes."""
    _, first = np.unique(row * (len(needs.pks) + 1) + column, return_index=True)
    return line[first], Pairs(volunteer=row[first], opportunity=column[first])


def _with_own_share(people: PledgeRows, needs: RoleRows, held: _Held) -> Volunteers:
    """What a person does for another pledge blocks their time, but neither this pledge's places nor hours."""
    columns = people.columns
    row, column = held.pairs.volunteer[held.is_other], held.pairs.opportunity[held.is_other]
    placements, hours = columns.max_placements.copy(), columns.hours_limit.copy()
    np.add.at(placements, row, 1)
    np.add.at(hours, row, needs.columns.effort[column])
    return replace(columns, max_placements=placements, hours_limit=hours)


def _chosen(people: PledgeRows, needs: RoleRows) -> Pairs:
    known, column = located(needs.pks, people.wanted)
    return Pairs(volunteer=np.flatnonzero(known), opportunity=column)


def _wanted(size: int, chosen: Pairs, asked: Pairs) -> Ints:
    wanted = np.full(size, NONE, np.int64)
    wanted[chosen.volunteer] = chosen.opportunity
    wanted[asked.volunteer[asked.opportunity == wanted[asked.volunteer]]] = NONE
    return wanted
