"""Reading the books: whether they are right, and in a form that two of them can be compared."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, Q, Sum

from donations.models import LedgerEntry, LedgerTransaction
from foundation.clock import local_day
from programs.models import Fund

_UNBALANCED = """
SELECT booked.key
FROM donations_ledgertransaction AS booked
LEFT JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id
GROUP BY booked.id, booked.key
HAVING coalesce(sum(entry.amount_cents), 0) <> 0 OR count(entry.id) < 2
ORDER BY booked.key
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
    payout = Q(transaction__kind=LedgerTransaction.Kind.PAYOUT)
    is_gift = Q(transaction__kind=LedgerTransaction.Kind.GIFT)
    booked = {
        row["fund"]: row
        for row in LedgerEntry.objects.filter(fund__isnull=False)
        .values("fund")
        .annotate(
            balance=Sum("amount_cents"),
            received=Sum("amount_cents", filter=~payout),
            gifts=Count("transaction", filter=is_gift),
        )
    }
    for fund in Fund.objects.order_by("pk"):
        row = booked.get(fund.pk, {"balance": 0, "received": 0, "gifts": 0})
        for name, counter, entries in (
            ("balance_cents", fund.balance_cents, -row["balance"]),
            ("received_cents", fund.received_cents, -(row["received"] or 0)),
            ("gift_count", fund.gift_count, row["gifts"]),
        ):
            if counter != entries:
                yield f"{fund.slug}: {name} is {counter}, its entries say {entries}"


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
