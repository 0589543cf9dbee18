"""Changing when a task is: its series are the truth, and the weekly slots of the matcher follow them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from foundation.units import MinuteOfDay
from programs.domain.rhythms import Rhythm, Share, weekly_shares
from programs.domain.series import followers
from programs.models import Opportunity, Shift, ShiftSeries, WeeklySlot
from programs.services.shifts import RELEASED, bring_dates, follow_series, let_go, telling_of_changes


@transaction.atomic
def change_series(opportunity: Opportunity, rhythms: Collection[Rhythm], *, now: datetime) -> bool:
    """Make its series those of `rhythms`; return whether anything changed.

    A series that is there follows what is nearest to it, with its key and the keys of its dates. Coming dates
    follow at once where there are any or should be: who is expected learns of it.
    """
    present = {series.pk: series for series in opportunity.series.order_by("pk")}
    before = {key: series.rhythm for key, series in present.items()}
    if sorted(before.values()) == sorted(rhythms):
        return False
    with telling_of_changes(opportunity, now) as rewritten:
        following = followers(before, rhythms)
        ended = before.keys() - following.keys()
        _remember([present[key] for key in ended])
        let_go(Shift.objects.filter(series_id__in=ended, starts_at__gt=now))
        opportunity.series.filter(pk__in=ended).delete()
        for key, rhythm in following.items():
            if before[key] != rhythm:
                opportunity.series.filter(pk=key).update(**columns_of(rhythm))
                if present[key].rolled_out_until is not None:
                    rewritten.add(key)
        new = [rhythm for rhythm in sorted(rhythms) if rhythm not in following.values()]
        write_series(opportunity, new)
        if opportunity.status in RELEASED or opportunity.shifts.filter(starts_at__gt=now).exists():
            bring_dates(opportunity, now)
    return True


def _remember(ended: Iterable[ShiftSeries]) -> None:
    """Note at its dates which series repeated them, and how far it has counted."""
    for series in ended:
        if series.rrule:
            count = Greatest("sequence", Value(series.sequence))
            series.shifts.update(repeated_by=series.pk, sequence=count)


def follow_period(opportunity: Opportunity, *, now: datetime) -> None:
    """Bring coming dates within a changed period, where there are any or should be."""
    if opportunity.status in RELEASED or opportunity.shifts.filter(starts_at__gt=now).exists():
        follow_series(opportunity, now=now)


def write_series(opportunity: Opportunity, rhythms: Collection[Rhythm]) -> None:
    """Add series of these rhythms and derive the weekly slots anew."""
    ShiftSeries.objects.bulk_create(
        ShiftSeries(opportunity=opportunity, first_on=opportunity.starts_on, **columns_of(rhythm))
        for rhythm in rhythms
    )
    wanted = set(weekly_shares([series.rhythm for series in opportunity.series.order_by("pk")]))
    present = {_share(slot): slot.pk for slot in opportunity.slots.order_by("pk")}
    gone = [key for share, key in present.items() if share not in wanted]
    opportunity.slots.filter(pk__in=gone).delete()
    WeeklySlot.objects.bulk_create(
        WeeklySlot(
            opportunity=opportunity,
            weekday=share.weekday,
            start_minute=share.start_minute,
            end_minute=share.end_minute,
            in_four_weeks=share.in_four_weeks,
        )
        for share in sorted(wanted - present.keys())
    )


def columns_of(rhythm: Rhythm) -> dict[str, object]:
    """Return the values with which a series stores `rhythm`."""
    return {
        "rrule": rhythm.rule,
        "start_minute": rhythm.start_minute,
        "end_minute": rhythm.end_minute,
        "rdates": sorted(rhythm.days),
        "exdates": sorted(rhythm.without),
        "skips_public_holidays": rhythm.skips_public_holidays,
        "skips_school_holidays": rhythm.skips_school_holidays,
    }


def _share(slot: WeeklySlot) -> Share:
    return Share(
        slot.weekday, MinuteOfDay(slot.start_minute), MinuteOfDay(slot.end_minute), slot.in_four_weeks
    )
