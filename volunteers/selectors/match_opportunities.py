"""The tasks a run of the matcher may fill, as arrays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.clock import local_day
from programs.domain.choices import AgeBand, Field, Language, Skill
from programs.domain.rhythms import FOUR_WEEKS
from programs.models import Opportunity, WeeklySlot
from programs.selectors.visibility import is_of_verified_provider
from volunteers.matching import CONTACT_WITH_MINORS, REQUIRES_CLEARANCE, Opportunities, grouped
from volunteers.matching.problem import NONE, Ints
from volunteers.models import Placement
from volunteers.selectors.match_arrays import (
    bits_of,
    columns_of,
    integers,
    located,
    masks,
    times_beside,
    unfolded,
    week_quarters_around,
)

NEED_PER_WEIGHT = 5
"""District.need_weight 100 is neutral and means the middle of the matcher's 0 to 1000."""

COLUMNS = (
    "pk",
    "places",
    "places_taken",
    "status",
    "provider__is_verified",
    "latitude",
    "longitude",
    "field",
    "district_id",
    "district__need_weight",
    "skills",
    "languages",
    "age_bands",
    "minimum_age",
    "clearance_required",
    "contact_with_minors",
)


@dataclass(frozen=True)
class OpportunityRows:
    """`pks` (m) rising; `columns.places` (m) are the free ones only."""

    pks: Ints
    columns: Opportunities


def opportunity_rows(
    now: datetime, districts: Mapping[int, int], only: Collection[int] | None = None
) -> OpportunityRows:
    """Return what is public and not over, and what people do already (its times are theirs).

    With `only`, those of these keys alone. A few are read in one query, many in two.
    """
    chosen = _in_the_run(now)
    if only is None:
        column, slots = columns_of(chosen.order_by("pk"), COLUMNS), _slots(chosen)
    else:
        times = times_beside(WeeklySlot.objects.filter(opportunity=OuterRef("pk")), "in_four_weeks")
        rows = chosen.filter(pk__in=only).annotate(times=times).order_by("pk")
        column = columns_of(rows, (*COLUMNS, "times"))
        slots = unfolded(column["pk"], column["times"])
    pks = np.array(column["pk"], np.int64)
    (pointer, start, end), effort = _quarters(pks, slots)
    fields = bits_of(Field)
    is_open = np.array(
        [
            status == Opportunity.Status.PUBLISHED and is_verified
            for status, is_verified in zip(column["status"], column["provider__is_verified"], strict=True)
        ],
        np.bool_,
    )
    free = np.array(column["places"], np.int64) - np.array(column["places_taken"], np.int64)
    columns = Opportunities(
        slot_ptr=pointer,
        slot_start=start,
        slot_end=end,
        effort=effort,
        places=np.where(is_open, free, 0),
        lat=np.array(column["latitude"], np.float64),
        lon=np.array(column["longitude"], np.float64),
        field=np.array([fields.get(word, NONE) for word in column["field"]], np.int64),
        district=np.array([districts.get(pk, NONE) for pk in column["district_id"]], np.int64),
        skills=masks(column["skills"], Skill),
        languages=masks(column["languages"], Language),
        age_groups=masks(column["age_bands"], AgeBand),
        min_age=np.array(column["minimum_age"], np.int64),
        requires=_requirements(column["clearance_required"], column["contact_with_minors"]),
        need=need_of(column["district__need_weight"]),
    )
    return OpportunityRows(pks, columns)


def need_of(weights: Sequence[int]) -> Ints:
    """Return the need index, 0 to 1000, of rows in districts of these weights."""
    return np.minimum(np.array(weights, np.int64) * NEED_PER_WEIGHT, 1000)


def districts_of(opportunity_ids: Ints) -> list[int]:
    """Return the key of the district of each row, in their order."""
    rows = dict(Opportunity.objects.filter(pk__in=opportunity_ids.tolist()).values_list("pk", "district_id"))
    return [rows[key] for key in opportunity_ids.tolist()]


def _in_the_run(now: datetime) -> QuerySet[Opportunity]:
    done = Placement.objects.filter(opportunity=OuterRef("pk"), status__in=Placement.HOLDING)
    not_over = Q(ends_on__isnull=True) | Q(ends_on__gte=local_day(now))
    is_public = Q(is_of_verified_provider(), status=Opportunity.Status.PUBLISHED)
    return Opportunity.objects.filter(Q(not_over, is_public) | Exists(done))


def _slots(chosen: QuerySet[Opportunity]) -> Iterable[tuple[int, ...]]:
    slots = WeeklySlot.objects.filter(opportunity__in=chosen).order_by()
    return slots.values_list("opportunity_id", "weekday", "start_minute", "end_minute", "in_four_weeks")


def _quarters(pks: Ints, slots: Iterable[tuple[int, ...]]) -> tuple[tuple[Ints, Ints, Ints], Ints]:
    """Return the slots of each row, and its quarter hours a week: every second week counts half."""
    opportunity, weekday, first, last, often = integers(slots, 5)
    known, row = located(pks, opportunity)
    start, end = week_quarters_around(weekday[known], first[known], last[known])
    in_four_weeks = np.bincount(row, (end - start) * often[known], len(pks)).astype(np.int64)
    return grouped(len(pks), row, start, end), -(-in_four_weeks // FOUR_WEEKS)


def _requirements(clearance: tuple[bool, ...], contact: tuple[bool, ...]) -> Ints:
    return (
        np.array(clearance, np.int64) * REQUIRES_CLEARANCE + np.array(contact, np.int64) * CONTACT_WITH_MINORS
    )
