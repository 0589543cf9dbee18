"""Reading the books: whether they are right, and in a form that two of them can be compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet, Sum

from donations.models import LedgerAccount, LedgerCheckpoint, LedgerEntry
from foundation.clock import local_day
from foundation.units import Cents

_UNBALANCED = """
SELECT booked.key
FROM donations_ledgertransaction AS booked
LEFT JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id
WHERE booked.id > %(after)s
GROUP BY booked.id, booked.key
HAVING coalesce(sum(entry.amount_cents), 0) <> 0 OR count(entry.id) < 2
ORDER BY booked.key
"""

_TOTAL = "SELECT coalesce(sum(amount_cents), 0) FROM donations_ledgerentry WHERE transaction_id > %(after)s"

_COUNTED = ("balance_cents", "received_cents", "gift_count")
_COUNTERS = """
SELECT fund.slug, fund.balance_cents, fund.received_cents, fund.gift_count,
    coalesce(checkpoint.balance_cents, 0) - coalesce(sum(entry.amount_cents), 0),
    coalesce(checkpoint.received_cents, 0)
        - coalesce(sum(entry.amount_cents) FILTER (WHERE coalesce(undone.kind, booked.kind)
            NOT IN ('payout', 'shortfall')), 0),
    coalesce(checkpoint.gift_count, 0) + count(*) FILTER (WHERE booked.kind = 'gift')
        - count(*) FILTER (WHERE undone.kind = 'gift')
        - coalesce(sum(sign(entry.amount_cents)) FILTER (WHERE booked.kind = 'reallocation'), 0)::bigint
FROM programs_fund AS fund
LEFT JOIN donations_ledgercheckpoint AS checkpoint
    ON checkpoint.fund_id = fund.id AND checkpoint.up_to = %(after)s
LEFT JOIN (
    donations_ledgerentry AS entry
    JOIN donations_ledgertransaction AS booked ON booked.id = entry.transaction_id
    JOIN donations_ledgeraccount AS account ON account.id = entry.account_id AND account.kind = 'fund'
    LEFT JOIN donations_ledgertransaction AS undone ON undone.id = booked.reverses_id
) ON account.fund_id = fund.id AND booked.id > %(after)s
GROUP BY fund.id, checkpoint.id
ORDER BY fund.id
"""
# A gift and its entries are of one legal body; so is each transaction, but that the database itself refuses.
_FOREIGN = """
SELECT DISTINCT booked.key
FROM donations_ledgertransaction AS booked
JOIN donations_donation AS gift ON gift.id = booked.donation_id
JOIN programs_fund AS purpose ON purpose.id = gift.fund_id
JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id
JOIN donations_ledgeraccount AS account ON account.id = entry.account_id
WHERE booked.id > %(after)s AND account.provider_id <> purpose.provider_id
ORDER BY booked.key
"""
_FROM_THE_BEGINNING = 0


def faults() -> list[str]:
    """Return everything that is wrong with the books, empty when all is well.

    Each transaction is in balance, all of them together too, none is on accounts of another body than its
    gift's, and the counters of every purpose are what its entries say.
    """
    return _faults(_FROM_THE_BEGINNING)


def faults_since_checkpoint() -> list[str]:
    """Return what is wrong with the books since all of them were last added up, counters included."""
    return _faults(LedgerCheckpoint.objects.aggregate(last=Max("up_to"))["last"] or _FROM_THE_BEGINNING)


def _faults(after: int) -> list[str]:
    return [*_unbalanced(after), *_total(after), *_foreign(after), *_counters(after)]


def _unbalanced(after: int) -> Iterator[str]:
    for (key,) in _rows(_UNBALANCED, after):
        yield f"{key}: not balanced"


def _total(after: int) -> Iterator[str]:
    ((total,),) = _rows(_TOTAL, after)
    if total:
        yield f"all entries: sum is {total}, not 0"


def _foreign(after: int) -> Iterator[str]:
    for (key,) in _rows(_FOREIGN, after):
        yield f"{key}: on accounts of another legal body"


def _counters(after: int) -> Iterator[str]:
    """One statement, hence one snapshot: a booking made meanwhile raises no false alarm."""
    for slug, *figures in _rows(_COUNTERS, after):
        for name, counter, entries in zip(_COUNTED, figures[:3], figures[3:], strict=True):
            if counter != entries:
                yield f"{slug}: {name} is {counter}, its entries say {entries}"


def _rows(statement: str, after: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"after": after})
        return cursor.fetchall()


def canonical_lines() -> Iterator[str]:
    """Yield the ledger sorted, without row ids and arrival times; equal ledgers give equal lines.

    One line per entry: key, kind, day in Düren, account, purpose, owner, cents; separated by tabs. The owner
    of a bank account is named with its IBAN.
    """
    entries = LedgerEntry.objects.select_related("transaction", "account__fund", "account__provider")
    yield from sorted(
        "\t".join(
            (
                entry.transaction.key,
                entry.transaction.kind,
                local_day(entry.transaction.happened_at).isoformat(),
                *_named(entry.account),
                str(entry.amount_cents),
            )
        )
        for entry in entries.iterator(chunk_size=2000)
    )


def _named(account: LedgerAccount) -> tuple[str, str, str]:
    """The account in words: kind, purpose, owner."""
    owner = account.provider.slug
    if account.external_reference:
        owner = f"{owner}/{account.external_reference}"
    return account.kind, account.fund.slug if account.fund else "-", owner


@dataclass(frozen=True)
class Balance:
    """What stands on an account, in cents: what is held is positive, what is owed negative."""

    account: LedgerAccount
    cents: Cents


def balances(accounts: QuerySet[LedgerAccount]) -> list[Balance]:
    """Return the balance of each of `accounts` that anything was booked on, by owner."""
    sums = dict(
        LedgerEntry.objects.filter(account__in=accounts)
        .values_list("account")
        .annotate(cents=Sum("amount_cents"))
    )
    booked = LedgerAccount.objects.filter(pk__in=sums).select_related("provider", "fund")
    ordered = booked.order_by("provider__slug", "kind", "fund__slug", "external_reference")
    return [Balance(account, Cents(sums[account.pk])) for account in ordered]


def balance_lines() -> Iterator[str]:
    """Yield what stands on each account: account, purpose, owner, cents; separated by tabs."""
    for balance in balances(LedgerAccount.objects.all()):
        yield "\t".join((*_named(balance.account), str(balance.cents)))


def uncovered_fees(provider_id: int) -> Cents:
    """Return what a body paid in fees and has not put in of its own money yet; negative: it put in more."""
    entries = LedgerEntry.objects.filter(
        account__provider=provider_id, account__kind__in=["fees", "fee_cover"]
    )
    return Cents(entries.aggregate(cents=Sum("amount_cents"))["cents"] or 0)
