"""Cancelling one date, a range or the whole series in one step, and taking that back."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction

from foundation.clock import local_day, local_moment
from foundation.units import MIDNIGHT
from programs.domain.closures import closure_of
from programs.models import Closure, Opportunity, Shift
from programs.services.shifts import telling_of_changes
from programs.signals import need_changing


@transaction.atomic
def close_days(
    opportunity: Opportunity, *, from_on: date, until_on: date | None, reason: str, now: datetime
) -> Closure:
    """Let no dates take place from `from_on` to `until_on` (both included, None: until further notice).

    What has begun already goes on. Dates that are cancelled for another reason stay as they are.
    """
    lock_task(opportunity.pk)
    closure = Closure.objects.create(
        opportunity=opportunity, from_on=from_on, until_on=until_on, reason=reason, created_at=now
    )
    concerned = Shift.objects.filter(
        opportunity=opportunity, is_cancelled=False, starts_at__gt=now, starts_at__gte=_begin(from_on)
    )
    if until_on is not None:
        concerned = concerned.filter(starts_at__lt=_begin(until_on + timedelta(days=1)))
    with telling_of_changes(opportunity, now) as rewritten:
        rewritten |= _rolled_out_less_far(opportunity, until_on)
        concerned.update(is_cancelled=True, closure=closure)
    return closure


@transaction.atomic
def close_dates(
    opportunity: Opportunity, dates: Collection[int], *, reason: str, now: datetime
) -> list[Closure]:
    """Cancel these dates; a day of which none is left is closed as a whole, of others the date alone.

    What has begun or is cancelled already stays as it is.
    """
    lock_task(opportunity.pk)
    by_day: dict[date, list[Shift]] = {}
    coming = Shift.objects.filter(opportunity=opportunity, is_cancelled=False, starts_at__gt=now)
    for each in coming.order_by("starts_at"):
        by_day.setdefault(local_day(each.starts_at), []).append(each)
    made: list[Closure] = []
    for day, there in by_day.items():
        chosen = [each for each in there if each.pk in dates]
        if chosen and chosen == there:
            made.append(close_days(opportunity, from_on=day, until_on=day, reason=reason, now=now))
        else:
            made += [_close_one(opportunity, each, day, reason, now) for each in chosen]
    return made


def _close_one(opportunity: Opportunity, shift: Shift, day: date, reason: str, now: datetime) -> Closure:
    closure = Closure.objects.create(
        opportunity=opportunity, from_on=day, until_on=day, only=shift, reason=reason, created_at=now
    )
    with telling_of_changes(opportunity, now):
        Shift.objects.filter(pk=shift.pk).update(is_cancelled=True, closure=closure)
    return closure


@transaction.atomic
def open_again(closure: Closure, *, now: datetime) -> int:
    """Take a closure back; return how many coming dates take place again. Passed ones did not.

    What another closure covers stays cancelled for that one.
    """
    lock_task(closure.opportunity_id)
    others = Closure.objects.filter(opportunity=closure.opportunity_id).exclude(pk=closure.pk)
    still_closed = [each.days for each in others.order_by("pk")]
    with telling_of_changes(closure.opportunity, now) as rewritten:
        if closure.only_id is None:
            rewritten |= _rolled_out_less_far(closure.opportunity, closure.until_on)
        coming = Shift.objects.filter(closure=closure, starts_at__gt=now)
        for date in coming.order_by("pk"):
            if other := closure_of(local_day(date.starts_at), still_closed, date.pk):
                Shift.objects.filter(pk=date.pk).update(closure=other)
        revived = coming.update(is_cancelled=False, closure=None)
        closure.delete()
    return revived


def _rolled_out_less_far(opportunity: Opportunity, until_on: date | None) -> set[int]:
    """Return the series that have days of no date yet up to that day: they change without any of them."""
    repeated = opportunity.series.exclude(rrule="")
    if until_on is not None:
        repeated = repeated.exclude(rolled_out_until__gt=until_on)
    return set(repeated.values_list("pk", flat=True))


def lock_task(opportunity_id: int) -> None:
    """Hold a task whose dates change, after whatever those above hold first."""
    need_changing.send(sender=Closure, opportunity_ids=[opportunity_id])
    Opportunity.objects.select_for_update().get(pk=opportunity_id)


def _begin(day: date) -> datetime:
    return local_moment(day, MIDNIGHT)
