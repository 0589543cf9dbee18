"""Days on which somebody cannot come: assignments on them are excused and the provider is told in time."""

from datetime import date, datetime, timedelta

from django.db import transaction

from foundation.actors import citizen
from foundation.clock import local_moment
from foundation.transitions import move
from foundation.units import MIDNIGHT
from volunteers.domain.promises import MOST_ABSENCES
from volunteers.domain.states import ASSIGNMENT_MOVES
from volunteers.models import Assignment, AvailabilityException, TimePledge
from volunteers.services.coordination_mail import tell_about_placement
from volunteers.services.persons import lock_person
from volunteers.signals import pledge_changed
from volunteers.wording.mails import ASSIGNMENT_EXCUSED


@transaction.atomic
def add_absence(pledge: TimePledge, *, from_on: date, until_on: date, now: datetime) -> bool:
    """Note the days (both included) and excuse the assignments on them. False if there are too many."""
    lock_person(pledge.volunteer_id)
    if pledge.exceptions.count() >= MOST_ABSENCES:
        return False
    AvailabilityException.objects.create(pledge=pledge, from_on=from_on, until_on=until_on)
    for assignment in _assignments_between(pledge, from_on, until_on, now):
        excuse(assignment, now)
    pledge_changed.send(sender=TimePledge, pledge=pledge, now=now)
    return True


@transaction.atomic
def remove_absence(pledge: TimePledge, absence_id: int, *, now: datetime) -> None:
    """Forget noted days; dates already excused stay so, the provider has planned without the person."""
    removed, _rows = pledge.exceptions.filter(pk=absence_id).delete()
    if removed:
        pledge_changed.send(sender=TimePledge, pledge=pledge, now=now)


def excuse(assignment: Assignment, now: datetime) -> bool:
    """Note that the person cannot come and tell the provider. False if somebody moved the row first."""
    if not move(assignment, ASSIGNMENT_MOVES, Assignment.Status.EXCUSED, actor=citizen("volunteer"), now=now):
        return False
    tell_about_placement(
        assignment.placement,
        key=f"assignment.excused:{assignment.pk}",
        mail=ASSIGNMENT_EXCUSED,
        context={"shift": assignment.shift},
        now=now,
    )
    return True


def _assignments_between(
    pledge: TimePledge, from_on: date, until_on: date, now: datetime
) -> list[Assignment]:
    coming = Assignment.objects.filter(
        placement__pledge=pledge,
        status__in=[Assignment.Status.CONFIRMED, Assignment.Status.ON_HOLD],
        shift__starts_at__gte=max(now, local_moment(from_on, MIDNIGHT)),
        shift__starts_at__lt=local_moment(until_on + timedelta(days=1), MIDNIGHT),
    )
    return list(coming.select_related("placement__opportunity__provider", "shift"))
