"""Measure the yearly run of receipts, against typesetting the same receipts without keeping anything.

    ./dev bench receipts --givers 10000 --sample 1000 --repeat 1

Each giver has one gift or, every fourth, three. The baseline makes the PDFs of the first `--sample` receipts
alone, from data that is there: what no run can be faster than. A turn issues everything, a second run must
find nothing. `ratio` is what a receipt costs in the baseline through what it costs in the run, the median of
turns between two baselines: 1 would mean that numbers, rows, files and mails cost nothing. `peak_mb` is the
most that the run held, `peak_mb_sample` what the sample had held before. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime
from statistics import median
from typing import Any

from benchmarks.common.place import fresh_database

GIVEN_AT = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
TARGET = 0.3

_Frozen = tuple[Any, list[dict[str, Any]]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the yearly run of receipts.")
    parser.add_argument("--givers", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=1_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    sample = min(options.sample, options.givers)
    with ExitStack() as stack:
        stack.enter_context(fresh_database())
        fund = _body()
        gifts = _fill(fund, range(sample))
        _issue(sample)  # warms up, and leaves what the baseline typesets
        frozen, peak = _frozen(), _peak_mb()
        gifts += _fill(fund, range(sample, options.givers))
        report = _interleaved(frozen, options.givers, options.repeat)
    report |= {"peak_mb_sample": peak, "peak_mb": _peak_mb()}
    print(json.dumps({"size": options.givers, "sample": sample, "gifts": gifts, **report}))


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _body() -> Any:
    """Make a body that may issue; returns its purpose."""
    from django.db import connection

    from programs.models import Fund, Provider

    provider = Provider.objects.create(name="Stadt", slug="stadt", kind="city", issuer_kind="jpoer")
    fund = Fund.objects.create(
        name="Kinderfonds",
        slug="kinderfonds",
        source_key="kinderfonds",
        provider=provider,
        purpose="Kinder",
        fallback_purpose="Kinder",
    )
    _set_up(provider, fund)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    return fund


def _fill(fund: Any, givers: range) -> int:
    """Make gifts of these givers, who wish a receipt; returns how many."""
    from citizens.models import Mailbox
    from donations.models import Donation, Donor, ReceiptAddress

    mailboxes = Mailbox.objects.bulk_create(
        (Mailbox(email=f"giver-{n}@example.org", created_at=GIVEN_AT) for n in givers), batch_size=2000
    )
    donors = Donor.objects.bulk_create(
        (Donor(mailbox=mailbox, created_at=GIVEN_AT) for mailbox in mailboxes), batch_size=2000
    )
    gifts = Donation.objects.bulk_create(
        (
            _gift(fund, donor, number)
            for number, donor in zip(givers, donors, strict=True)
            for _each in range(3 if number % 4 == 0 else 1)
        ),
        batch_size=2000,
    )
    ReceiptAddress.objects.bulk_create(
        (ReceiptAddress(donation=gift, street="Weg 1", postcode="52349", town="Düren") for gift in gifts),
        batch_size=2000,
    )
    return len(gifts)


def _gift(fund: Any, donor: Any, number: int) -> Any:
    from donations.models import Donation

    return Donation(
        donor=donor,
        donor_name=f"Person {chr(65 + number % 26)}. Muster",
        fund=fund,
        amount_cents=500 + number * 37 % 95_000,
        method="transfer",
        wants_receipt=True,
        purpose_text="Kinder",
        fallback_text="Kinder",
        text_version=1,
        status="received",
        status_changed_at=GIVEN_AT,
        pledged_at=GIVEN_AT,
        received_at=GIVEN_AT,
    )


def _set_up(provider: Any, fund: Any) -> None:
    """Two persons, every text compared, signed by a picture."""
    from accounts.models import User
    from donations.receipts.gateways.template_files import templates_of
    from donations.receipts.services.issuers import Details, approve, confirm, propose
    from foundation.actors import system

    said = Details(
        kind="jpoer",
        code="SD",
        name="Stadt Düren",
        street="Kaiserplatz 2",
        postcode="52349",
        town="Düren",
        signatory="Vera Muster",
        purposes=["52-4"],
        fund_purposes={str(fund.pk): "52-4"},
        tax_office="Düren",
        machine_notified_on=date(2026, 1, 15),
        signature=_picture(),
    )
    first, second = (User.objects.create_user(f"{name}@example.org", password=None) for name in ("a", "b"))
    act: dict[str, Any] = {"actor": system("bench"), "now": NOW}
    proposal = propose(provider, said, proposed_by=first, **act)
    confirm(proposal.pk, confirmed_by=second, **act)
    for template in templates_of("jpoer", NOW.date()):
        approve(provider, template, approved_by=second, **act)


def _picture() -> bytes:
    """Return a picture of the size of a scanned signature."""
    import struct
    import zlib

    def piece(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes((x * y) % 256 for x in range(300)) for y in range(80))
    header = piece(b"IHDR", struct.pack(">IIBBBBB", 300, 80, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + piece(b"IDAT", zlib.compress(rows)) + piece(b"IEND", b"")


def _interleaved(frozen: _Frozen, givers: int, repeat: int) -> dict[str, Any]:
    each = givers / len(frozen[1])
    baselines, runs, again = [_timed(lambda: _typeset(frozen))], [], []
    for _turn in range(repeat):
        _forget()
        runs.append(_timed(lambda: _issue(givers)))
        again.append(_timed(lambda: _issue(0)))
        baselines.append(_timed(lambda: _typeset(frozen)))
    pairs = zip(runs, baselines, baselines[1:], strict=False)
    return {
        "baseline": "typesetting alone",
        "baseline_ms_each": round(median(baselines) / len(frozen[1]) * 1000, 2),
        "seconds": round(median(runs), 3),
        "again_seconds": round(median(again), 3),
        "ms_each": round(median(runs) / givers * 1000, 2),
        "ratio": round(median(each * (before + after) / 2 / run for run, before, after in pairs), 3),
        "target": TARGET,
    }


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _issue(wanted: int) -> None:
    from donations.receipts.models import Receipt
    from donations.receipts.services.yearly import issue_year

    issued = issue_year(2026, NOW).issued
    if issued != wanted:
        raise SystemExit(f"{issued} receipts were issued, {wanted} were due")
    last = Receipt.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    if last != Receipt.objects.count():
        raise SystemExit("the numbers have gaps")


def _frozen() -> _Frozen:
    from donations.receipts.models import Issuer, Receipt

    rows = Receipt.objects.order_by("sequence").values_list("snapshot", flat=True)
    return Issuer.objects.get(status="confirmed"), list(rows)


def _typeset(frozen: _Frozen) -> None:
    from donations.receipts.documents.receipt import receipt_pdf

    issuer, snapshots = frozen
    for each in snapshots:
        receipt_pdf(each, issuer, now=NOW)


def _forget() -> None:
    """Empty what a run writes; rows of receipts cannot be deleted, tables of a benchmark can."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE receipts_receipt, receipts_receiptitem, receipts_receiptfile, receipts_receiptcounter,"
            " outbox_message"
        )


if __name__ == "__main__":
    main()
