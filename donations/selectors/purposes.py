"""What a purpose has, what of it can be used, and what is missing."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum

from donations.models import Dispute, Donation, LedgerEntry, Payment, Refund
from donations.selectors.left import left_cents
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
        """What can be paid out: not what is disputed, about to leave or not accepted by the city yet."""
        return Cents(max(0, self.balance_cents - self.bound_cents))


def money_of(funds: QuerySet[Fund]) -> list[PurposeMoney]:
    """Return what each of `funds` has, by name."""
    shortfalls = _by_fund(
        LedgerEntry.objects.filter(account__kind="shortfall", account__fund__in=funds), "account__fund"
    )
    unaccepted = Donation.objects.filter(
        fund__in=funds, acceptance__in=[Donation.Acceptance.AWAITING, Donation.Acceptance.REFUSED]
    )
    waiting = dict(unaccepted.values_list("fund").annotate(cents=Sum(left_cents())))
    disputes = Dispute.objects.filter(donation__fund__in=funds, outcome=Dispute.Outcome.OPEN)
    disputed = _by_fund(disputes.exclude(donation__in=unaccepted), "donation__fund")
    ordered = Refund.objects.filter(donation__fund__in=funds, status=Refund.Status.PENDING)
    leaving = _by_fund(ordered.exclude(donation__in=unaccepted), "donation__fund")
    return [
        PurposeMoney(
            fund,
            Cents(fund.balance_cents),
            Cents(sum(bound.get(fund.pk, 0) for bound in (waiting, disputed, leaving))),
            Cents(shortfalls.get(fund.pk, 0)),
        )
        for fund in funds.order_by("name")
    ]


def missing_among(funds: QuerySet[Fund]) -> list[PurposeMoney]:
    """Return those of `funds` out of which too much was paid, by name."""
    return [money for money in money_of(funds) if money.shortfall_cents]


def refundable_cents(gift: Donation) -> Cents:
    """Return what of a gift can still be given back: not gone, not ordered to go, not disputed."""
    paid = Payment.objects.filter(donation=gift).values_list("amount_cents", flat=True).first() or 0
    going = gift.refunds.filter(status__in=[Refund.Status.PENDING, Refund.Status.SUCCEEDED])
    disputed = gift.disputes.filter(outcome=Dispute.Outcome.OPEN)
    gone = sum(rows.aggregate(cents=Sum("amount_cents"))["cents"] or 0 for rows in (going, disputed))
    return Cents(max(0, paid - gift.lost_cents - gone))


def _by_fund(rows: QuerySet[Any], path: str) -> dict[int, int]:
    return dict(rows.values_list(path).annotate(cents=Sum("amount_cents")))
