"""The books as Stripe and the bank can be compared with them."""

from datetime import date, datetime
from typing import Any

from django.db import connection

from donations.domain.identities import whole_of
from donations.models import LedgerEntry

_BANK_LINES = """
SELECT 'line ' || line.id, CASE WHEN line.cancelled_at IS NULL THEN line.amount_cents ELSE 0 END,
    coalesce(sum(entry.amount_cents), 0)
FROM donations_banktransaction AS line
LEFT JOIN donations_ledgertransaction AS booked ON booked.key IN (
    'line:bank:' || left(line.fingerprint, 32),
    'gift:bank:' || left(line.fingerprint, 32),
    'refund:bank:' || left(line.fingerprint, 32),
    'payout_sent:bank:' || left(line.fingerprint, 32),
    'arrival:bank:' || left(line.fingerprint, 32),
    'deposit:bank:' || left(line.fingerprint, 32),
    'correction:deposit:bank:' || left(line.fingerprint, 32),
    'correction:line:bank:' || left(line.fingerprint, 32),
    'correction:gift:bank:' || left(line.fingerprint, 32)
)
LEFT JOIN (
    donations_ledgerentry AS entry
    JOIN donations_ledgeraccount AS account ON account.id = entry.account_id
) ON entry.transaction_id = booked.id AND account.kind = 'bank' AND account.provider_id = line.provider_id
WHERE line.recorded_at < %(settled)s AND (%(day)s::date IS NULL OR line.booked_on = %(day)s)
GROUP BY line.id
HAVING CASE WHEN line.cancelled_at IS NULL THEN line.amount_cents ELSE 0 END
    <> coalesce(sum(entry.amount_cents), 0)
ORDER BY line.id
"""
_BANK_ENTRIES = """
SELECT booked.key, NULL, sum(entry.amount_cents)
FROM donations_ledgertransaction AS booked
JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id
JOIN donations_ledgeraccount AS account ON account.id = entry.account_id AND account.kind = 'bank'
WHERE (%(day)s::date IS NULL OR (booked.happened_at AT TIME ZONE 'Europe/Berlin')::date = %(day)s)
    AND NOT EXISTS (
        SELECT FROM donations_banktransaction AS line
        WHERE 'bank:' || left(line.fingerprint, 32)
            = regexp_replace(booked.key, '^(correction:)?[a-z_]+:', '')
    )
GROUP BY booked.key ORDER BY booked.key
"""
_WITHOUT_ROW = """
SELECT booked.key, sum(abs(entry.amount_cents)) / 2
FROM donations_ledgertransaction AS booked
JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id
WHERE (booked.kind IN ('gift', 'gift_part') AND NOT EXISTS (
        SELECT FROM donations_payment WHERE 'gift:' || external_id = booked.key
    ) AND NOT EXISTS (
        SELECT FROM donations_allocation JOIN donations_payment USING (donation_id)
        WHERE 'gift:' || identity = booked.key AND donation_id = booked.donation_id AND undone_at IS NULL
    ) AND NOT EXISTS (
        SELECT FROM donations_ledgertransaction AS undoing WHERE undoing.reverses_id = booked.id))
    OR (booked.kind = 'refund' AND NOT EXISTS (
        SELECT FROM donations_refund WHERE 'refund:' || external_id = booked.key))
    OR (booked.kind = 'dispute' AND NOT EXISTS (
        SELECT FROM donations_dispute WHERE 'dispute:' || external_id = booked.key))
    OR (booked.kind = 'collection' AND NOT EXISTS (
        SELECT FROM donations_cashcount WHERE 'cash:' || id = booked.key))
    OR (booked.kind = 'fee' AND starts_with(booked.key, 'bank_fee:') AND NOT EXISTS (
        SELECT FROM donations_proposal WHERE 'bank_fee:' || id = booked.key))
    OR (booked.kind = 'fee_cover' AND NOT EXISTS (
        SELECT FROM donations_proposal WHERE 'fee_cover:' || id = booked.key))
GROUP BY booked.key ORDER BY booked.key
"""
_BACK = {"dispute_won", "dispute_reversed", "fee_back"}

Difference = tuple[str, Any, Any]


def bank_differences(day: date | None, settled: datetime) -> list[Difference]:
    """Return (what, cents of the line, cents in the books) where bank lines and books differ.

    Lines recorded after `settled` may still wait for their booking.
    """
    facts = {"day": day, "settled": settled}
    return [*_rows(_BANK_LINES, facts), *_rows(_BANK_ENTRIES, facts)]


def bookings_without_row() -> list[tuple[str, Any]]:
    """Return (key, cents) of what was booked and has no row any more that says why."""
    return _rows(_WITHOUT_ROW, {})


def _rows(statement: str, facts: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return list(cursor.fetchall())


def stripe_bookings(since: datetime, until: datetime) -> dict[str, tuple[int, datetime]]:
    """Return what each subject moved on our accounts at Stripe, in cents, and when; [since, until).

    Subjects are those of the gateway: `gift:` with its fee, `refund:`, `refund_back:`, `dispute:` with its
    fee, `dispute_back:` with the fee that came back, `transit:`
    and `transit_back:`.
    """
    entries = LedgerEntry.objects.filter(
        account__kind="stripe", transaction__happened_at__gte=since, transaction__happened_at__lt=until
    ).values_list("transaction__key", "amount_cents", "transaction__happened_at")
    keys = {key for key, _cents, _at in entries}
    found: dict[str, tuple[int, datetime]] = {}
    for key, cents, at in entries:
        subject = _subject(key, keys)
        before = found.get(subject, (0, at))
        found[subject] = (before[0] + cents, before[1])
    return found


def _subject(key: str, keys: set[str]) -> str:
    prefix, _, identity = key.partition(":")
    if prefix == "fee" and f"gift:{identity}" in keys:
        return f"gift:{identity}"
    if prefix in _BACK:
        return f"dispute_back:{whole_of(identity)}"
    if prefix in {"dispute", "fee"}:
        return f"dispute:{whole_of(identity)}"
    return key
