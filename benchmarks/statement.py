"""Measure how fast the lines of a statement come into the database, against `bulk_create` by 2,000.

    ./dev bench statement --lines 100000 --repeat 3

Both store the same lines, read before, idempotently and in one transaction. Runs are interleaved baseline,
import, baseline; a ratio compares a run with the two around it, the median is reported. `whole_seconds` is
the import of the file as the treasurer hands it in: reading, storing and booking as unclear; `again_seconds`
the same file once more, which must bring nothing; `repeated_seconds` another file after an import of it that
was killed when half of its lines were booked. Each of these imports is a process of its own and `peak_mb` the
most that one of them held: the baseline holds all rows at once and counts elsewhere. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
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
    if options.take:
        _take(options.take, options.die_at)
        return
    with ExitStack() as stack:
        stack.enter_context(fresh_database())
        paths = []
        for bank in ("B", "C"):
            out = stack.enter_context(tempfile.NamedTemporaryFile("w", suffix=".xml"))
            _write_statement(out, options.lines, bank)
            paths.append(Path(out.name))
        provider = _provider()
        report = _whole(paths[0], paths[1], options.lines)
        report |= _interleaved(provider, paths[0], options.repeat)
    print(json.dumps({"size": options.lines, **report}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the import of a bank statement.")
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--take", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--die-at", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


def _write_statement(out: Any, lines: int, bank: str) -> None:
    out.write(f'<Document xmlns="{URN}"><BkToCstmrStmt><Stmt><Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>')
    for number in range(lines):
        out.write(
            f'<Ntry><Amt Ccy="EUR">{number % 500 + 1}.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
            "<Sts><Cd>BOOK</Cd></Sts>"
            f"<BookgDt><Dt>2026-03-{number % 28 + 1:02}</Dt></BookgDt>"
            f"<AcctSvcrRef>{bank}{number}</AcctSvcrRef>"
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
    from donations.services.bank.rows import ReadStatement

    rows = list(ReadStatement(provider).rows(path))
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
        return staging.insert_new(statement, "camt", utc_now())


def _by_bulk_create(statement: StatementImport, rows: list[Row]) -> int:
    from donations.models import BankTransaction
    from foundation.clock import utc_now

    now = utc_now()
    made = BankTransaction.objects.bulk_create(
        [
            BankTransaction(
                provider_id=statement.provider_id,
                account_id=row.account_id,
                fingerprint=row.statement_key,
                statement_key=row.statement_key,
                statement=statement,
                form=row.form,
                booked_on=row.booked_on,
                amount_cents=row.amount_cents,
                counterparty_name=row.counterparty_name,
                counterparty_country=row.counterparty_country,
                remittance=row.remittance,
                valued_on=row.valued_on,
                refs=row.refs,
                return_reason=row.return_reason,
                recorded_at=now,
            )
            for row in rows
        ],
        batch_size=2000,
        ignore_conflicts=True,
    )
    return len(made)


def _whole(path: Path, other: Path, lines: int) -> dict[str, float]:
    """Import a file, and again; then another one, killed half-way and repeated. Each is a process."""
    first, again = _process(path), _process(path)
    killed = _process(other, die_at=lines // 2)
    repeated = _process(other)
    _check_all_booked_once(2 * lines)
    return {
        "whole_seconds": first["seconds"],
        "again_seconds": again["seconds"],
        "repeated_seconds": repeated["seconds"],
        "peak_mb": max(each["peak_mb"] for each in (first, again, killed, repeated)),
    }


def _process(path: Path, *, die_at: int = 0) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.statement", "--take", str(path), "--die-at", str(die_at)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 – a command of our own
    if done.returncode != (-signal.SIGKILL if die_at else 0):
        raise SystemExit(f"the import ended with {done.returncode}")
    said: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return said


def _take(path: Path, die_at: int) -> None:
    """Import the file; with `die_at`, die by SIGKILL as soon as that many lines are booked."""
    import django

    django.setup()
    from donations.services.bank.statements import importing
    from foundation.clock import utc_now
    from programs.models import Provider

    started = time.perf_counter()
    for step in importing(Provider.objects.get(), path, imported_by=None, now=utc_now()):
        if die_at and step.booked >= die_at:
            _tell(started)
            os.kill(os.getpid(), signal.SIGKILL)
    _tell(started)


def _tell(started: float) -> None:
    """The peak comes from /proc: what getrusage tells holds the memory of the process that forked it, too."""
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    facts = {
        "seconds": round(time.perf_counter() - started, 3),
        "peak_mb": int(peak[1]) // 1024 if peak else 0,
    }
    print(json.dumps(facts), flush=True)


def _check_all_booked_once(lines: int) -> None:
    from donations.models import BankTransaction, LedgerTransaction

    booked = BankTransaction.objects.exclude(booked_at=None).count()
    bookings = LedgerTransaction.objects.filter(kind="unclear").count()
    if (booked, bookings) != (lines, lines):
        raise SystemExit(f"{booked} lines are booked by {bookings} bookings, not {lines}")


if __name__ == "__main__":
    main()
