"""People and dates in lists: the youth office all, a provider its own."""

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from programs.models import Provider, Shift, ShiftRole
from volunteers.models import Placement, TimePledge, Volunteer
from volunteers.selectors.doubles import listed_people


def people_of(providers: QuerySet[Provider], *, everybody: bool) -> QuerySet[Volunteer]:
    """Return the confirmed people, or those who are there at `providers`; the latest first.

    Each carries `running_placements`: how many they have at `providers`.
    """
    there = Placement.objects.filter(
        volunteer=OuterRef("pk"), status__in=Placement.HOLDING, opportunity__provider__in=providers
    )
    counted = there.order_by().values("volunteer").annotate(number=Count("pk")).values("number")
    people = listed_people()
    if not everybody:
        people = people.filter(Exists(there))
    number = Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
    return (
        people.annotate(running_placements=number).select_related("mailbox").order_by("-confirmed_at", "-pk")
    )


def has_gap() -> Exists:
    """Return the condition that a date lacks somebody in one of its roles."""
    return Exists(ShiftRole.objects.filter(shift=OuterRef("pk"), places_taken__lt=F("places")))


def _seats(column: str) -> Coalesce:
    seats = ShiftRole.objects.filter(shift=OuterRef("pk")).order_by().values("shift")
    summed = Subquery(seats.annotate(sum=Sum(column)).values("sum"), output_field=IntegerField())
    return Coalesce(summed, Value(0))


def looks_for_something() -> Exists:
    """Return the condition that a person has an open pledge."""
    return Exists(TimePledge.objects.filter(volunteer=OuterRef("pk"), status=TimePledge.Status.OPEN))


def dates_of(providers: QuerySet[Provider]) -> QuerySet[Shift]:
    """Return the dates of the tasks of `providers`, the next first.

    Each carries `coming` and `needed`: how many come and how many it needs, in all roles together.
    """
    dates = Shift.objects.filter(opportunity__provider__in=providers)
    dates = dates.annotate(coming=_seats("places_taken"), needed=_seats("places"))
    return dates.select_related("opportunity__provider", "opportunity__district").order_by("starts_at", "pk")
