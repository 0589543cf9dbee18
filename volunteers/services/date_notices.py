"""Telling people at once that a date of theirs was moved, cancelled or takes place after all.

Five edits within a minute are one mail: what is told is the difference between what people last knew and what
is true once nobody has changed anything for a minute.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import connection
from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from citizens.services.letters import write
from foundation.chunks import in_chunks
from foundation.clock import LOCAL_ZONE
from programs.domain.changed_dates import ChangedDate
from programs.models import Opportunity
from volunteers.domain.seats import ReleaseReason
from volunteers.models import Assignment, AvailabilityException, DateNotice, Placement, Volunteer
from volunteers.services.absences import absence_during, excuse, follow_moved_date
from volunteers.services.calendar import calendar_attachment, date_attachment
from volunteers.services.coordination_mail import tell_about_date
from volunteers.services.links import person_calendar_url, placement_calendar_url
from volunteers.services.settled import reminders_settled
from volunteers.wording.changed_dates import Change, ToldDate, told_dates
from volunteers.wording.mails import DATES_CHANGED, DATES_RELEASED

SETTLE = timedelta(minutes=1)
AT_THE_LATEST = timedelta(minutes=10)
PEOPLE_AT_ONCE = 50
EXPECTED = (Assignment.Status.CONFIRMED, Assignment.Status.STAND_IN_WANTED)
TOLD = (*EXPECTED, Assignment.Status.RELEASED)
_READ = (
    "volunteer",
    "role",
    "shift__opportunity__provider",
    "placement__opportunity__provider",
    "placement__pledge",
    "placement__role",
)
_NOTE = """
INSERT INTO volunteers_datenotice
    (assignment_id, starts_at, ends_at, was_cancelled, was_released, noted_at, touched_at)
SELECT assignment.id, before.starts_at, before.ends_at, before.was_cancelled, false, %(now)s, %(now)s
FROM unnest(%(dates)s::bigint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(cancelled)s::boolean[])
    AS before (shift_id, starts_at, ends_at, was_cancelled)
JOIN volunteers_assignment AS assignment ON assignment.shift_id = before.shift_id
LEFT JOIN volunteers_placement AS placement ON placement.id = assignment.placement_id
WHERE assignment.status = ANY(%(expected)s)
    AND (assignment.placement_id IS NULL OR placement.status = 'active')
ORDER BY assignment.id
ON CONFLICT (assignment_id) DO UPDATE SET touched_at = EXCLUDED.touched_at
"""
_ABOUT = ("assignment__volunteer", "assignment__shift__opportunity")


def note_changes(changes: Collection[ChangedDate], *, now: datetime) -> None:
    """Remember for everybody expected on these dates how they were; what is waiting already stays.

    Whoever is away on the new day is excused at once, whoever was on the old one alone is expected again.
    Called inside the transaction of the change.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE,
            {
                "dates": [change.shift_id for change in changes],
                "starts": [change.starts_at for change in changes],
                "ends": [change.ends_at for change in changes],
                "cancelled": [change.was_cancelled for change in changes],
                "expected": list(EXPECTED),
                "now": now,
            },
        )
    for assignment in _away_on_either_day([change.shift_id for change in changes]):
        if assignment.is_excused:
            follow_moved_date(assignment, now)
        elif absence := absence_during(assignment.pledge, assignment.shift):
            excuse(assignment, now, absence=absence)


def _away_on_either_day(shift_ids: Collection[int]) -> QuerySet[Assignment]:
    """Return whom these dates, as they are now, would expect during an absence, or have excused for one."""
    away = AvailabilityException.objects.filter(
        pledge=OuterRef("through"), from_on__lte=OuterRef("last"), until_on__gte=OuterRef("first")
    )
    expected = Assignment.objects.filter(
        Q(placement=None) | Q(placement__status=Placement.Status.ACTIVE),
        shift__in=shift_ids,
        shift__is_cancelled=False,
    ).alias(
        through=Coalesce("placement__pledge", "stand_in_question__pledge"),
        first=TruncDate("shift__starts_at", tzinfo=LOCAL_ZONE),
        last=TruncDate(F("shift__ends_at") - timedelta(microseconds=1), tzinfo=LOCAL_ZONE),
    )
    excused = Q(status=Assignment.Status.EXCUSED, absence__isnull=False, placement__isnull=False)
    concerned = Q(Exists(away), status=Assignment.Status.CONFIRMED) | excused
    return expected.filter(concerned).select_related(*_READ).order_by("pk")


