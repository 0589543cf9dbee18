"""The roles a run of the matcher may fill, as arrays; to the matcher each is an opportunity of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from foundation.clock import local_day
from programs.domain.choices import AgeBand, Field, Language, Skill
from programs.domain.rhythms import FOUR_WEEKS
from programs.models import Opportunity, Role, WeeklySlot
from programs.selectors.visibility import has_no_date, is_role_public
from volunteers.matching import CONTACT_WITH_MINORS, REQUIRES_CLEARANCE, Opportunities, grouped
from volunteers.matching.problem import NONE, Ints
from volunteers.models import Placement
from volunteers.selectors.match_arrays import (
    bits_of,
    columns_of,
    integers,
    lines_of,
    located,
    masks,
    times_beside,
    unfolded,
    week_quarters_around,
)

NEED_PER_WEIGHT = 5
"""District.need_weight 100 is neutral and means the middle of the matcher's 0 to 1000."""

WORDS = ("skills", "languages", "opportunity__age_bands")
COLUMNS = (
    "pk",
    "opportunity_id",
    "places",
    "places_taken",
    "places_held",
    "opportunity__status",
    "opportunity__provider__is_verified",
    "opportunity__latitude",
    "opportunity__longitude",
    "opportunity__field",
    "opportunity__district_id",
    "opportunity__district__need_weight",
    *WORDS,
    "minimum_age",
    "clearance_required",
    "contact_with_minors",
    "opportunity__site_kind",
    "activity__current__self_commitment",
    "activity__current__measles_sites",
    "matching_price",
    "is_spent",
)


@dataclass(frozen=True)
class RoleRows:
    """`pks` (m) of roles, rising, `tasks` (m) their opportunities; `columns.places` (m) are free ones.

    prices (m): of a place, as the last run stored them.
    """

    pks: Ints
    tasks: Ints
    prices: Ints
    columns: Opportunities


def role_rows(now: datetime, districts: Mapping[int, int], only: Collection[int] | None = None) -> RoleRows:
    """Return what is public and not over, and what people do already (its times are theirs).

    With `only`, the roles of these opportunities alone. A few are read in one query, many in two.
    """
    chosen = _in_the_run(now)
    if only is None:
        column = columns_of(chosen.order_by("pk"), COLUMNS, words=WORDS)
        slots = _slots(chosen, column)
    else:
        times = times_beside(WeeklySlot.objects.filter(opportunity=OuterRef("opportunity")), "in_four_weeks")
        rows = chosen.filter(opportunity__in=only).annotate(times=times).order_by("pk")
        column = columns_of(rows, (*COLUMNS, "times"))
        slots = integers(unfolded(column["pk"], column["times"]), 5)
    pks = np.array(column["pk"], np.int64)
    tasks = np.array(column["opportunity_id"], np.int64)
    (pointer, start, end), effort = _quarters(pks, slots)
    fields = bits_of(Field)
    is_open = np.array(
        [
            status == Opportunity.Status.PUBLISHED and is_verified and not is_spent
            for status, is_verified, is_spent in zip(
                column["opportunity__status"],
                column["opportunity__provider__is_verified"],
                column["is_spent"],
                strict=True,
            )
        ],
        np.bool_,
    )
    places, taken, held = (
        np.array(column[name], np.int64) for name in ("places", "places_taken", "places_held")
    )
    columns = Opportunities(
        slot_ptr=pointer,
        slot_start=start,
        slot_end=end,
        effort=effort,
        places=np.where(is_open, places - taken - held, 0),
        lat=np.array(column["opportunity__latitude"], np.float64),
        lon=np.array(column["opportunity__longitude"], np.float64),
        field=np.array([fields.get(word, NONE) for word in column["opportunity__field"]], np.int64),
        district=np.array([districts.get(pk, NONE) for pk in column["opportunity__district_id"]], np.int64),
        skills=masks(column["skills"], Skill),
        languages=masks(column["languages"], Language),
        age_groups=masks(column["opportunity__age_bands"], AgeBand),
        min_age=np.array(column["minimum_age"], np.int64),
        requires=_requirements(column),
        need=need_of(column["opportunity__district__need_weight"]),
    )
    prices = np.array(column["matching_price"], np.float64).astype(np.int64)
    return RoleRows(pks, tasks, prices, columns)


def need_of(weights: Sequence[int]) -> Ints:
    """Return the need index, 0 to 1000, of rows in districts of these weights."""
    return np.minimum(np.array(weights, np.int64) * NEED_PER_WEIGHT, 1000)


def districts_of(opportunity_ids: Ints) -> list[int]:
    """Return the key of the district of each row, in their order."""
    rows = dict(Opportunity.objects.filter(pk__in=opportunity_ids.tolist()).values_list("pk", "district_id"))
    return [rows[key] for key in opportunity_ids.tolist()]


def _in_the_run(now: datetime) -> QuerySet[Role]:
    done = Placement.objects.filter(role=OuterRef("pk"), status__in=Placement.HOLDING)
    not_over = Q(opportunity__ends_on__isnull=True) | Q(opportunity__ends_on__gte=local_day(now))
    is_spent = ExpressionWrapper(has_no_date(now, "opportunity"), BooleanField())
    return Role.objects.filter(Q(not_over, is_role_public()) | Exists(done)).annotate(is_spent=is_spent)


def _slots(chosen: QuerySet[Role], column: Mapping[str, tuple[Any, ...]]) -> list[Ints]:
    """Key of a role and each time of its task: weekday, start, end, how often in four weeks."""
    slots = WeeklySlot.objects.filter(opportunity__in=chosen.values("opportunity")).order_by()
    rows = slots.values_list("opportunity_id", "weekday", "start_minute", "end_minute", "in_four_weeks")
    opportunity, *times = integers(rows, 5)
    line, row = lines_of(np.array(column["opportunity_id"], np.int64), opportunity)
    return [np.array(column["pk"], np.int64)[row], *(each[line] for each in times)]


def _quarters(pks: Ints, slots: Sequence[Ints]) -> tuple[tuple[Ints, Ints, Ints], Ints]:
    """Return the slots of each row, and its quarter hours a week: every second week counts half."""
    role, weekday, first, last, often = slots
    known, row = located(pks, role)
    start, end = week_quarters_around(weekday[known], first[known], last[known])
    in_four_weeks = np.bincount(row, (end - start) * often[known], len(pks)).astype(np.int64)
    return grouped(len(pks), row, start, end), -(-in_four_weeks // FOUR_WEEKS)


def _requirements(column: Mapping[str, Sequence[Any]]) -> Ints:
    """Whatever each has to bring of their own counts as a clearance (`Role.asks_each_for_papers`)."""
    papers = [
        bool(clearance or signature or site in (sites or ()))
        for clearance, signature, site, sites in zip(
            column["clearance_required"],
            column["activity__current__self_commitment"],
            column["opportunity__site_kind"],
            column["activity__current__measles_sites"],
            strict=True,
        )
    ]
    contact = np.array(column["contact_with_minors"], np.int64)
    return np.array(papers, np.int64) * REQUIRES_CLEARANCE + contact * CONTACT_WITH_MINORS
