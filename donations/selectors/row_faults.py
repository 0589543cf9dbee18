"""What payments, refunds, disputes and gifts say, compared with what was booked for them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Changed:
    """What a comparison by day is about: the gifts and bank lines of which any row was changed."""

    gifts: Collection[int | None]
    lines: Collection[int | None]


# Each statement names the rows that differ: (what, what it says, what the books or its own rows say). Of all
# rows, or of some gifts and lines: without any list of them `IS NULL` falls away before it is planned.
_PAYMENTS = """
SELECT 'payment ' || payment.external_id || ': amount_cents', payment.amount_cents,
    -coalesce(sum(entry.amount_cents), 0)
FROM donations_payment AS payment
JOIN donations_donation AS gift ON gift.id = payment.donation_id
LEFT JOIN donations_ledgertransaction AS booked
    ON booked.donation_id = payment.donation_id AND booked.kind IN ('gift', 'gift_part')
    AND (booked.key = 'gift:' || payment.external_id OR payment.external_id LIKE 'bank:%%')
    AND NOT EXISTS (SELECT FROM donations_ledgertransaction AS undoing WHERE undoing.reverses_id = booked.id)
LEFT JOIN (
    donations_ledgerentry AS entry
    JOIN donations_ledgeraccount AS account ON account.id = entry.account_id
) ON entry.transaction_id = booked.id AND account.kind = 'fund' AND (
    account.fund_id = gift.fund_id OR EXISTS (
        SELECT FROM donations_ledgertransaction AS moved
        WHERE moved.donation_id = gift.id AND moved.kind = 'reallocation'))
WHERE %(gifts)s::bigint[] IS NULL OR payment.donation_id = ANY(%(gifts)s)
GROUP BY payment.id HAVING payment.amount_cents <> -coalesce(sum(entry.amount_cents), 0)
"""
# A gift stands on the purpose that it was moved to last.
_MOVED = """
SELECT 'gift ' || gift.public_id || ': fund', gift.fund_id, account.fund_id
FROM (
    SELECT DISTINCT ON (donation_id) id, donation_id FROM donations_ledgertransaction
    WHERE kind = 'reallocation' AND (%(gifts)s::bigint[] IS NULL OR donation_id = ANY(%(gifts)s))
    ORDER BY donation_id, id DESC
) AS moved
JOIN donations_donation AS gift ON gift.id = moved.donation_id
JOIN donations_ledgerentry AS entry ON entry.transaction_id = moved.id AND entry.amount_cents < 0
JOIN donations_ledgeraccount AS account ON account.id = entry.account_id
WHERE account.fund_id <> gift.fund_id
"""
_FEES = """
SELECT 'payment ' || payment.external_id || ': fee_cents', payment.fee_cents,
    coalesce(sum(entry.amount_cents), 0)
FROM donations_payment AS payment
LEFT JOIN donations_ledgertransaction AS booked ON booked.key = 'fee:' || payment.external_id
LEFT JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id
    AND entry.account_id IN (SELECT id FROM donations_ledgeraccount WHERE kind = 'fees')
WHERE %(gifts)s::bigint[] IS NULL OR payment.donation_id = ANY(%(gifts)s)
GROUP BY payment.id HAVING coalesce(payment.fee_cents, 0) <> coalesce(sum(entry.amount_cents), 0)
"""
# What a bank line gave to gifts: each part as it is booked, all of a gift, all of a line.
_ALLOCATIONS = """
SELECT 'allocation ' || part.identity, part.cents, -coalesce(sum(entry.amount_cents), 0)
FROM donations_allocation AS part
LEFT JOIN donations_ledgertransaction AS booked
    ON booked.key = 'gift:' || part.identity AND booked.donation_id = part.donation_id
    AND (part.undone_at IS NULL) = NOT EXISTS (
        SELECT FROM donations_ledgertransaction AS undoing WHERE undoing.reverses_id = booked.id)
LEFT JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id
    AND entry.account_id IN (SELECT id FROM donations_ledgeraccount WHERE kind = 'fund')
WHERE %(gifts)s::bigint[] IS NULL OR part.donation_id = ANY(%(gifts)s)
GROUP BY part.id HAVING part.cents <> -coalesce(sum(entry.amount_cents), 0)
"""
_GIVEN = """
SELECT 'payment ' || payment.external_id || ': allocations', payment.amount_cents,
    coalesce(sum(part.cents), 0)
FROM donations_payment AS payment
LEFT JOIN donations_allocation AS part ON part.donation_id = payment.donation_id AND part.undone_at IS NULL
WHERE payment.external_id LIKE 'bank:%%'
    AND (%(gifts)s::bigint[] IS NULL OR payment.donation_id = ANY(%(gifts)s))
