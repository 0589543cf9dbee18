"""Counted cash comes to the bank: the line of it takes it out of the till."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from donations.domain.accounts import Account, Owner
from donations.domain.ledger import deposit
from donations.models import BankTransaction, CashCount, LedgerTransaction
from donations.services.books import ledger
from foundation.rows import change
from foundation.units import Cents


class NotTheSum(Exception):
    """What was chosen is not, or not any more, the cash of that line to the cent."""


def match(line: BankTransaction, identity: str, at: datetime, held: Account, now: datetime) -> bool:
    """Book a locked line on the counts whose codes it names; False if they are not its sum to the cent."""
    named = CashCount.objects.filter(provider=line.provider_id, reference__in=line.codes)
    with transaction.atomic():
        counts = _here(named.values_list("pk", flat=True))
        if not counts or _sum(counts) != line.amount_cents:
            return False
        _pay_in(line, counts, identity, at, held, now)
    return True


def pay_in(
    line: BankTransaction, chosen: Sequence[int], identity: str, at: datetime, held: Account, now: datetime
) -> None:
    """Book a locked, open line as the cash of the `chosen` counts. Raises NotTheSum, changing nothing."""
    with transaction.atomic():
        counts = _here(chosen)
        is_theirs = {count.provider_id for count in counts} == {line.provider_id}
        if len(counts) != len(set(chosen)) or not is_theirs:
            raise NotTheSum
        if line.open_cents != line.amount_cents or _sum(counts) != line.amount_cents:
            raise NotTheSum
        _pay_in(line, counts, identity, at, held, now)


def _here(ids: Iterable[int]) -> list[CashCount]:
    """Those of them that two people have counted and that are not at the bank yet, locked in one order."""
    rows = CashCount.objects.select_for_update().filter(pk__in=list(ids))
    return list(rows.filter(status=CashCount.Status.CONFIRMED, line=None).order_by("pk"))


def _sum(counts: list[CashCount]) -> int:
    return sum(count.amount_cents for count in counts)


def _pay_in(
    line: BankTransaction,
    counts: list[CashCount],
    identity: str,
    at: datetime,
    held: Account,
    now: datetime,
) -> None:
    """What was booked on the line before and undone keeps its key: it is paid in under a further one."""
    name = ledger.free_identity("deposit", identity)
    CashCount.objects.filter(pk__in=[count.pk for count in counts]).update(line=line)
    change(line, cash_cents=line.amount_cents, booked_at=line.booked_at or now)
    posting = deposit(name, Cents(line.amount_cents), at, held)
    ledger.book(posting, Owner(line.provider_id), now, bank=line.account_id)


def undo(line: BankTransaction, now: datetime) -> None:
    """A locked line was not that cash: it is in the till again, and the line free for what it is."""
    key = f"deposit:bank:{line.fingerprint[:32]}"
    ledger.reverse(LedgerTransaction.objects.get(key__startswith=key, reversed_by=None), now)
    CashCount.objects.filter(line=line).update(line=None)
    change(line, cash_cents=0)
