"""The pledges that take part in a run of the matcher, as arrays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from foundation.clock import local_day
from foundation.units import HOUR, quarter_hours
from programs.domain.choices import AgeBand, Field, Language, Skill
from volunteers.matching import CONTACT_WITH_MINORS, REQUIRES_CLEARANCE, Volunteers, merged_windows
from volunteers.matching.problem import NONE, Bools, Ints
from volunteers.models import Availability, AvailabilityException, TimePledge
from volunteers.models.volunteer import FULL_AGE, LEAST_AGE
from volunteers.selectors.contact import contacts, contacts_beside, contacts_read
from volunteers.selectors.match_arrays import (
    columns_of,
    integers,
    lines_of,
    located,
    masks,
    microseconds,
    times_beside,
    unfolded,
    week_quarters_inside,
)

QUARTERS_PER_HOUR = quarter_hours(HOUR)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
DAY_LONG = 24 * 60 * 60 * SECOND
IN_THE_RUN = (TimePledge.Status.OPEN, TimePledge.Status.PLACED)

WORDS = ("fields", "skills", "learning_skills", "lacking_skills", "languages", "age_bands")
COLUMNS = (
    "pk",
    "volunteer_id",
    "wanted_role_id",
    "wanted_opportunity_id",
    "placements_wanted",
    "hours_per_week",
    "home_district__latitude",
    "home_district__longitude",
    "max_distance_km",
    *WORDS,
    "volunteer__heads",
    "volunteer__is_adult",
    "volunteer__is_asked_with_children",
    "last_asked",
    "confirmed",
    "status",
    "is_away",
)


@dataclass(frozen=True)
class PledgeRows:
    """(n) primary keys of pledge, volunteer, wanted role and its opportunity (or NONE).

    confirmed_at (n): seconds since 1970. are_in_the_run: whether there are any, and all look for something.
    """

    pks: Ints
    persons: Ints
    wanted: Ints
    wanted_tasks: Ints
    confirmed_at: Ints
    are_in_the_run: bool
    columns: Volunteers

    def rows_of(self, persons: Ints) -> tuple[Ints, Ints]:
        """Return (line of `persons`, row) for every pledge of every given person."""
        return lines_of(self.persons, persons)


def pledge_rows(
    now: datetime, districts: Mapping[int, int], only: Collection[int] | None = None
) -> PledgeRows:
    """Return every open or placed pledge, or `only` the confirmed ones with these keys.

    One paused or away today takes part as paused. A few are read in one query, many in one for each table.
    """
    chosen = TimePledge.objects.filter(status__in=IN_THE_RUN)
    beside: dict[str, Any] = {}
    if only is not None:
        chosen = TimePledge.objects.filter(pk__in=only, confirmed_at__isnull=False)
        times = Availability.objects.filter(pledge=OuterRef("pk"))
        wishes = TimePledge.districts.through.objects.filter(timepledge=OuterRef("pk"))
        beside = {
            "times": times_beside(times),
            "asked": contacts_beside(now),
            "wishes": ArraySubquery(wishes.order_by().values("district_id")),
        }
    rows = chosen.annotate(
        is_away=_is_away(now),
        last_asked=microseconds("volunteer__last_asked_at"),
        confirmed=microseconds("confirmed_at"),
        **beside,
    ).order_by("pk")
    column = columns_of(rows, (*COLUMNS, *beside), words=WORDS if only is None else ())
    confirmed = np.array(column["confirmed"], np.int64)
    pks = np.array(column["pk"], np.int64)
    if only is None:
        windows, wishes_of, left = _windows(chosen), _wishes(chosen), contacts(now)
    else:
        windows = unfolded(column["pk"], column["times"])
        wishes_of = unfolded(column["pk"], ([[each] for each in own] for own in column["wishes"]))
        left = contacts_read(zip(column["volunteer_id"], column["asked"], strict=True))
    return PledgeRows(
        pks=pks,
        persons=np.array(column["volunteer_id"], np.int64),
        wanted=_keys(column["wanted_role_id"]),
        wanted_tasks=_keys(column["wanted_opportunity_id"]),
        confirmed_at=confirmed // SECOND,
        are_in_the_run=bool(column["pk"]) and set(IN_THE_RUN).issuperset(column["status"]),
        columns=volunteer_columns(
            column,
            windows=free_windows(pks, windows),
            offers_left=np.array([left.left(person) for person in column["volunteer_id"]], np.int64),
            districts=_district_masks(wishes_of, pks, districts),
            days=_days_since_asked(column["last_asked"], confirmed, now),
            paused=np.array(column["is_away"], np.bool_)
            | (np.array(column["status"]) == TimePledge.Status.PAUSED),
        ),
    )


def _keys(pks: Sequence[int | None]) -> Ints:
    return np.array([NONE if pk is None else pk for pk in pks], np.int64)


def volunteer_columns(
    column: Mapping[str, Sequence[Any]],
    *,
    windows: tuple[Ints, Ints, Ints],
    offers_left: Ints,
    districts: Ints,
    days: Ints,
    paused: Bools,
) -> Volunteers:
    """Return the arrays of n people from one sequence per name in `COLUMNS`.

    Everybody may be asked to show a certificate: who does not want to, declines the question. A group cannot,
    for each of it would need one. Whoever gets no more questions about tasks with children meets no contact.
    """
    with_children = np.array(column["volunteer__is_asked_with_children"], np.bool_)
    heads = np.array(column["volunteer__heads"], np.int64)
    return Volunteers(
        window_ptr=windows[0],
        window_start=windows[1],
        window_end=windows[2],
        max_placements=np.array(column["placements_wanted"], np.int64),
        offers_left=offers_left,
        hours_limit=np.array(column["hours_per_week"], np.int64) * QUARTERS_PER_HOUR,
        lat=np.array(column["home_district__latitude"], np.float64),
        lon=np.array(column["home_district__longitude"], np.float64),
        max_km=np.array(column["max_distance_km"], np.float64),
        fields=masks(column["fields"], Field),
        districts=districts,
        skills=masks(column["skills"], Skill),
        learning=masks(column["learning_skills"], Skill),
        lacking=masks(column["lacking_skills"], Skill),
        languages=masks(column["languages"], Language),
        age_groups=masks(column["age_bands"], AgeBand),
        age=np.array([FULL_AGE if adult else LEAST_AGE for adult in column["volunteer__is_adult"]], np.int64),
        meets=(heads == 1) * REQUIRES_CLEARANCE + with_children * CONTACT_WITH_MINORS,
        days_since_asked=days,
        paused=paused,
        heads=heads if (heads > 1).any() else None,
    )


def _windows(chosen: QuerySet[TimePledge]) -> Iterable[tuple[int, ...]]:
    windows = Availability.objects.filter(pledge__in=chosen).order_by()
    return windows.values_list("pledge_id", "weekday", "start_minute", "end_minute")


def free_windows(pks: Ints, windows: Iterable[tuple[int, ...]]) -> tuple[Ints, Ints, Ints]:
    """Return the windows (key, weekday, start, end in minutes) of the rows `pks` as pointer, start, end."""
    pledge, weekday, first, last = integers(windows, 4)
    known, row = located(pks, pledge)
    start, end = week_quarters_inside(weekday[known], first[known], last[known])
    whole = start < end
    return merged_windows(len(pks), row[whole], start[whole], end[whole])


def _wishes(chosen: QuerySet[TimePledge]) -> Iterable[tuple[int, ...]]:
    wishes = TimePledge.districts.through.objects.filter(timepledge__in=chosen)
    return wishes.values_list("timepledge_id", "district_id")


def _district_masks(wishes: Iterable[tuple[int, ...]], pks: Ints, districts: Mapping[int, int]) -> Ints:
    found = np.zeros(len(pks), np.int64)
    if not districts:
        return found
    pledge, district = integers(wishes, 2)
    known, row = located(pks, pledge)
    bits = [1 << districts[pk] if pk in districts else 0 for pk in district[known].tolist()]
    np.bitwise_or.at(found, row, np.array(bits, np.int64))
    return found


def _days_since_asked(asked: Sequence[int | None], confirmed: Ints, now: datetime) -> Ints:
    """Whole days since the last question, or the confirmation (both in microseconds since 1970)."""
    last = np.array([NONE if moment is None else moment for moment in asked], np.int64)
    elapsed = (now - EPOCH) // timedelta(microseconds=1) - np.where(last == NONE, confirmed, last)
    return np.maximum(elapsed // DAY_LONG, 0)


def _is_away(now: datetime) -> Exists:
    today = local_day(now)
    return Exists(
        AvailabilityException.objects.filter(pledge=OuterRef("pk"), from_on__lte=today, until_on__gte=today)
    )
