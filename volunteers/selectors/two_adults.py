"""Coming dates on which two adults have to be there and are not certain yet."""

from datetime import datetime

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from programs.models import Opportunity, Shift
from volunteers.domain.two_adults import adults_missing
from volunteers.models import Assignment

RUNNING = (Opportunity.Status.PUBLISHED, Opportunity.Status.PAUSED, Opportunity.Status.IN_REVIEW)


def unsafe_dates(shifts: QuerySet[Shift], now: datetime) -> QuerySet[Shift]:
    """Return which of `shifts` are to come and lack an adult, soonest first, with `adults` that come."""
    coming = Q(assignments__status=Assignment.Status.CONFIRMED, assignments__volunteer__is_adult=True)
    needed = Case(
        When(opportunity__staff_is_there=True, then=Value(adults_missing(0, staff_is_there=True))),
        default=Value(adults_missing(0, staff_is_there=False)),
        output_field=IntegerField(),
    )
    return (
        shifts.filter(
            opportunity__activity__current__two_adults=True,
            opportunity__status__in=RUNNING,
            starts_at__gt=now,
            is_cancelled=False,
        )
        .annotate(adults=Count("assignments", filter=coming), needed=needed)
        .filter(adults__lt=needed)
        .select_related("opportunity")
        .order_by("starts_at", "pk")
    )
