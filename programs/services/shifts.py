"""Rolling weekly times out into dates, eight weeks ahead.

A change moves what is there: series and dates keep their keys. A date that no rule asks for any more loses
its series and is cancelled; a rule that asks for it again takes it up again.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from foundation.clock import local_day
from foundation.times_of_week import WeeklyTime, weekly_time
from foundation.units import MinuteOfDay
from programs.domain.changed_dates import ChangedDate
from programs.domain.closures import ClosedDays, closure_of
from programs.domain.series import followers
from programs.domain.shift_times import days_of, span_of, weekday_of, weekly_rule
from programs.models import Closure, Opportunity, Shift, ShiftSeries
from programs.signals import dates_changed, need_changing

AHEAD = timedelta(weeks=8)
BATCH = 500
RUNNING = (Opportunity.Status.PUBLISHED, Opportunity.Status.PAUSED, Opportunity.Status.IN_REVIEW)


@transaction.atomic
def follow_slots(opportunity: Opportunity, *, now: datetime) -> int:
    """Make series and coming dates follow the weekly times and the period; return how many dates are new."""
    with telling_of_changes(opportunity, now):
        present = list(opportunity.series.order_by("pk"))
        wanted = {weekly_time(slot) for slot in opportunity.slots.all()}
        following = followers({series.pk: _time_of(series) for series in present}, wanted)
        for series in present:
            if series.pk not in following:
                _let_go(Shift.objects.filter(series=series), now)
                series.delete()
        for series in present:
            if series.pk in following:
                _follow(series, opportunity, following[series.pk], now)
        ShiftSeries.objects.bulk_create(
            ShiftSeries(
                opportunity=opportunity,
                rrule=weekly_rule(time.weekday),
                first_on=opportunity.starts_on,
                start_minute=time.start_minute,
                end_minute=time.end_minute,
            )
            for time in sorted(wanted - set(following.values()))
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


@transaction.atomic
def cancel_coming(opportunity: Opportunity, *, now: datetime) -> int:
    """Cancel all coming dates, because the opportunity has ended; return how many."""
    with telling_of_changes(opportunity, now):
        opportunity.series.all().delete()
        coming = opportunity.shifts.filter(starts_at__gt=now)
        coming.update(closure=None)
        return coming.filter(is_cancelled=False).update(is_cancelled=True)


@contextmanager
def telling_of_changes(opportunity: Opportunity, now: datetime) -> Iterator[None]:
    """Count every coming date that changes meanwhile one `sequence` higher, and let those above know.

    Those above may take locks that come first; whoever locks the task's row lets them do so before.
    """
    need_changing.send(sender=Shift, opportunity_ids=[opportunity.pk])
    columns = ("starts_at", "ends_at", "is_cancelled")
    coming = opportunity.shifts.filter(starts_at__gt=now)
    before = {pk: tuple(values) for pk, *values in coming.values_list("pk", *columns)}
    series = dict(coming.values_list("pk", "series_id"))
    yield
    after = Shift.objects.filter(pk__in=before).values_list("pk", *columns)
    changed = sorted(pk for pk, *values in after if tuple(values) != before[pk])
    if changed:
        Shift.objects.filter(pk__in=changed).update(sequence=F("sequence") + 1)
        followed = ShiftSeries.objects.filter(pk__in={series[pk] for pk in changed})
        followed.update(sequence=F("sequence") + 1)
        changes = [ChangedDate(pk, *before[pk]) for pk in changed]
        dates_changed.send(sender=Shift, now=now, changes=changes)


def _time_of(series: ShiftSeries) -> WeeklyTime:
    start, end = MinuteOfDay(series.start_minute), MinuteOfDay(series.end_minute)
    return WeeklyTime(weekday_of(series.rrule), start, end)


def _let_go(shifts: QuerySet[Shift], now: datetime) -> None:
    shifts.filter(starts_at__gt=now).update(series=None, is_cancelled=True, closure=None)


def _follow(series: ShiftSeries, opportunity: Opportunity, time: WeeklyTime, now: datetime) -> None:
    """Bring a series and its coming dates to another time, and within the period."""
    closed = _closed_days([opportunity.pk]).get(opportunity.pk, [])
    coming = Shift.objects.filter(series=series, starts_at__gt=now)
    for shift in coming.order_by("starts_at"):
        monday = local_day(shift.starts_at) - timedelta(days=local_day(shift.starts_at).weekday())
        day = monday + timedelta(days=time.weekday)
        if not _move(shift, day, time, opportunity, closed, now):
            _let_go(Shift.objects.filter(pk=shift.pk), now)
    series.rrule, series.first_on = weekly_rule(time.weekday), opportunity.starts_on
    series.start_minute, series.end_minute = time.start_minute, time.end_minute
    series.rolled_out_until = None
    series.save(update_fields=["rrule", "first_on", "start_minute", "end_minute", "rolled_out_until"])


def _move(
    shift: Shift,
    day: date,
    time: WeeklyTime,
    opportunity: Opportunity,
    closed: Sequence[ClosedDays],
    now: datetime,
) -> bool:
    """Bring one date to `day`; False if it cannot be there: passed, outside the period, or taken."""
    starts_at, ends_at = span_of(day, time.start_minute, time.end_minute)
    if starts_at <= now or day < opportunity.starts_on or (opportunity.ends_on and day > opportunity.ends_on):
        return False
    same_moment = Shift.objects.filter(opportunity=opportunity, starts_at=starts_at)
    if same_moment.exclude(pk=shift.pk).exists():
        return False
    if (shift.starts_at, shift.ends_at) == (starts_at, ends_at):
        return True
    was_closed = shift.closure_id is not None
    shift.starts_at, shift.ends_at = starts_at, ends_at
    shift.closure_id = closure_of(day, closed)
    shift.is_cancelled = shift.closure_id is not None or (shift.is_cancelled and not was_closed)
    shift.save(update_fields=["starts_at", "ends_at", "closure", "is_cancelled"])
    return True


def _roll_out(batch: Iterable[ShiftSeries], now: datetime) -> int:
    """Create what is missing of the coming dates of `batch`; what is there already stays as it is."""
    all_series = list(batch)
    until_on = local_day(now) + AHEAD
    closed = _closed_days({series.opportunity_id for series in all_series})
    wanted = [
        shift
        for series in all_series
        for shift in _dates(series, closed.get(series.opportunity_id, []), now, until_on)
    ]
    before = Shift.objects.filter(series__in=all_series).count()
    Shift.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=2000)
    _take_up_again(wanted, now)
    ShiftSeries.objects.filter(pk__in=[series.pk for series in all_series]).update(rolled_out_until=until_on)
    return Shift.objects.filter(series__in=all_series).count() - before


def _closed_days(opportunity_ids: Iterable[int]) -> dict[int, list[ClosedDays]]:
    closed: dict[int, list[ClosedDays]] = {}
    for closure in Closure.objects.filter(opportunity_id__in=list(opportunity_ids)):
        closed.setdefault(closure.opportunity_id, []).append(closure.days)
    return closed


def _dates(
    series: ShiftSeries, closed: Sequence[ClosedDays], now: datetime, until_on: date
) -> Iterator[Shift]:
    ends_on = series.opportunity.ends_on
    end = min(until_on, ends_on + timedelta(days=1)) if ends_on else until_on
    for day in days_of(series.rrule, series.first_on, max(series.first_on, local_day(now)), end):
        starts_at, ends_at = span_of(day, MinuteOfDay(series.start_minute), MinuteOfDay(series.end_minute))
        if starts_at > now:
            closure = closure_of(day, closed)
            yield Shift(
                opportunity_id=series.opportunity_id,
                series=series,
                starts_at=starts_at,
                ends_at=ends_at,
                places=series.opportunity.places,
                closure_id=closure,
                is_cancelled=closure is not None,
            )


def _take_up_again(wanted: list[Shift], now: datetime) -> None:
    by_moment = {(shift.opportunity_id, shift.starts_at): shift for shift in wanted}
    orphans = Shift.objects.filter(
        series=None, starts_at__gt=now, opportunity_id__in={shift.opportunity_id for shift in wanted}
    )
    for orphan in orphans:
        asked = by_moment.get((orphan.opportunity_id, orphan.starts_at))
        if asked is not None:
            orphan.series, orphan.ends_at = asked.series, asked.ends_at
            orphan.closure_id, orphan.is_cancelled = asked.closure_id, asked.is_cancelled
            orphan.save(update_fields=["series", "ends_at", "closure", "is_cancelled"])
