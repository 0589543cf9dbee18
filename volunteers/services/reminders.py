"""Reminders before dates, as the person and the task wish: one mail a person and day at most."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from citizens.services.letters import write
from foundation.chunks import in_chunks
from foundation.clock import local_day
from outbox.services.queue import was_queued
from volunteers.domain.reminders import BREAK, Reminders
from volunteers.models import Assignment, Placement, Volunteer
from volunteers.selectors.coming import may_come_on
from volunteers.services.links import person_calendar_url, placement_calendar_url
from volunteers.services.settled import reminders_settled
from volunteers.wording.mails import SHIFT_REMINDER

EARLIEST = timedelta(hours=48)
LATEST = timedelta(hours=24)
TOO_LATE = timedelta(hours=2)
PEOPLE_AT_ONCE = 50
NOT_COMING = (
    Assignment.Status.EXCUSED,
    Assignment.Status.CANCELLED,
    Assignment.Status.ON_HOLD,
    Assignment.Status.RELEASED,
)


def remind_of_dates(now: datetime) -> int:
    """Remind everybody of the dates that begin in 24 to 48 hours; return how many people were written to.

    A reminder missed because nothing ran is made up for until two hours before. Who was confirmed within the
    last two days before the date has just got the confirmation with the same date. What comes due later on
    the day of a reminder waits for the next day, when it is still early enough. Several workers may remind
    side by side: whom another one holds at this moment is left to it.

    Letters to print of dates that are over are taken back first.
    """
    reminders_settled(now)
    people = _due(now).values_list("volunteer", flat=True)
    return in_chunks(Volunteer.objects.all(), people, PEOPLE_AT_ONCE, partial(_remind_some, now=now))


def _remind_some(people: Collection[int], now: datetime) -> int:
    by_person: dict[int, list[Assignment]] = defaultdict(list)
    for assignment in _with_what_is_told(_due(now).filter(volunteer__in=people)):
        by_person[assignment.volunteer_id].append(assignment)
    written = was_queued(_key(person, now) for person in by_person)
    return sum(_remind(dates, now) for person, dates in by_person.items() if _key(person, now) not in written)


def _key(person: int, now: datetime) -> str:
    """Name the one reminder that somebody gets on this day, also when what it told of was moved since."""
    return f"shift.reminder:{person}:{local_day(now)}"


def _due(now: datetime) -> QuerySet[Assignment]:
    in_time = Q(shift__starts_at__gte=now + LATEST)
    missed = Q(
        shift__starts_at__gte=now + TOO_LATE,
        placement__status_changed_at__lte=F("shift__starts_at") - EARLIEST,
    ) | Q(
        shift__starts_at__gte=now + TOO_LATE,
        placement=None,
        status_changed_at__lte=F("shift__starts_at") - EARLIEST,
    )
    return Assignment.objects.filter(
        in_time | missed,
        _is_wished(),
        Q(placement=None) | Q(placement__status=Placement.Status.ACTIVE),
        status=Assignment.Status.CONFIRMED,
        reminded_at=None,
        shift__starts_at__lte=now + EARLIEST,
        shift__is_cancelled=False,
    ).order_by("shift__starts_at", "pk")


def _with_what_is_told(due: QuerySet[Assignment]) -> QuerySet[Assignment]:
    beside = due.select_related("placement", "role", "volunteer__mailbox", "shift__opportunity__provider")
    return beside.select_related("shift__opportunity__district").annotate(is_first=~Exists(_earlier()))


def _is_wished() -> Q:
    """What the person wishes, or the task where the person does not refuse."""
    recent = _earlier().filter(shift__starts_at__gte=OuterRef("shift__starts_at") - BREAK)
    each = Q(volunteer__reminders=Reminders.EACH) | Q(shift__opportunity__reminds_each=True)
    return ~Q(volunteer__reminders=Reminders.NONE) & (each | ~Q(Exists(recent)))


def _earlier() -> QuerySet[Assignment]:
    """The dates of the same placement before, to which the person was to come."""
    of_placement = Assignment.objects.filter(
        placement=OuterRef("placement"),
        shift__starts_at__lt=OuterRef("shift__starts_at"),
        shift__is_cancelled=False,
    )
    return of_placement.exclude(status__in=NOT_COMING)


def _remind(dates: Iterable[Assignment], now: datetime) -> bool:
    told = [each for each in dates if _may_come(each) and _is_mine_to_tell(each, now)]
    if not told:
        return False
    volunteer, first = told[0].volunteer, told[0]
    write(
        volunteer.mailbox,
        key=_key(volunteer.pk, now),
        mail=SHIFT_REMINDER,
        context={
            "volunteer": volunteer,
            "dates": told,
            "shift": first.shift,
            "title": first.title,
            "is_one": len(told) == 1,
            "is_first": len(told) == 1 and vars(first)["is_first"],
            "calendar_url": _calendar_url(volunteer, told, now),
        },
        now=now,
    )
    return True


def _may_come(assignment: Assignment) -> bool:
    return may_come_on(assignment.volunteer, assignment.role, assignment.shift, assignment.placement)


def _is_mine_to_tell(assignment: Assignment, now: datetime) -> bool:
    waiting = Assignment.objects.filter(
        pk=assignment.pk, reminded_at__isnull=True, status=Assignment.Status.CONFIRMED
    )
    return bool(waiting.update(reminded_at=now))


def _calendar_url(volunteer: Volunteer, told: list[Assignment], now: datetime) -> str:
    placement = told[0].placement
    if len(told) == 1 and placement is not None:
        return placement_calendar_url(placement, now)
    return person_calendar_url(volunteer, now)
