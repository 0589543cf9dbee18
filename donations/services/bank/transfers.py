"""Money that arrived by transfer: what the statement says leads to the gift, or waits for a human."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from donations.domain.ledger import gift
from donations.domain.references import references_in
from donations.models import BankTransaction, Donation, Payment, TransferReference
from donations.services.books import ledger
from donations.services.gifts import reception
from donations.services.gifts.addresses import copy_address
from foundation.actors import Actor, system
from foundation.clock import local_moment
from foundation.units import NOON, Cents
from programs.access import Role, actor_of
from programs.models import Provider


@dataclass(frozen=True)
class Credit:
    """One incoming line of a bank statement; `occurrence` tells apart lines that are equal in everything."""

    booked_on: date
    amount_cents: Cents
    counterparty_name: str
    remittance: str
    occurrence: int = 1


class AlreadyAssigned(Exception):
    """Somebody else has assigned this transfer first."""


class ForeignGift(Exception):
    """The gift belongs to another provider."""


def fingerprint(provider: Provider, credit: Credit) -> str:
    """Return what identifies the line: whoever records it, however it is spaced."""
    parts = [
        str(provider.pk),
        credit.booked_on.isoformat(),
        str(credit.amount_cents),
        " ".join(credit.counterparty_name.upper().split()),
        "".join(credit.remittance.upper().split()),
        str(credit.occurrence),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def is_recorded(provider: Provider, credit: Credit) -> bool:
    """True if this line is in our books already."""
    return BankTransaction.objects.filter(fingerprint=fingerprint(provider, credit)).exists()


def record_bank_transfer(
    provider: Provider, credit: Credit, *, recorded_by: User | None, now: datetime
) -> tuple[BankTransaction, bool]:
    """Record an incoming transfer and book it on the gift its reference names; the same line once.

    Returns the line and whether it is new. Without a reference of ours it stays open for a human.
    """
    try:
        with transaction.atomic():
            line = BankTransaction.objects.create(
                provider=provider,
                fingerprint=fingerprint(provider, credit),
                booked_on=credit.booked_on,
                amount_cents=credit.amount_cents,
                counterparty_name=credit.counterparty_name,
                remittance=credit.remittance,
                recorded_at=now,
                recorded_by=recorded_by,
            )
            named = _named_gift(provider, credit.remittance)
            if named is not None:
                _book(line, named, _actor(recorded_by), now)
    except IntegrityError:
        return BankTransaction.objects.get(fingerprint=fingerprint(provider, credit)), False
    return line, True


def assign_transfer(line_id: int, donation_id: int, *, assigned_by: User, now: datetime) -> Donation:
    """Book an open line on a gift a human chose. Raises AlreadyAssigned or ForeignGift, changing nothing."""
    with transaction.atomic():
        line = BankTransaction.objects.select_for_update().get(pk=line_id)
        if line.donation_id is not None:
            raise AlreadyAssigned
        if not Donation.objects.filter(pk=donation_id, fund__provider=line.provider_id).exists():
            raise ForeignGift
        return _book(line, donation_id, _actor(assigned_by), now)


def _actor(user: User | None) -> Actor:
    return actor_of(user, Role.TREASURER) if user else system("bank statement")


def _named_gift(provider: Provider, remittance: str) -> int | None:
    """The gift that exactly one reference in the text names; a reference of another provider is none."""
    found = TransferReference.objects.filter(
        reference__in=references_in(remittance), donation__fund__provider=provider
    ).values_list("donation_id", flat=True)
    return found[0] if len(found) == 1 else None


def _book(line: BankTransaction, donation_id: int, actor: Actor, now: datetime) -> Donation:
    """What came is what is booked, be it more or less than was promised."""
    donation = reception.locked(donation_id)
    if Payment.objects.filter(donation=donation).exists():
        donation = _another_gift(donation, line, now)
    identity = f"bank:{line.fingerprint[:32]}"
    received_at = local_moment(line.booked_on, NOON)
    payment = Payment.objects.create(
        donation=donation,
        external_id=identity,
        amount_cents=line.amount_cents,
        fee_cents=0,
        received_at=received_at,
    )
    line.donation = donation
    line.save(update_fields=["donation"])
    ledger.post(gift(identity, Cents(line.amount_cents), received_at, "bank"), donation, now)
    reception.settle(donation, payment, actor=actor, now=now)
    return donation


def _another_gift(earlier: Donation, line: BankTransaction, now: datetime) -> Donation:
    """Who uses a reference again, as a standing order does, gives again: same giver, purpose and texts."""
    donation = Donation.objects.create(
        donor=earlier.donor,
        donor_name=earlier.donor_name,
        fund=earlier.fund,
        amount_cents=line.amount_cents,
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
