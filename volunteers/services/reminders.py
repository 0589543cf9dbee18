"""One reminder before somebody's first date, never a second."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from citizens.services.letters import write
from volunteers.models import Assignment, Placement
from volunteers.selectors.coming import may_come_on
from volunteers.services.links import person_calendar_url, placement_calendar_url
from volunteers.wording.mails import SHIFT_REMINDER

EARLIEST = timedelta(hours=48)
LATEST = timedelta(hours=24)
TOO_LATE = timedelta(hours=2)
NOT_COMING = (
    Assignment.Status.EXCUSED,
    Assignment.Status.CANCELLED,
    Assignment.Status.ON_HOLD,
    Assignment.Status.RELEASED,
)


def remind_of_first_shifts(now: datetime) -> int:
    """Remind everybody whose first date begins in 24 to 48 hours; return how many.

    A reminder missed because nothing ran is made up for until two hours before. Who was confirmed within the
    last two days before the date has just got the confirmation with the same date.
    """
    return sum(_remind(assignment, now) for assignment in _due(now))


def _due(now: datetime) -> QuerySet[Assignment]:
    of_placement = Assignment.objects.filter(placement=OuterRef("placement"))
    earlier = of_placement.filter(
        shift__starts_at__lt=OuterRef("shift__starts_at"), shift__is_cancelled=False
    ).exclude(status__in=NOT_COMING)
    in_time = Q(shift__starts_at__gte=now + LATEST)
    missed = Q(
        shift__starts_at__gte=now + TOO_LATE,
        placement__status_changed_at__lte=F("shift__starts_at") - EARLIEST,
    ) | Q(
        shift__starts_at__gte=now + TOO_LATE,
        placement=None,
        status_changed_at__lte=F("shift__starts_at") - EARLIEST,
    )
    return (
        Assignment.objects.filter(
            in_time | missed,
            Q(placement=None) | Q(placement__status=Placement.Status.ACTIVE),
            status=Assignment.Status.CONFIRMED,
            shift__starts_at__lte=now + EARLIEST,
            shift__is_cancelled=False,
        )
        .exclude(Exists(of_placement.filter(reminded_at__isnull=False)))
        .exclude(Exists(earlier))
        .select_related("placement", "volunteer__mailbox", "shift__opportunity__provider")
        .order_by("pk")
    )


@transaction.atomic
def _remind(assignment: Assignment, now: datetime) -> bool:
    shift, volunteer = assignment.shift, assignment.volunteer
    if not may_come_on(volunteer, shift.opportunity, shift, assignment.placement):
        return False
    first = Assignment.objects.filter(
        pk=assignment.pk, reminded_at__isnull=True, status=Assignment.Status.CONFIRMED
    )
    if not first.update(reminded_at=now):
        return False
    write(
        volunteer.mailbox,
        key=f"shift.reminder:{assignment.pk}",
        mail=SHIFT_REMINDER,
        context={
            "volunteer": volunteer,
            "opportunity": shift.opportunity,
            "shift": shift,
            "calendar_url": placement_calendar_url(assignment.placement, now)
            if assignment.placement
            else person_calendar_url(volunteer, now),
        },
        now=now,
    )
    return True
