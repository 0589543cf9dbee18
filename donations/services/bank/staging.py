"""Lines of a statement on their way into the database: by COPY into a table of this transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection

from donations.domain.bank_lines import LineFacts
from donations.domain.references import codes_in
from donations.models import StatementImport
from foundation.units import Cents

_CREATE = """
CREATE TEMPORARY TABLE bank_staging (
    place bigint GENERATED ALWAYS AS IDENTITY, account_id bigint, statement_key text, booked_on date,
    amount_cents bigint, counterparty_name text, counterparty_country text, remittance text,
    valued_on date, refs text, return_reason text, form text, period int, words bytea, batch int,
    batch_key text, batch_cents bigint, batch_words bytea
) ON COMMIT DROP
"""
_BY_DAY = "CREATE INDEX ON bank_staging (booked_on)"  # what is recognised is looked for day by day
_COUNT = "ANALYZE bank_staging (statement_key, form, batch_key, booked_on)"  # no guessed way for many lines
_COPY = """
COPY bank_staging (account_id, statement_key, booked_on, amount_cents, counterparty_name,
    counterparty_country, remittance, valued_on, refs, return_reason, form, period, words, batch, batch_key,
    batch_cents, batch_words)
FROM STDIN
"""
_UNNAMED = """NOT EXISTS (
    SELECT FROM donations_banktransaction AS merged
    WHERE merged.statement_key = staged.statement_key AND merged.statement_key <> merged.fingerprint
) AND NOT EXISTS (SELECT FROM donations_statementkey AS named WHERE named.key = staged.statement_key)"""
_NEW = f"""{_UNNAMED} AND NOT EXISTS (
    SELECT FROM donations_banktransaction AS line WHERE line.fingerprint = staged.statement_key
)"""
# What is known already, and the same line in the same file twice, whole and itemised too, is left alone.
_INSERT = f"""
INSERT INTO donations_banktransaction (provider_id, account_id, fingerprint, statement_key, statement_id,
    form, booked_on, amount_cents, counterparty_name, counterparty_country, remittance, valued_on, refs,
    return_reason, recorded_at, recorded_by_id)
SELECT %(provider)s, account_id, statement_key, statement_key, %(statement)s, form, booked_on, amount_cents,
    counterparty_name, counterparty_country, remittance, valued_on, refs, return_reason, %(now)s, %(by)s
FROM (
    SELECT DISTINCT ON (statement_key) * FROM bank_staging WHERE form = %(form)s ORDER BY statement_key, place
) AS staged WHERE {_NEW} AND NOT EXISTS (
    SELECT FROM bank_staging AS itemised WHERE itemised.batch_key = staged.statement_key
) ORDER BY place
"""  # noqa: S608 – texts of our own
_UNKNOWN = f"""
SELECT staged.account_id, staged.statement_key, staged.booked_on, staged.amount_cents,
    staged.counterparty_name, staged.counterparty_country, staged.remittance, staged.valued_on, staged.refs,
    staged.form, staged.period, staged.batch
FROM bank_staging AS staged
WHERE staged.form = %(form)s AND (%(amounts)s::bigint[] IS NULL OR staged.amount_cents = ANY(%(amounts)s))
    AND (%(day)s::date IS NULL OR staged.booked_on = %(day)s) AND {_NEW}
ORDER BY staged.place
"""  # noqa: S608 – texts of our own
_HAS_UNKNOWN = f"""
SELECT EXISTS (SELECT FROM bank_staging AS staged WHERE form = %(form)s AND booked_on = %(day)s AND {_NEW})
"""  # noqa: S608 – texts of our own
_NUMBERED = """
SELECT place, false, words, statement_key FROM bank_staging
WHERE period = %(period)s AND booked_on = %(day)s AND words IS NOT NULL
UNION ALL
SELECT min(place), true, batch_words, batch_key FROM bank_staging
WHERE period = %(period)s AND booked_on = %(day)s AND batch_words IS NOT NULL
GROUP BY batch, batch_words, batch_key
ORDER BY 1, 2
"""
_RENUMBER = "UPDATE bank_staging SET statement_key = %(key)s WHERE place = %(place)s"
_RENUMBER_BATCH = """
UPDATE bank_staging SET batch_key = %(key)s
WHERE batch = (SELECT batch FROM bank_staging WHERE place = %(place)s)
"""
_UNKNOWN_BATCHES = f"""
SELECT min(account_id), min(batch_key), min(booked_on), min(batch_cents), '', '', '', min(valued_on), '',
    min(form), min(period), batch
FROM bank_staging AS staged WHERE form = %(form)s AND booked_on = %(day)s AND batch IS NOT NULL
GROUP BY batch HAVING bool_and({_NEW}) ORDER BY batch
"""  # noqa: S608 – texts of our own
_ITEMS = """
SELECT account_id, statement_key, booked_on, amount_cents, counterparty_name, counterparty_country,
    remittance, valued_on, refs, form, period, batch
