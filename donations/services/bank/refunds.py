"""Money goes back to a giver by the bank, does not arrive, or had never left."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from donations.domain.ledger import bank_refund, bank_refund_back
from donations.domain.states import REFUND_MOVES
from donations.models import BankTransaction, Donation, Payment, Refund
from donations.services.bank.lines import held_of, identity_of, leave_unclear, moment_of
from donations.services.books import ledger
from donations.services.gifts import mails, reception
from foundation.actors import system
from foundation.rows import change
from foundation.transitions import move
from foundation.units import Cents

STATEMENT = system("bank statement")


def refund_gift(line: BankTransaction, donation_id: int, now: datetime) -> bool:
    """Book what left as a refund of the gift it names; False if that gift never had so much."""
    donation = reception.locked(donation_id)
    if not has_so_much(donation, line.size_cents):
        return False
    book_refund(line, donation, _ordered(donation, line), now)
    return True


def has_so_much(donation: Donation, cents: Cents) -> bool:
    """Return whether so much of a locked gift is here that was not given back yet."""
    payment = Payment.objects.filter(donation=donation).first()
    return payment is not None and payment.amount_cents - donation.refunded_cents >= cents


def _ordered(donation: Donation, line: BankTransaction) -> Refund | None:
    """The refund that was ordered here and has arrived, that whose code is named first."""
    is_named = Q(proposal__reference__in=line.codes)
    waiting = donation.refunds.filter(status=Refund.Status.PENDING, amount_cents=line.size_cents)
    return waiting.annotate(is_named=is_named).order_by("-is_named", "pk").first()


def book_refund(line: BankTransaction, donation: Donation, ordered: Refund | None, now: datetime) -> None:
    """Book a locked line that left as a refund of a locked gift: the one ordered, else one of the bank's."""
    refund = send_part(line, donation, ordered, line.size_cents, now)
    change(line, refund=refund, booked_at=line.booked_at or now)


def send_part(
    line: BankTransaction, donation: Donation, ordered: Refund | None, cents: Cents, now: datetime
) -> Refund:
    """Book `cents` of a locked line as a refund of a locked gift, and tell its giver."""
    identity, at = ledger.free_identity("refund", identity_of(line)), moment_of(line)
    ledger.post(bank_refund(identity, cents, at, held_of(line)), donation, now, bank=line.account_id)
    refund = _went(donation, ordered, cents, now, external_id=identity, refunded_at=at)
    mails.tell_refunded(donation, refund, now)
    reception.settle(donation, Payment.objects.get(donation=donation), actor=STATEMENT, now=now)
    return refund


def _went(donation: Donation, ordered: Refund | None, cents: Cents, now: datetime, **how: Any) -> Refund:
    if ordered is None:
        return Refund.objects.create(donation=donation, amount_cents=cents, status_changed_at=now, **how)
    move(ordered, REFUND_MOVES, Refund.Status.SUCCEEDED, actor=STATEMENT, now=now, **how)
    return ordered


def not_sent(line: BankTransaction, now: datetime) -> None:
    """A locked line was not the refund of its locked gift: it stands as unclear again."""
    assert line.refund is not None
    part_not_sent(line.refund, now)
    change(line, refund=None)


def part_not_sent(refund: Refund, now: datetime) -> None:
    """What was booked as sent was not that refund: it stands as unclear again.

    The gift has its money until somebody proposes to give it back anew; its giver hears that it never left.
    """
    donation = reception.locked(refund.donation_id)
    move(refund, REFUND_MOVES, Refund.Status.FAILED, actor=STATEMENT, now=now, failed_at=now)
    ledger.post(bank_refund_back(refund.external_id, Cents(refund.amount_cents), now), donation, now)
    mails.tell_refund_failed(donation, refund, now, was_sent=False)
    reception.settle(donation, Payment.objects.get(donation=donation), actor=STATEMENT, now=now)


def take_back(line: BankTransaction, refund: Refund, now: datetime) -> bool:
    """The gift has its money again, and its giver hears of it."""
    donation, at = reception.locked(refund.donation_id), moment_of(line)
    if not move(refund, REFUND_MOVES, Refund.Status.FAILED, actor=STATEMENT, now=now, failed_at=at):
        return False
    leave_unclear(line, now)
    cents = Cents(refund.amount_cents)
    kept = Cents(cents - line.amount_cents)
    ledger.post(bank_refund_back(refund.external_id, cents, at, kept=kept), donation, now)
    change(line, refund=refund)
    mails.tell_refund_failed(donation, refund, now)
    reception.settle(donation, Payment.objects.get(donation=donation), actor=STATEMENT, now=now)
    return True
