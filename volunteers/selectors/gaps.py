"""Coming dates with too few people, but for those that were said to do with fewer."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from programs.models import Opportunity, Provider, Shift, ShiftRole
from volunteers.models import AcceptedGap, Assignment
from volunteers.selectors.coordination import roles_lacking, seats_lacking
from volunteers.selectors.two_adults import unsafe_dates


def open_gaps(houses: QuerySet[Provider], now: datetime) -> QuerySet[Shift]:
    """Return the dates of public tasks of `houses` with too few people, the next first.

    Each has `coming` of `wanted`, the roles that are `lacking`, and whether it `is_unsafe`: an adult is
    missing who has to be there. What was accepted stands here again as soon as fewer come.
    """
    is_coming = Q(assignments__status=Assignment.Status.CONFIRMED)
    seats = ShiftRole.objects.filter(shift=OuterRef("pk")).order_by().values("shift")
    accepted = AcceptedGap.objects.filter(seats=OuterRef("pk"), people__lte=OuterRef("people"))
    not_accepted = seats_lacking().filter(~Exists(accepted), shift=OuterRef("pk"))
    return (
        Shift.objects.filter(
            opportunity__provider__in=houses,
            opportunity__status=Opportunity.Status.PUBLISHED,
            starts_at__gte=now,
            is_cancelled=False,
        )
        .annotate(
            coming=Coalesce(Sum("assignments__heads", filter=is_coming), 0),
            wanted=Subquery(seats.annotate(all=Sum("places")).values("all")),
            lacking=roles_lacking(),
            is_unsafe=Exists(unsafe_dates(Shift.objects.filter(pk=OuterRef("pk")), now)),
        )
        .filter(Exists(not_accepted), coming__lt=F("wanted"))
        .select_related("opportunity")
        .order_by("starts_at", "pk")
    )
