"""Measure the check of the books over a million entries, against asking the same in Python.

    ./dev bench ledger --entries 1000000 --repeat 3

Gifts are booked by the hundred thousand with SQL, then the whole check of the night and the quick one of the
day, before which rows of `changed` gifts were changed, run between two baselines: every entry, payment and
gift fetched, added up and compared. `ratio` is the baseline's time through the whole check's, the median of
runs. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median
from typing import Any

from benchmarks.common.place import fresh_database

_FEE_CENTS = 50
CHANGED = 1000
_BOOK = """
WITH purpose AS (SELECT id FROM programs_fund), account AS (
    SELECT kind, fund_id, id FROM donations_ledgeraccount
), gift AS (
    INSERT INTO donations_donation (public_id, donor_id, donor_name, fund_id, amount_cents, refunded_cents,
        lost_cents, method, wants_receipt, purpose_text, fallback_text, text_version, status,
        status_changed_at, pledged_at, received_at, checkout_url, times_asked, is_demo)
    SELECT gen_random_uuid(), %(donor)s, '', purpose.id, 2500, 0, 0, 'card', false, '', '', 1, 'received',
        now(), now(), now(), '', 0, false
    FROM purpose, generate_series(1, %(gifts)s) RETURNING id, fund_id
), payment AS (
    INSERT INTO donations_payment (donation_id, external_id, amount_cents, fee_cents, received_at)
    SELECT id, 'pi_' || id, 2500, %(fee)s, now() FROM gift
), booked AS (
    INSERT INTO donations_ledgertransaction (key, kind, donation_id, happened_at, recorded_at)
    SELECT side.kind || ':pi_' || gift.id, side.kind, gift.id, now(), now() - interval '2 hours'
    FROM gift, (VALUES ('gift'), ('fee')) AS side (kind) RETURNING id, kind, donation_id
)
INSERT INTO donations_ledgerentry (transaction_id, account_id, amount_cents)
SELECT booked.id, account.id, side.cents
FROM booked JOIN gift ON gift.id = booked.donation_id JOIN (VALUES
    ('gift', 'stripe', 2500), ('gift', 'fund', -2500), ('fee', 'fees', %(fee)s), ('fee', 'stripe', -%(fee)s)
) AS side (kind, account, cents) USING (kind)
JOIN account ON account.kind = side.account AND coalesce(account.fund_id, gift.fund_id) = gift.fund_id
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the check of the books.")
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with ExitStack() as stack:
        stack.enter_context(fresh_database())
        _fill(options.entries)
        report = _interleaved(options.repeat)
    report["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"size": options.entries, **report}))


def _fill(entries: int) -> None:
    """Ten purposes share the gifts, four entries each; the statistics are fresh, as autovacuum keeps them."""
    from django.db import connection

    from donations.domain.accounts import Owner
    from donations.services.books.accounts import accounts_of
    from donations.services.gifts.pledging import donor_for
    from foundation.clock import utc_now
    from programs.models import Fund, Provider

    provider = Provider.objects.create(name="Stadt", slug="stadt", kind="city")
    for number in range(10):
        name, other = f"Zweck {number}", "Sonst hilft es anderen Kindern."
        slug = f"zweck-{number}"
        fund = Fund.objects.create(
            name=name, slug=slug, source_key=slug, provider=provider, purpose=name, fallback_purpose=other
        )
        accounts_of(Owner(provider.pk, fund.pk), "default")
    facts = {"donor": donor_for("bench@example.org", utc_now()).pk, "fee": _FEE_CENTS}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        gifts = entries // 40
        for start in range(0, gifts, 2500):
            cursor.execute(_BOOK, {**facts, "gifts": min(2500, gifts - start)})
        cursor.execute(
            "UPDATE programs_fund SET balance_cents = %(cents)s, received_cents = %(cents)s,"
            " gift_count = %(n)s",
            {"cents": 2500 * gifts, "n": gifts},
        )
        cursor.execute("TRUNCATE donations_changedmoney")  # by day they are compared every ten minutes
        cursor.execute("ANALYZE")


def _interleaved(repeat: int) -> dict[str, Any]:
    from donations.services.books.checks import check, check_whole_ledger
    from foundation.clock import utc_now

    now = utc_now()
    baselines, whole, quick = [_timed(_in_python)], [], []
    for _turn in range(repeat):
        whole.append(_timed(lambda: check_whole_ledger(now)))
        _change()
        quick.append(_timed(lambda: check(now)))
        baselines.append(_timed(_in_python))
    pairs = zip(whole, baselines, baselines[1:], strict=False)
    return {
        "baseline": "the same in Python",
        "baseline_seconds": round(median(baselines), 3),
        "seconds": round(median(whole), 3),
        "changed": CHANGED,
        "quick_seconds": round(median(quick), 3),
        "ratio": round(median((before + after) / 2 / run for run, before, after in pairs), 3),
    }


def _change() -> None:
    """Touch the payments of some gifts, as a busy ten minutes would."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE donations_payment SET fee_cents = fee_cents WHERE id IN ("
            "SELECT id FROM donations_payment ORDER BY id LIMIT %s)",
            [CHANGED],
        )


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _in_python() -> None:
    """The same questions asked plainly: transactions in balance, counters and rows as their entries say."""
    from donations.models import Donation, LedgerEntry, Payment
    from programs.models import Fund

    sums: Counter[int] = Counter()
    funds: Counter[int] = Counter()
    gifts: Counter[tuple[int, str]] = Counter()
    rows = LedgerEntry.objects.values_list(
        "transaction_id", "transaction__donation_id", "account__kind", "account__fund_id", "amount_cents"
    )
    for transaction_id, donation_id, account, fund_id, cents in rows.iterator(chunk_size=10_000):
        sums[transaction_id] += cents
        gifts[donation_id, account] += cents
        if fund_id is not None:
            funds[fund_id] -= cents
    wrong = any(sums.values()) or any(fund.balance_cents != funds[fund.pk] for fund in Fund.objects.all())
    paid = dict[int, int]()
    payments = Payment.objects.values_list("donation_id", "amount_cents", "fee_cents")
    for donation_id, cents, fee in payments.iterator(chunk_size=10_000):
        paid[donation_id] = cents
        wrong |= cents != -gifts[donation_id, "fund"] or fee != gifts[donation_id, "fees"]
    states = Donation.objects.values_list("pk", "amount_cents", "refunded_cents", "status")
    for donation_id, cents, refunded, status in states.iterator(chunk_size=10_000):
        wrong |= cents != paid[donation_id] or refunded != 0 or status != "received"
    if wrong:
        raise SystemExit("the books of the benchmark are wrong")


if __name__ == "__main__":
    main()
