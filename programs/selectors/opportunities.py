"""Engagementangebote as citizens see them."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.clock import local_moment
from foundation.units import MIDNIGHT
from programs.models import Closure, Opportunity, Role, Shift, WeeklySlot
from programs.selectors.visibility import (
    has_no_date,
    has_place_free,
    public_opportunities,
    shown_opportunities,
)


def seeking_opportunities(today: date) -> QuerySet[Opportunity]:
    """Return the published ones that are not over and have a place free, newest first."""
    found = _seeking(today).select_related("district", "provider").prefetch_related("series", "roles")
    return found.order_by("-status_changed_at", "-id")


def _seeking(today: date) -> QuerySet[Opportunity]:
    nothing_left = has_no_date(local_moment(today, MIDNIGHT))
    return public_opportunities().filter(
        ~nothing_left, Q(ends_on=None) | Q(ends_on__gte=today), has_place_free()
    )


def open_to_everybody(today: date) -> tuple[int, int]:
    """Return how many of those that seek need neither skill nor language in some role, and how many seek."""
    seeking = _seeking(today)
    asks_nothing = Role.objects.filter(opportunity=OuterRef("pk"), skills=[], languages=[])
    return seeking.filter(Exists(asks_nothing)).count(), seeking.count()


def find_opportunities(
    today: date, *, field: str = "", district: str = "", weekday: int | None = None
) -> QuerySet[Opportunity]:
    """Return the seeking ones in a field, a district (slug), on a weekday (0 = Monday)."""
    found = seeking_opportunities(today)
    if field:
        found = found.filter(field=field)
    if district:
        found = found.filter(district__slug=district)
    if weekday is not None:
        on_day = WeeklySlot.objects.filter(opportunity=OuterRef("pk"), weekday=weekday)
        found = found.filter(Exists(on_day))
    return found


def shown_opportunity(slug: str, today: date) -> Opportunity | None:
    """Return a released Engagementangebot that is not over (published, paused or full), or None."""
    return (
        shown_opportunities()
        .filter(Q(ends_on=None) | Q(ends_on__gte=today), slug=slug)
        .select_related("district", "provider", "program")
        .prefetch_related("series", "roles")
        .first()
    )


def next_shifts(opportunity: Opportunity, now: datetime, count: int = 4) -> list[Shift]:
    """Return the next dates that take place."""
    return list(opportunity.shifts.filter(starts_at__gt=now, is_cancelled=False)[:count])


def coming_dates_of(opportunity: Opportunity, now: datetime) -> QuerySet[Shift]:
    """Return all its dates to come that take place, the soonest first."""
    coming = opportunity.shifts.filter(starts_at__gt=now, is_cancelled=False)
    return coming.order_by("starts_at", "pk")


def date_into(opportunity: Opportunity, day: date, now: datetime) -> Shift | None:
    """Return a coming date that begins before `day`, reaches into it and takes place."""
    begin = local_moment(day, MIDNIGHT)
    return coming_dates_of(opportunity, now).filter(starts_at__lt=begin, ends_at__gt=begin).first()


def coming_dates(tasks: QuerySet[Opportunity], now: datetime) -> QuerySet[Shift]:
    """Return the dates of `tasks` that take place, the soonest first."""
    coming = Shift.objects.filter(opportunity__in=tasks.order_by(), starts_at__gt=now, is_cancelled=False)
    return coming.select_related("opportunity__district").order_by("starts_at", "pk")


def coming_closures(opportunity: Opportunity, today: date) -> list[Closure]:
    """Return the closures that are not over."""
    coming = opportunity.closures.filter(Q(until_on=None) | Q(until_on__gte=today))
    return list(coming.select_related("only"))
