"""Part of a bank line pays a gift, or does not any more: row, books and status in one transaction."""

from datetime import date, datetime

from donations.domain.acceptance import is_abroad
from donations.domain.allocations import completes
from donations.domain.ledger import gift, gift_part
from donations.domain.states import DONATION_MOVES
from donations.models import (
    Allocation,
    BankTransaction,
    Donation,
    LedgerTransaction,
    Payment,
    Refund,
    TransferReference,
)
from donations.services.bank.lines import held_of, identity_of, leave_unclear, moment_of
from donations.services.books import ledger
from donations.services.gifts import mails, reception
from donations.services.gifts.addresses import copy_address
from foundation.actors import Actor
from foundation.clock import local_day
from foundation.money import whole_cents
from foundation.rows import change
from foundation.transitions import move
from foundation.units import Cents


class MoreThanOpen(Exception):
    """More was to be given to a gift than is left of the line; `cents` is what is left."""

    def __init__(self, cents: Cents) -> None:
        super().__init__(cents)
        self.cents = cents


def allocate(line: BankTransaction, donation_id: int, cents: Cents, actor: Actor, now: datetime) -> Donation:
    """Give `cents` of a locked line to a gift, and return the gift that was paid.

    What came is what is booked, be it more or less than was promised. What completes a promise is a further
    part of its gift; else a gift that is paid already is given again. Raises MoreThanOpen, changing nothing.
    """
    if not 0 < whole_cents(cents) <= line.open_cents:
        raise MoreThanOpen(line.open_cents)
    donation = reception.locked(donation_id)
    payment = Payment.objects.filter(donation=donation).first()
    if payment is not None and not _completes(donation, payment, line, cents):
        donation, payment = _given_again(donation, cents, now), None
    if cents < line.amount_cents:
        leave_unclear(line, now)
    identity = _write(line, donation, cents, now, is_first=payment is None)
    if payment is None:
        payment = Payment.objects.create(
            donation=donation,
            external_id=identity,
            amount_cents=cents,
            fee_cents=0,
            received_at=moment_of(line),
        )
        reception.settle(donation, payment, actor=actor, now=now)
    else:
        _recount(donation, payment)
        mails.thank_for_rest(donation, identity, now)
    return donation


def _completes(donation: Donation, payment: Payment, line: BankTransaction, cents: Cents) -> bool:
    """Only of a gift that is as it came: nothing given back, nothing disputed, not decided by the city."""
    is_untouched = donation.status == Donation.Status.RECEIVED and donation.acceptance_at is None
    is_untouched = is_untouched and not donation.refunds.exclude(status=Refund.Status.CANCELLED).exists()
    return is_untouched and completes(
        Cents(donation.promised_cents) if donation.promised_cents else None,
        Cents(payment.amount_cents),
        cents=cents,
        first_on=local_day(payment.received_at),
        on=line.booked_on,
    )


def _write(line: BankTransaction, donation: Donation, cents: Cents, now: datetime, *, is_first: bool) -> str:
    """Row and booking of an allocation; the first of a gift counts it, further ones only its money."""
    identity, held = _free_identity(line), held_of(line)
    Allocation.objects.create(line=line, donation=donation, cents=cents, identity=identity, allocated_at=now)
    change(line, allocated_cents=line.allocated_cents + cents, booked_at=line.booked_at or now)
    posting = gift if is_first else gift_part
    ledger.post(posting(identity, cents, moment_of(line), held), donation, now, bank=line.account_id)
    return identity


def _free_identity(line: BankTransaction) -> str:
    """What was given to a gift before is booked under a number that is used once."""
    identity = identity_of(line)
    used = LedgerTransaction.objects.filter(
        kind__in=["gift", "gift_part"], key__startswith=f"gift:{identity}"
    )
    before = used.count() if line.booked_at else 0
    return f"{identity}:{before + 1}" if before else identity