GROUP BY payment.id HAVING payment.amount_cents <> coalesce(sum(part.cents), 0)
"""
_GIVEN_OF_LINES = """
SELECT 'line ' || line.id || ': allocated_cents', line.allocated_cents, coalesce(given.cents, 0)
FROM donations_banktransaction AS line
LEFT JOIN (
    SELECT line_id, sum(cents) AS cents FROM donations_allocation
    WHERE undone_at IS NULL AND (%(lines)s::bigint[] IS NULL OR line_id = ANY(%(lines)s)) GROUP BY line_id
) AS given ON given.line_id = line.id
WHERE line.allocated_cents <> coalesce(given.cents, 0)
    AND (%(lines)s::bigint[] IS NULL OR line.id = ANY(%(lines)s))
"""
# Counted cash: each count as it is booked on its purpose, what its pieces are worth, what a line brought of
# it, and what is still here of each body. Counts are few: all of them, by day too.
_COUNTS = """
SELECT 'cash ' || said.id, CASE WHEN said.status = 'confirmed' THEN said.amount_cents ELSE 0 END,
    -coalesce(sum(entry.amount_cents), 0)
FROM donations_cashcount AS said
LEFT JOIN donations_ledgertransaction AS booked
    ON booked.key IN ('cash:' || said.id, 'correction:cash:' || said.id)
LEFT JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id AND entry.account_id IN (
    SELECT id FROM donations_ledgeraccount WHERE kind = 'fund' AND fund_id = said.fund_id)
GROUP BY said.id
HAVING CASE WHEN said.status = 'confirmed' THEN said.amount_cents ELSE 0 END
    <> -coalesce(sum(entry.amount_cents), 0)
"""
_PIECES = """
SELECT 'cash ' || said.id || ': amount_cents', said.amount_cents, sum(piece.key::bigint * piece.value::bigint)
FROM donations_cashcount AS said CROSS JOIN LATERAL jsonb_each_text(said.pieces) AS piece
GROUP BY said.id HAVING said.amount_cents <> sum(piece.key::bigint * piece.value::bigint)
"""
_PAID_IN = """
SELECT 'line ' || line.id || ': cash_cents', line.cash_cents, coalesce(sum(said.amount_cents), 0)
FROM donations_banktransaction AS line
LEFT JOIN donations_cashcount AS said ON said.line_id = line.id
WHERE (line.cash_cents <> 0 OR said.id IS NOT NULL)
    AND (%(lines)s::bigint[] IS NULL OR line.id = ANY(%(lines)s))
GROUP BY line.id HAVING line.cash_cents <> coalesce(sum(said.amount_cents), 0)
"""
_CASH = """
SELECT 'cash of ' || provider.slug, coalesce(here.cents, 0), coalesce(booked.cents, 0)
FROM programs_provider AS provider
LEFT JOIN (
    SELECT provider_id, sum(amount_cents) AS cents FROM donations_cashcount
    WHERE status = 'confirmed' AND line_id IS NULL GROUP BY provider_id
) AS here ON here.provider_id = provider.id
LEFT JOIN (
    SELECT account.provider_id, sum(entry.amount_cents) AS cents FROM donations_ledgeraccount AS account
    JOIN donations_ledgerentry AS entry ON entry.account_id = account.id
    WHERE account.kind = 'cash' GROUP BY account.provider_id
) AS booked ON booked.provider_id = provider.id
WHERE coalesce(here.cents, 0) <> coalesce(booked.cents, 0)
"""
# What a bank took for itself, or gave back: each release as it is booked, unless its line is something else
# by now; and no line that is a fee by anything but a release of its own. All of them: they are few.
_BANK_FEES = """
SELECT 'bank fee ' || said.id, CASE WHEN line.fee_id = said.id THEN -line.amount_cents ELSE 0 END,
    coalesce(sum(entry.amount_cents), 0)
FROM donations_proposal AS said
JOIN donations_banktransaction AS line ON line.id = said.line_id
LEFT JOIN donations_ledgertransaction AS booked
    ON booked.key IN ('bank_fee:' || said.id, 'correction:bank_fee:' || said.id)
LEFT JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id AND entry.account_id IN (
    SELECT id FROM donations_ledgeraccount WHERE kind = 'fees' AND provider_id = line.provider_id)
WHERE said.kind = 'bank_fee'
GROUP BY said.id, line.id
HAVING CASE WHEN line.fee_id = said.id THEN -line.amount_cents ELSE 0 END
    <> coalesce(sum(entry.amount_cents), 0)
