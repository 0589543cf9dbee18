"""A line of the bank comes into the books: on a gift, as a refund, or as unclear until a human knows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from donations.domain.accounts import Account, Owner
from donations.domain.bank_lines import LineFacts
from donations.domain.ledger import bank_refund, gift, unclear
from donations.domain.references import references_in
from donations.domain.states import REFUND_MOVES
from donations.models import BankTransaction, Donation, LedgerTransaction, Payment, Refund, TransferReference
from donations.services.books import ledger, payouts
from donations.services.books.accounts import accounts_of
from donations.services.gifts import mails, reception
from donations.services.gifts.addresses import copy_address
from foundation.actors import Actor, system
from foundation.clock import local_moment
from foundation.transitions import move
from foundation.units import NOON, Cents

STATEMENT = system("bank statement")
BATCH = 2000
_BOOK_UNCLEAR = """
WITH due AS (
    SELECT id, amount_cents, 'line:bank:' || left(fingerprint, 32) AS key,
        (booked_on + time '12:00') AT TIME ZONE 'Europe/Berlin' AS happened_at
    FROM donations_banktransaction WHERE id = ANY(%(lines)s) AND booked_at IS NULL
    ORDER BY id FOR UPDATE
), booked AS (
    INSERT INTO donations_ledgertransaction (key, kind, donation_id, happened_at, recorded_at)
    SELECT key, 'unclear', NULL, happened_at, %(now)s FROM due
    RETURNING id, key
), entries AS (
    INSERT INTO donations_ledgerentry (transaction_id, account_id, amount_cents)
    SELECT booked.id, side.account, side.sign * due.amount_cents
    FROM booked JOIN due USING (key),
        (VALUES (%(bank)s::bigint, 1), (%(unclear)s::bigint, -1)) AS side (account, sign)
)
UPDATE donations_banktransaction AS line SET booked_at = %(now)s FROM due WHERE line.id = due.id
"""


def facts_of(line: BankTransaction) -> LineFacts:
    """Return what tells whether another line is the same."""
    reference = getattr(line.donation, "transfer_reference", None)
    return LineFacts(
        line.booked_on,
        Cents(line.amount_cents),
        line.counterparty_name,
        line.remittance,
        reference.reference if reference else "",
    )


def book_waiting(now: datetime) -> int:
    """Book the lines that no booking knows yet; returns how many. Any number of times, by anybody."""
    done, after = 0, 0
    while lines := list(BankTransaction.objects.filter(booked_at=None, pk__gt=after).order_by("pk")[:BATCH]):
        after = lines[-1].pk
        named = [line for line in lines if references_in(line.remittance)]
        for line in named:
            done += _book_alone(line.pk, now)
        done += _book_unclear(set(lines) - set(named), now)
    return done


def _book_alone(line_id: int, now: datetime) -> bool:
    with transaction.atomic():
        line = BankTransaction.objects.select_for_update().get(pk=line_id)
        if line.booked_at is None:
            book(line, now)
    return True


def _book_unclear(lines: Iterable[BankTransaction], now: datetime) -> int:
    """Book the lines of each provider at once on its own accounts."""
    by_provider: dict[int, list[int]] = {}
    for line in lines:
        by_provider.setdefault(line.provider_id, []).append(line.pk)
    done = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for provider_id, ids in sorted(by_provider.items()):
            accounts = accounts_of(Owner(provider_id))
            facts = {"bank": accounts["bank"], "unclear": accounts["unclear"]}
            cursor.execute(_BOOK_UNCLEAR, {"lines": ids, "now": now, **facts})
            done += cursor.rowcount
    return done


def book(line: BankTransaction, now: datetime) -> None:
    """Book a locked line that no booking knows: by the reference of ours that it names, else as unclear."""
    named = _named_gift(line) or _gift_of_order(line)
    if named is not None and line.amount_cents > 0 and not line.return_reason:
        pay_gift(line, named, STATEMENT, now)
    elif line.amount_cents < 0 and payouts.match(line, identity_of(line), _moment(line), _held(line), now):
        return
    elif named is None or line.amount_cents > 0 or not _refund_gift(line, named, now):
        _leave_unclear(line, now)


def claim(line: BankTransaction, now: datetime) -> None:
    """Give a locked line that stands as unclear to the gift that its text names by now."""
    named = _named_gift(line)
    if named is not None and line.donation_id is None and line.amount_cents > 0:
        pay_gift(line, named, STATEMENT, now)


def _named_gift(line: BankTransaction) -> int | None:
    """The gift that exactly one reference in the text names; a reference of another provider is none."""
    found = TransferReference.objects.filter(
        reference__in=references_in(line.remittance), donation__fund__provider=line.provider_id
    ).values_list("donation_id", flat=True)
    return found[0] if len(found) == 1 else None


def _gift_of_order(line: BankTransaction) -> int | None:
    """The gift whose refund two people ordered: its transfer carries a code of its own."""
    if line.amount_cents > 0:
        return None
    ordered = Refund.objects.filter(
        status=Refund.Status.PENDING,
        proposal__provider=line.provider_id,
        proposal__reference__in=references_in(line.remittance),
    )
    return ordered.values_list("donation_id", flat=True).first()


def _leave_unclear(line: BankTransaction, now: datetime) -> None:
    posting = unclear(identity_of(line), Cents(line.amount_cents), _moment(line))
    ledger.book(posting, Owner(line.provider_id), now)
    line.booked_at = now
    line.save(update_fields=["booked_at"])


def _refund_gift(line: BankTransaction, donation_id: int, now: datetime) -> bool:
    """Book what left as a refund of the gift it names; False if that gift never had so much."""
    donation = reception.locked(donation_id)
    cents = Cents(-line.amount_cents)
    payment = Payment.objects.filter(donation=donation).first()
    if payment is None or payment.amount_cents - donation.refunded_cents < cents:
        return False
    identity, at = identity_of(line), _moment(line)
    ledger.post(bank_refund(identity, cents, at, _held(line)), donation, now)
    refund = _refund(donation, identity, cents, at, now)
    line.refund, line.booked_at = refund, line.booked_at or now
    line.save(update_fields=["refund", "booked_at"])
    mails.tell_refunded(donation, refund, now)
    reception.settle(donation, payment, actor=STATEMENT, now=now)
    return True


def _refund(donation: Donation, identity: str, cents: Cents, at: datetime, now: datetime) -> Refund:
    """The refund that was ordered here and has arrived, else one that the bank tells us of."""
    ordered = donation.refunds.filter(status=Refund.Status.PENDING, amount_cents=cents).order_by("pk").first()
    went: dict[str, Any] = {"external_id": identity, "refunded_at": at}
    if ordered is not None:
        move(ordered, REFUND_MOVES, Refund.Status.SUCCEEDED, actor=STATEMENT, now=now, **went)
        return ordered
    return Refund.objects.create(donation=donation, amount_cents=cents, status_changed_at=now, **went)


def identity_of(line: BankTransaction) -> str:
    """Return what the books know the line by."""
    return f"bank:{line.fingerprint[:32]}"


def _moment(line: BankTransaction) -> datetime:
    return local_moment(line.booked_on, NOON)


def _held(line: BankTransaction) -> Account:
    """Where the money of the line stands until now in the books."""
    return "unclear" if line.booked_at else "bank"


def pay_gift(line: BankTransaction, donation_id: int, actor: Actor, now: datetime) -> Donation:
    """Book a locked line on a gift: what came is what is booked, be it more or less than was promised."""
    donation = reception.locked(donation_id)
    if Payment.objects.filter(donation=donation).exists():
        donation = _another_gift(donation, line, now)
    identity, received_at = _identity_of_gift(line), _moment(line)
    payment = Payment.objects.create(
        donation=donation,
        external_id=identity,
        amount_cents=line.amount_cents,
        fee_cents=0,
        received_at=received_at,
    )
    held = _held(line)
    line.donation, line.booked_at = donation, line.booked_at or now
    line.save(update_fields=["donation", "booked_at"])
    ledger.post(gift(identity, Cents(line.amount_cents), received_at, held), donation, now)
    reception.settle(donation, payment, actor=actor, now=now)
    return donation


def _identity_of_gift(line: BankTransaction) -> str:
    """What was given to another gift before, by mistake, is booked under a further number."""
    identity = identity_of(line)
    if line.booked_at is None:
        return identity
    before = LedgerTransaction.objects.filter(kind="gift", key__startswith=f"gift:{identity}").count()
    return f"{identity}:{before + 1}" if before else identity


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
