"""Money that has to be used before long, by purpose (RULES §2.12; § 55 Abs. 1 Nr. 5 AO)."""

from datetime import date

from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from donations.domain.use_by import last_year_of, warned_use_by
from donations.models import CashCount, Donation
from donations.selectors.left import left_cents
from foundation.clock import local_moment
from foundation.units import MIDNIGHT
from programs.models import Fund


def to_use(funds: QuerySet[Fund], today: date) -> QuerySet[Fund]:
    """Return those of `funds` that hold money whose time is about to end or has ended, as `due_cents`.

    What came first is used first: of what a purpose has, the newest is what came last.
    """
    since = date(last_year_of(warned_use_by(today)) + 1, 1, 1)
    gifts = Donation.objects.filter(fund=OuterRef("pk"), received_at__gte=local_moment(since, MIDNIGHT))
    cash = CashCount.objects.filter(
        fund=OuterRef("pk"), counted_on__gte=since, status=CashCount.Status.CONFIRMED
    )
    newer = _sum(gifts, left_cents()) + _sum(cash, F("amount_cents"))
    holding = funds.annotate(due_cents=F("balance_cents") - newer)
    return holding.filter(due_cents__gt=0).order_by("name", "pk")


def _sum(rows: QuerySet[Donation] | QuerySet[CashCount], cents: object) -> Coalesce:
    by_fund = rows.order_by().values("fund").annotate(cents=Sum(cents)).values("cents")
    return Coalesce(Subquery(by_fund, output_field=IntegerField()), Value(0))
