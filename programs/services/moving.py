"""Moving one date: it keeps its key and so its people, and its series goes on without that day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from foundation.choices import TextChoices
from foundation.choices import noop as _
from foundation.clock import local_day
from foundation.units import MinuteOfDay
from programs.domain.closures import closure_of
from programs.domain.shift_times import span_of
from programs.models import Closure, Shift, ShiftSeries
from programs.services.closures import lock_task
from programs.services.series import write_series
from programs.services.shifts import telling_of_changes
from programs.signals import need_changed


class NotMoved(TextChoices):
    """Why a date stays where it is."""

    OVER = "over", _("Dieser Termin ist abgesagt, vorbei oder hat schon begonnen.")
    SAME = "same", _("Das ist die Zeit, zu der er schon ist.")
    PAST = "past", _("Diese Zeit ist schon vorbei.")
    OUTSIDE = "outside", _("Dieser Tag liegt nicht im Zeitraum des Angebots.")
    CLOSED = "closed", _("An diesem Tag ist alles abgesagt.")
    TAKEN = "taken", _("Zu dieser Zeit hat das Angebot schon einen Termin, oder einen abgesagten.")


@dataclass(frozen=True)
class Slot:
    """A day and wall times of it; an `end` from 1440 on lies on the next day."""

    day: date
    start: MinuteOfDay
    end: MinuteOfDay

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The moments of its begin and its end."""
        return span_of(self.day, self.start, self.end)


def why_not_moved(shift: Shift, to: Slot, *, now: datetime) -> NotMoved | None:
    """Return why this date cannot be moved there, None if it can."""
    (starts_at, ends_at), task = to.span, shift.opportunity
    if shift.is_cancelled or shift.starts_at <= now:
        return NotMoved.OVER
    if (starts_at, ends_at) == (shift.starts_at, shift.ends_at):
        return NotMoved.SAME
    if starts_at <= now:
        return NotMoved.PAST
    if to.day < task.starts_on or (task.ends_on and to.day > task.ends_on):
        return NotMoved.OUTSIDE
    closed = [each.days for each in Closure.objects.filter(opportunity=task)]
    if closure_of(to.day, closed, shift.pk) is not None:
        return NotMoved.CLOSED
    there = Q(is_cancelled=False, starts_at__lt=ends_at, ends_at__gt=starts_at)
    others = task.shifts.filter(there | Q(starts_at=starts_at)).exclude(pk=shift.pk)
    return NotMoved.TAKEN if others.exists() else None


@transaction.atomic
def move_date(shift: Shift, to: Slot, *, now: datetime) -> NotMoved | None:
    """Move one date, with all who come; return why not, or None.

    Of a series that repeats the old day is left out, and the date belongs to none any more: it stays whatever
    becomes of the series, within the period. A single day stays one, at its new time.
    """
    lock_task(shift.opportunity_id)
    shift = Shift.objects.select_related("opportunity", "series").get(pk=shift.pk)
    why = why_not_moved(shift, to, now=now)
    if why is not None:
        return why
    with telling_of_changes(shift.opportunity, now) as rewritten:
        series, day = shift.series, local_day(shift.starts_at)
        shift.series = _joined(series, to) if series and not series.rrule else None
        shift.starts_at, shift.ends_at = to.span
        shift.save(update_fields=["series", "starts_at", "ends_at"])
        if series is not None:
            _left_out(series, day)
            rewritten.add(series.pk)
        if shift.series is not None:
            write_series(shift.opportunity, [])
            need_changed.send(sender=Shift, now=now, opportunity_ids=[shift.opportunity_id])
    return None


def _joined(series: ShiftSeries, to: Slot) -> ShiftSeries:
    """Return the series of the single days at that time of day, with this one among them."""
    found, is_new = ShiftSeries.objects.get_or_create(
        opportunity=series.opportunity,
        rrule="",
        start_minute=to.start,
        end_minute=to.end,
        defaults={
            "first_on": series.first_on,
            "rdates": [to.day],
            "rolled_out_until": series.rolled_out_until,
        },
    )
    if not is_new:
        found.rdates = sorted({*found.rdates, to.day})
        found.save(update_fields=["rdates"])
    return found


def _left_out(series: ShiftSeries, day: date) -> None:
    """Let a series have no date on `day` any more; single days of which none is left are no series."""
    series.refresh_from_db()
    if series.rrule:
        series.exdates = sorted({*series.exdates, day})
        series.save(update_fields=["exdates"])
    elif series.rdates == [day]:
        series.delete()
    else:
        series.rdates = [each for each in series.rdates if each != day]
        series.save(update_fields=["rdates"])
