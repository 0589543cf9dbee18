"""Telling people at once that a date of theirs was moved, cancelled or takes place after all.

Five edits within a minute are one mail: what is told is the difference between what people last knew and what
is true once nobody has changed anything for a minute.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import connection
from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from citizens.services.letters import Letter, write_all
from foundation.chunks import in_chunks
from foundation.clock import LOCAL_ZONE
from programs.domain.changed_dates import ChangedDate
from programs.models import Opportunity
from volunteers.domain.seats import ReleaseReason
from volunteers.models import Assignment, AvailabilityException, DateNotice, Placement, Volunteer
from volunteers.services.absences import absence_during, excuse, follow_moved_date
from volunteers.services.calendar import calendar_attachments, date_attachments
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
_TOLD_OF = ("assignment__shift__closure", "assignment__role", "assignment__placement__role")


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
    about = DateNotice.objects.values("assignment__volunteer", "assignment__shift__opportunity")
    pairs = about.annotate(first=Min("noted_at"), latest=Max("touched_at")).order_by("assignment__volunteer")
    settled = pairs.filter(Q(latest__lte=now - SETTLE) | Q(first__lte=now - AT_THE_LATEST))
    people = settled.values_list("assignment__volunteer", flat=True)
    return in_chunks(Volunteer.objects.all(), people, PEOPLE_AT_ONCE, partial(_tell_some, now=now))


def _tell_some(people: Collection[int], now: datetime) -> int:
    """Tell these people, whom this worker holds, in a fixed number of queries; return how many letters.

    Only where a provider must hear of it, or a letter waits to be printed, more is asked for that person.
    """
    news = [each for notices in _taken(people, now) if (each := _news(notices))]
    _put_beside([each.first for each in news])
    for each in news:
        _warn_provider(each.first, each.changes, now)
        if each.first.volunteer.mailbox.is_on_paper:
            reminders_settled(now, of=each.first.volunteer)
    return write_all(_letters(news, now), now=now)


def _taken(people: Collection[int], now: datetime) -> list[list[DateNotice]]:
    """Delete what has settled of these people and return it by person and task; what is held is left."""
    of_them = DateNotice.objects.filter(assignment__volunteer__in=people)
    locked = of_them.select_for_update(of=("self",), skip_locked=True).select_related(*_TOLD_OF)
    by_task: dict[tuple[int, int], list[DateNotice]] = defaultdict(list)
    for notice in locked.order_by("starts_at", "pk"):
        by_task[notice.assignment.volunteer_id, notice.assignment.shift.opportunity_id].append(notice)
    settled = [notices for _pair, notices in sorted(by_task.items()) if _has_settled(notices, now)]
    DateNotice.objects.filter(pk__in=[each.pk for notices in settled for each in notices]).delete()
    return settled


def _has_settled(notices: Collection[DateNotice], now: datetime) -> bool:
    """Whether nobody has changed them for long enough."""
    latest, first = max(each.touched_at for each in notices), min(each.noted_at for each in notices)
    return latest <= now - SETTLE or first <= now - AT_THE_LATEST


@dataclass(frozen=True)
class _News:
    """What somebody hears about one task; `first` is one of the dates it is about."""

    first: Assignment
    changes: Sequence[Change]
    told: Sequence[ToldDate]


def _news(notices: Sequence[DateNotice]) -> _News | None:
    running = [notice for notice in notices if _is_running(notice.assignment)]
    changes = [_change(notice) for notice in running]
    told = told_dates(changes)
    return _News(running[0].assignment, changes, told) if told else None


def _put_beside(dates: Collection[Assignment]) -> None:
    """Read the people and tasks of these dates at once and put them beside each, as if read with it."""
    people = Volunteer.objects.select_related("mailbox").in_bulk({each.volunteer_id for each in dates})
    tasks = Opportunity.objects.select_related("provider").in_bulk(
        {each.shift.opportunity_id for each in dates}
    )
    for each in dates:
        each.volunteer, each.shift.opportunity = people[each.volunteer_id], tasks[each.shift.opportunity_id]
        if each.placement is not None:
            each.placement.volunteer, each.placement.opportunity = each.volunteer, each.shift.opportunity


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


def _letters(news: Collection[_News], now: datetime) -> Iterator[Letter]:
    """A letter for each; who only stands in gets the calendar of their own dates."""
    placements = [each.first.placement for each in news if each.first.placement]
    of_placements = calendar_attachments(placements, now)
    of_dates = date_attachments([each.first for each in news if each.first.placement is None], now)
    for each in news:
        first, volunteer, placement = each.first, each.first.volunteer, each.first.placement
        feed = person_calendar_url(volunteer, now)
        yield Letter(
            volunteer.mailbox,
            DATES_CHANGED,
            f"dates.changed:{first.pk}:{now:%Y%m%d%H%M%S%f}",
            {
                "volunteer": volunteer,
                "opportunity": first.shift.opportunity,
                "title": first.title,
                "changes": each.told,
                "is_to_come": any(date.is_to_come for date in each.told),
                "calendar_url": placement_calendar_url(placement, now) if placement else feed,
                "feed_url": feed,
            },
            of_placements[placement.pk] if placement else of_dates[first.pk],
        )
