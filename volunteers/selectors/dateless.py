"""Placements in which nothing happens any more."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from foundation.clock import local_day
from programs.models import Shift
from volunteers.models import Assignment, HoursEntry, Placement

Status = Assignment.Status
HAPPENED = (Status.CONFIRMED, Status.ON_HOLD, Status.ATTENDED, Status.EXCUSED, Status.MISSED)
NOT_COME = (Status.EXCUSED, Status.MISSED, Status.CANCELLED, Status.RELEASED)


def last_days() -> QuerySet[Placement]:
    """Return the placements that have begun and run, with what `last_day_of` looks at."""
    of_placement = Assignment.objects.filter(placement=OuterRef("pk"))
    dates = of_placement.filter(status__in=HAPPENED, shift__is_cancelled=False).order_by("-shift__starts_at")
    hours = HoursEntry.objects.filter(placement=OuterRef("pk")).order_by("-worked_on")
    running = [Placement.Status.ACTIVE, Placement.Status.AWAITING_CLEARANCE]
    return Placement.objects.filter(status__in=running, from_on__isnull=False).annotate(
        last_date_at=Subquery(dates.values("shift__starts_at")[:1]),
        last_worked_on=Subquery(hours.values("worked_on")[:1]),
    )


def last_day_of(placement: Placement) -> date:
    """Return the day, past or to come, since which nothing happens in a placement of `last_days`.

    A date of theirs, whether they came or not; else the first day, the day on which they said that they stay,
    or the day on which they became active. Waiting for an inspection again is no sign of life.
    """
    dated: datetime | None = placement.last_date_at  # type: ignore[attr-defined]
    worked: date | None = placement.last_worked_on  # type: ignore[attr-defined]
    days = [
        local_day(placement.status_changed_at) if placement.is_active else None,
        placement.from_on,
        placement.stays_since_on,
        worked,
        dated and local_day(dated),
    ]
    return max(day for day in days if day is not None)


def never_came(now: datetime) -> QuerySet[Placement]:
    """Return active placements whose dates are all over, with one missed at least and none attended."""
    dates = Assignment.objects.filter(placement=OuterRef("pk"))
    coming = Shift.objects.filter(opportunity=OuterRef("opportunity"), is_cancelled=False, ends_at__gt=now)
    return Placement.objects.filter(
        ~Exists(coming),
        ~Exists(dates.exclude(status__in=NOT_COME)),
        ~Exists(HoursEntry.objects.filter(placement=OuterRef("pk"))),
        Exists(dates.filter(status=Status.MISSED)),
        status=Placement.Status.ACTIVE,
    )
