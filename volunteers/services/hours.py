"""Who came, and the hours that count."""

from datetime import datetime

from django.db import transaction

from foundation.actors import Actor
from foundation.clock import local_day
from foundation.history import note_act
from foundation.units import DAY, whole_minutes
from volunteers.domain.states import ASSIGNMENT_MOVES
from volunteers.models import Assignment, HoursEntry
from volunteers.services.heads import HEADS
from volunteers.services.seats import move_assignment

Status = Assignment.Status
OUTCOMES = (Status.ATTENDED, Status.EXCUSED, Status.MISSED)


class NotBegun(Exception):
    """Whether somebody came can be told only once the date has begun."""


@transaction.atomic
def record_attendance(
    assignment: Assignment, *, outcome: str, actor: Actor, now: datetime, heads: int | None = None
) -> bool:
    """Note whether the person came, or correct what was noted; who came gets the minutes of the date.

    Of a group `heads` say how many came, if not as many as were expected; the seats stay as they were held.
    What was noted before stays in the history. Returns False, changing nothing, if this is noted already, the
    date was cancelled, or somebody else had the seat. Raises NotBegun.
    """
    shift = assignment.shift
    if shift.starts_at > now:
        raise NotBegun
    if shift.is_cancelled:
        return False
    came = heads if heads and assignment.volunteer.is_group else assignment.heads
    if outcome == assignment.status == Status.ATTENDED:
        return heads is not None and _came_in_other_number(assignment, came, actor=actor, now=now)
    if outcome not in ASSIGNMENT_MOVES[assignment.status]:
        return False
    if not move_assignment(assignment, outcome, actor=actor, now=now):
        return False
    HoursEntry.objects.filter(assignment=assignment).delete()
    if outcome == Status.ATTENDED:
        _give_hours(assignment, came, now)
    return True


def _came_in_other_number(assignment: Assignment, came: int, *, actor: Actor, now: datetime) -> bool:
    """Note it; False if just as many are noted, or if meanwhile nobody was there."""
    there = Assignment.objects.select_for_update().filter(pk=assignment.pk, status=Status.ATTENDED)
    given = HoursEntry.objects.filter(assignment=assignment).exclude(heads=came).first() if there else None
    if given is None:
        return False
    given.delete()
    _give_hours(assignment, came, now)
    note_act(assignment, HEADS, f"{given.heads} {came}", actor=actor, now=now)
    return True


def _give_hours(assignment: Assignment, heads: int, now: datetime) -> None:
    hours_of(assignment, heads, now).save(force_insert=True)


def hours_of(assignment: Assignment, heads: int, now: datetime) -> HoursEntry:
    """Return the hours, not yet stored, of somebody who came to this date with so many heads."""
    shift = assignment.shift
    return HoursEntry(
        volunteer_id=assignment.volunteer_id,
        opportunity_id=shift.opportunity_id,
        placement_id=assignment.placement_id,
        assignment=assignment,
        worked_on=local_day(shift.starts_at),
        heads=heads,
        minutes=min(whole_minutes(shift.ends_at - shift.starts_at), DAY),
        created_at=now,
    )