"""
_COVERED = _BANK_FEES.replace("bank fee ", "fee cover ").replace("bank_fee", "fee_cover")
_COVERED = _COVERED.replace("kind = 'fees'", "kind = 'fee_cover'")
_FEES_OF_LINES = """
SELECT 'line ' || line.id || ': fee_id', line.fee_id, NULL
FROM donations_banktransaction AS line
WHERE line.fee_id IS NOT NULL AND (%(lines)s::bigint[] IS NULL OR line.id = ANY(%(lines)s))
    AND NOT EXISTS (
        SELECT FROM donations_proposal AS said WHERE said.id = line.fee_id AND said.line_id = line.id
            AND said.kind IN ('bank_fee', 'fee_cover') AND said.status = 'released')
"""
# What two people found to be a refund or payout is the one of which they said so.
_FOUND = """
SELECT 'line ' || line.id || ': found_by_id', line.found_by_id, NULL
FROM donations_banktransaction AS line
LEFT JOIN donations_refund AS refund ON refund.id = line.refund_id
WHERE line.found_by_id IS NOT NULL AND (%(lines)s::bigint[] IS NULL OR line.id = ANY(%(lines)s))
    AND NOT EXISTS (
        SELECT FROM donations_proposal AS said WHERE said.id = line.found_by_id AND said.line_id = line.id
            AND said.kind = 'sent' AND said.status = 'released'
            AND CASE WHEN line.sent_cents IS NULL THEN
                said.order_id = coalesce(line.payout_id, refund.proposal_id) ELSE said.order_id IS NULL END)
"""
# Of one that paid several the parts are its sum, and each is booked on what was set aside, or on its purpose.
_FOUND_SEVERAL = """
SELECT 'line ' || line.id || ': sent_cents', coalesce(line.sent_cents, 0),
    coalesce(sum(part.cents) FILTER (WHERE part.proposal_id = line.found_by_id), 0)
FROM donations_proposal AS said
JOIN donations_banktransaction AS line ON line.id = said.line_id
JOIN donations_sentpart AS part ON part.proposal_id = said.id AND part.key IS NOT NULL
WHERE %(lines)s::bigint[] IS NULL OR line.id = ANY(%(lines)s)
GROUP BY line.id
HAVING bool_or(part.proposal_id IS DISTINCT FROM line.found_by_id) OR coalesce(line.sent_cents, 0) <>
    coalesce(sum(part.cents) FILTER (WHERE part.proposal_id = line.found_by_id), 0)
UNION ALL
SELECT 'line ' || line.id || ': sent_cents', line.sent_cents, 0
FROM donations_banktransaction AS line
WHERE line.sent_cents IS NOT NULL AND (%(lines)s::bigint[] IS NULL OR line.id = ANY(%(lines)s))
    AND NOT EXISTS (
        SELECT FROM donations_sentpart AS part
        WHERE part.proposal_id = line.found_by_id AND part.key IS NOT NULL)
"""
_SENT_PARTS = """
SELECT 'sent part ' || part.id, part.cents, coalesce(sum(entry.amount_cents), 0)
FROM donations_sentpart AS part
JOIN donations_proposal AS said ON said.id = part.proposal_id
JOIN donations_proposal AS ordered ON ordered.id = part.order_id
LEFT JOIN donations_ledgertransaction AS booked
    ON booked.key = part.key AND NOT EXISTS (
        SELECT FROM donations_ledgertransaction AS undoing WHERE undoing.reverses_id = booked.id)
LEFT JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id AND entry.account_id IN (
    SELECT id FROM donations_ledgeraccount
    WHERE kind = CASE ordered.kind WHEN 'payout' THEN 'reserved' ELSE 'fund' END)
WHERE part.key IS NOT NULL AND (%(lines)s::bigint[] IS NULL OR said.line_id = ANY(%(lines)s))
GROUP BY part.id HAVING part.cents <> coalesce(sum(entry.amount_cents), 0)
"""
_BY_KEY = """
SELECT '{what} ' || said.external_id, said.cents, coalesce(sum(entry.amount_cents), 0)
FROM ({rows}) AS said (external_id, donation_id, cents)
LEFT JOIN donations_ledgertransaction AS booked
    ON booked.key = '{prefix}:' || said.external_id AND booked.donation_id = said.donation_id
LEFT JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id
    AND entry.account_id IN (SELECT id FROM donations_ledgeraccount WHERE kind = '{account}')
WHERE %(gifts)s::bigint[] IS NULL OR said.donation_id = ANY(%(gifts)s)
GROUP BY said.external_id, said.cents HAVING said.cents <> coalesce(sum(entry.amount_cents), 0)
"""
_REFUNDS = """
SELECT external_id, donation_id, amount_cents FROM donations_refund WHERE status IN ('succeeded', 'failed')
"""
_FAILED = """
SELECT external_id, donation_id, CASE WHEN status = 'failed' THEN -amount_cents ELSE 0 END
FROM donations_refund
"""
_DISPUTES = """
SELECT external_id, donation_id, CASE WHEN outcome IN ('open', 'won', 'lost') THEN {column} ELSE 0 END
FROM donations_dispute
"""
# What came back of a lost dispute may have come in parts: each is booked under a name that begins the same.
_REVERSED = """
SELECT 'reversed dispute ' || said.external_id, -said.reversed_cents, coalesce(sum(entry.amount_cents), 0)
FROM donations_dispute AS said
LEFT JOIN donations_ledgertransaction AS booked
    ON booked.donation_id = said.donation_id AND booked.kind = 'dispute_reversed'
    AND split_part(booked.key, '+', 1) = 'dispute_reversed:' || said.external_id
