"""What those entitled see of one person: the youth office all, a provider what concerns its own tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from foundation.clock import local_day
from programs.models import Opportunity, Provider
from programs.selectors.visibility import public_opportunities
from volunteers.models import Assignment, Contact, Offer, Placement, TimePledge, Volunteer
from volunteers.selectors.coordination import offers_of

NEXT_DATES = 5


@dataclass(frozen=True)
class Reach:
    """Whose tasks the reader answers for; `everybody` is the youth office."""

    providers: QuerySet[Provider]
    everybody: bool


def pledges_about(person: Volunteer, reach: Reach) -> list[TimePledge]:
    """Return the confirmed pledges, those that run first; to a provider those that led to its tasks.

    Each carries `questions`: what it was asked for within reach (a provider: what it said yes to).
    """
    questions = offers_of(reach.providers)
    pledges = person.pledges.filter(confirmed_at__isnull=False)
    if not reach.everybody:
        there = placements_about(person, reach).filter(pledge=OuterRef("pk"), status__in=Placement.HOLDING)
        pledges = pledges.filter(Exists(there))
        questions = questions.filter(status=Offer.Status.ACCEPTED)
    rows = pledges.select_related(
        "home_district", "wanted_role", "wanted_opportunity__provider"
    ).prefetch_related("windows", "exceptions", Prefetch("offers", queryset=questions, to_attr="questions"))
    return sorted(rows.order_by("-confirmed_at", "-pk"), key=lambda pledge: not pledge.is_running)


def placements_about(person: Volunteer, reach: Reach) -> QuerySet[Placement]:
    """Return the placements within reach, newest first, with `next_dates` and `given`, minutes that count."""
    coming = Assignment.objects.filter(status=Assignment.Status.CONFIRMED, shift__is_cancelled=False)
    rows = person.placements.filter(opportunity__provider__in=reach.providers)
    rows = rows.annotate(given=Coalesce(Sum("hours__minutes"), 0))
    dates = Prefetch(
        "assignments", coming.select_related("shift").order_by("shift__starts_at"), to_attr="dates"
    )
    return (
        rows.select_related("role", "opportunity__provider")
        .prefetch_related(dates)
        .order_by("-created_at", "-pk")
    )


def coming_dates(placements: Sequence[Placement], now: datetime) -> list[Assignment]:
    """Return the next dates of all these placements, soonest first."""
    dates = [each for placement in placements for each in placement.dates]  # type: ignore[attr-defined]
    coming = sorted(
        (each for each in dates if each.shift.ends_at > now), key=lambda each: each.shift.starts_at
    )
    return coming[:NEXT_DATES]


def contacts_about(person: Volunteer, reach: Reach) -> QuerySet[Contact]:
    """Return calls and notes, newest first; a provider reads its own."""
    contacts = person.contacts.select_related("noted_by", "provider", "taken_back")
    return contacts if reach.everybody else contacts.filter(provider__in=reach.providers)


def open_tasks(reach: Reach, now: datetime) -> QuerySet[Opportunity]:
    """Return the tasks within reach for which people are sought."""
    not_over = Q(ends_on=None) | Q(ends_on__gte=local_day(now))
    return public_opportunities().filter(not_over, provider__in=reach.providers)
