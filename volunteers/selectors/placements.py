"""What happened to a placement."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from foundation.models import Transition
from volunteers.models import Placement


@dataclass(frozen=True)
class Move:
    """A placement became `label` at `happened_at`; who and why is not for the screen."""

    label: str
    happened_at: datetime


def moves_of(placement: Placement) -> list[Move]:
    """Return what the placement went through, oldest first, its beginning included."""
    rows = Transition.objects.filter(noun="placement", object_id=placement.pk).order_by("pk")
    labels = dict(Placement.Status.choices)
    began = Move(str(Placement.Status.AWAITING_CONFIRMATION.label), placement.created_at)
    later = rows.values_list("to_status", "happened_at")
    return [began, *(Move(str(labels.get(status, status)), moment) for status, moment in later)]


def given_minutes(placement: Placement) -> int:
    """Return the confirmed minutes of this placement."""
    return placement.hours.aggregate(total=Sum("minutes"))["total"] or 0
