"""What happened to a placement."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Sum

from foundation.history import lines_of
from foundation.models import Event
from foundation.units import Minutes
from volunteers.models import Placement


@dataclass(frozen=True)
class Move:
    """A placement became `label` at `happened_at`; who and why is not for the screen."""

    label: str
    happened_at: datetime


def moves_of(placement: Placement) -> list[Move]:
    """Return what the placement went through, oldest first, its beginning included."""
    rows = lines_of(placement).filter(kind=Event.Kind.TRANSITION).order_by("pk")
    labels = dict(Placement.Status.choices)
    began = Move(str(Placement.Status.AWAITING_CONFIRMATION.label), placement.created_at)
    later = rows.values_list("to_status", "at")
    return [began, *(Move(str(labels.get(status, status)), moment) for status, moment in later)]


def given_minutes(placement: Placement) -> Minutes:
    """Return the confirmed minutes of this placement, of a group those of all heads together."""
    return Minutes(placement.hours.aggregate(total=Sum(F("minutes") * F("heads")))["total"] or 0)
