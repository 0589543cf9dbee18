"""Rolling weekly times out into dates, eight weeks ahead.

A date that no rule asks for any more loses its series and is cancelled; a rule that asks for it again takes
it up again. A date that people cancelled keeps its series and stays cancelled.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from foundation.clock import local_day, local_moment
from foundation.times_of_week import weekly_time
from foundation.units import END_OF_DAY, MIDNIGHT, MinuteOfDay
from programs.domain.shift_times import days_of, span_of, weekly_rule
from programs.models import Opportunity, Shift, ShiftSeries

AHEAD = timedelta(weeks=8)
BATCH = 500
RUNNING = (Opportunity.Status.PUBLISHED, Opportunity.Status.PAUSED, Opportunity.Status.IN_REVIEW)


@transaction.atomic
def follow_slots(opportunity: Opportunity, *, now: datetime) -> int:
    """Make series and coming dates follow the weekly times and the period; return how many dates are new."""
    wanted = {
        (weekly_rule(weekday), start_minute): end_minute
        for weekday, start_minute, end_minute in map(weekly_time, opportunity.slots.all())
    }
    for series in opportunity.series.all():
        end_minute = wanted.pop((series.rrule, MinuteOfDay(series.start_minute)), None)
        if end_minute is None:
            _let_go(Shift.objects.filter(series=series), now)
            series.delete()
        else:
            _keep(series, opportunity, end_minute, now)
    ShiftSeries.objects.bulk_create(
        ShiftSeries(
            opportunity=opportunity,
            rrule=rule,
            first_on=opportunity.starts_on,
            start_minute=start_minute,
            end_minute=end_minute,
        )
        for (rule, start_minute), end_minute in wanted.items()
    )
    return _roll_out(opportunity.series.select_related("opportunity"), now)


def roll_out_due(now: datetime) -> int:
    """Roll out every running series whose dates do not reach far enough; return how many dates are new."""
    due = ShiftSeries.objects.filter(
        Q(rolled_out_until=None) | Q(rolled_out_until__lt=local_day(now) + AHEAD),
        opportunity__status__in=RUNNING,
    ).order_by("pk")
    made, last = 0, 0
    while batch := list(due.filter(pk__gt=last).select_related("opportunity")[:BATCH]):
        last = batch[-1].pk
        with transaction.atomic():
            made += _roll_out(batch, now)
    return made


def cancel_coming(opportunity: Opportunity, *, now: datetime) -> int:
    """Cancel all coming dates, because the opportunity has ended; return how many."""
    opportunity.series.all().delete()
    return opportunity.shifts.filter(starts_at__gt=now, is_cancelled=False).update(is_cancelled=True)


def _let_go(shifts: QuerySet[Shift], now: datetime) -> None:
    shifts.filter(starts_at__gt=now).update(series=None, is_cancelled=True)


def _keep(series: ShiftSeries, opportunity: Opportunity, end_minute: MinuteOfDay, now: datetime) -> None:
    """Bring a series that stays up to date with its period and its end."""
    coming = Shift.objects.filter(series=series, starts_at__gt=now)
    first = local_moment(opportunity.starts_on, MIDNIGHT)
    outside = Q(starts_at__lt=first)
    if opportunity.ends_on:
        outside |= Q(starts_at__gte=span_of(opportunity.ends_on, MIDNIGHT, END_OF_DAY)[1])
    _let_go(coming.filter(outside), now)
    if series.end_minute != end_minute:
        start_minute = MinuteOfDay(series.start_minute)
        for shift in coming:
            shift.ends_at = span_of(local_day(shift.starts_at), start_minute, end_minute)[1]
            shift.save(update_fields=["ends_at"])
    series.first_on, series.end_minute, series.rolled_out_until = opportunity.starts_on, end_minute, None
    series.save(update_fields=["first_on", "end_minute", "rolled_out_until"])


def _roll_out(batch: Iterable[ShiftSeries], now: datetime) -> int:
    """Create what is missing of the coming dates of `batch`; what is there already stays as it is."""
    all_series = list(batch)
    until_on = local_day(now) + AHEAD
    wanted = [shift for series in all_series for shift in _dates(series, now, until_on)]
    before = Shift.objects.filter(series__in=all_series).count()
    Shift.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=2000)
    _take_up_again(wanted, now)
    ShiftSeries.objects.filter(pk__in=[series.pk for series in all_series]).update(rolled_out_until=until_on)
    return Shift.objects.filter(series__in=all_series).count() - before


def _dates(series: ShiftSeries, now: datetime, until_on: date) -> list[Shift]:
    today = local_day(now)
    ends_on = series.opportunity.ends_on
    end = min(until_on, ends_on + timedelta(days=1)) if ends_on else until_on
    spans = (
        span_of(day, MinuteOfDay(series.start_minute), MinuteOfDay(series.end_minute))
        for day in days_of(series.rrule, series.first_on, max(series.first_on, today), end)
    )
    return [
        Shift(opportunity_id=series.opportunity_id, series=series, starts_at=starts_at, ends_at=ends_at)
        for starts_at, ends_at in spans
        if starts_at > now
    ]


def _take_up_again(wanted: list[Shift], now: datetime) -> None:
    by_moment = {(shift.opportunity_id, shift.starts_at): shift for shift in wanted}
    orphans = Shift.objects.filter(
        series=None, starts_at__gt=now, opportunity_id__in={shift.opportunity_id for shift in wanted}
    )
    for orphan in orphans:
        asked = by_moment.get((orphan.opportunity_id, orphan.starts_at))
        if asked is not None:
            orphan.series, orphan.ends_at, orphan.is_cancelled = asked.series, asked.ends_at, False
            orphan.save(update_fields=["series", "ends_at", "is_cancelled"])
