"""What was released, is still to be transferred, and may have left with a line that names no code."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from donations.domain.names import is_same_payer
from donations.models import BankTransaction, Proposal, Refund, SentPart
from donations.selectors.proposals import to_transfer
from foundation.clock import local_day


def payable(line: BankTransaction) -> QuerySet[Any]:
    """Return what the body of a line released and has still to send, each with its `left_cents`."""
    pending = Refund.objects.filter(proposal=OuterRef("pk"), status=Refund.Status.PENDING)
    rows: QuerySet[Any] = to_transfer(Proposal.objects.filter(provider=line.provider_id))
    return rows.annotate(left_cents=Coalesce(Subquery(pending.values("amount_cents")[:1]), F("amount_cents")))


def orders_of(line: BankTransaction) -> QuerySet[Proposal]:
    """Return those of these that are the line to the cent."""
    return payable(line).filter(left_cents=line.size_cents)


def asked_about(orders: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Return those for which a line is proposed, alone or beside others."""
    proposed = Proposal.Status.PROPOSED
    alone = Proposal.objects.filter(order=OuterRef("pk"), status=proposed)
    beside = SentPart.objects.filter(order=OuterRef("pk"), proposal__status=proposed)
    return orders.filter(Q(Exists(alone)) | Q(Exists(beside)))


def likely_orders(line: BankTransaction) -> list[Proposal]:
    """Return what a line may be, without what another line is proposed for, the likeliest first.

    First what goes to whom the bank names, then what was released nearest to the day of the line. The IBAN
    tells nothing: none of a giver is kept.
    """
    return _likeliest_first(orders_of(line), line)


def likely_parts(line: BankTransaction) -> list[Any]:
    """Return what may have left with a line beside others, the likeliest first; none if all is too little."""
    smaller = _likeliest_first(payable(line).filter(left_cents__lt=line.size_cents), line)
    total = sum(order.left_cents for order in smaller)
    return smaller if total >= line.size_cents else []


def _likeliest_first(orders: QuerySet[Any], line: BankTransaction) -> list[Any]:
    asked = asked_about(Proposal.objects.all()).values("pk")
    found = orders.exclude(pk__in=asked).prefetch_related("donation__allocations__line")
    return sorted(found, key=lambda order: (not _names(order, line), _days_from(order, line), order.pk))


def _names(order: Proposal, line: BankTransaction) -> bool:
    """Whether the bank names the giver, or who paid the gift, as who got the money."""
    gift = order.donation
    if gift is None or not line.counterparty_name:
        return False
    payers = [each.line.counterparty_name for each in gift.allocations.all() if each.undone_at is None]
    names = [gift.donor_name, *payers]
    return any(is_same_payer(name, line.counterparty_name) for name in names if name)


def _days_from(order: Proposal, line: BankTransaction) -> int:
    return abs((local_day(order.status_changed_at) - line.booked_on).days)
