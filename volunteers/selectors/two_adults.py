"""Coming dates on which adults have to be there and are not certain yet."""

from datetime import datetime

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate

from foundation.clock import LOCAL_ZONE
from programs.models import Opportunity, Role, Shift
from volunteers.domain.minors import FULL
from volunteers.domain.two_adults import NEVER_ALONE, adults_missing
from volunteers.models import Assignment

_YEARS = f"interval '{FULL} years 1 month'"
RUNNING = [each for each in Opportunity.Status if each != Opportunity.Status.CLOSED]


def unsafe_dates(shifts: QuerySet[Shift], now: datetime) -> QuerySet[Shift]:
    """Return which of `shifts` are to come and lack an adult, soonest first.

    Each has `adults` that come and `needed`: two where the activity asks for them, one where a minor comes,
    one less where somebody of the provider is there.
    """
    expected = Q(assignments__status=Assignment.Status.CONFIRMED)
    coming = expected & _is_grown_up("assignments__volunteer__", F("starts_at"))
    minor = Assignment.objects.filter(shift=OuterRef("pk"), status=Assignment.Status.CONFIRMED).exclude(
        _is_grown_up("volunteer__", F("shift__starts_at"))
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


def _is_grown_up(person: str, begins: F) -> Q:
    """Whether somebody is of age on the local day of a date, as `is_minor` in volunteers/domain/minors.py."""
    day = TruncDate(begins, tzinfo=LOCAL_ZONE)
    born_by = Func(day, template=f"(%(expressions)s - {_YEARS})::date", output_field=DateField())
    born = Q(**{f"{person}born_in__isnull": False, f"{person}born_in__lte": born_by})
    return Q(**{f"{person}is_adult": True}) | born
