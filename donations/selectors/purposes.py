"""What a purpose has, what of it can be used, and what is missing."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Sum

from donations.models import Dispute, Donation, LedgerEntry
from foundation.units import Cents
from programs.models import Fund


@dataclass(frozen=True)
class PurposeMoney:
    """A purpose in cents: what it has, what of that is bound for now, and what was paid out too much."""

    fund: Fund
    balance_cents: Cents
    bound_cents: Cents
    shortfall_cents: Cents

    @property
    def available_cents(self) -> Cents:
        """What can be paid out: what it has, less what is disputed and what the city has not accepted yet."""
        return Cents(max(0, self.balance_cents - self.bound_cents))


def money_of(funds: QuerySet[Fund]) -> list[PurposeMoney]:
    """Return what each of `funds` has, by name."""
    shortfalls = _by_fund(
        LedgerEntry.objects.filter(account__kind="shortfall", account__fund__in=funds), "account__fund"
    )
    unaccepted = Donation.objects.filter(
        fund__in=funds, needs_acceptance=True, accepted_at=None, received_at__isnull=False
    )
    left = F("amount_cents") - F("refunded_cents") - F("lost_cents")
    waiting = dict(unaccepted.values_list("fund").annotate(cents=Sum(left)))
    disputes = Dispute.objects.filter(donation__fund__in=funds, outcome=Dispute.Outcome.OPEN)
    disputed = _by_fund(disputes.exclude(donation__in=unaccepted), "donation__fund")
    return [
        PurposeMoney(
            fund,
            Cents(fund.balance_cents),
            Cents(waiting.get(fund.pk, 0) + disputed.get(fund.pk, 0)),
            Cents(shortfalls.get(fund.pk, 0)),
        )
        for fund in funds.order_by("name")
    ]


def missing_among(funds: QuerySet[Fund]) -> list[PurposeMoney]:
    """Return those of `funds` out of which too much was paid, by name."""
    return [money for money in money_of(funds) if money.shortfall_cents]


def _by_fund(rows: QuerySet[Any], path: str) -> dict[int, int]:
    return dict(rows.values_list(path).annotate(cents=Sum("amount_cents")))
