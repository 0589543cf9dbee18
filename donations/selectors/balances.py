"""The account as the bank tells it by its balances, and as it is in the books, day by day."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from django.db import connection

from donations.domain.bank_lines import AHEAD
from donations.domain.periods import Period, moved_on
from donations.models import BankTransaction, LedgerAccount, StatementImport

# A line that somebody typed for an account that was replaced counts where it was moved to. Of days of which
# lines were read before anybody kept the balances nothing is said. What is booked names its account.
_BOOKED = """
WITH line AS (
    SELECT booked_on, amount_cents, statement_id, form, COALESCE(
        CASE WHEN statement_key <> fingerprint THEN (
            SELECT entry.account_id FROM donations_ledgertransaction AS booked
            JOIN donations_ledgerentry AS entry ON entry.transaction_id = booked.id
            WHERE booked.key = 'moved:bank:' || left(fingerprint, 32)
                AND entry.amount_cents = donations_banktransaction.amount_cents
        ) END, account_id) AS account
    FROM donations_banktransaction
    WHERE provider_id = ANY(%(providers)s) AND booked_on >= %(since)s AND cancelled_at IS NULL
        AND (account_id IS NOT NULL OR booked_at IS NOT NULL)
)
SELECT account, booked_on, COALESCE(sum(amount_cents) FILTER (WHERE statement_id IS NOT NULL), 0),
    sum(amount_cents)
FROM line GROUP BY account, booked_on
HAVING account IS NULL OR bool_and(statement_id IS NULL OR form <> '')
"""

_Day = tuple[int, date]  # account and day
_BookedDay = tuple[int | None, date]

BEFORE_ALL = date(1970, 1, 1)  # statements of earlier days are refused


class Gap(NamedTuple):
    """A day on which the balances of the bank tell another sum than the books have.

    `account` is None of lines that are booked and name none: no balance is theirs, and `says` is None.
    """

    account: LedgerAccount | None
    day: date
    says: int | None
    books: int


def gaps(providers: list[int], since: date) -> list[Gap]:
    """Return the days of these bodies on which more, or less, is in the books than moved on the account.

    What somebody typed is asked about as soon as the bank tells of a later day. Days on which booked lines
    name no account come first, once the bank has told of any.
    """
    told = _told(providers, since)
    if not told:
        return []
    last: dict[int, date] = {}
    for known, day in told:
        last[known] = max(day, last.get(known, day))
    nowhere: list[Gap] = []
    found: list[tuple[int, date, int, int]] = []
    for (account, day), (from_bank, with_typed) in _booked(providers, since).items():
        if account is None:
            nowhere.append(Gap(None, day, None, with_typed))
            continue
        says = moved_on(day, told.get((account, day), []))
        books = with_typed if day < last.get(account, day) else from_bank
        if says is not None and says != books:
            found.append((account, day, says, books))
    accounts = LedgerAccount.objects.in_bulk({account for account, _day, _says, _books in found})
    differing = [Gap(accounts[account], day, says, books) for account, day, says, books in sorted(found)]
    return [*sorted(nowhere, key=lambda gap: gap.day), *differing]


def is_too_much(line: BankTransaction) -> bool:
    """Return whether the bank's balances leave no room for this line beside the others of its day."""
    for gap in gaps([line.provider_id], line.booked_on):
        if gap.account is None or gap.says is None:
            continue
        if (gap.account.pk, gap.day) == (line.account_id, line.booked_on):
            surplus = gap.books - gap.says
            return surplus >= line.amount_cents if line.amount_cents > 0 else surplus <= line.amount_cents
    return False


def _told(providers: list[int], since: date) -> dict[_Day, list[Period]]:
    """What statements tell of each account and day."""
    told: dict[_Day, list[Period]] = defaultdict(list)
    read = StatementImport.objects.filter(provider__in=providers, imported_at__date__gte=since - AHEAD)
    kept = read.exclude(periods=[]).values_list("periods", flat=True)
    for period in (Period.of(each) for periods in kept.iterator() for each in periods):
        for day in period.by_day:
            if day >= since:
                told[(period.account_id, day)].append(period)
    return told


def _booked(providers: list[int], since: date) -> dict[_BookedDay, tuple[int, int]]:
    """The cents in the books: those that a statement told, and with those that somebody typed."""
    with connection.cursor() as cursor:
        cursor.execute(_BOOKED, {"providers": providers, "since": since})
        return {(account, day): (int(bank), int(all_)) for account, day, bank, all_ in cursor.fetchall()}