FROM bank_staging WHERE batch = %(batch)s ORDER BY place
"""
# A statement that lists a batch whole finds it by its first line.
_NAME_BATCHES = """
INSERT INTO donations_statementkey (key, form, batch_cents, line_id)
SELECT batch_key, form, batch_cents, line_id FROM (
    SELECT staged.*, COALESCE(
        (SELECT id FROM donations_banktransaction AS line WHERE line.fingerprint = staged.statement_key),
        (SELECT id FROM donations_banktransaction AS merged WHERE
            merged.statement_key = staged.statement_key AND merged.statement_key <> merged.fingerprint),
        (SELECT named.line_id FROM donations_statementkey AS named WHERE named.key = staged.statement_key)
    ) AS line_id FROM (
        SELECT DISTINCT ON (batch) * FROM bank_staging
        WHERE form = %(form)s AND batch IS NOT NULL ORDER BY batch, place
    ) AS staged
) AS first WHERE line_id IS NOT NULL
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class StagedLine:
    """A line of the statement that is not in the books by its key; cents are signed.

    `period` is the place of its stretch of the account, `batch` the number of the batch it is an item of.
    """

    account_id: int
    statement_key: str
    booked_on: date
    amount_cents: int
    counterparty_name: str
    counterparty_country: str
    remittance: str
    valued_on: date | None
    refs: str
    form: str
    period: int
    batch: int | None

    def facts(self) -> LineFacts:
        """Return what tells whether another line is the same."""
        return LineFacts(
            self.booked_on,
            Cents(self.amount_cents),
            self.counterparty_name,
            self.remittance,
            references=self.refs,
        )

    @property
    def codes(self) -> list[str]:
        """Our codes that it carries, wherever."""
        return codes_in(self.remittance, self.refs)


class Row(NamedTuple):
    """A line as it is read; an item of a batch names the line that the batch would be as a whole.

    `words` are what its key is made of, as long as the bank does not tell it from others by a reference.
    """

    account_id: int
    statement_key: str
    booked_on: date
    amount_cents: int
    counterparty_name: str
    counterparty_country: str
    remittance: str
    valued_on: date | None
    refs: str
    return_reason: str
    form: str
    period: int
    words: bytes | None = None
    batch: int | None = None
    batch_key: str | None = None
    batch_cents: int | None = None
    batch_words: bytes | None = None


_AT_ONCE = 5000


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
        cursor.execute(_BY_DAY)
        cursor.execute(_COUNT)


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


def days_of(form: str) -> list[date]:
    """Return the days of the staged lines of this form, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT booked_on FROM bank_staging WHERE form = %s ORDER BY 1", [form])
        return [day for (day,) in cursor.fetchall()]


def numbered(period: int, day: date) -> list[tuple[int, bool, bytes, str]]:
    """Return (place, is a whole batch, words, key) of what a stretch tells of a day by running numbers."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERED, {"period": period, "day": day})
        return [(place, is_batch, bytes(words), key) for place, is_batch, words, key in cursor.fetchall()]


def renumber(place: int, key: str, *, is_batch: bool) -> None:
    """Give the line at this place, or the batch that begins there, another key."""
    with connection.cursor() as cursor:
        cursor.execute(_RENUMBER_BATCH if is_batch else _RENUMBER, {"place": place, "key": key})


def has_unknown(form: str, day: date) -> bool:
    """Return whether the staged lines of this day have one that is new."""
    with connection.cursor() as cursor:
        cursor.execute(_HAS_UNKNOWN, {"form": form, "day": day})
        (found,) = cursor.fetchone()
        return bool(found)


def unknown(form: str, amounts: list[int] | None, day: date | None = None) -> list[StagedLine]:
    """Return the staged lines of these amounts (None: of any) that are new, in the order of the statement."""
    return _lines(_UNKNOWN, form=form, amounts=amounts, day=day)


def leave_out(keys: list[str]) -> None:
    """Let staged lines go that are nothing new."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM bank_staging WHERE statement_key = ANY(%s)", [keys])


def unknown_batches(form: str, day: date) -> list[StagedLine]:
    """Return the batches of which no item is known, each as the line that it would be as a whole."""
    return _lines(_UNKNOWN_BATCHES, form=form, day=day)


def items_of(batch: int | None) -> list[StagedLine]:
    """Return the items of a batch."""
    return _lines(_ITEMS, batch=batch)


def _lines(query: str, **facts: Any) -> list[StagedLine]:
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        return [StagedLine(*row) for row in cursor.fetchall()]


def keys_among(form: str, keys: list[str]) -> set[str]:
    """Return those of these keys that the statement lists itself in this form."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement_key FROM bank_staging WHERE form = %s AND statement_key = ANY(%s)", [form, keys]
        )
        return {key for (key,) in cursor.fetchall()}


def insert_new(statement: StatementImport, form: str, now: datetime) -> int:
    """Make rows of the staged lines whose keys are new; returns how many."""
    facts: dict[str, Any] = {
        "provider": statement.provider_id,
        "statement": statement.pk,
        "form": form,
        "now": now,
        "by": statement.imported_by_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, facts)
        return int(cursor.rowcount)


def name_batches(form: str) -> None:
    """Let the batches whose items are in the books be known as wholes too."""
    with connection.cursor() as cursor:
        cursor.execute(_NAME_BATCHES, {"form": form})
