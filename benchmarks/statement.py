"""Measure how fast the lines of a statement come into the database, against `bulk_create` by 2,000.

    ./dev bench statement --lines 100000 --repeat 3

Both store the same lines, read before, idempotently and in one transaction. Runs are interleaved baseline,
import, baseline; a ratio compares a run with the two around it, the median is reported. `whole_seconds` is
the import of the file as the treasurer hands it in: reading, storing and booking as unclear; `again_seconds`
the same file once more, which must bring nothing. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.common.place import fresh_database

if TYPE_CHECKING:
    from donations.models import StatementImport
    from donations.services.bank.staging import Row
    from programs.models import Provider

IBAN = "DE02120300000000202051"
URN = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def main() -> None:
    options = _options()
    with ExitStack() as stack:
        stack.enter_context(fresh_database())
        path = stack.enter_context(tempfile.NamedTemporaryFile("w", suffix=".xml"))
        _write_statement(path, options.lines)
        provider = _provider()
        report = _interleaved(provider, Path(path.name), options.repeat)
        report |= _whole(provider, Path(path.name))
    report["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"size": options.lines, **report}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the import of a bank statement.")
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    return parser.parse_args()


def _write_statement(out: Any, lines: int) -> None:
    out.write(f'<Document xmlns="{URN}"><BkToCstmrStmt><Stmt><Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>')
    for number in range(lines):
        out.write(
            f'<Ntry><Amt Ccy="EUR">{number % 500 + 1}.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
            "<Sts><Cd>BOOK</Cd></Sts>"
            f"<BookgDt><Dt>2026-03-{number % 28 + 1:02}</Dt></BookgDt><AcctSvcrRef>B{number}</AcctSvcrRef>"
            f"<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Person {number}</Nm></Pty></Dbtr></RltdPties>"
            f"<RmtInf><Ustrd>Spende fuer Kinder {number}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        )
    out.write("</Stmt></BkToCstmrStmt></Document>")
    out.flush()


def _provider() -> Provider:
    from programs.models import Provider

    return Provider.objects.create(
        name="Stadt", slug="stadt", kind="city", iban=IBAN, account_holder_name="Stadt"
    )


def _interleaved(provider: Provider, path: Path, repeat: int) -> dict[str, Any]:
    from donations.services.bank.statements import rows_of

    rows = list(rows_of(provider, path, {}))
    _timed(provider, rows[:2000], _by_bulk_create)
    _timed(provider, rows[:2000], _by_copy)
    baselines, runs = [_timed(provider, rows, _by_bulk_create)], []
    for _turn in range(repeat):
        runs.append(_timed(provider, rows, _by_copy))
        baselines.append(_timed(provider, rows, _by_bulk_create))
    pairs = zip(runs, baselines, baselines[1:], strict=False)
    return {
        "baseline": "bulk_create(2000)",
        "baseline_seconds": round(median(baselines), 3),
        "seconds": round(median(runs), 3),
        "ratio": round(median((before + after) / 2 / run for run, before, after in pairs), 3),
        "target": 2.8,
    }


def _timed(provider: Provider, rows: list[Row], store: Callable[[StatementImport, list[Row]], int]) -> float:
    """Store all rows into an empty table, twice: the second time none is new. Returns the seconds of both."""
    from django.db import transaction

    from donations.models import BankTransaction, StatementImport
    from foundation.clock import utc_now

    _empty()
    started = time.perf_counter()
    with transaction.atomic():
        statement = StatementImport.objects.create(provider=provider, digest="0" * 64, imported_at=utc_now())
        store(statement, rows)
    took = time.perf_counter() - started
    stored = BankTransaction.objects.count()
    with transaction.atomic():
        store(statement, rows)
    if (stored, BankTransaction.objects.count()) != (len(rows), len(rows)):
        raise SystemExit(f"{store.__name__} stored {stored} of {len(rows)} lines")
    return took


def _empty() -> None:
    """Empty the table of lines and what hangs on it; a slow machine is no reason to stop a statement."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("TRUNCATE donations_banktransaction CASCADE")


def _by_copy(statement: StatementImport, rows: list[Row]) -> int:
    from donations.services.bank import staging
    from foundation.clock import utc_now

    with staging.staged(rows):
        return staging.insert_new(statement, utc_now())


def _by_bulk_create(statement: StatementImport, rows: list[Row]) -> int:
    from donations.models import BankTransaction
    from foundation.clock import utc_now

    now = utc_now()
    made = BankTransaction.objects.bulk_create(
        [
            BankTransaction(
                provider_id=statement.provider_id,
                fingerprint=key,
                statement_key=key,
                statement=statement,
                booked_on=booked_on,
                amount_cents=cents,
                counterparty_name=name,
                counterparty_country=country,
                remittance=remittance,
                return_reason=reason,
                recorded_at=now,
            )
            for key, booked_on, cents, name, country, remittance, reason in rows
        ],
        batch_size=2000,
        ignore_conflicts=True,
    )
    return len(made)


def _whole(provider: Provider, path: Path) -> dict[str, float]:
    from donations.services.bank.statements import import_statement
    from foundation.clock import utc_now

    _empty()
    took = []
    for _turn in range(2):
        started = time.perf_counter()
        import_statement(provider, path, imported_by=None, now=utc_now())
        took.append(round(time.perf_counter() - started, 3))
    return {"whole_seconds": took[0], "again_seconds": took[1]}


if __name__ == "__main__":
    main()
