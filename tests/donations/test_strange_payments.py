"""What Stripe could say and the double never does: other currencies, refunds that end without a trace."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from donations.gateways.errors import ForeignCurrency
from donations.models import Donation, LedgerTransaction, Payment, Refund, StripeEvent
from donations.selectors.ledger import faults
from donations.services.online.events import process_waiting
from donations.services.online.payments import read_payment
from foundation.clock import utc_now
from outbox.models import Message
from programs.models import Fund
from tests.donations.canned_stripe import Said, event, intent, refund, speaking
from tests.donations.conftest import configure
from tests.donations.deliveries import deliver
from tests.donations.gifts import make_donation
from tests.log_lines import lines


@pytest.fixture
def said(settings: Any) -> Iterator[Said]:
    words: Said = {}
    with speaking(words) as address:
        configure(settings, address)
        yield words


def counters(fund: Fund) -> tuple[int, int, int]:
    fund.refresh_from_db()
    return fund.received_cents, fund.balance_cents, fund.gift_count


@pytest.mark.parametrize("currency", ["usd", "chf", "jpy"])
def test_another_currency_is_not_booked_and_comes_to_rest(
    fund: Fund, said: Said, currency: str, caplog: pytest.LogCaptureFixture
) -> None:
    donation = make_donation(fund)
    said["payment_intents/pi_canned"] = intent(str(donation.public_id), currency=currency)
    deliver([event()])
    donation.refresh_from_db()
    assert (donation.status, donation.received_at) == ("pledged", None)
    assert counters(fund) == (0, 0, 0)
    assert not LedgerTransaction.objects.exists()
    assert not Payment.objects.exists()
    assert not Message.objects.exists()
    row = StripeEvent.objects.get()
    assert row.processed_at is not None
    assert row.error == f"ForeignCurrency('{currency}')"
    assert lines(caplog, "donations.services.online.events", "noun", "subject") == [
        ("event_in_foreign_currency", "error", "payment", "pi_canned")
    ]
    assert process_waiting(utc_now() + timedelta(days=2)) == 0


def test_who_asks_directly_is_told(fund: Fund, said: Said) -> None:
    donation = make_donation(fund)
    said["payment_intents/pi_canned"] = intent(str(donation.public_id), currency="usd")
    with pytest.raises(ForeignCurrency):
        read_payment("pi_canned", utc_now())
    assert Donation.objects.get().status == "pledged"


def test_the_same_payment_in_euro_is_booked(fund: Fund, said: Said) -> None:
    donation = make_donation(fund)
    said["payment_intents/pi_canned"] = intent(str(donation.public_id))
    deliver([event()])
    donation.refresh_from_db()
    assert (donation.status, counters(fund)) == ("received", (2500, 2500, 1))


def paid_with_refund(fund: Fund, said: Said, refunds: Said) -> Donation:
    donation = make_donation(fund)
    said["refunds"] = refunds
    said["payment_intents/pi_canned"] = intent(str(donation.public_id), refunds=refunds)
    return donation


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_a_booked_refund_that_ends_without_a_trace_of_its_money_is_booked_back(
    fund: Fund, said: Said, status: str
) -> None:
    paid_with_refund(fund, said, refund("succeeded"))
    deliver([event()])
    assert counters(fund) == (1500, 1500, 1)
    said["refunds"] = refund(status)
    deliver([event("refund.updated", number=2), event("refund.updated", number=3)])
    assert counters(fund) == (2500, 2500, 1)
    assert Donation.objects.get().status == "received"
    assert Refund.objects.get().failed_at is not None
    assert faults() == []


@pytest.mark.parametrize("status", ["failed", "canceled", "pending", "requires_action"])
def test_a_refund_that_moved_nothing_is_not_counted(fund: Fund, said: Said, status: str) -> None:
    paid_with_refund(fund, said, refund(status))
    deliver([event()])
    donation = Donation.objects.get()
    assert (donation.status, donation.refunded_cents, counters(fund)) == ("received", 0, (2500, 2500, 1))
    assert not Refund.objects.exists()
    assert [mail.template for mail in Message.objects.all()] == ["gift_thanks"]


def test_the_day_of_the_return_is_the_day_its_money_came_back(fund: Fund, said: Said) -> None:
    back = {"id": "txn_2", "object": "balance_transaction", "created": 1_772_960_400}
    paid_with_refund(fund, said, refund("failed", failure_balance_transaction=back))
    deliver([event()])
    days = {each.kind: each.happened_at.date().isoformat() for each in LedgerTransaction.objects.all()}
    assert days == {
        "gift": "2026-03-02",
        "fee": "2026-03-02",
        "refund": "2026-03-03",
        "refund_back": "2026-03-08",
    }
