"""What was released, is still to be transferred, and may have left with a line that names no code."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from donations.domain.names import is_same_payer
from donations.models import BankTransaction, Proposal, Refund
from donations.selectors.proposals import to_transfer
from foundation.clock import local_day


def orders_of(line: BankTransaction) -> QuerySet[Proposal]:
    """Return what the body of a line released and has still to send, to the cent."""
    pending = Refund.objects.filter(
        proposal=OuterRef("pk"), status=Refund.Status.PENDING, amount_cents=line.size_cents
    )
    same = Q(kind="payout", amount_cents=line.size_cents) | Exists(pending)
    return to_transfer(Proposal.objects.filter(same, provider=line.provider_id))


def likely_orders(line: BankTransaction) -> list[Proposal]:
    """Return these without what another line is proposed for, the likeliest first.

    First what goes to whom the bank names, then what was released nearest to the day of the line. The IBAN
    tells nothing: none of a giver is kept.
    """
    proposed = Proposal.objects.filter(order=OuterRef("pk"), status=Proposal.Status.PROPOSED)
    found = orders_of(line).filter(~Exists(proposed)).prefetch_related("donation__allocations__line")
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
