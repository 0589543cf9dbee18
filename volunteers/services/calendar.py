"""Placements as an iCalendar file (RFC 5545): local times with their zone, so clock changes do no harm.

A series that repeats is one event, under a UID that stays; a change raises its SEQUENCE, so that calendars
replace what they have. Days it leaves out, holidays among them, are EXDATEs. A cancelled date is an
occurrence with STATUS:CANCELLED, a date the person stays away from is left out, a placement that is over
ends its events, and a series that is gone is cancelled as a whole. Single days are an event each, because
not every calendar reads RDATE.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event, Timezone, vRecur

from foundation.clock import LOCAL_ZONE, last_day, local_day, local_moment
from foundation.units import DAY, END_OF_DAY, HOUR, MIDNIGHT, MinuteOfDay
from outbox.services.queue import Attachment
from programs.domain.rhythms import Holidays, rule_days
from programs.models import Opportunity, Shift, ShiftSeries
from programs.selectors.holidays import holidays
from volunteers.models import Assignment, AvailabilityException, Placement, Volunteer
from volunteers.wording.groups import for_people

CONTENT_TYPE = "text/calendar"
FILE_NAME = "einsatz.ics"
FEED_NAME = "termine.ics"
LAST_MINUTE = MinuteOfDay(END_OF_DAY - 1)
KEPT_AFTER_THE_END = timedelta(days=90)
HOLIDAYS_AHEAD = timedelta(days=2 * 365)
"""How far a file names the holidays that a series without end leaves out."""
STAYS_AWAY = (Assignment.Status.EXCUSED, Assignment.Status.CANCELLED, Assignment.Status.RELEASED)


def calendar_attachment(placement: Placement, now: datetime) -> Attachment:
    """Return the calendar file as it goes with a mail."""
    return Attachment(FILE_NAME, CONTENT_TYPE, placement_calendar(placement, now))


def placement_calendar(placement: Placement, now: datetime) -> str:
    """Return the calendar of one placement."""
    return _calendar([placement], now)


def person_calendar(volunteer: Volunteer, now: datetime) -> str:
    """Return all that somebody is expected to, for a calendar program that asks again and again.

    What has ended stays a while, so that its end arrives.
    """
    since = now - KEPT_AFTER_THE_END
    standing_in = volunteer.assignments.filter(placement=None, shift__starts_at__gt=since)
    begun = volunteer.placements.filter(from_on__isnull=False).exclude(
        until_on__lt=local_day(now) - KEPT_AFTER_THE_END
    )
    placements = begun.select_related("role", "opportunity__provider", "pledge").order_by("pk")
    dates = standing_in.select_related("role", "shift__opportunity__provider").order_by("pk")
    return _calendar(placements, now, stand_ins=dates)


def date_attachment(assignment: Assignment, now: datetime) -> Attachment:
    """Return the calendar file of the one date on which somebody stands in."""
    return Attachment(FILE_NAME, CONTENT_TYPE, _calendar([], now, stand_ins=[assignment]))


def _calendar(placements: Iterable[Placement], now: datetime, stand_ins: Iterable[Assignment] = ()) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//WIR BRAUCHEN SIE//Einsatz//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-timezone", LOCAL_ZONE.key)
    calendar.add_component(Timezone.from_tzid(LOCAL_ZONE.key))
    free = holidays()
    for placement in placements:
        for event in _events(placement, free, now):
            calendar.add_component(event)
    for assignment in stand_ins:
        calendar.add_component(_standing_in(assignment, now))
    return calendar.to_ical().decode()


def _events(placement: Placement, free: Holidays, now: datetime) -> Iterator[Event]:
    first = local_moment(placement.from_on or local_day(now), MIDNIGHT)
    shifts = list(placement.opportunity.shifts.filter(starts_at__gte=first).order_by("starts_at"))
    away = _days_away(placement)
    repeating = list(placement.opportunity.series.exclude(rrule="").order_by("pk"))
    for series in repeating:
        own = [shift for shift in shifts if shift.series_id == series.pk]
        yield from _series(placement, series, own, away, free, now)
    known = [shift for shift in shifts if shift.pk in away.known]
    for key in sorted({shift.repeated_by for shift in known if shift.repeated_by is not None}):
        yield _gone(placement, key, [shift for shift in known if shift.repeated_by == key], now)
    if placement.is_active:
        keys = {series.pk for series in repeating}
        for shift in shifts:
            is_known = not shift.is_cancelled or (shift.pk in away.known and shift.repeated_by is None)
            if shift.series_id not in keys and is_known and shift.pk not in away.shifts:
                yield _single(placement, shift, now)


class _Away:
    """On which days and from which dates somebody stays away; `known` are the dates they ever had."""

    def __init__(self, absences: Iterable[AvailabilityException], dates: Iterable[tuple[int, str]]) -> None:
        self._absences, rows = list(absences), list(dates)
        self.known = {shift for shift, _status in rows}
        self.shifts = {shift for shift, status in rows if status in STAYS_AWAY}

    def during(self, shift: Shift) -> bool:
        """Whether an absence covers a day of the date."""
        first, last = local_day(shift.starts_at), last_day(shift.ends_at)
        return any(each.from_on <= last and first <= each.until_on for each in self._absences)


def _days_away(placement: Placement) -> _Away:
    dates = placement.assignments.values_list("shift_id", "status")
    return _Away(placement.pledge.exceptions.order_by("from_on", "pk"), dates)


def _series(
    placement: Placement,
    series: ShiftSeries,
    shifts: Iterable[Shift],
    away: _Away,
    free: Holidays,
    now: datetime,
) -> Iterator[Event]:
    """One event for the series, and one for each of its coming dates that does not take place."""
    start, end = MinuteOfDay(series.start_minute), MinuteOfDay(series.end_minute)
    first_on = _first_on(placement, series)
    last_on = placement.until_on or placement.opportunity.ends_on
    event = _event(placement, f"serie-{series.pk}", series.sequence, now)
    event.add("dtstart", _local(first_on, start))
    event.add("dtend", _local(first_on, end))
    if last_on is not None and last_on < first_on:
        event.add("status", "CANCELLED")
        yield event
        return
    event.add("rrule", vRecur({**vRecur.from_ical(series.rrule), **_until(last_on)}))
    left_out = {_local(day, start) for day in _left_out(series, first_on, last_on, free, now)}
    for shift in shifts:
        day = local_day(shift.starts_at)
        if (last_on is None or day <= last_on) and (away.during(shift) or shift.pk in away.shifts):
            left_out.add(shift.starts_at.astimezone(LOCAL_ZONE))
    for moment in sorted(left_out):
        event.add("exdate", moment)
    yield event
    for shift in shifts:
        if shift.is_cancelled and (last_on is None or local_day(shift.starts_at) <= last_on):
            yield _cancelled(placement, series, shift, now)


def _first_on(placement: Placement, series: ShiftSeries) -> date:
    """The first day of the series for this person; it stays the same whenever the file is made."""
    begin = max(placement.from_on or series.first_on, series.first_on)
    return next(rule_days(series.rrule, series.first_on, begin))


def _left_out(
    series: ShiftSeries, first_on: date, last_on: date | None, free: Holidays, now: datetime
) -> Iterator[date]:
    """Yield the days of the rule on which the series has no date, as far as a file can name them."""
    end = local_day(now) + HOLIDAYS_AHEAD
    for day in rule_days(series.rrule, series.first_on, first_on):
        if day > end or (last_on is not None and day > last_on):
            return
        if free.leave_out(series.rhythm, day):
            yield day


def _cancelled(placement: Placement, series: ShiftSeries, shift: Shift, now: datetime) -> Event:
    event = _dated(placement, shift, f"serie-{series.pk}", max(shift.sequence, series.sequence), now)
    event.add("recurrence-id", shift.starts_at.astimezone(LOCAL_ZONE))
    event.add("status", "CANCELLED")
    return event


def _gone(placement: Placement, series_id: int, shifts: Sequence[Shift], now: datetime) -> Event:
    """Cancel a series that is none any more, else it would go on for ever; its dates that were are single."""
    off = next((shift for shift in shifts if shift.is_cancelled), shifts[0])
    sequence = max(shift.sequence for shift in shifts) + 1
    event = _dated(placement, off, f"serie-{series_id}", sequence, now)
    event.add("status", "CANCELLED")
    return event


def _single(placement: Placement, shift: Shift, now: datetime) -> Event:
    event = _dated(placement, shift, f"termin-{shift.pk}", shift.sequence, now)
    if shift.is_cancelled:
        event.add("status", "CANCELLED")
    return event


def _standing_in(assignment: Assignment, now: datetime) -> Event:
    """One date under a UID that stays; cancelled if it does not take place or the person does not come."""
    shift = assignment.shift
    event = _about(shift.opportunity, assignment.title, f"einsprung-{assignment.pk}@wirbrauchensie", now)
    is_off = shift.is_cancelled or assignment.status in STAYS_AWAY
    event.add("sequence", shift.sequence + is_off)
    event.add("dtstart", shift.starts_at.astimezone(LOCAL_ZONE))
    event.add("dtend", shift.ends_at.astimezone(LOCAL_ZONE))
    if is_off:
        event.add("status", "CANCELLED")
    return event


def _dated(placement: Placement, shift: Shift, part: str, sequence: int, now: datetime) -> Event:
    event = _event(placement, part, sequence, now)
    event.add("dtstart", shift.starts_at.astimezone(LOCAL_ZONE))
    event.add("dtend", shift.ends_at.astimezone(LOCAL_ZONE))
    return event


def _event(placement: Placement, part: str, sequence: int, now: datetime) -> Event:
    title = for_people(placement.title, placement.heads)
    event = _about(placement.opportunity, title, f"{part}.{placement.calendar_uid}", now)
    event.add("sequence", sequence + (placement.until_on is not None))
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
