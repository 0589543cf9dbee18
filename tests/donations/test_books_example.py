"""The example of docs/books.md is booked through, and every line of it is what the ledger says."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from accounts.models import User
from donations.domain.facts import DisputeFact, PaymentFacts
from donations.models import BankTransaction, LedgerEntry
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.bank.transfers import Credit, assign_transfer, record_bank_transfer
from donations.services.online.payments import record
from donations.services.treasury.proposals import propose_correction, propose_payout, release
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation
from tests.donations.statements.test_import import line, reference, take
from tests.donations.statements.written import camt
from tests.donations.visits import give, newest
from tests.factories import make_user

BOOKS = Path(__file__).resolve().parents[2] / "docs" / "books.md"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=40)


def promised_lines() -> list[list[str]]:
    """The lines of the example, split into key, kind, account and cents."""
    (example,) = re.findall(r"```\n(.*?)```", BOOKS.read_text(), flags=re.S)
    return [each.split() for each in example.splitlines()]


def booked_lines() -> list[list[str]]:
    """What the ledger says in the order of booking; the bank's long identities are cut."""
    entries = LedgerEntry.objects.select_related("transaction", "account").order_by("pk")
    return [
        [
            re.sub(r"^payout:\d+", "payout:1", re.sub(r":bank:.*", ":bank", entry.transaction.key)),
            entry.transaction.kind,
            entry.account.kind,
            str(entry.amount_cents),
        ]
        for entry in entries
    ]


def use_and_correct(folder: Path, browser: Any, fund: Fund, one: User) -> None:
    """50 € are used, and a slip of two noughts is put right, each by two people."""
    other = make_user(Membership.Role.TREASURER, fund.provider)
    payout = propose_payout(fund, Cents(5000), "40 Ranzen", by=one, now=LATER)
    release(payout.pk, by=other, now=LATER)
    take(folder, fund, camt(line("50.00", str(payout.reference), bank="B3", sign="DBIT")))
    give(browser, method="transfer")
    typed = Credit(date(2026, 3, 3), Cents(250_000), "Ada Beispiel", reference(newest()))
    slip, _is_new = record_bank_transfer(fund.provider, typed, recorded_by=one, now=LATER)
    gift = newest()
    right = propose_correction(slip, Cents(2500), gift, "zwei Nullen", gift=gift, by=one, now=LATER)
    release(right.pk, by=other, now=LATER)


def test_the_example_is_what_the_ledger_says(tmp_path: Path, browser: object, fund: Fund) -> None:
    card = make_donation(fund)
    lost = DisputeFact("dp_example", Cents(2500), "lost", AT, AT, fee_cents=Cents(2000))
    won = DisputeFact(
        "dp_example", Cents(2500), "won", AT, LATER, Cents(2000), Cents(2000), back_cents=Cents(2500)
    )
    for disputes in ((), (lost,), (won,)):
        facts = PaymentFacts(
            "pi_example", "succeeded", Cents(2500), AT, fee_cents=Cents(63), disputes=disputes
        )
        record(card.pk, facts, LATER, page_is_over=False)
    give(browser, method="transfer")  # type: ignore[arg-type]
    promise = newest()
    take(tmp_path, fund, camt(line("40.00", "ohne Code", bank="B1")))
    treasurer = make_user(Membership.Role.TREASURER, fund.provider)
    assign_transfer(BankTransaction.objects.get().pk, promise.pk, assigned_by=treasurer, now=LATER)
    take(tmp_path, fund, camt(line("10.00", f"zurueck {reference(promise)}", bank="B2", sign="DBIT")))
    use_and_correct(tmp_path, browser, fund, treasurer)
    assert booked_lines() == promised_lines()
    assert [*faults(), *row_faults()] == []
    fund.refresh_from_db()
    assert (fund.balance_cents, fund.received_cents, fund.gift_count) == (3000, 8000, 3)
