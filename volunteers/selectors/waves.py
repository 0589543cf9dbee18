"""For which tasks time is short."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min

from programs.models import Shift
from programs.selectors.visibility import public_opportunities
from volunteers.domain.waves import SHORT, answer_by, people_for_a_place

MOST_TASKS = 100
"""So many, the soonest first, are looked at in one run."""


@dataclass(frozen=True)
class Haste:
    """How a place of a task is asked for: so many `people` side by side, who answer by `answer_by`."""

    people: int
    answer_by: datetime


def in_haste(now: datetime, opportunity_ids: Collection[int] | None = None) -> dict[int, Haste]:
    """Return the public tasks (of these, None: of all) whose dates all begin within a week, soonest first."""
    coming = Shift.objects.filter(
        opportunity__in=public_opportunities(), is_cancelled=False, starts_at__gt=now
    )
    if opportunity_ids is not None:
        coming = coming.filter(opportunity__in=opportunity_ids)
    tasks = coming.order_by().values("opportunity_id").annotate(first=Min("starts_at"), last=Max("starts_at"))
    short = tasks.filter(last__lte=now + SHORT).order_by("first", "opportunity_id")
    rows = short.values_list("opportunity_id", "first")[:MOST_TASKS]
    return {task: Haste(people_for_a_place(first - now), answer_by(now, first)) for task, first in rows}


def last_dates(now: datetime, opportunity_ids: Collection[int]) -> dict[int, datetime]:
    """Return when the last coming date of each of these tasks begins; those without one are left out."""
    coming = Shift.objects.filter(opportunity__in=opportunity_ids, is_cancelled=False, starts_at__gt=now)
    tasks = coming.order_by().values("opportunity_id").annotate(last=Max("starts_at"))
    return dict(tasks.values_list("opportunity_id", "last"))
