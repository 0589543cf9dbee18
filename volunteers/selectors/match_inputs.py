"""What the matcher needs, read in a fixed number of queries whatever the number of rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from volunteers.matching import Pairs, Problem, Volunteers, Weights
from volunteers.matching.problem import NONE, Bools, Ints
from volunteers.models import Offer, Placement
from volunteers.selectors.match_arrays import integers, located
from volunteers.selectors.match_districts import district_bits
from volunteers.selectors.match_opportunities import OpportunityRows, opportunity_rows
from volunteers.selectors.match_pledges import PledgeRows, pledge_rows


@dataclass(frozen=True)
class MatchInputs:
    """The arrays of one run and the primary keys behind their rows.

    pledges (n), opportunities (m): primary keys, rising. wanted (n): row of the opportunity that was pledged
    for and not asked about yet, or NONE. waiting_since (n): seconds since 1970 of the confirmation.
    """

    problem: Problem
    pledges: Ints
    opportunities: Ints
    wanted: Ints
    waiting_since: Ints


def match_inputs(now: datetime) -> MatchInputs:
    """Return the problem as the rows stand now; the same rows give the same problem."""
    districts = district_bits()
    needs = opportunity_rows(now, districts)
    people = pledge_rows(now, districts)
    held = _held(people, needs)
    asked = _asked(people, needs)
    problem = Problem(
        volunteers=_with_own_share(people, needs, held),
        opportunities=replace(
            needs.columns,
            places=needs.columns.places + np.bincount(held.pairs.opportunity, minlength=len(needs.pks)),
        ),
        confirmed=held.pairs,
        forbidden=asked,
        weights=Weights(),
    )
    return MatchInputs(
        problem=problem,
        pledges=people.pks,
        opportunities=needs.pks,
        wanted=_wanted(people, needs, asked),
        waiting_since=people.confirmed_at,
    )


@dataclass(frozen=True)
class _Held:
    """Pairs that hold a place; `is_other` (length): held through another pledge of the same person."""

    pairs: Pairs
    is_other: Bools


def _held(people: PledgeRows, needs: OpportunityRows) -> _Held:
    columns = ("volunteer_id", "opportunity_id", "pledge_id")
    placements = Placement.objects.filter(status__in=Placement.HOLDING).values_list(*columns)
    offers = Offer.objects.filter(status=Offer.Status.SENT)
    rows = [*placements, *offers.values_list("pledge__volunteer_id", "opportunity_id", "pledge_id")]
    persons, opportunities, pledges = integers(rows, 3)
    line, pairs = _pairs(people, needs, persons, opportunities)
    return _Held(pairs, pledges[line] != people.pks[pairs.volunteer])


def _asked(people: PledgeRows, needs: OpportunityRows) -> Pairs:
    offers = Offer.objects.exclude(status=Offer.Status.WITHDRAWN).order_by()
    placements = Placement.objects.order_by().values_list("volunteer_id", "opportunity_id")
    rows = {*offers.values_list("pledge__volunteer_id", "opportunity_id"), *placements}
    persons, opportunities = integers(sorted(rows), 2)
    return _pairs(people, needs, persons, opportunities)[1]


def _pairs(
    people: PledgeRows, needs: OpportunityRows, persons: Ints, opportunities: Ints
) -> tuple[Ints, Pairs]:
    """Pairs of rows for (person, opportunity): every pledge of the person, known opportunities; each once.

    Also returns from which line of the input each pair comes.
    """
    line, row = people.rows_of(persons)
    known, column = located(needs.pks, opportunities[line])
    line, row = line[known], row[known]
    _, first = np.unique(row * (len(needs.pks) + 1) + column, return_index=True)
    return line[first], Pairs(volunteer=row[first], opportunity=column[first])


def _with_own_share(people: PledgeRows, needs: OpportunityRows, held: _Held) -> Volunteers:
    """What a person does for another pledge blocks their time, but neither this pledge's places nor hours."""
    columns = people.columns
    row, column = held.pairs.volunteer[held.is_other], held.pairs.opportunity[held.is_other]
    placements, hours = columns.max_placements.copy(), columns.hours_limit.copy()
    np.add.at(placements, row, 1)
    np.add.at(hours, row, needs.columns.effort[column])
    return replace(columns, max_placements=placements, hours_limit=hours)


def _wanted(people: PledgeRows, needs: OpportunityRows, asked: Pairs) -> Ints:
    wanted = np.full(len(people.pks), NONE, np.int64)
    known, column = located(needs.pks, people.wanted)
    wanted[known] = column
    wanted[asked.volunteer[asked.opportunity == wanted[asked.volunteer]]] = NONE
    return wanted
