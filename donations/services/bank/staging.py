"""Lines of a statement on their way into the database: by COPY into a table of this transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection

from donations.models import StatementImport

_CREATE = """
CREATE TEMPORARY TABLE bank_staging (
    place bigint GENERATED ALWAYS AS IDENTITY, account_id bigint, statement_key text, booked_on date,
    amount_cents bigint, counterparty_name text, counterparty_country text, remittance text,
    return_reason text
) ON COMMIT DROP
"""
_COPY = """
COPY bank_staging (account_id, statement_key, booked_on, amount_cents, counterparty_name,
    counterparty_country, remittance, return_reason)
FROM STDIN
"""
# What is known already, and the same line in the same file twice, is left alone.
_INSERT = """
INSERT INTO donations_banktransaction (provider_id, account_id, fingerprint, statement_key, statement_id,
    booked_on, amount_cents, counterparty_name, counterparty_country, remittance, return_reason, recorded_at,
    recorded_by_id)
SELECT %(provider)s, account_id, statement_key, statement_key, %(statement)s, booked_on, amount_cents,
    counterparty_name, counterparty_country, remittance, return_reason, %(now)s, %(by)s
FROM bank_staging WHERE NOT EXISTS (
    SELECT FROM donations_banktransaction AS merged
    WHERE merged.statement_key = bank_staging.statement_key AND merged.statement_key <> merged.fingerprint
) ORDER BY place
ON CONFLICT DO NOTHING
"""
_UNKNOWN = """
SELECT staged.account_id, staged.statement_key, staged.booked_on, staged.amount_cents,
    staged.counterparty_name, staged.counterparty_country, staged.remittance
FROM bank_staging AS staged
WHERE staged.amount_cents = ANY(%(amounts)s) AND NOT EXISTS (
    SELECT FROM donations_banktransaction AS line WHERE line.fingerprint = staged.statement_key
) AND NOT EXISTS (
    SELECT FROM donations_banktransaction AS merged
    WHERE merged.statement_key = staged.statement_key AND merged.statement_key <> merged.fingerprint
)
ORDER BY staged.place
"""


@dataclass(frozen=True, slots=True)
class StagedLine:
    """A line of the statement that is not in the books by its key; cents are signed."""

    account_id: int
    statement_key: str
    booked_on: date
    amount_cents: int
    counterparty_name: str
    counterparty_country: str
    remittance: str


_AT_ONCE = 5000
Row = tuple[int, str, date, int, str, str, str, str]


def taking(rows: Iterable[Row]) -> Iterator[int]:
    """Take the rows in; yields how many there are by now. Only inside a transaction, whose end drops them.

    Piece by piece, so that the time to read the file does not count as the time of one statement.
    """
    count, coming = 0, iter(rows)
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        while piece := list(islice(coming, _AT_ONCE)):
            with cursor.copy(_COPY) as copy:
                for row in piece:
                    copy.write_row(row)
            count += len(piece)
            piece.clear()
            yield count


def drop() -> None:
    """Let the rows go before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bank_staging")


@contextmanager
def staged(rows: Iterable[Row]) -> Iterator[int]:
    """Take all rows in; yields how many, and drops them afterwards."""
    yield max(taking(rows), default=0)
    drop()


def days() -> tuple[date, date] | None:
    """Return the first and the last day of the staged lines, None if there are none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(booked_on), max(booked_on) FROM bank_staging")
        first, last = cursor.fetchone()
    return (first, last) if first else None


def unknown(amounts: list[int]) -> list[StagedLine]:
    """Return the staged lines of these amounts that are new, in the order of the statement."""
    with connection.cursor() as cursor:
        cursor.execute(_UNKNOWN, {"amounts": amounts})
        return [StagedLine(*row) for row in cursor.fetchall()]


def insert_new(statement: StatementImport, now: datetime) -> int:
    """Make rows of the staged lines whose keys are new; returns how many."""
    facts: dict[str, Any] = {
        "provider": statement.provider_id,
        "statement": statement.pk,
        "now": now,
        "by": statement.imported_by_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, facts)
        return int(cursor.rowcount)
