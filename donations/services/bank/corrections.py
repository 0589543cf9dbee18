"""A slip of the treasurer is undone by its mirror and booked anew: nothing is edited, the giver is told."""

from datetime import datetime

from donations.models import Allocation, BankTransaction, Donation, Proposal, Refund
from donations.selectors.balances import is_too_much
from donations.services.bank import bank_fees, orders, transfers
from donations.services.bank.allocations import allocate, undo
from donations.services.bank.known import account_of
from donations.services.bank.lines import cancel, in_turn, leave_unclear
from donations.services.bank.transfers import Credit
from donations.services.books import deposits
from donations.services.gifts import mails, reception
from foundation.actors import Actor
from foundation.units import Cents


class NotCorrectable(Exception):
    """Why a line cannot be corrected (so).

    `reason` is refunded, changed, moved, said_by_bank, cash, split, no_credit, came_back or body.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(line: BankTransaction, cents: Cents | None, gift: Donation | None, target: Donation | None) -> None:
    """Raise NotCorrectable if what the line gave to `gift` (None: to none) cannot become what is proposed.

    `cents` are what the line should have moved, None for no line at all; `target` is whose it is then. What
    the bank has told stays, unless its own balances say that the line is there once too often. Of what left
    only a fee of the bank can be none, and what two people found to be a refund or payout.
    """
    if target is not None and target.fund.provider_id != line.provider_id:
        raise NotCorrectable("body")
    is_plain_debit = line.amount_cents < 0 and not (line.fee_id or line.found_by_id)
    if not line.is_correctable and line.cancelled_at is None:
        raise NotCorrectable("no_credit")
    if is_plain_debit and cents is not None:
        raise NotCorrectable("no_credit")
    if line.found_by_id and orders.has_come_back(line):
        raise NotCorrectable("came_back")
    if line.amount_cents < 0 and target is not None:
        raise NotCorrectable("no_credit")
    paid = set(line.allocations.filter(undone_at=None).values_list("donation_id", flat=True))
    if line.cancelled_at is not None or (gift.pk not in paid if gift else bool(paid)):
        raise NotCorrectable("changed")
    if line.cash_cents and cents != line.size_cents:
        raise NotCorrectable("cash")
    if cents != line.size_cents and line.statement_key and not (cents is None and _is_double(line)):
        raise NotCorrectable("said_by_bank")
    if cents != line.size_cents and len(paid) > 1:
        raise NotCorrectable("split")
    if gift is not None:
        check_gift(gift)


def check_gift(gift: Donation) -> None:
    """Raise NotCorrectable if what a line gave to `gift` cannot become anything else."""
    if gift.ledger_transactions.filter(kind="reallocation").exists():
        raise NotCorrectable("moved")
    if gift.refunds.exclude(status=Refund.Status.CANCELLED).exists():
        raise NotCorrectable("refunded")


def correct(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Undo what the line was booked as, and book what it is. Raises NotCorrectable, changing nothing.

    Lock order as everywhere: all gifts that are touched, then their purposes.
    """
    in_turn(proposal.provider_id)
    line = BankTransaction.objects.select_for_update(of=("self",)).get(proposals=proposal)
    touched = {pk for pk in (proposal.donation_id, proposal.target_id) if pk is not None}
    gifts = {pk: reception.locked(pk) for pk in sorted(touched)}
    gift = gifts[proposal.donation_id] if proposal.donation_id else None
    cents = Cents(proposal.amount_cents) if proposal.amount_cents else None
    check(line, cents, gift, proposal.target)
    if line.cash_cents:
        deposits.undo(line, now)
        leave_unclear(line, now)
    if line.fee_id:
        bank_fees.undo(line, now)
    if line.found_by_id:
        orders.undo(line, now)
    wrong_cents = free_cents = line.open_cents
    if gift is not None:
        given = Allocation.objects.get(line=line, donation=gift, undone_at=None)
        wrong_cents = free_cents = Cents(given.cents)
        undo(given, line, gift, actor, now)
    if cents != line.size_cents:
        leave_unclear(line, now)
        cancel(line, now)
        if cents is not None:
            line = _typed_anew(line, cents, now)
            free_cents = line.open_cents
    if proposal.target_id is not None and line.open_cents:
        allocate(line, proposal.target_id, free_cents, actor, now)
    if gift is not None:
        gift.refresh_from_db()
        mails.tell_corrected(gift, proposal.pk, wrong_cents, now)


def _is_double(line: BankTransaction) -> bool:
    """A line that was moved to another account was booked in two steps, and stays."""
    return account_of(line) == line.account_id and is_too_much(line)


def _typed_anew(line: BankTransaction, cents: Cents, now: datetime) -> BankTransaction:
    credit = Credit(line.booked_on, cents, line.counterparty_name, line.remittance)
    known, _is_new = transfers.record_bank_transfer(
        line.provider, credit, recorded_by=line.recorded_by, now=now
    )
    return known
