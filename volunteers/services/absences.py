"""Days and single dates on which somebody cannot come, and can after all: the provider learns both."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet

from foundation.clock import end_of_day, last_day, local_day, local_moment
from foundation.units import MIDNIGHT
from outbox.domain.catalogue import Mail
from programs.models import Shift
from volunteers.domain.promises import MOST_ABSENCES
from volunteers.models import Assignment, AvailabilityException, Placement, StandInSearch, TimePledge
from volunteers.selectors.coming import may_come_on
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.calendar_changes import count_change
from volunteers.services.coordination_mail import tell_about_date
from volunteers.services.persons import THE_PERSON, lock_holdings, lock_owner, lock_person
from volunteers.services.seats import is_bound, move_assignment, note_released
from volunteers.services.stand_ins import end_searches, start_search
from volunteers.signals import pledge_changed
from volunteers.wording.mails import ASSIGNMENT_BACK, ASSIGNMENT_EXCUSED
from volunteers.wording.stand_ins import Over

Status = Assignment.Status
_READ = (
    "volunteer",
    "role",
    "placement__role",
    "placement__opportunity__provider",
    "shift__opportunity__provider",
)


@transaction.atomic
def add_absence(pledge: TimePledge, *, from_on: date, until_on: date, now: datetime) -> bool:
    """Note the days (both included) and excuse from dates that touch them. False if there are too many.

    The same days said again, as by pressing a button twice, are noted once.
    """
    lock_owner(pledge.pk)
    if pledge.exceptions.filter(from_on=from_on, until_on=until_on).exists():
        return True
    if pledge.exceptions.count() >= MOST_ABSENCES:
        return False
    absence = AvailabilityException.objects.create(pledge=pledge, from_on=from_on, until_on=until_on)
    count_change(pledge.placements.all())
    for assignment in _assignments_between(pledge, from_on, until_on, now):
        excuse(assignment, now, absence=absence)
    pledge_changed.send(sender=TimePledge, pledge=pledge, now=now)
    return True


class Back(StrEnum):
    """Which of the dates of a deleted absence the person comes to again."""

    ALL = "all"
    NOT_WHERE_REPLACED = "not_where_replaced"
    NOT_EVERYWHERE = "not_everywhere"


@transaction.atomic
def remove_absence(pledge: TimePledge, absence_id: int, *, now: datetime) -> Back:
    """Forget noted days and bring their coming dates back, unless another absence covers them.

    Where somebody stands in already the person is not needed; elsewhere they may be bound by now, lack what
    the date asks for, or all seats are taken.
    """
    lock_holdings([lock_owner(pledge.pk)], now)
    absence = pledge.exceptions.filter(pk=absence_id).first()
    if absence is None:
        return Back.ALL
    excused = list(_coming(now).filter(absence=absence, status=Status.EXCUSED))
    absence.delete()
    count_change(pledge.placements.all())
    for assignment in excused:
        other = absence_during(pledge, assignment.shift)
        if other is None:
            _bring_back(assignment, now)
        else:
            Assignment.objects.filter(pk=assignment.pk).update(absence=other)
    for placement in pledge.placements.filter(status=Placement.Status.ACTIVE):
        assign_coming_shifts(now, placement=placement)
    pledge_changed.send(sender=TimePledge, pledge=pledge, now=now)
    return _back(excused)


def _back(excused: Collection[Assignment]) -> Back:
    """Cancelled dates are none to come to, whatever became of the absence."""
    away = [each for each in excused if each.is_excused and not each.shift.is_cancelled]
    if not away:
        return Back.ALL
    return Back.NOT_WHERE_REPLACED if all(is_replaced(each) for each in away) else Back.NOT_EVERYWHERE


def follow_moved_date(assignment: Assignment, now: datetime) -> None:
    """Expect somebody again on a date that was moved to where no absence of theirs is.

    Called inside the transaction of the change, with the person locked. What stays within an absence, be it
    another one, is excused for that.
    """
    absence = absence_during(assignment.pledge, assignment.shift)
    if absence is None:
        if _take_back(assignment, now):
            note_released([assignment], now, was_released=True)
    elif absence.pk != assignment.absence_id:
        Assignment.objects.filter(pk=assignment.pk).update(absence=absence)


@transaction.atomic
def skip_date(assignment: Assignment, *, now: datetime) -> bool:
    """Stay away from one date and nothing else. False, changing nothing, if it is not to come (any more)."""
    lock_person(assignment.volunteer_id)
    coming = _coming(now).filter(pk=assignment.pk, status=Status.CONFIRMED).first()
    return coming is not None and excuse(coming, now)


@transaction.atomic
def come_after_all(assignment: Assignment, *, now: datetime) -> bool:
    """Come to a date that was skipped. False, changing nothing, if it is over, off or within an absence."""
    lock_person(assignment.volunteer_id)
    skipped = _coming(now).filter(pk=assignment.pk, status=Status.EXCUSED, absence=None)
    coming = skipped.filter(shift__is_cancelled=False).first()
    return coming is not None and _take_back(coming, now)


def excuse(assignment: Assignment, now: datetime, *, absence: AvailabilityException | None = None) -> bool:
    """Note that the person cannot come, look for a stand-in and tell the provider.

    Of a date that is cancelled nobody is told. False if somebody moved the row first.
    """
    if not move_assignment(assignment, Status.EXCUSED, actor=THE_PERSON, now=now, absence=absence):
        return False
    is_searched = start_search(assignment, now)
    if not assignment.shift.is_cancelled:
        _tell(assignment, ASSIGNMENT_EXCUSED, "excused", now, is_searched=is_searched)
    return True


def is_replaced(assignment: Assignment) -> bool:
    """Whether the person stays away and somebody else was found for the date."""
    found = assignment.searches.filter(status=StandInSearch.Status.FOUND)
    return assignment.status == Status.EXCUSED and found.exists()


def absence_during(pledge: TimePledge, shift: Shift) -> AvailabilityException | None:
    """Return an absence of the pledge's person on a day of this date; one over midnight has two."""
    first, last = local_day(shift.starts_at), last_day(shift.ends_at)
    return pledge.exceptions.filter(from_on__lte=last, until_on__gte=first).order_by("pk").first()