def tell_of_changes(now: datetime) -> int:
    """Write one mail to everybody whose dates have changed and settled; return how many were written.

    Several workers may tell side by side: whom somebody holds at this moment is left to the next run.
    """
    people = [person for person, _task in _settled(DateNotice.objects.all(), now)]
    return in_chunks(Volunteer.objects.all(), people, PEOPLE_AT_ONCE, partial(_tell_some, now=now))


def _tell_some(people: Collection[int], now: datetime) -> int:
    of_people = DateNotice.objects.filter(assignment__volunteer__in=people)
    return sum(_tell(person, task, now) for person, task in _settled(of_people, now))


def _settled(notices: QuerySet[DateNotice], now: datetime) -> list[tuple[int, int]]:
    """Return the people and tasks of `notices` that nobody has changed for long enough."""
    about = notices.values(*_ABOUT).annotate(first=Min("noted_at"), latest=Max("touched_at"))
    settled = about.filter(Q(latest__lte=now - SETTLE) | Q(first__lte=now - AT_THE_LATEST))
    return list(settled.order_by(*_ABOUT).values_list(*_ABOUT))


def _tell(volunteer_id: int, opportunity_id: int, now: datetime) -> bool:
    notices = list(
        DateNotice.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(assignment__volunteer=volunteer_id, assignment__shift__opportunity=opportunity_id)
        .select_related("assignment__shift__closure", "assignment__role", "assignment__placement__role")
        .order_by("starts_at")
    )
    DateNotice.objects.filter(pk__in=[notice.pk for notice in notices]).delete()
    running = [notice.assignment for notice in notices if _is_running(notice.assignment)]
    changes = [_change(notice) for notice in notices if notice.assignment in running]
    told = told_dates(changes)
    if not told:
        return False
    first = running[0]
    first.volunteer = Volunteer.objects.select_related("mailbox").get(pk=volunteer_id)
    first.shift.opportunity = Opportunity.objects.select_related("provider").get(pk=opportunity_id)
    _warn_provider(first, changes, now)
    if first.volunteer.mailbox.is_on_paper:
        reminders_settled(now, of=first.volunteer)
    return _write(first, told, now)


def _is_running(assignment: Assignment) -> bool:
    return assignment.status in TOLD and (assignment.placement is None or assignment.placement.is_active)


def _change(notice: DateNotice) -> Change:
    assignment = notice.assignment
    before = ChangedDate(assignment.shift_id, notice.starts_at, notice.ends_at, notice.was_cancelled)
    return Change(before, assignment.shift, notice.was_released, assignment.released_for)


def _warn_provider(first: Assignment, changes: Sequence[Change], now: datetime) -> None:
    """Say on which dates somebody is missing; that no seat was left is no news to the provider."""
    missing = [
        change.shift
        for change in changes
        if change.released_for not in ("", ReleaseReason.FULL)
        and not change.was_released
        and not change.shift.is_cancelled
    ]
    if missing:
        tell_about_date(
            first,
            key=f"dates.released:{first.pk}:{now:%Y%m%d%H%M%S%f}",
            mail=DATES_RELEASED,
            context={"dates": missing},
            now=now,
        )


def _write(first: Assignment, told: Sequence[ToldDate], now: datetime) -> bool:
    """Write to the person; who only stands in gets the calendar of their own dates."""
    volunteer, opportunity, placement = first.volunteer, first.shift.opportunity, first.placement
    if placement is not None:
        placement.volunteer, placement.opportunity = volunteer, opportunity
    return write(
        volunteer.mailbox,
        key=f"dates.changed:{first.pk}:{now:%Y%m%d%H%M%S%f}",
        mail=DATES_CHANGED,
        context={
            "volunteer": volunteer,
            "opportunity": opportunity,
            "title": first.title,
            "changes": told,
            "is_to_come": any(each.is_to_come for each in told),
            "calendar_url": placement_calendar_url(placement, now)
            if placement
            else person_calendar_url(volunteer, now),
            "feed_url": person_calendar_url(volunteer, now),
        },
        now=now,
        attachment=calendar_attachment(placement, now) if placement else date_attachment(first, now),
    )
