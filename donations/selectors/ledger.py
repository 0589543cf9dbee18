"""Reading the books: whether they are right, and in a form that two of them can be compared."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Sum

from donations.models import LedgerEntry
from foundation.clock import local_day

_UNBALANCED = """
SELECT booked.key
FROM donations_ledgertransaction AS booked
LEFT JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id
GROUP BY booked.id, booked.key
HAVING coalesce(sum(entry.amount_cents), 0) <> 0 OR count(entry.id) < 2
ORDER BY booked.key
"""

_COUNTED = ("balance_cents", "received_cents", "gift_count")
_COUNTERS = """
SELECT fund.slug, fund.balance_cents, fund.received_cents, fund.gift_count,
    -coalesce(sum(entry.amount_cents), 0),
    -coalesce(sum(entry.amount_cents) FILTER (WHERE booked.kind <> 'payout'), 0),
    count(*) FILTER (WHERE booked.kind = 'gift')
FROM programs_fund AS fund
LEFT JOIN donations_ledgerentry AS entry ON entry.fund_id = fund.id
LEFT JOIN donations_ledgertransaction AS booked ON booked.id = entry.transaction_id
GROUP BY fund.id
ORDER BY fund.id
"""


def faults() -> list[str]:
    """Return everything that is wrong with the books, empty when all is well.

    Each transaction is in balance, all of them together too, and the counters of every purpose are what its
    entries say.
    """
    return [*_unbalanced(), *_total(), *_counters()]


def _unbalanced() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_UNBALANCED)
        for (key,) in cursor.fetchall():
            yield f"{key}: not balanced"


def _total() -> Iterator[str]:
    total = LedgerEntry.objects.aggregate(total=Sum("amount_cents"))["total"] or 0
    if total:
        yield f"all entries: sum is {total}, not 0"


def _counters() -> Iterator[str]:
    """One statement, hence one snapshot: a booking made meanwhile raises no false alarm."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTERS)
        for slug, *figures in cursor.fetchall():
            for name, counter, entries in zip(_COUNTED, figures[:3], figures[3:], strict=True):
                if counter != entries:
                    yield f"{slug}: {name} is {counter}, its entries say {entries}"


def canonical_lines() -> Iterator[str]:
    """Yield the ledger sorted, without row ids and arrival times; equal ledgers give equal lines.

    One line per entry: key, kind, day in Düren, account, purpose, cents; separated by tabs.
    """
    entries = LedgerEntry.objects.select_related("transaction", "fund")
    yield from sorted(
        "\t".join(
            (
                entry.transaction.key,
                entry.transaction.kind,
                local_day(entry.transaction.happened_at).isoformat(),
                entry.account,
                entry.fund.slug if entry.fund else "-",
                str(entry.amount_cents),
            )
        )
        for entry in entries.iterator(chunk_size=2000)
    )