def _recount(donation: Donation, payment: Payment, *, asks_again: bool = True) -> None:
    """What came for the gift is what its parts are from now on; complete it is on the day of the last."""
    parts = list(donation.allocations.filter(undone_at=None).select_related("line"))
    change(
        payment,
        amount_cents=sum(part.cents for part in parts),
        received_at=max(moment_of(part.line) for part in parts),
    )
    reception.recount(donation, payment, asks_again=asks_again)


def follow_bank(line: BankTransaction, typed_on: date) -> None:
    """The gifts of a locked line that was typed as of `typed_on` came on the day that the bank says.

    Whether they have to be accepted is asked again where the year is another, or the account is abroad.
    """
    is_abroad_now = is_abroad(line.counterparty_country)
    if line.booked_on == typed_on and not is_abroad_now:
        return
    asks_again = is_abroad_now or line.booked_on.year != typed_on.year
    paid = line.allocations.filter(undone_at=None).order_by("donation")
    for donation_id in paid.values_list("donation_id", flat=True):
        donation = reception.locked(donation_id)
        _recount(donation, Payment.objects.get(donation=donation), asks_again=asks_again)


def undo(
    allocation: Allocation, line: BankTransaction, donation: Donation, actor: Actor, now: datetime
) -> None:
    """Take what a locked line was given to a locked gift back; it stands as unclear from then on.

    A gift of which nothing is left is a promise again, as if this money had not come; what none had promised
    lapses.
    """
    is_first = _reverse(allocation, line, now)
    payment = Payment.objects.get(donation=donation)
    left = Cents(payment.amount_cents - allocation.cents)
    if not left:
        payment.delete()
        _promise_again(donation, actor, now)
        return
    if is_first:
        _count_another(donation, now)
    _recount(donation, payment)


def _reverse(allocation: Allocation, line: BankTransaction, now: datetime) -> bool:
    """Mirror the booking; True if it was the one that counted the gift."""
    booked = LedgerTransaction.objects.get(key=f"gift:{allocation.identity}")
    ledger.reverse(booked, now)
    change(allocation, undone_at=now)
    change(line, allocated_cents=line.allocated_cents - allocation.cents)
    leave_unclear(line, now)
    return booked.kind == "gift"


def _count_another(donation: Donation, now: datetime) -> None:
    """The part that counted the gift is gone: another one, booked anew, counts it from now on."""
    part = donation.allocations.filter(undone_at=None).select_related("line").order_by("pk")[0]
    line = BankTransaction.objects.select_for_update().get(pk=part.line_id)
    _reverse(part, line, now)
    _write(line, donation, Cents(part.cents), now, is_first=True)


def _promise_again(donation: Donation, actor: Actor, now: datetime) -> None:
    is_promise = TransferReference.objects.filter(donation=donation).exists()
    move(
        donation,
        DONATION_MOVES,
        Donation.Status.PLEDGED if is_promise else Donation.Status.LAPSED,
        actor=actor,
        now=now,
        reason="Berichtigung",
        amount_cents=donation.promised_cents or donation.amount_cents,
        promised_cents=None,
        received_at=None,
        acceptance=Donation.Acceptance.NOT_NEEDED,
        acceptance_at=None,
        acceptance_by=None,
    )


def _given_again(earlier: Donation, cents: Cents, now: datetime) -> Donation:
    """Who uses a reference again, as a standing order does, gives again: same giver, purpose and texts."""
    donation = Donation.objects.create(
        donor=earlier.donor,
        donor_name=earlier.donor_name,
        hide_name_public=earlier.hide_name_public,
        no_identity=earlier.no_identity,
        fund=earlier.fund,
        repeats_id=earlier.repeats_id or earlier.pk,
        amount_cents=cents,
        method=earlier.method,
        wants_receipt=earlier.wants_receipt,
        purpose_text=earlier.purpose_text,
        fallback_text=earlier.fallback_text,
        text_version=earlier.text_version,
        status_changed_at=now,
        pledged_at=now,
        is_demo=earlier.is_demo,
    )
    copy_address(earlier, donation)
    return reception.locked(donation.pk)
