"""Rolling series out into dates, eight weeks ahead; single days as soon as they are known.

A change moves what is there: series and dates keep their keys. A date that no series asks for any more loses
its series and is cancelled; a series that asks for it again takes it up again.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet

from foundation.clock import local_day, local_moment
from foundation.units import MIDNIGHT, MinuteOfDay
from programs.domain.changed_dates import ChangedDate
from programs.domain.closures import ClosedDays, closure_of
from programs.domain.rhythms import Holidays, days_of, followers_of_days
from programs.domain.shift_times import span_of
from programs.models import Closure, Opportunity, Shift, ShiftSeries
from programs.selectors.holidays import holidays
from programs.services.seats import make_seats
from programs.signals import dates_changed, need_changing

AHEAD = timedelta(weeks=8)
BATCH = 500
ONE_DAY = timedelta(days=1)
RELEASED = (Opportunity.Status.PUBLISHED, Opportunity.Status.PAUSED)
RUNNING = (*RELEASED, Opportunity.Status.IN_REVIEW, Opportunity.Status.DRAFT)
"""Who was placed goes on coming while a change waits for release, or was given back to its author."""


@transaction.atomic
def follow_series(opportunity: Opportunity, *, now: datetime) -> int:
    """Make the coming dates follow the series and the period; return how many dates are new."""
    with telling_of_changes(opportunity, now):
        return bring_dates(opportunity, now)


def bring_dates(opportunity: Opportunity, now: datetime) -> int:
    """Move and roll out within `telling_of_changes`; return how many dates are new."""
    closed = _closed_days([opportunity.pk]).get(opportunity.pk, [])
    free = holidays()
    moved = opportunity.series.exclude(first_on=opportunity.starts_on)
    moved.update(first_on=opportunity.starts_on)
    present = list(opportunity.series.select_related("opportunity").order_by("pk"))
    for series in present:
        _follow(series, closed, free, now)
    _let_go_after_the_end(opportunity, now)
    return _roll_out(present, free, now)


def roll_out_due(now: datetime) -> int:
    """Roll out every running series whose dates do not reach far enough; return how many dates are new."""
    due = ShiftSeries.objects.filter(
        Q(rolled_out_until=None, opportunity__status__in=RELEASED)
        | Q(rolled_out_until__lt=local_day(now) + AHEAD, opportunity__status__in=RUNNING)
    ).order_by("pk")
    free = holidays()
    due = due.select_related("opportunity")
    made, last = 0, 0
    while batch := list(due.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        with transaction.atomic():
            made += _roll_out(batch, free, now)
    return made


@transaction.atomic
def cancel_coming(opportunity: Opportunity, *, now: datetime) -> int:
    """Cancel all coming dates, because the opportunity has ended; return how many."""
    with telling_of_changes(opportunity, now):
        coming = opportunity.shifts.filter(starts_at__gt=now)
        taking_place = coming.filter(is_cancelled=False).count()
        let_go(coming)
        return taking_place


@contextmanager
def telling_of_changes(opportunity: Opportunity, now: datetime) -> Iterator[set[int]]:
    """Count every coming date that changes meanwhile one `sequence` higher, and let those above know.

    Takes the keys of series that changed themselves. Those above may take locks that come first; whoever
    locks the task's row lets them do so before.
    """
    need_changing.send(sender=Shift, opportunity_ids=[opportunity.pk])
    columns = ("starts_at", "ends_at", "is_cancelled")
    coming = opportunity.shifts.filter(starts_at__gt=now)
    before = {pk: tuple(values) for pk, *values in coming.values_list("pk", *columns)}
    series = dict(coming.values_list("pk", "series_id"))
    rewritten: set[int] = set()
    yield rewritten
    after = Shift.objects.filter(pk__in=before).values_list("pk", *columns)
    changed = sorted(pk for pk, *values in after if tuple(values) != before[pk])
    rewritten |= {key for pk in changed if (key := series[pk]) is not None}
    if rewritten:
        ShiftSeries.objects.filter(pk__in=rewritten).update(sequence=F("sequence") + 1)
    if changed:
        Shift.objects.filter(pk__in=changed).update(sequence=F("sequence") + 1)
        changes = [ChangedDate(pk, *before[pk]) for pk in changed]
        dates_changed.send(sender=Shift, now=now, changes=changes)


def let_go(shifts: QuerySet[Shift]) -> None:
    """Cancel dates that nothing asks for any more."""
    shifts.update(series=None, is_cancelled=True, closure=None)


def _let_go_after_the_end(opportunity: Opportunity, now: datetime) -> None:
    """Cancel what belongs to no series, because it was moved by itself, and lies behind a new last day."""
    if opportunity.ends_on is not None:
        end = local_moment(opportunity.ends_on + ONE_DAY, MIDNIGHT)
        behind = opportunity.shifts.filter(series=None, is_cancelled=False, starts_at__gt=now)
        let_go(behind.filter(starts_at__gte=end))


def _follow(series: ShiftSeries, closed: Sequence[ClosedDays], free: Holidays, now: datetime) -> None:
    """Bring the coming dates of a series to its days, within the period."""
    coming = list(Shift.objects.filter(series=series, starts_at__gt=now).order_by("starts_at"))
    present = [local_day(shift.starts_at) for shift in coming]
    wanted = _days(series, free, now, _until(series, now, present))
    goes_to = followers_of_days(present, wanted, series.rrule)
    for shift in coming:
        day = goes_to.get(local_day(shift.starts_at))
        if day is None or not _move(shift, day, series, closed):
            let_go(Shift.objects.filter(pk=shift.pk))


def _move(shift: Shift, day: date, series: ShiftSeries, closed: Sequence[ClosedDays]) -> bool:
    """Bring one date to `day`; False if another date of the task is there already."""
    starts_at, ends_at = _span(series, day)
    if (shift.starts_at, shift.ends_at) == (starts_at, ends_at):
        return True
    same_moment = Shift.objects.filter(opportunity_id=shift.opportunity_id, starts_at=starts_at)
    if same_moment.exclude(pk=shift.pk).exists():
        return False
    was_closed = shift.closure_id is not None
    shift.starts_at, shift.ends_at = starts_at, ends_at
    shift.closure_id = closure_of(day, closed, shift.pk)
    shift.is_cancelled = shift.closure_id is not None or (shift.is_cancelled and not was_closed)
    shift.save(update_fields=["starts_at", "ends_at", "closure", "is_cancelled"])
    if shift.closure_id is not None:
        shift.own_closures.update(from_on=day, until_on=day)
    return True


def _roll_out(all_series: Sequence[ShiftSeries], free: Holidays, now: datetime) -> int:
    """Create what is missing of the coming dates of `all_series`; what is there already stays as it is."""
    closed = _closed_days({series.opportunity_id for series in all_series})
    wanted = [
        shift
        for series in all_series
        for shift in _dates(series, closed.get(series.opportunity_id, []), free, now)
    ]
    before = Shift.objects.filter(series__in=all_series).count()
    Shift.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=2000)
    _take_up_again(wanted, now)
    make_seats({series.opportunity_id for series in all_series}, now)
    ShiftSeries.objects.filter(pk__in=[series.pk for series in all_series]).update(
        rolled_out_until=local_day(now) + AHEAD
    )
    return Shift.objects.filter(series__in=all_series).count() - before


def _until(series: ShiftSeries, now: datetime, days: Iterable[date] = ()) -> date:
    """Return the first day not to roll out to: eight weeks ahead, or after `days` and all single days."""
    return max([local_day(now) + AHEAD, *(day + ONE_DAY for day in (*days, *series.rdates))])


def _days(series: ShiftSeries, free: Holidays, now: datetime, until_on: date) -> list[date]:
    """Return the days before `until_on` on which the series has a date that has not begun."""
    ends_on = series.opportunity.ends_on
    end = min(until_on, ends_on + ONE_DAY) if ends_on else until_on
    days = days_of(series.rhythm, series.first_on, local_day(now), end, free)
    return [day for day in days if _span(series, day)[0] > now]


def _span(series: ShiftSeries, day: date) -> tuple[datetime, datetime]:
    return span_of(day, MinuteOfDay(series.start_minute), MinuteOfDay(series.end_minute))


def _closed_days(opportunity_ids: Iterable[int]) -> dict[int, list[ClosedDays]]:
    closed: dict[int, list[ClosedDays]] = {}
    for closure in Closure.objects.filter(opportunity_id__in=list(opportunity_ids)):
        closed.setdefault(closure.opportunity_id, []).append(closure.days)
    return closed


def _dates(
    series: ShiftSeries, closed: Sequence[ClosedDays], free: Holidays, now: datetime
) -> Iterator[Shift]:
    for day in _days(series, free, now, _until(series, now)):
        starts_at, ends_at = _span(series, day)
        closure = closure_of(day, closed)
        yield Shift(
            opportunity_id=series.opportunity_id,
            series=series,
            starts_at=starts_at,
            ends_at=ends_at,
            closure_id=closure,
            is_cancelled=closure is not None,
        )


def _take_up_again(wanted: list[Shift], now: datetime) -> None:
    by_moment = {(shift.opportunity_id, shift.starts_at): shift for shift in wanted}
    orphans = Shift.objects.filter(
        series=None, starts_at__gt=now, opportunity_id__in={shift.opportunity_id for shift in wanted}
    ).annotate(own=Min("own_closures"))
    for orphan in orphans:
        asked = by_moment.get((orphan.opportunity_id, orphan.starts_at))
        if asked is not None:
            orphan.series, orphan.ends_at = asked.series, asked.ends_at
            orphan.closure_id = asked.closure_id or orphan.own
            orphan.is_cancelled = orphan.closure_id is not None
            orphan.save(update_fields=["series", "ends_at", "closure", "is_cancelled"])
