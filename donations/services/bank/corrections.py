"""A slip of the treasurer is undone by its mirror and booked anew: nothing is edited, the giver is told."""

from datetime import datetime

from donations.domain.accounts import Owner
from donations.domain.ledger import unclear
from donations.domain.states import DONATION_MOVES
from donations.models import (
    BankTransaction,
    Donation,
    LedgerTransaction,
    Payment,
    Proposal,
    Refund,
    TransferReference,
)
from donations.services.bank import booking, transfers
from donations.services.bank.transfers import Credit
from donations.services.books import ledger
from donations.services.gifts import mails, reception
from foundation.actors import Actor
from foundation.transitions import move
from foundation.units import Cents


class NotCorrectable(Exception):
    """Why a line cannot be corrected (so): `reason` is refunded, changed, said_by_bank or no_credit."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(line: BankTransaction, cents: Cents | None) -> None:
    """Raise NotCorrectable if the line cannot become one of `cents` (None: no line at all)."""
    if line.amount_cents <= 0 or line.refund_id or line.payout_id:
        raise NotCorrectable("no_credit")
    if line.cancelled_at is not None:
        raise NotCorrectable("changed")
    if cents != line.amount_cents and line.statement_key is not None:
        raise NotCorrectable("said_by_bank")
    gift = line.donation
    if gift is not None and gift.refunds.exclude(status=Refund.Status.CANCELLED).exists():
        raise NotCorrectable("refunded")


def correct(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Undo what the line was booked as, and book what it is. Raises NotCorrectable, changing nothing."""
    line = BankTransaction.objects.select_for_update(of=("self",)).get(proposals=proposal)
    gift = reception.locked(line.donation_id) if line.donation_id else None
    if line.donation_id != proposal.donation_id:
        raise NotCorrectable("changed")
    cents = Cents(proposal.amount_cents) if proposal.amount_cents else None
    check(line, cents)
    wrong_cents = Cents(line.amount_cents)
    if gift is not None:
        _take_back(line, gift, actor, now)
    if cents != line.amount_cents:
        _cancel(line, now)
        if cents is not None:
            line = _typed_anew(line, cents, now)
    if proposal.target_id is not None and line.donation_id is None and line.cancelled_at is None:
        booking.pay_gift(line, proposal.target_id, actor, now)
    if gift is not None:
        gift.refresh_from_db()
        mails.tell_corrected(gift, proposal.pk, wrong_cents, now)


def _take_back(line: BankTransaction, gift: Donation, actor: Actor, now: datetime) -> None:
    """The gift is a promise again, as if this money had not come; what none had promised lapses."""
    payment = Payment.objects.get(donation=gift)
    ledger.reverse(LedgerTransaction.objects.get(key=f"gift:{payment.external_id}"), now)
    payment.delete()
    line.donation = None
    line.save(update_fields=["donation"])
    posting = unclear(booking.identity_of(line), Cents(line.amount_cents), now)
    ledger.book(posting, Owner(line.provider_id), now)
    is_promise = TransferReference.objects.filter(donation=gift).exists()
    move(
        gift,
        DONATION_MOVES,
        Donation.Status.PLEDGED if is_promise else Donation.Status.LAPSED,
        actor=actor,
        now=now,
        reason="Berichtigung",
        amount_cents=gift.promised_cents or gift.amount_cents,
        promised_cents=None,
        received_at=None,
        acceptance=Donation.Acceptance.NOT_NEEDED,
        acceptance_at=None,
        acceptance_by=None,
    )


def _cancel(line: BankTransaction, now: datetime) -> None:
    """There was no such line: it stands for nothing any more."""
    ledger.reverse(LedgerTransaction.objects.get(key=f"line:{booking.identity_of(line)}"), now)
    line.cancelled_at = now
    line.save(update_fields=["cancelled_at"])


def _typed_anew(line: BankTransaction, cents: Cents, now: datetime) -> BankTransaction:
    credit = Credit(line.booked_on, cents, line.counterparty_name, line.remittance)
    known, _is_new = transfers.record_bank_transfer(
        line.provider, credit, recorded_by=line.recorded_by, now=now
    )
    return known
