"""Who came, and the hours that count."""

from datetime import datetime

from django.db import transaction

from foundation.actors import Actor
from foundation.clock import local_day
from foundation.units import DAY, whole_minutes
from volunteers.domain.states import ASSIGNMENT_MOVES
from volunteers.models import Assignment, HoursEntry
from volunteers.services.seats import move_assignment

Status = Assignment.Status
OUTCOMES = (Status.ATTENDED, Status.EXCUSED, Status.MISSED)


class NotBegun(Exception):
    """Whether somebody came can be told only once the date has begun."""


@transaction.atomic
def record_attendance(assignment: Assignment, *, outcome: str, actor: Actor, now: datetime) -> bool:
    """Note whether the person came, or correct what was noted; who came gets the minutes of the date.

    What was noted before stays in the history. Returns False, changing nothing, if this is noted already, the
    date was cancelled, or somebody else had the seat. Raises NotBegun.
    """
    shift = assignment.shift
    if shift.starts_at > now:
        raise NotBegun
    if shift.is_cancelled or outcome not in ASSIGNMENT_MOVES[assignment.status]:
        return False
    if not move_assignment(assignment, outcome, actor=actor, now=now):
        return False
    HoursEntry.objects.filter(assignment=assignment).delete()
    if outcome == Status.ATTENDED:
        HoursEntry.objects.create(
            volunteer_id=assignment.volunteer_id,
            opportunity_id=shift.opportunity_id,
            placement_id=assignment.placement_id,
            assignment=assignment,
            worked_on=local_day(shift.starts_at),
            heads=assignment.heads,
            minutes=min(whole_minutes(shift.ends_at - shift.starts_at), DAY),
            created_at=now,
        )
    return True
