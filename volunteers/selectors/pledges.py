"""What a person sees of their own pledges; a handful of queries however many rows there are."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from foundation.times_of_week import WeeklyTime, weekly_time
from volunteers.models import Assignment, Offer, Placement, TimePledge, Volunteer

NEXT_DATES = 3


def running_pledges(volunteer: Volunteer) -> QuerySet[TimePledge]:
    """Return the confirmed pledges that are not over, newest first."""
    status = TimePledge.Status
    return volunteer.pledges.filter(status__in=[status.OPEN, status.PLACED, status.PAUSED])


@dataclass(frozen=True)
class OwnPage:
    """What "Meine Zusagen" shows: questions to answer, placements with `next_dates`, running pledges."""

    offers: list[Offer]
    placements: list[Placement]
    pledges: list[TimePledge]


def own_page(volunteer: Volunteer, now: datetime) -> OwnPage:
    """Return all that the person's page shows, in eight queries."""
    page = OwnPage(
        list(_waiting_offers(volunteer, now)),
        list(_running_placements(volunteer, now)),
        list(_shown_pledges(volunteer)),
    )
    tasks = [offer.opportunity for offer in page.offers]
    tasks += [placement.opportunity for placement in page.placements]
    prefetch_related_objects(tasks, "slots")
    return page


def _waiting_offers(volunteer: Volunteer, now: datetime) -> QuerySet[Offer]:
    """Return the questions that can still be answered, the most urgent first."""
    sent = Offer.objects.filter(
        pledge__volunteer=volunteer, status=Offer.Status.SENT, expires_at__gt=now
    ).select_related("pledge__volunteer", "opportunity__district", "opportunity__provider")
    return sent.order_by("expires_at")


def _running_placements(volunteer: Volunteer, now: datetime) -> QuerySet[Placement]:
    """Return the placements that are not over, each with its next dates as `next_dates`."""
    coming = Assignment.objects.filter(
        status=Assignment.Status.CONFIRMED, shift__ends_at__gt=now, shift__is_cancelled=False
    )
    next_dates = coming.select_related("shift").order_by("shift__starts_at")[:NEXT_DATES]
    running = volunteer.placements.filter(status__in=Placement.HOLDING)
    running = running.select_related("volunteer", "opportunity__provider", "opportunity__district")
    dates = Prefetch("assignments", queryset=next_dates, to_attr="next_dates")
    return running.prefetch_related(dates)


def _shown_pledges(volunteer: Volunteer) -> QuerySet[TimePledge]:
    """Return the running pledges with all that the page shows of them."""
    shown = running_pledges(volunteer).select_related("home_district", "wanted_opportunity")
    return shown.prefetch_related("windows", "districts", "exceptions")


def weekly_times_of(pledge: TimePledge) -> list[WeeklyTime]:
    """Return the weekly windows of a pledge in the form's own type."""
    return [weekly_time(window) for window in pledge.windows.all()]
