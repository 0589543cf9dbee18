"""Placements as an iCalendar file (RFC 5545): local times with their zone, so clock changes do no harm.

A series that repeats is one event, under a UID that stays; a change raises its SEQUENCE, which never falls,
so that calendars replace what they have. Days on which the person is not expected are EXDATEs, as far as it
is known (`calendar_days`). A cancelled date is an occurrence with STATUS:CANCELLED, a placement that is over
ends its events, and a series that is gone is cancelled as a whole. Single days are an event each, because not
every calendar reads RDATE; so are dates that were at another time than their series has now. Where the person
stays away from one, it is cancelled.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain

from django.db.models import QuerySet
from icalendar import Calendar, Event, vDuration, vRecur

from foundation.clock import LOCAL_ZONE, local_day
from foundation.units import DAY, END_OF_DAY, HOUR, MinuteOfDay, minutes_between
from outbox.services.queue import Attachment
from programs.domain.rhythms import rule_days
from programs.domain.shift_times import span_of
from programs.models import Opportunity, Shift, ShiftSeries
from volunteers.documents.local_zone import local_zone
from volunteers.models import Assignment, Placement, Volunteer
from volunteers.services.calendar_days import STAYS_AWAY, OwnDays, moves_of_each, own_days
from volunteers.wording.groups import for_people

CONTENT_TYPE, IN_A_MAIL = "text/calendar", "application/ics"
"""In a mail `text/calendar` is an invitation (RFC 6047), which Thunderbird asks to accept or to decline."""
FILE_NAME = "einsatz.ics"
FEED_NAME = "termine.ics"
FEED_TITLE = "WIR BRAUCHEN SIE"
ASKED_EVERY = timedelta(hours=1)
LAST_MINUTE = MinuteOfDay(END_OF_DAY - 1)
KEPT_AFTER_THE_END = timedelta(days=90)


def calendar_attachment(placement: Placement, now: datetime) -> Attachment:
    """Return the calendar file as it goes with a mail."""
    return Attachment(FILE_NAME, IN_A_MAIL, placement_calendar(placement, now))


def calendar_attachments(placements: Collection[Placement], now: datetime) -> dict[int, Attachment]:
    """Return the calendar file of each placement by its key, in a fixed number of queries."""
    return {
        own.placement.pk: Attachment(FILE_NAME, IN_A_MAIL, _calendar(_events(own)))
        for own in own_days(placements, now)
    }


def placement_calendar(placement: Placement, now: datetime) -> str:
    """Return the calendar of one placement."""
    return _calendar(_events_of([placement], now))


def person_calendar(volunteer: Volunteer, now: datetime) -> str:
    """Return all that somebody is expected to, for a calendar program that asks again and again.

    What has ended stays a while, so that its end arrives.
    """
    since = now - KEPT_AFTER_THE_END
    standing_in = volunteer.assignments.filter(placement=None, shift__starts_at__gt=since)
    begun = volunteer.placements.filter(from_on__isnull=False).exclude(
        until_on__lt=local_day(now) - KEPT_AFTER_THE_END
    )
    related = ("volunteer", "role", "opportunity__provider", "pledge")
    placements = list(begun.select_related(*related).order_by("pk"))
    return _calendar(chain(_events_of(placements, now), _standing_in_on(standing_in, now)), is_feed=True)


def date_attachments(assignments: Collection[Assignment], now: datetime) -> dict[int, Attachment]:
    """Return the calendar file of each date on which somebody stands in, by its key, in one query."""
    own = Assignment.objects.filter(pk__in=[each.pk for each in assignments])
    return {
        each.pk: Attachment(FILE_NAME, IN_A_MAIL, _calendar([_standing_in(each, now)]))
        for each in _with_moves(own)
    }


def date_attachment(assignment: Assignment, now: datetime) -> Attachment:
    """Return the calendar file of the one date on which somebody stands in."""
    return date_attachments([assignment], now)[assignment.pk]


def _calendar(events: Iterable[Event], *, is_feed: bool = False) -> str:
    """A feed has a name and says how often to ask; a file has neither: its dates go where the others are."""
    calendar = Calendar()
    calendar.add("prodid", "-//WIR BRAUCHEN SIE//Einsatz//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-timezone", LOCAL_ZONE.key)
    if is_feed:
        calendar.add("x-wr-calname", FEED_TITLE)
        calendar.add("refresh-interval", ASKED_EVERY, {"value": "duration"})
        calendar.add("x-published-ttl", vDuration(ASKED_EVERY))
    calendar.add_component(local_zone())
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical().decode()


def _events_of(placements: Collection[Placement], now: datetime) -> Iterator[Event]:
    for own in own_days(placements, now):
        yield from _events(own)


def _standing_in_on(dates: QuerySet[Assignment], now: datetime) -> Iterator[Event]:
    for assignment in _with_moves(dates):
        yield _standing_in(assignment, now)


def _with_moves(dates: QuerySet[Assignment]) -> QuerySet[Assignment]:
    beside = dates.select_related("role", "shift__opportunity__provider")
    return beside.annotate(moves=moves_of_each()).order_by("pk")


def _events(own: OwnDays) -> Iterator[Event]:
    shifts = own.shifts
    repeated: set[int] = set()
    for series in own.series:
        of_series = [shift for shift in shifts if shift.series_id == series.pk]
        there = _at_its_time(series, of_series)
        repeated |= {each.pk for each in of_series if each in there.values() or _is_off(own, each)}
        yield from _series(own, series, there)
    known = [shift for shift in shifts if own.is_known(shift)]
    for key in sorted({shift.repeated_by for shift in known if shift.repeated_by is not None}):
        yield _gone(own, key, [shift for shift in known if shift.repeated_by == key])
    for shift in shifts:
        if shift.pk not in repeated and _stands_alone(own, shift):
            yield _single(own, shift)


def _at_its_time(series: ShiftSeries, shifts: Iterable[Shift]) -> dict[date, Shift]:
    """Return by day the dates of a series that are when it repeats now; those before a change are not."""
    times = MinuteOfDay(series.start_minute), MinuteOfDay(series.end_minute)
    own = {local_day(shift.starts_at): shift for shift in shifts}
    return {
        day: shift
        for day, shift in own.items()
        if shift.starts_at == span_of(day, *times)[0] and day not in series.rdates
    }


def _is_off(own: OwnDays, shift: Shift) -> bool:
    return shift.is_cancelled or own.is_away(shift)


def _stands_alone(own: OwnDays, shift: Shift) -> bool:
    """Whether a date that no series repeats has an event; a series that is gone tells of its own end."""
    if shift.repeated_by is not None and _is_off(own, shift):
        return False
    return own.is_known(shift) or (own.placement.until_on is None and own.is_told(shift))


def _series(own: OwnDays, series: ShiftSeries, there: Mapping[date, Shift]) -> Iterator[Event]:
    """One event for the series, and one for each of its dates that is off or not as long as the others."""
    start, end = MinuteOfDay(series.start_minute), MinuteOfDay(series.end_minute)
    first_on, last_on = _first_on(own.placement, series), _last_on(own.placement)
    event = _event(own, f"serie-{series.pk}", series.sequence)
    event.add("dtstart", _local(first_on, start))
    if _is_usual(*span_of(first_on, start, end), series):
        event.add("dtend", _local(first_on, end))
    else:
        event.add("duration", _length(series))
    if last_on is not None and last_on < first_on:
        event.add("status", "CANCELLED")
        yield event
        return
    event.add("rrule", vRecur({**vRecur.from_ical(series.rrule), **_until(last_on)}))
    left_out = list(own.left_out(series, there, first_on, last_on))
    for day in left_out:
        event.add("exdate", _local(day, start))
    yield event
    for day in own.days_of(series, first_on, last_on):
        shift = there.get(day)
        if day not in left_out and (shift is None or not shift.is_cancelled):
            yield from _of_its_own_length(own, series, day, shift)
    for day, shift in there.items():
        if shift.is_cancelled and own.is_told(shift) and (last_on is None or day <= last_on):
            yield _cancelled(own, series, shift)


def _of_its_own_length(own: OwnDays, series: ShiftSeries, day: date, shift: Shift | None) -> Iterator[Event]:
    """An event where a date is longer or shorter than its series, as in the nights of the clock changes.

    A repeated DTEND gives all of them one exact length (RFC 5545 §3.8.5.3); ours end when the clock says so.
    Where the first date is such a one, the series has a DURATION: that is read in one way by all.
    """
    start, end = MinuteOfDay(series.start_minute), MinuteOfDay(series.end_minute)
    starts_at, ends_at = (shift.starts_at, shift.ends_at) if shift else span_of(day, start, end)
    if not _is_usual(starts_at, ends_at, series):
        count = max(shift.sequence, series.sequence) if shift else series.sequence
        event = _event(own, f"serie-{series.pk}", count)
        event.add("recurrence-id", starts_at.astimezone(LOCAL_ZONE))
        event.add("dtstart", starts_at.astimezone(LOCAL_ZONE))
        event.add("dtend", ends_at.astimezone(LOCAL_ZONE))
        yield event


def _length(series: ShiftSeries) -> timedelta:
    """How long its dates are, but those of the nights of the clock changes."""
    start, end = MinuteOfDay(series.start_minute), MinuteOfDay(series.end_minute)
    return timedelta(minutes=minutes_between(start, end))


def _is_usual(starts_at: datetime, ends_at: datetime, series: ShiftSeries) -> bool:
    return ends_at - starts_at == _length(series)


def _first_on(placement: Placement, series: ShiftSeries) -> date:
    """The first day of the series for this person; it stays the same whenever the file is made."""
    begin = max(placement.from_on or series.first_on, series.first_on)
    return next(rule_days(series.rrule, series.first_on, begin))


def _last_on(placement: Placement) -> date | None:
    """The last day on which the person may be expected; of a closed task none comes after that day."""
    task = placement.opportunity
    closed_on = local_day(task.status_changed_at) if task.is_closed else None
    return min(filter(None, (placement.until_on, task.ends_on, closed_on)), default=None)


def _cancelled(own: OwnDays, series: ShiftSeries, shift: Shift) -> Event:
    event = _dated(own, shift, f"serie-{series.pk}", max(shift.sequence, series.sequence))
    event.add("recurrence-id", shift.starts_at.astimezone(LOCAL_ZONE))
    event.add("status", "CANCELLED")
    return event


def _gone(own: OwnDays, series_id: int, shifts: Sequence[Shift]) -> Event:
    """Cancel a series that is none any more, else it would go on for ever; its dates that were are single."""
    off = next((shift for shift in shifts if shift.is_cancelled), shifts[0])
    event = _dated(own, off, f"serie-{series_id}", max(shift.sequence for shift in shifts) + 1)
    event.add("status", "CANCELLED")
    return event


def _single(own: OwnDays, shift: Shift) -> Event:
    event = _dated(own, shift, f"termin-{shift.pk}", shift.sequence)
    if _is_off(own, shift):
        event.add("status", "CANCELLED")
    return event


def _standing_in(assignment: Assignment, now: datetime) -> Event:
    """One date under a UID that stays; cancelled if it does not take place or the person does not come."""
    shift = assignment.shift
    event = _about(shift.opportunity, assignment.title, f"einsprung-{assignment.pk}@wirbrauchensie", now)
    event.add("sequence", shift.sequence + vars(assignment)["moves"])
    event.add("dtstart", shift.starts_at.astimezone(LOCAL_ZONE))
    event.add("dtend", shift.ends_at.astimezone(LOCAL_ZONE))
    if shift.is_cancelled or assignment.status in STAYS_AWAY:
        event.add("status", "CANCELLED")
    return event


def _dated(own: OwnDays, shift: Shift, part: str, sequence: int) -> Event:
    event = _event(own, part, sequence)
    event.add("dtstart", shift.starts_at.astimezone(LOCAL_ZONE))
    event.add("dtend", shift.ends_at.astimezone(LOCAL_ZONE))
    return event


def _event(own: OwnDays, part: str, sequence: int) -> Event:
    """What the person says counts as well: whoever comes again has a higher number than their absence had."""
    placement = own.placement
    title = for_people(placement.title, placement.heads)
    event = _about(placement.opportunity, title, f"{part}.{placement.calendar_uid}", own.now)
    event.add("sequence", sequence + own.moves + (placement.until_on is not None))
    return event


def _about(opportunity: Opportunity, title: str, uid: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now)
    event.add("summary", title)
    event.add("location", opportunity.site)
    event.add("description", str(opportunity.provider))
    return event


def _until(last_on: date | None) -> dict[str, object]:
    return {} if last_on is None else {"until": _local(last_on, LAST_MINUTE).astimezone(UTC)}


def _local(day: date, time_of_day: MinuteOfDay) -> datetime:
    days, minute = divmod(time_of_day, DAY)
    clock = time(minute // HOUR, minute % HOUR)
    return datetime.combine(day, clock, LOCAL_ZONE) + timedelta(days=days)
