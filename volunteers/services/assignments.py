"""Who comes to which date: every active placement to every coming date of its task."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Exists, F, OuterRef, QuerySet

from foundation.clock import local_day
from volunteers.models import Assignment, AvailabilityException, Placement


def assign_coming_shifts(now: datetime, *, placement: Placement | None = None) -> int:
    """Assign active placements (or the given one) to coming dates they are not assigned to; return how many.

    Cancelled dates, those before the placement's first day and those on which the person is away stay out.
    """
    active = Placement.objects.filter(status=Placement.Status.ACTIVE)
    if placement is not None:
        active = active.filter(pk=placement.pk)
    missing = list(_missing(active, now))
    away = _absences(row["pledge_id"] for row in missing)
    coming = [
        Assignment(placement_id=row["pk"], shift_id=row["shift_id"], status_changed_at=now)
        for row in missing
        if _comes(local_day(row["starts_at"]), row["from_on"], away[row["pledge_id"]])
    ]
    Assignment.objects.bulk_create(coming, ignore_conflicts=True)
    return len(coming)


def _missing(active: QuerySet[Placement], now: datetime) -> Iterable[dict[str, Any]]:
    assigned = Assignment.objects.filter(placement=OuterRef("pk"), shift=OuterRef("shift_id"))
    coming = active.filter(
        opportunity__shifts__starts_at__gte=now, opportunity__shifts__is_cancelled=False
    ).annotate(shift_id=F("opportunity__shifts__pk"), starts_at=F("opportunity__shifts__starts_at"))
    rows = coming.filter(~Exists(assigned)).order_by("pk", "shift_id")
    return cast(
        "Iterable[dict[str, Any]]", rows.values("pk", "pledge_id", "from_on", "shift_id", "starts_at")
    )


def _absences(pledge_ids: Iterable[int]) -> dict[int, list[tuple[date, date]]]:
    away: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = AvailabilityException.objects.filter(pledge_id__in=set(pledge_ids))
    for pledge_id, from_on, until_on in rows.values_list("pledge_id", "from_on", "until_on"):
        away[pledge_id].append((from_on, until_on))
    return away


def _comes(day: date, first_day: date, away: list[tuple[date, date]]) -> bool:
    return day >= first_day and not any(from_on <= day <= until_on for from_on, until_on in away)
