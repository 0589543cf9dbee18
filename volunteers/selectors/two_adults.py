"""Coming dates on which adults have to be there and are not certain yet."""

from datetime import datetime

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from programs.models import Opportunity, Role, Shift
from volunteers.domain.two_adults import NEVER_ALONE, adults_missing
from volunteers.models import Assignment

RUNNING = [each for each in Opportunity.Status if each != Opportunity.Status.CLOSED]


def unsafe_dates(shifts: QuerySet[Shift], now: datetime) -> QuerySet[Shift]:
    """Return which of `shifts` are to come and lack an adult, soonest first.

    Each has `adults` that come and `needed`: two where the activity asks for them, one where a minor comes,
    one less where somebody of the provider is there.
    """
    coming = Q(assignments__status=Assignment.Status.CONFIRMED, assignments__volunteer__is_adult=True)
    minor = Assignment.objects.filter(
        shift=OuterRef("pk"), status=Assignment.Status.CONFIRMED, volunteer__is_adult=False
    )
    two = Exists(Role.objects.filter(opportunity=OuterRef("opportunity"), activity__current__two_adults=True))
    needed = Case(
        When(opportunity__staff_is_there=True, then=Value(adults_missing(0, staff_is_there=True))),
        When(two, then=Value(adults_missing(0, staff_is_there=False))),
        default=Value(NEVER_ALONE),
        output_field=IntegerField(),
    )
    return (
        shifts.filter(
            Q(two) | Q(Exists(minor), opportunity__staff_is_there=False),
            opportunity__status__in=RUNNING,
            starts_at__gt=now,
            is_cancelled=False,
        )
        .annotate(adults=Coalesce(Sum("assignments__heads", filter=coming), 0), needed=needed)
        .filter(adults__lt=F("needed"))
        .select_related("opportunity")
        .order_by("starts_at", "pk")
    )
