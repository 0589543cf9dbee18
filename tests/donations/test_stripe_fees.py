"""What Stripe charges apart from payments, or takes from the bank, stands in the books of its body."""

from datetime import UTC, date, datetime
from typing import Any

from donations.models import LedgerEntry, StripeTransit
from donations.selectors.ledger import faults
from donations.services.bank.transfers import Credit
from donations.services.books.reconciliation import reconcile
from donations.services.online.transits import book_fees, read_transit
from foundation.units import Cents
from programs.models import Fund
from tests.donations.canned_stripe import Said, speaking
from tests.donations.conftest import configure
from tests.donations.gifts import told_by_bank
from tests.donations.stripe_process import FURTHER

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
CHARGED_AT = int(datetime(2026, 3, 9, 9, 0, tzinfo=UTC).timestamp())


def told(*charged: tuple[str, int]) -> Said:
    """Stripe's account of our money: nothing but what it charged, each of a kind and in cents."""
    data = [
        {
            "id": f"txn_{number}",
            "object": "balance_transaction",
            "type": kind,
            "amount": cents,
            "net": cents,
            "created": CHARGED_AT,
            "source": None,
        }
        for number, (kind, cents) in enumerate(charged)
    ]
    return {"object": "list", "data": data, "has_more": False, "url": "/v1/balance_transactions"}


def stands(fund: Fund) -> dict[str, int]:
    rows = LedgerEntry.objects.filter(account__provider=fund.provider)
    sums: dict[str, int] = {}
    for kind, cents in rows.values_list("account__kind", "amount_cents"):
        sums[kind] = sums.get(kind, 0) + cents
    return sums


def test_each_fee_is_booked_once_and_the_night_agrees(fund: Fund, settings: Any) -> None:
    charged = [("stripe_fee", -35), ("tax_fee", -7), ("stripe_fee", 5)]
    with speaking({"balance_transactions": told(*charged)}) as base:
        configure(settings, base)
        assert [each["what"] for each in reconcile(NOW)] == [
            "stripe_fee:txn_0", "stripe_fee:txn_1", "stripe_fee:txn_2",
        ]  # fmt: skip
        assert [book_fees("default", NOW) for _ in range(2)] == [3, 0]
        assert reconcile(NOW) == []
    assert stands(fund) == {"fees": 37, "stripe": -37}
    fund.refresh_from_db()
    assert (fund.balance_cents, fund.received_cents) == (0, 0)
    assert faults() == []


def test_a_fee_is_the_bodys_whose_account_it_is(fund: Fund, parish: Fund, settings: Any) -> None:
    with speaking({"balance_transactions": told()}) as base:
        configure(settings, base)
        settings.STRIPE_FURTHER_ACCOUNTS = dict(FURTHER)
        assert book_fees("gemeinde", NOW) == 0
    with speaking({"balance_transactions": told(("stripe_fee", -35))}) as base:
        configure(settings, base)
        assert book_fees("gemeinde", NOW) == 1
    assert (stands(fund), stands(parish)) == ({}, {"fees": 35, "stripe": -35})


def test_of_an_account_of_nobody_nothing_is_booked(fund: Fund, settings: Any) -> None:
    with speaking({"balance_transactions": told(("stripe_fee", -35))}) as base:
        configure(settings, base)
        assert book_fees("niemand", NOW) == 0


def test_what_stripe_takes_from_the_bank_meets_its_line(fund: Fund, settings: Any) -> None:
    """More went back to givers than stood at Stripe: it takes the rest by a payout below nothing."""
    payout = {
        "id": "po_1",
        "object": "payout",
        "amount": -5000,
        "currency": "eur",
        "status": "paid",
        "created": CHARGED_AT,
        "arrival_date": CHARGED_AT,
        "failure_balance_transaction": None,
    }
    balance = told(("payout", 5000))
    balance["data"][0]["source"] = {"object": "payout", "id": "po_1"}
    with speaking({"payouts/po_1": payout, "balance_transactions": balance}) as base:
        configure(settings, base)
        for _ in range(2):
            read_transit("po_1", NOW)
        assert stands(fund) == {"stripe": 5000, "in_transit": -5000}
        assert reconcile(NOW) == []
        credit = Credit(date(2026, 3, 10), Cents(-5000), "Stripe Technology Europe Ltd", "STRIPE")
        bank_line = told_by_bank(fund.provider, credit, NOW)
        assert bank_line.transit == StripeTransit.objects.get()
        assert {kind: cents for kind, cents in stands(fund).items() if cents} == {
            "stripe": 5000,
            "bank": -5000,
        }
        assert (reconcile(NOW), faults()) == ([], [])
