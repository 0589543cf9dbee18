"""What two people released left without its code: two people say which line of the bank it was."""

from datetime import datetime

from donations.models import BankTransaction, Proposal, Refund
from donations.selectors.orders import orders_of
from donations.services.bank import bank_fees, refunds
from donations.services.bank.bank_fees import NotAFee
from donations.services.bank.lines import held_of, identity_of, in_turn, moment_of
from donations.services.books import payouts
from donations.services.gifts import reception
from foundation.actors import Actor
from foundation.rows import change


class NotTheOrder(Exception):
    """Why a line is not what was released. `reason` is proposed, changed or gone."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(line: BankTransaction, order: Proposal) -> None:
    """Raise NotTheOrder unless the line left for nothing yet, and just as much is still to be sent."""
    try:
        bank_fees.check(line)
    except NotAFee as refusal:
        raise NotTheOrder(refusal.reason) from refusal
    if line.amount_cents > 0 or not orders_of(line).filter(pk=order.pk).exists():
        raise NotTheOrder("gone")


def find(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Book the line of a proposal as what it says. Raises NotTheOrder, changing nothing.

    Lock order as everywhere: the body's turn, the line, then what was released, or its gift.
    """
    in_turn(proposal.provider_id)
    line = BankTransaction.objects.select_for_update(of=("self",)).get(proposals=proposal)
    order = proposal.order
    assert order is not None
    if order.kind == "payout":
        Proposal.objects.select_for_update(of=("self",)).get(pk=order.pk)
        check(line, order)
        payouts.send(line, order, identity_of(line), moment_of(line), held_of(line), now)
    else:
        refund = Refund.objects.get(proposal=order)
        gift = reception.locked(refund.donation_id)
        refund.refresh_from_db()
        check(line, order)
        if not refunds.has_so_much(gift, line.size_cents):
            raise NotTheOrder("gone")
        refunds.book_refund(line, gift, refund, now)
    change(line, found_by=proposal)


def has_come_back(line: BankTransaction) -> bool:
    """Return whether what left with it is here again, so that nothing is left to undo."""
    if line.refund is not None:
        return bool(line.refund.status != Refund.Status.SUCCEEDED)
    return line.payout is not None and line.payout.status != Proposal.Status.RELEASED


def undo(line: BankTransaction, now: datetime) -> None:
    """A locked line was not what two people had said: it stands as unclear again."""
    change(line, found_by=None)
    if line.refund_id:
        refunds.not_sent(line, now)
    else:
        payouts.not_sent(line, identity_of(line), now)