def _bring_back(assignment: Assignment, now: datetime) -> None:
    """Expect the person again; while they may not come for now, the date rests as the others do."""
    if assignment.placement is None or not assignment.placement.awaits_clearance:
        _take_back(assignment, now)
    elif not is_bound(assignment.volunteer_id, assignment.shift) and move_assignment(
        assignment, Status.ON_HOLD, actor=THE_PERSON, now=now, absence=None
    ):
        end_searches(assignment, Over.BACK, now)


def _take_back(assignment: Assignment, now: datetime) -> bool:
    """Expect the person again, if they may come that day, are free and their seat is not given away."""
    shift, placement = assignment.shift, assignment.placement
    if placement is not None and not placement.is_active:
        return False
    if not may_come_on(assignment.volunteer, assignment.role, shift, placement):
        return False
    if is_bound(assignment.volunteer_id, assignment.shift):
        return False
    if not move_assignment(assignment, Status.CONFIRMED, actor=THE_PERSON, now=now, absence=None):
        return False
    end_searches(assignment, Over.BACK, now)
    if not assignment.shift.is_cancelled:
        _tell(assignment, ASSIGNMENT_BACK, "back", now)
    return True


def _tell(assignment: Assignment, mail: Mail, what: str, now: datetime, **context: object) -> None:
    tell_about_date(
        assignment,
        key=f"assignment.{what}:{assignment.pk}:{now:%Y%m%d%H%M%S%f}",
        mail=mail,
        context=context,
        now=now,
    )


def _coming(now: datetime) -> QuerySet[Assignment]:
    coming = Assignment.objects.filter(shift__starts_at__gt=now)
    return coming.select_related(*_READ).order_by("shift_id", "pk")


def _assignments_between(
    pledge: TimePledge, from_on: date, until_on: date, now: datetime
) -> list[Assignment]:
    coming = Assignment.objects.filter(
        Q(placement__pledge=pledge) | Q(stand_in_question__pledge=pledge),
        status__in=[Status.CONFIRMED, Status.ON_HOLD],
        shift__starts_at__gte=now,
        shift__ends_at__gt=local_moment(from_on, MIDNIGHT),
        shift__starts_at__lt=end_of_day(until_on),
    )
    return list(coming.select_related(*_READ).order_by("shift_id", "pk"))
