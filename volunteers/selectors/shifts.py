"""Dates of placements."""

from datetime import datetime

from programs.models import Shift
from volunteers.models import Assignment, Placement


def first_shift(placement: Placement, now: datetime) -> Shift | None:
    """Return the next date this placement is assigned to, or None."""
    return (
        Shift.objects.filter(
            assignments__placement=placement,
            assignments__status=Assignment.Status.CONFIRMED,
            starts_at__gte=now,
            is_cancelled=False,
        )
        .order_by("starts_at")
        .first()
    )
