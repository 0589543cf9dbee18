"""Gifts through Stripe, from the button on the payment page to books, status and mail."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from donations.gateways.stripe import payment
from donations.models import Dispute, Donation, LedgerTransaction, Payment, Refund, StripeEvent
from donations.selectors.ledger import canonical_lines, faults
from donations.services.online.events import process_waiting
from donations.services.online.payments import page_is_over
from donations.tasks import ask_about_pending
from foundation.clock import utc_now
from foundation.models import Event
from outbox.models import Message
from programs.models import Fund
from tests.donations.deliveries import deliver, deliver_all
from tests.donations.gifts import PLEDGED_AT, make_donation
from tests.donations.stripe_process import StripeProcess
from tests.donations.visits import give, newest, text


def pay(
    stripe: StripeProcess, browser: Client, method: str = "card", action: str = "pay", **what: str
) -> Donation:
    """Give 25 € (or what is said) and press the button; nothing has been delivered yet."""
    stripe.pay(give(browser, what=what, method=method)["Location"], method, action)
    return newest()


def intent_of(stripe: StripeProcess, donation: Donation) -> str:
    session = stripe.get(f"checkout/sessions/{donation.checkout_session_id}")
    return str(session["payment_intent"])


def charge_of(stripe: StripeProcess, donation: Donation) -> str:
    return str(stripe.get(f"payment_intents/{intent_of(stripe, donation)}")["latest_charge"])


def books() -> dict[str, list[tuple[str, int]]]:
    """Return the entries by the part of the key before the identity."""
    return {
        each.key.split(":")[0]: sorted(each.entries.values_list("account__kind", "amount_cents"))
        for each in LedgerTransaction.objects.all()
    }


def moves(donation: Donation) -> list[str]:
    rows = Event.objects.filter(model="donation", object_id=donation.pk).order_by("pk")
    return [row.to_status for row in rows]


def mails() -> list[str]:
    return sorted(Message.objects.values_list("template", flat=True))


def counters(fund: Fund) -> tuple[int, int, int]:
    fund.refresh_from_db()
    return fund.received_cents, fund.balance_cents, fund.gift_count


def standing(donation: Donation) -> str:
    donation.refresh_from_db()
    return donation.status


def test_a_card_gift_is_received_booked_and_thanked_for(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    donation = pay(stripe, browser)
    deliver_all(stripe, str(donation.public_id))
    intent = intent_of(stripe, donation)
    assert standing(donation) == "received"
    assert moves(donation) == ["received"]
    assert books() == {
        "gift": [("fund", -2500), ("stripe", 2500)],
        "fee": [("fees", 63), ("stripe", -63)],
    }
    assert counters(fund) == (2500, 2500, 1)
    payment = Payment.objects.get()
    assert (payment.external_id, payment.amount_cents, payment.fee_cents) == (intent, 2500, 63)
    assert payment.country == "DE"
    assert donation.received_at == payment.received_at
    mail = Message.objects.get()
    assert (mail.key, mail.to_email) == (f"gift.thanks:{donation.pk}", "geberin@example.org")
    assert "25 €" in mail.subject.replace("\xa0", " ")
    assert "Kinderfonds" in mail.body_text
    assert "genügt bei Spenden bis 300" in mail.body_text
    assert "/meins/" in mail.body_text
    assert faults() == []


@pytest.mark.parametrize(("method", "fee"), [("paypal", 73), ("card", 63)])
def test_fees_are_costs_and_the_purpose_has_the_whole_gift(
    browser: Client, fund: Fund, stripe: StripeProcess, method: str, fee: int
) -> None:
    deliver_all(stripe, str(pay(stripe, browser, method).public_id))
    assert books()["fee"] == [("fees", fee), ("stripe", -fee)]
    assert counters(fund) == (2500, 2500, 1)
    assert Payment.objects.get().country == "DE"


@pytest.mark.parametrize("seed", range(3))
def test_any_order_and_repetition_of_deliveries_gives_the_same(
    browser: Client, fund: Fund, stripe: StripeProcess, seed: int
) -> None:
    donation = pay(stripe, browser)
    stripe.lever(f"charges/{charge_of(stripe, donation)}/refund", amount=1000)
    events = stripe.events(about=intent_of(stripe, donation))
    shuffled = [*events, *events]
    random.Random(seed).shuffle(shuffled)
    deliver(shuffled)
    assert standing(donation) == "partly_refunded"
    assert books() == {
        "gift": [("fund", -2500), ("stripe", 2500)],
        "fee": [("fees", 63), ("stripe", -63)],
        "refund": [("fund", 1000), ("stripe", -1000)],
    }
    assert counters(fund) == (1500, 1500, 1)
    assert mails() == ["gift_thanks", "refund_done"]
    assert moves(donation) == ["received", "partly_refunded"]
    assert not StripeEvent.objects.filter(processed_at=None).exists()


def test_one_late_event_alone_is_enough(browser: Client, fund: Fund, stripe: StripeProcess) -> None:
    donation = pay(stripe, browser)
    last = stripe.events(about=intent_of(stripe, donation))[-1]
    assert last["type"] == "charge.updated"
    deliver([last])
    assert standing(donation) == "received"
    assert sorted(books()) == ["fee", "gift"]


def test_a_declined_card_leaves_the_page_open_for_another_try(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    page_url = give(browser, method="card")["Location"]
    stripe.pay(page_url, "card", "fail")
    donation = newest()
    deliver_all(stripe, str(donation.public_id))
    assert standing(donation) == "pledged"
    assert mails() == []
    stripe.pay(page_url, "card", "pay")
    deliver_all(stripe, str(donation.public_id))
    assert standing(donation) == "received"
    assert mails() == ["gift_thanks"]


def test_a_debit_is_thanked_for_when_it_arrives_not_before(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    donation = pay(stripe, browser, "sepa_debit")
    deliver_all(stripe, str(donation.public_id))
    assert standing(donation) == "processing"
    assert (mails(), books()) == ([], {})
    stripe.lever(f"payment_intents/{intent_of(stripe, donation)}/settle", outcome="paid")
    deliver_all(stripe, str(donation.public_id))
    assert standing(donation) == "received"
    assert moves(donation) == ["processing", "received"]
    assert mails() == ["gift_thanks"]
    assert books()["fee"] == [("fees", 35), ("stripe", -35)]


def test_a_debit_that_fails_is_told_once(browser: Client, fund: Fund, stripe: StripeProcess) -> None:
    donation = pay(stripe, browser, "sepa_debit")
    deliver_all(stripe, str(donation.public_id))
    stripe.lever(f"payment_intents/{intent_of(stripe, donation)}/settle", outcome="failed")
    for _ in range(2):
        deliver_all(stripe, str(donation.public_id))
    assert standing(donation) == "lapsed"
    assert moves(donation) == ["processing", "lapsed"]
    assert mails() == ["gift_failed"]
    assert (books(), counters(fund)) == ({}, (0, 0, 0))


def test_a_page_left_unpaid_lapses_quietly(browser: Client, fund: Fund, stripe: StripeProcess) -> None:
    give(browser, method="card")
    donation = newest()
    stripe.request("POST", f"{stripe.url}/v1/checkout/sessions/{donation.checkout_session_id}/expire", {})
    deliver_all(stripe, str(donation.public_id))
    assert standing(donation) == "lapsed"
    assert mails() == []


def test_refunds_in_parts_add_up(browser: Client, fund: Fund, stripe: StripeProcess) -> None:
    donation = pay(stripe, browser)
    charge = charge_of(stripe, donation)
    for amount, status, left in ((1000, "partly_refunded", 1500), (500, "partly_refunded", 1000)):
        stripe.lever(f"charges/{charge}/refund", amount=amount)
        deliver_all(stripe, charge)
        assert standing(donation) == status
        assert counters(fund) == (left, left, 1)
    stripe.lever(f"charges/{charge}/refund")
    deliver_all(stripe, charge)
    assert standing(donation) == "refunded"
    assert donation.refunded_cents == 2500
    assert counters(fund) == (0, 0, 1)
    assert sorted(Refund.objects.values_list("amount_cents", flat=True)) == [500, 1000, 1000]
    assert mails() == ["gift_thanks", "refund_done", "refund_done", "refund_done"]
    assert faults() == []


def test_a_dispute_holds_the_money_and_won_brings_it_back(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    donation = pay(stripe, browser)
    charge = charge_of(stripe, donation)
    claim = stripe.lever(f"charges/{charge}/dispute")["id"]
    deliver_all(stripe, charge)
    assert standing(donation) == "disputed"
    assert books()["dispute"] == [("disputed", 2500), ("stripe", -2500)]
    stripe.lever(f"disputes/{claim}/close", status="won")
    deliver_all(stripe, charge)
    assert standing(donation) == "received"
    assert books()["dispute_won"] == [("disputed", -2500), ("stripe", 2500)]
    assert books()["fee_back"] == [("fees", -2000), ("stripe", 2000)]
    assert Dispute.objects.get().outcome == "won"
    assert counters(fund) == (2500, 2500, 1)
    assert mails() == ["gift_thanks"]


@pytest.mark.parametrize("seed", range(2))
def test_a_lost_dispute_is_the_purposes_loss_in_any_order(
    browser: Client, fund: Fund, stripe: StripeProcess, seed: int
) -> None:
    donation = pay(stripe, browser)
    charge = charge_of(stripe, donation)
    claim = stripe.lever(f"charges/{charge}/dispute")["id"]
    stripe.lever(f"disputes/{claim}/close", status="lost")
    events = stripe.events(about=intent_of(stripe, donation))
    random.Random(seed).shuffle(events)
    deliver(events)
    assert standing(donation) == "lost"
    assert moves(donation) == ["received", "disputed", "lost"]
    assert books()["dispute_lost"] == [("disputed", -2500), ("fund", 2500)]
    assert counters(fund) == (0, 0, 1)
    assert faults() == []


@pytest.mark.parametrize("told_by", ["event", "asking"])
def test_a_debit_that_failed_before_anybody_looked_ends_as_failed_and_is_told(
    browser: Client, fund: Fund, stripe: StripeProcess, told_by: str
) -> None:
    donation = pay(stripe, browser, "sepa_debit")
    intent = intent_of(stripe, donation)
    stripe.lever(f"payment_intents/{intent}/settle", outcome="failed")
    if told_by == "event":
        events = stripe.events(about=intent)
        deliver([event for event in events if event["type"] == "payment_intent.payment_failed"] * 2)
    else:
        Donation.objects.update(pledged_at=utc_now() - timedelta(hours=1))
        ask_about_pending(utc_now())
    assert standing(donation) == "lapsed"
    assert mails() == ["gift_failed"]
    assert counters(fund) == (0, 0, 0)


def test_who_was_declined_and_paid_while_we_looked_has_not_failed(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    donation = pay(stripe, browser)
    read_before = replace(payment(intent_of(stripe, donation)), state="failed")
    assert not page_is_over(donation.pk, read_before)
    deliver_all(stripe, read_before.external_id)
    assert standing(donation) == "received"
    assert mails() == ["gift_thanks"]


def test_a_returned_debit_is_told_to_the_giver(browser: Client, fund: Fund, stripe: StripeProcess) -> None:
    donation = pay(stripe, browser, "sepa_debit")
    stripe.lever(f"payment_intents/{intent_of(stripe, donation)}/settle", outcome="paid")
    deliver_all(stripe, str(donation.public_id))
    charge = charge_of(stripe, donation)
    stripe.lever(f"charges/{charge}/dispute")
    for _ in range(2):
        deliver_all(stripe, charge)
    assert standing(donation) == "lost"
    assert mails() == ["gift_returned", "gift_thanks"]


def test_a_large_gift_to_the_city_waits_for_acceptance(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    donation = pay(stripe, browser, betrag="own", eigener_betrag="1000")
    deliver_all(stripe, str(donation.public_id))
    assert standing(donation) == "received"
    donation.refresh_from_db()
    assert donation.acceptance == "awaiting"
    assert counters(fund) == (100_000, 100_000, 1)
    assert "Die Stadt muss große Spenden erst annehmen" in Message.objects.get().body_text


def test_a_payment_that_is_none_of_ours_is_left_alone(fund: Fund, stripe: StripeProcess) -> None:
    _status, _headers, body = stripe.request(
        "POST",
        f"{stripe.url}/v1/checkout/sessions",
        {
            "mode": "payment",
            "success_url": "http://localhost/",
            "line_items[0][quantity]": 1,
            "line_items[0][price_data][currency]": "eur",
            "line_items[0][price_data][unit_amount]": 900,
            "line_items[0][price_data][product_data][name]": "Fremd",
            "customer_email": "fremd@example.org",
        },
    )
    session = json.loads(body)
    stripe.pay(session["url"])
    intent = stripe.get(f"checkout/sessions/{session['id']}")["payment_intent"]
    deliver_all(stripe, intent)
    assert not StripeEvent.objects.filter(processed_at=None).exists()
    assert list(canonical_lines()) == []


def test_an_event_that_cannot_be_processed_waits_and_is_tried_again(
    browser: Client, fund: Fund, stripe: StripeProcess, settings: Any
) -> None:
    donation = pay(stripe, browser)
    good_address = settings.STRIPE_API_BASE
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    deliver([stripe.events(about=intent_of(stripe, donation))[-1]])
    event = StripeEvent.objects.get()
    assert (event.processed_at, event.attempts) == (None, 1)
    assert "Unreachable" in event.error
    assert standing(donation) == "pledged"
    settings.STRIPE_API_BASE = good_address
    assert process_waiting(utc_now()) == 0
    assert event.next_attempt_at is not None
    assert process_waiting(event.next_attempt_at) == 1
    event.refresh_from_db()
    assert (event.error, event.processed_at is not None) == ("", True)
    assert standing(donation) == "received"


def test_the_thanks_page_tells_where_the_gift_stands(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    donation = pay(stripe, browser)
    address = reverse("donate_thanks", args=[donation.public_id])
    for _ in range(2):
        page = browser.get(address)
        assert "Danke von Herzen!" in text(page)
        deliver_all(stripe, str(donation.public_id))
    assert "geberin@example.org" not in text(page)
    assert page["Cache-Control"] == "no-store, private"
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("received", "Die Stadt muss große Spenden erst annehmen"),
        ("processing", "Ihre Lastschrift ist unterwegs"),
        ("partly_refunded", "Von Ihrer Spende von 25 € haben wir 5 € zurückgezahlt."),
        ("refunded", "Wir haben Ihnen 25 € zurückgezahlt."),
        ("disputed", "Diese Zahlung wird geprüft"),
        ("lost", "Ihre Bank hat die Zahlung zurückgebucht"),
        ("lapsed", "Die Spende ist nicht zustande gekommen"),
    ],
)
def test_every_status_has_its_honest_page(browser: Client, fund: Fund, status: str, words: str) -> None:
    donation = make_donation(
        fund,
        status=status,
        received_at=PLEDGED_AT,
        refunded_cents=500,
        acceptance="awaiting",
        donor_name="Kanarienvogel",
    )
    page = browser.get(reverse("donate_thanks", args=[donation.public_id]))
    assert page.status_code == 200
    assert words in text(page)
    assert "Kanarienvogel" not in text(page)