LEFT JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id
    AND entry.account_id IN (SELECT id FROM donations_ledgeraccount WHERE kind = 'fund')
WHERE %(gifts)s::bigint[] IS NULL OR said.donation_id = ANY(%(gifts)s)
GROUP BY said.id HAVING -said.reversed_cents <> coalesce(sum(entry.amount_cents), 0)
"""
_GIFTS = """
SELECT 'gift ' || gift.public_id || ': ' || said.name, said.found, said.expected
FROM donations_donation AS gift
LEFT JOIN donations_payment AS payment ON payment.donation_id = gift.id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount_cents), 0) AS cents FROM donations_refund
    WHERE donation_id = gift.id AND status = 'succeeded'
) AS refunded
CROSS JOIN LATERAL (
    SELECT coalesce(sum(lost_cents - reversed_cents), 0) AS cents,
        coalesce(bool_or(outcome = 'open'), false) AS is_open
    FROM donations_dispute WHERE donation_id = gift.id
) AS lost
CROSS JOIN LATERAL (VALUES
    ('refunded_cents', gift.refunded_cents::text, refunded.cents::text),
    ('lost_cents', gift.lost_cents::text, lost.cents::text),
    ('amount_cents', gift.amount_cents::text, coalesce(payment.amount_cents, gift.amount_cents)::text),
    ('status', gift.status, CASE
        WHEN payment.id IS NULL THEN gift.status
        WHEN lost.cents > 0 AND refunded.cents + lost.cents >= payment.amount_cents THEN 'lost'
        WHEN lost.is_open THEN 'disputed'
        WHEN refunded.cents + lost.cents >= payment.amount_cents THEN 'refunded'
        WHEN refunded.cents + lost.cents > 0 THEN 'partly_refunded'
        ELSE 'received'
    END),
    ('acceptance', gift.acceptance, CASE
        WHEN gift.acceptance_by_id IS NULL OR EXISTS (
            SELECT FROM donations_proposal WHERE donation_id = gift.id AND status = 'released'
                AND decided_by_id = gift.acceptance_by_id
                AND kind = CASE gift.acceptance WHEN 'accepted' THEN 'acceptance' ELSE 'refusal' END
        ) THEN gift.acceptance
        ELSE 'awaiting'
    END)
) AS said (name, found, expected)
WHERE said.found <> said.expected AND (%(gifts)s::bigint[] IS NULL OR gift.id = ANY(%(gifts)s))
    AND (payment.id IS NOT NULL OR refunded.cents + lost.cents > 0)
"""


def row_differences(changed: Changed | None = None) -> list[tuple[str, str, str]]:
    """Return (what, what it says, what is expected) for every row of money that differs, or of `changed`."""
    facts = {"gifts": list(changed.gifts), "lines": list(changed.lines)} if changed else {}
    found: list[tuple[str, str, str]] = []
    with connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement, {"gifts": None, "lines": None, **facts})
            found += [(what, str(said), str(expected)) for what, said, expected in cursor]
    return sorted(found)


def row_faults(changed: Changed | None = None) -> list[str]:
    """Return what is wrong with every row of money, or with those of `changed`."""
    return [f"{what} is {said}, expected {expected}" for what, said, expected in row_differences(changed)]


def _statements() -> list[str]:
    return [
        _PAYMENTS,
        _MOVED,
        _FEES,
        _ALLOCATIONS,
        _GIVEN,
        _GIVEN_OF_LINES,
        _by_key("refund", _REFUNDS, "refund", "fund"),
        _by_key("failed refund", _FAILED, "refund_back", "fund"),
        _by_key("dispute", _DISPUTES.format(column="amount_cents"), "dispute", "disputed"),
        _by_key("lost dispute", _DISPUTES.format(column="lost_cents"), "dispute_lost", "fund"),
        _REVERSED,
        _GIFTS,
        _COUNTS,
        _PIECES,
        _PAID_IN,
        _CASH,
        _BANK_FEES,
        _COVERED,
        _FEES_OF_LINES,
        _FOUND,
        _FOUND_SEVERAL,
        _SENT_PARTS,
    ]


def _by_key(what: str, rows: str, prefix: str, account: str) -> str:
    return _BY_KEY.format(what=what, rows=rows, prefix=prefix, account=account)
