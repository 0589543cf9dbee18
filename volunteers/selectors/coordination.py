"""What coordinators see of questions, people and placements: only what belongs to their provider."""

from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from programs.models import Opportunity, Provider, Shift, ShiftRole
from volunteers.models import Assignment, Clearance, Offer, Placement, TimePledge


def offers_of(providers: QuerySet[Provider]) -> QuerySet[Offer]:
    """Return the questions that were put for tasks of `providers`, newest first."""
    put = Offer.objects.filter(opportunity__provider__in=providers, sent_at__isnull=False)
    return put.select_related("pledge__volunteer", "role", "opportunity__provider").order_by(
        "-sent_at", "-pk"
    )


def placements_of(providers: QuerySet[Provider]) -> QuerySet[Placement]:
    """Return placements at `providers`, those to decide about first."""
    placements = Placement.objects.filter(opportunity__provider__in=providers)
    waiting_first = Case(
        *[When(status=status, then=Value(rank)) for rank, status in enumerate(Placement.HOLDING)],
        default=Value(len(Placement.HOLDING)),
        output_field=IntegerField(),
    )
    return placements.select_related("volunteer__mailbox", "role", "opportunity__provider").order_by(
        waiting_first, "-status_changed_at", "-pk"
    )


def placements_to_inspect(providers: QuerySet[Provider]) -> QuerySet[Placement]:
    """Return the placements at `providers` that need an inspection, most urgent first.

    Those that wait for one, longest waiting first; then those that are active with one, oldest first.
    """
    inspected = Clearance.objects.filter(
        volunteer=OuterRef("volunteer"), opportunity=OuterRef("opportunity")
    ).values("certificate_on")
    active, waiting = Placement.Status.ACTIVE, Placement.Status.AWAITING_CLEARANCE
    seen = Q(status=active, role__clearance_required=True, certificate_on__isnull=False)
    return (
        Placement.objects.alias(certificate_on=Case(When(status=active, then=Subquery(inspected))))
        .filter(Q(status=waiting) | seen, opportunity__provider__in=providers)
        .select_related("volunteer", "role", "opportunity")
        .order_by(F("certificate_on").asc(nulls_first=True), "status_changed_at", "pk")
    )


def pledges_of(providers: QuerySet[Provider], *, everybody: bool) -> QuerySet[TimePledge]:
    """Return the pledges of people who said yes to a task of `providers` and are there, or of all people.

    Who is merely asked, said no or has left is none of the provider's business. Each pledge carries
    `questions`: what it was asked for at `providers` (of theirs: what it said yes to), newest first.
    """
    questions = offers_of(providers)
    pledges = TimePledge.objects.filter(
        status__in=[TimePledge.Status.OPEN, TimePledge.Status.PLACED, TimePledge.Status.PAUSED]
    )
    if not everybody:
        there = Placement.objects.filter(
            pledge=OuterRef("pk"), status__in=Placement.HOLDING, opportunity__provider__in=providers
        )
        pledges = pledges.filter(Exists(there))
        questions = questions.filter(status=Offer.Status.ACCEPTED)
    return (
        pledges.select_related("volunteer__mailbox", "home_district", "wanted_opportunity__provider")
        .prefetch_related("windows", Prefetch("offers", queryset=questions, to_attr="questions"))
        .order_by("answer_due_at", "pk")
    )


def wishing_for(opportunity: Opportunity) -> QuerySet[TimePledge]:
    """Return the running pledges that were made for this task and have no placement there, oldest first."""
    there = Placement.objects.filter(
        volunteer=OuterRef("volunteer"), opportunity=opportunity, status__in=Placement.HOLDING
    )
    running = [TimePledge.Status.OPEN, TimePledge.Status.PLACED, TimePledge.Status.PAUSED]
    wishing = TimePledge.objects.filter(~Exists(there), wanted_opportunity=opportunity, status__in=running)
    return wishing.select_related("volunteer", "wanted_role", "wanted_opportunity__provider").order_by(
        "confirmed_at", "pk"
    )


def roles_lacking() -> ArraySubquery:
    """Return, to be read with each date, the names of the roles in which fewer come than are needed."""
    lacking = seats_lacking().filter(shift=OuterRef("pk")).exclude(role__name="").order_by("role_id")
    return ArraySubquery(lacking.values("role__name"))


def seats_lacking() -> QuerySet[ShiftRole]:
    """Return all seats in which fewer come (`people`) than are needed."""
    coming = Assignment.objects.filter(
        shift=OuterRef("shift"), role=OuterRef("role"), status=Assignment.Status.CONFIRMED
    ).order_by()
    counted = coming.values("role").annotate(people=Sum("heads")).values("people")
    seats = ShiftRole.objects.annotate(people=Coalesce(Subquery(counted), 0))
    return seats.filter(people__lt=F("places"))


def next_dates_of(opportunity: Opportunity, now: datetime, count: int = 6) -> list[Shift]:
    """Return the next dates that take place, each with `coming`, how many are expected, and `lacking`."""
    is_coming = Q(assignments__status=Assignment.Status.CONFIRMED)
    coming = Coalesce(Sum("assignments__heads", filter=is_coming), 0)
    dates = opportunity.shifts.filter(starts_at__gt=now, is_cancelled=False)
    dates = dates.annotate(coming=coming, lacking=roles_lacking())
    return list(dates.prefetch_related("seats").order_by("starts_at")[:count])


def past_assignments(placement: Placement, now: datetime, count: int = 10) -> list[Assignment]:
    """Return the latest dates that have begun, newest first."""
    past = placement.assignments.filter(shift__starts_at__lte=now, shift__is_cancelled=False)
    past = past.exclude(
        status__in=[Assignment.Status.CANCELLED, Assignment.Status.ON_HOLD, Assignment.Status.RELEASED]
    )
    return list(past.select_related("shift", "hours").order_by("-shift__starts_at")[:count])


def coming_assignments(placement: Placement, now: datetime, count: int = 3) -> list[Assignment]:
    """Return the next dates, soonest first."""
    coming = placement.assignments.filter(
        Q(shift__starts_at__gt=now), status=Assignment.Status.CONFIRMED, shift__is_cancelled=False
    )
    return list(coming.select_related("shift").order_by("shift__starts_at")[:count])
