"""What Stripe could say and the double never does: other currencies, refunds that end without a trace."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from donations.gateways.errors import ForeignCurrency
from donations.models import Donation, LedgerTransaction, Payment, Refund, StripeEvent
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.online.events import process_waiting
from donations.services.online.payments import read_payment
from donations.services.treasury.proposals import propose_refund, release
from foundation.clock import utc_now
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.canned_stripe import Said, event, intent, refund, speaking
from tests.donations.conftest import configure
from tests.donations.deliveries import deliver
from tests.donations.gifts import make_donation
from tests.factories import make_user
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


_METERED = {"currency": "eur", "unit_amount": 500, "recurring": {"interval": "week", "interval_count": 2}}
OF_OTHERS: list[tuple[str, str, Said]] = [
    ("payment_intent.succeeded", "payment_intents/pi_canned", intent("Frühjahr 2026")),
    ("payment_intent.succeeded", "payment_intents/pi_canned", intent("42")),
    (
        "invoice.paid",
        "invoices/pi_canned",
        {
            "id": "pi_canned",
            "object": "invoice",
            "billing_reason": "subscription_create",
            "parent": {
                "subscription_details": {"subscription": "sub_9", "metadata": {"donation": "Beitrag"}}
            },
            "payments": {"object": "list", "data": []},
            "amount_due": 500,
            "created": 1_772_442_000,
            "status": "paid",
        },
    ),
    (
        "customer.subscription.updated",
        "subscriptions/pi_canned",
        {
            "id": "pi_canned",
            "object": "subscription",
            "status": "active",
            "metadata": {"donation": "Mitglied"},
            "items": {
                "object": "list",
                "data": [{"price": _METERED, "current_period_end": 1_775_000_000}],
            },
        },
    ),
]


@pytest.mark.parametrize(("kind", "where", "told"), OF_OTHERS)
def test_what_others_do_at_the_account_under_our_word_is_left_alone_and_comes_to_rest(
    fund: Fund, said: Said, kind: str, where: str, told: Said
) -> None:
    make_donation(fund)
    said[where] = told
    deliver([event(kind)])
    row = StripeEvent.objects.get()
    assert (row.error, row.processed_at is not None) == ("", True)
    assert counters(fund) == (0, 0, 0)
    assert not LedgerTransaction.objects.exists()
    assert not Payment.objects.exists()


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


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_an_ordered_refund_that_never_left_is_cancelled_under_its_name_at_stripe(
    fund: Fund, said: Said, status: str
) -> None:
    gift = paid_with_refund(fund, said, {**refund("pending"), "data": []})
    deliver([event()])
    gift.refresh_from_db()
    one, other = (make_user(Membership.Role.TREASURER, fund.provider) for _ in range(2))
    orders = [propose_refund(gift, Cents(1000), "Widerruf", by=one, now=utc_now()) for _ in range(2)]
    for each in orders:
        assert release(each.pk, by=other, now=utc_now()) is True
    said["refunds"] = refund(status, metadata={"order": str(orders[1].pk)})
    said["payment_intents/pi_canned"] = intent(str(gift.public_id), refunds=said["refunds"])
    deliver([event("refund.updated", number=2)])
    assert list(Refund.objects.order_by("proposal").values_list("proposal", "status", "external_id")) == [
        (orders[0].pk, "pending", f"proposal:{orders[0].pk}"),
        (orders[1].pk, "cancelled", "re_canned"),
    ]
    assert (Donation.objects.get().status, counters(fund)) == ("received", (2500, 2500, 1))
    assert [mail.template for mail in Message.objects.all()] == ["gift_thanks"]
    assert [*faults(), *row_faults()] == []


@pytest.mark.parametrize(
    ("status", "failed", "failure"),
    [("requires_payment_method", True, "funds"), ("canceled", False, "")],
)
def test_a_debit_under_way_that_fails_says_why_and_one_that_is_called_off_has_not_failed(
    fund: Fund, said: Said, *, status: str, failed: bool, failure: str
) -> None:
    gift = make_donation(fund, status="processing", method="sepa_debit")
    declined = {"status": status, "last_payment_error": {"code": "insufficient_funds"}}
    said["payment_intents/pi_canned"] = {**intent(str(gift.public_id)), **declined}
    deliver([event("payment_intent.canceled")])
    gift.refresh_from_db()
    assert (gift.status, gift.failed_at is not None, gift.failure) == ("lapsed", failed, failure)


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


def test_a_refund_that_a_bank_has_still_to_confirm_has_left_where_stripe_has_booked_it(
    fund: Fund, said: Said
) -> None:
    paid_with_refund(fund, said, refund("pending", balance_transaction="txn_3"))
    deliver([event()])
    gift = Donation.objects.get()
    assert (gift.status, gift.refunded_cents, counters(fund)) == ("partly_refunded", 1000, (1500, 1500, 1))
    said["refunds"] = refund("succeeded", balance_transaction="txn_3")
    deliver([event("refund.updated", number=2)])
    assert counters(fund) == (1500, 1500, 1)
    back = {"id": "txn_4", "object": "balance_transaction", "created": 1_772_960_400}
    failed = refund("failed", balance_transaction="txn_3", failure_balance_transaction=back)
    for number in (3, 4):
        said["refunds"] = failed
        deliver([event("refund.failed", number=number)])
    assert (counters(fund), Donation.objects.get().status) == ((2500, 2500, 1), "received")
    mails = sorted(Message.objects.values_list("template", flat=True))
    assert mails == ["gift_thanks", "refund_done", "refund_failed"]
    assert faults() == []


def claim(number: int, cents: int, status: str, *back: int) -> Said:
    """A dispute as Stripe lists it, of which so much came back."""
    moves = [-cents, *back]
    created = 1_772_528_400 + number * 3600
    return {
        "id": f"dp_{number}",
        "object": "dispute",
        "status": status,
        "amount": cents,
        "created": created,
        "reason": "fraudulent",
        "balance_transactions": [
            {"id": f"txn_{number}_{place}", "amount": each, "fee": 0, "created": created}
            for place, each in enumerate(moves)
        ],
        "evidence_details": {},
    }


@pytest.mark.parametrize("is_refunded_in_part", [False, True])
def test_what_was_lost_comes_back_and_is_disputed_anew_before_we_look(
    fund: Fund, said: Said, *, is_refunded_in_part: bool
) -> None:
    """A gift that is lost is disputed again at once: by a second claim, while the first was won after all, or
    while the refund of the rest failed.
    """
    gift = make_donation(fund)
    disputed = 1500 if is_refunded_in_part else 2500

    def stripe_says(refunds: str, *claims: Said) -> None:
        said["refunds"] = refund(refunds)
        said["disputes"] = {"object": "list", "data": claims, "has_more": False, "url": "/v1/disputes"}
        more = {"refunds": said["refunds"]} if is_refunded_in_part else {}
        said["payment_intents/pi_canned"] = intent(str(gift.public_id), disputed=bool(claims), **more)
        deliver([event("charge.updated", number=StripeEvent.objects.count() + 1)])
        gift.refresh_from_db()
        assert list(StripeEvent.objects.exclude(error="").values_list("error")) == []
        assert [*faults(), *row_faults()] == []

    stripe_says("succeeded", claim(1, disputed, "lost"))
    assert (gift.status, counters(fund)) == ("lost", (0, 0, 1))
    if is_refunded_in_part:
        stripe_says("failed", claim(1, 1500, "lost"), claim(2, 1000, "needs_response"))
        assert (gift.status, gift.lost_cents, counters(fund)) == ("disputed", 1500, (1000, 1000, 1))
        stripe_says("failed", claim(1, 1500, "lost"), claim(2, 1000, "lost"))
    else:
        stripe_says("", claim(1, 2500, "won", 2500), claim(2, 2500, "needs_response"))
        assert (gift.status, gift.lost_cents, counters(fund)) == ("disputed", 0, (2500, 2500, 1))
        stripe_says("", claim(1, 2500, "won", 2500), claim(2, 2500, "lost"))
    assert (gift.status, gift.lost_cents, counters(fund)) == ("lost", 2500, (0, 0, 1))
