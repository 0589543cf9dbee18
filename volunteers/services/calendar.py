"""A placement as an iCalendar file (RFC 5545): local times with their zone, so clock changes do no harm."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event, Timezone, vRecur

from foundation.clock import LOCAL_ZONE, local_day
from foundation.units import DAY, END_OF_DAY, HOUR, MinuteOfDay, minute_of_day
from outbox.services.queue import Attachment
from programs.models import Opportunity, Shift, WeeklySlot
from volunteers.models import Placement

CONTENT_TYPE = "text/calendar"
FILE_NAME = "einsatz.ics"
LAST_MINUTE = MinuteOfDay(END_OF_DAY - 1)


def calendar_attachment(placement: Placement, now: datetime) -> Attachment:
    """Return the calendar file as it goes with a mail."""
    return Attachment(FILE_NAME, CONTENT_TYPE, placement_calendar(placement, now))


def placement_calendar(placement: Placement, now: datetime) -> str:
    """Return the calendar of `placement`: one event per weekly time, one per single date.

    The UIDs stay the same whenever the file is fetched, so that a calendar replaces what it has.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//WIR BRAUCHEN SIE//Einsatz//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-timezone", LOCAL_ZONE.key)
    calendar.add_component(Timezone.from_tzid(LOCAL_ZONE.key))
    opportunity = placement.opportunity
    slots = list(opportunity.slots.all())
    shifts = list(opportunity.shifts.filter(starts_at__gte=now).order_by("starts_at"))
    for slot in slots:
        calendar.add_component(_weekly(placement, slot, shifts, now))
    for shift in shifts:
        if not shift.is_cancelled and not _is_weekly(shift, slots):
            calendar.add_component(_single(placement, shift, now))
    return calendar.to_ical().decode()


def _weekly(placement: Placement, slot: WeeklySlot, shifts: Iterable[Shift], now: datetime) -> Event:
    opportunity = placement.opportunity
    first_on = placement.from_on or max(local_day(now), opportunity.starts_on)
    day = first_on + timedelta(days=(slot.weekday - first_on.weekday()) % 7)
    event = _event(placement, f"{slot.weekday}-{slot.start_minute}", now)
    event.add("dtstart", _local(day, MinuteOfDay(slot.start_minute)))
    event.add("dtend", _local(day, MinuteOfDay(slot.end_minute)))
    event.add("rrule", vRecur(_rule(placement)))
    for shift in shifts:
        if shift.is_cancelled and _is_weekly(shift, [slot]):
            event.add("exdate", shift.starts_at.astimezone(LOCAL_ZONE))
    return event


def _single(placement: Placement, shift: Shift, now: datetime) -> Event:
    event = _event(placement, f"{shift.starts_at:%Y%m%dT%H%M}", now)
    event.add("dtstart", shift.starts_at.astimezone(LOCAL_ZONE))
    event.add("dtend", shift.ends_at.astimezone(LOCAL_ZONE))
    return event


def _event(placement: Placement, part: str, now: datetime) -> Event:
    opportunity: Opportunity = placement.opportunity
    event = Event()
    event.add("uid", f"{part}.{placement.calendar_uid}")
    event.add("dtstamp", now)
    event.add("summary", opportunity.title)
    event.add("location", opportunity.site)
    event.add("description", str(opportunity.provider))
    return event


def _rule(placement: Placement) -> dict[str, object]:
    last_on = placement.until_on or placement.opportunity.ends_on
    rule: dict[str, object] = {"freq": "weekly"}
    if last_on is not None:
        rule["until"] = _local(last_on, LAST_MINUTE).astimezone(UTC)
    return rule


def _is_weekly(shift: Shift, slots: Iterable[WeeklySlot]) -> bool:
    start = shift.starts_at.astimezone(LOCAL_ZONE)
    minute = minute_of_day(start)
    return any(slot.weekday == start.weekday() and slot.start_minute == minute for slot in slots)


def _local(day: date, time_of_day: MinuteOfDay) -> datetime:
    days, minute = divmod(time_of_day, DAY)
    clock = time(minute // HOUR, minute % HOUR)
    return datetime.combine(day, clock, LOCAL_ZONE) + timedelta(days=days)
