"""Money that arrived by transfer: what the statement says leads to the gift, or waits for a human."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from donations.domain.accounts import Owner
from donations.domain.bank_lines import LineFacts, same_line
from donations.domain.references import references_in
from donations.models import BankTransaction, Donation, StatementKey
from donations.services.bank import booking
from donations.services.bank.allocations import allocate
from donations.services.bank.lines import WITH_GIFTS, facts_of, in_turn
from donations.services.books.accounts import accounts_of
from foundation.money import some_cents
from foundation.units import Cents
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
    """True if this line is in our books already: typed, with or without a name, or from a statement."""
    return _recorded(provider, credit) is not None


def _recorded(provider: Provider, credit: Credit) -> BankTransaction | None:
    """The line that this credit is; the second of two equal ones (`occurrence`) is its second twin."""
    facts = LineFacts(
        credit.booked_on, Cents(credit.amount_cents), credit.counterparty_name, credit.remittance
    )
    rows = BankTransaction.objects.filter(
        provider=provider,
        booked_on=credit.booked_on,
        amount_cents=credit.amount_cents,
        cancelled_at=None,
    ).prefetch_related(WITH_GIFTS)
    twins = [row for row in rows.order_by("pk") if same_line(facts, facts_of(row))]
    twins += _first_items(provider, credit)
    return twins[credit.occurrence - 1] if len(twins) >= credit.occurrence else None


def _first_items(provider: Provider, credit: Credit) -> Iterable[BankTransaction]:
    """Of the collections in the books by their items that this credit, naming nobody, may be as a whole."""
    if credit.counterparty_name or references_in(credit.remittance):
        return []
    batches = StatementKey.objects.filter(
        batch_cents=credit.amount_cents, line__provider=provider, line__booked_on=credit.booked_on
    )
    firsts = {each.line_id: each.line for each in batches.select_related("line").order_by("pk")}
    return [line for line in firsts.values() if line.amount_cents != credit.amount_cents]


def _beside_cancelled(provider: Provider, credit: Credit) -> Credit:
    """A line that was cancelled keeps its fingerprint; typed again after all, it is a further one."""
    while BankTransaction.objects.filter(
        fingerprint=fingerprint(provider, credit), cancelled_at__isnull=False
    ).exists():
        credit = replace(credit, occurrence=credit.occurrence + 1)
    return credit


def record_bank_transfer(
    provider: Provider, credit: Credit, *, recorded_by: User | None, now: datetime
) -> tuple[BankTransaction, bool]:
    """Record an incoming transfer and book it on the gift its reference names; the same line once.

    Returns the line and whether it is new. Without a reference of ours it stays open for a human. What left
    the account only a statement tells. Raises NotCents or NotAnAmount, storing nothing.
    """
    some_cents(credit.amount_cents)
    with transaction.atomic():
        in_turn(provider.pk)
        known = _recorded(provider, credit)
        if known is not None:
            return known, False
        credit = _beside_cancelled(provider, credit)
        line, is_new = BankTransaction.objects.get_or_create(
            fingerprint=fingerprint(provider, credit),
            defaults={
                "provider": provider,
                "account_id": accounts_of(Owner(provider.pk))["bank"],
                "booked_on": credit.booked_on,
                "amount_cents": credit.amount_cents,
                "counterparty_name": credit.counterparty_name,
                "remittance": credit.remittance,
                "recorded_at": now,
                "recorded_by": recorded_by,
            },
        )
        if is_new:
            booking.book(line, now)
    return line, is_new


def assign_transfer(
    line_id: int, donation_id: int, *, cents: Cents | None = None, assigned_by: User, now: datetime
) -> Donation:
    """Book `cents` of an open line, or all that is open of it, on a gift a human chose.

    Raises AlreadyAssigned, ForeignGift or MoreThanOpen, changing nothing.
    """
    with transaction.atomic():
        line = BankTransaction.objects.select_for_update().get(pk=line_id)
        if not line.open_cents:
            raise AlreadyAssigned
        if not Donation.objects.filter(pk=donation_id, fund__provider=line.provider_id).exists():
            raise ForeignGift
        actor = actor_of(assigned_by, Role.TREASURER)
        return allocate(line, donation_id, line.open_cents if cents is None else cents, actor, now)
