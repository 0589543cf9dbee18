"""One payment by each method: states, events in order, fees."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import stripe

pytestmark = pytest.mark.live

DELAY = timedelta(days=1)  # as the double of these tests is started

PAID_AT_ONCE = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
    "charge.updated",
]
DEBIT_STARTED = [
    "payment_intent.created",
    "payment_intent.processing",
    "charge.pending",
    "checkout.session.completed",
]
DEBIT_CAME = [
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.async_payment_succeeded",
    "charge.updated",
]
DEBIT_FAILED = ["charge.failed", "payment_intent.payment_failed", "checkout.session.async_payment_failed"]


def intent_of(client, session):
    done = client.v1.checkout.sessions.retrieve(session.id)
    expand = {"expand": ["latest_charge.balance_transaction", "payment_method"]}
    return client.v1.payment_intents.retrieve(done.payment_intent, params=expand)


@pytest.mark.parametrize(
    ("method", "cents", "fee", "prefix", "kind"),
    [
        ("card", 2500, 63, "ch_", "charge"),
        ("card", 50, 26, "ch_", "charge"),
        ("card", 100_000, 1525, "ch_", "charge"),
        ("paypal", 2500, 73, "py_", "payment"),
        ("paypal", 1033, 50, "py_", "payment"),
    ],
)
def test_card_and_paypal_are_paid_at_once(
    double, client, new_order, told_types, method, cents, fee, prefix, kind
):
    session = client.v1.checkout.sessions.create(params=new_order(cents))

    answer = double.press(session, method=method)

    assert (answer.status, answer.headers["Location"]) == (
        303,
        f"http://localhost:8000/danke/?session={session.id}",
    )
    assert told_types() == PAID_AT_ONCE
    done = client.v1.checkout.sessions.retrieve(session.id)
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert done.customer_details.email == "erika@example.org"
    intent = intent_of(client, session)
    assert (intent.status, intent.amount_received) == ("succeeded", cents)
    assert intent.metadata["donation"] == "d-1"
    charge = intent.latest_charge
    assert charge.id.startswith(prefix)
    assert (charge.status, charge.paid, charge.amount) == ("succeeded", True, cents)
    assert charge.payment_method_details.type == method
    assert charge.metadata["donation"] == "d-1"
    entry = charge.balance_transaction
    assert (entry.amount, entry.fee, entry.net, entry.type) == (cents, fee, cents - fee, kind)
    assert [(detail.amount, detail.type) for detail in entry.fee_details] == [(fee, "stripe_fee")]
    assert client.v1.balance_transactions.retrieve(entry.id).source == charge.id


def test_the_fee_is_known_only_after_the_success(double, client, new_order, told):
    session = client.v1.checkout.sessions.create(params=new_order())

    double.press(session)

    succeeded, updated = (event for event in told() if event.type in ("charge.succeeded", "charge.updated"))
    assert succeeded.data.object.balance_transaction is None
    assert updated.data.object.balance_transaction.startswith("txn_")
    assert updated.data.previous_attributes["balance_transaction"] is None


def test_a_sepa_debit_is_unpaid_until_it_settles(double, client, new_order, told_types):
    session = client.v1.checkout.sessions.create(params=new_order())

    assert double.press(session, method="sepa_debit").status == 303

    assert told_types() == DEBIT_STARTED
    waiting = client.v1.checkout.sessions.retrieve(session.id)
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    intent = intent_of(client, session)
    assert (intent.status, intent.latest_charge.status) == ("processing", "pending")
    assert intent.latest_charge.balance_transaction is None
    mandate = intent.latest_charge.payment_method_details.sepa_debit.mandate
    assert client.v1.mandates.retrieve(mandate).type == "single_use"
    taken_on = intent.latest_charge.payment_method_details.sepa_debit.expected_debit_date
    tomorrow = datetime.fromtimestamp(intent.latest_charge.created, ZoneInfo("Europe/Berlin")) + DELAY
    assert taken_on == tomorrow.date().isoformat()

    double.lever(f"payment_intents/{intent.id}/settle", outcome="paid")

    assert told_types() == DEBIT_STARTED + DEBIT_CAME
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    settled = intent_of(client, session)
    assert settled.status == "succeeded"
    entry = settled.latest_charge.balance_transaction
    assert (entry.amount, entry.fee, entry.net, entry.type) == (2500, 35, 2465, "payment")


def test_a_sepa_debit_can_fail_later(double, client, new_order, told_types):
    session = client.v1.checkout.sessions.create(params=new_order())
    assert double.press(session, "fail", "sepa_debit").status == 303
    intent = intent_of(client, session)

    double.lever(f"payment_intents/{intent.id}/settle", outcome="failed", failure_code="account_closed")

    assert told_types() == DEBIT_STARTED + DEBIT_FAILED
    failed = client.v1.checkout.sessions.retrieve(session.id)
    assert (failed.status, failed.payment_status) == ("complete", "unpaid")
    failed_intent = intent_of(client, session)
    assert failed_intent.status == "requires_payment_method"
    assert failed_intent.last_payment_error.code == "account_closed"
    assert failed_intent.latest_charge.failure_code == "account_closed"
    assert failed_intent.latest_charge.balance_transaction is None


def test_a_debit_settles_once(double, client, new_order, told_types):
    session = client.v1.checkout.sessions.create(params=new_order())
    double.press(session, method="sepa_debit")
    intent = intent_of(client, session)
    double.lever(f"payment_intents/{intent.id}/settle")
    told_before = told_types()

    error = double.refused_lever(f"payment_intents/{intent.id}/settle", outcome="failed")

    assert error["code"] == "payment_intent_unexpected_state"
    assert told_types() == told_before
    assert intent_of(client, session).status == "succeeded"


@pytest.mark.parametrize(
    ("outcome", "events", "status"),
    [
        ("pay", DEBIT_STARTED + DEBIT_CAME, "succeeded"),
        ("fail", DEBIT_STARTED + DEBIT_FAILED, "requires_payment_method"),
    ],
)
def test_a_debit_settles_by_itself_after_the_delay(
    own_double, receiver, new_order, eventually, outcome, events, status
):
    client = own_double.client
    session = client.v1.checkout.sessions.create(params=new_order())

    own_double.press(session, outcome, "sepa_debit")

    eventually(lambda: len(receiver.accepted) == len(events), "the events of the settled debit")
    assert [event.type for event in receiver.accepted] == events
    assert intent_of(client, session).status == status


@pytest.mark.parametrize("method", ["card", "paypal"])
def test_a_declined_payment_leaves_the_session_open_for_another_try(
    double, client, new_order, told_types, method
):
    session = client.v1.checkout.sessions.create(params=new_order())

    page = double.press(session, "fail", method)

    assert page.status == 422
    assert "Die Testzahlung ist fehlgeschlagen" in page.text
    assert told_types() == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]
    still_open = client.v1.checkout.sessions.retrieve(session.id)
    assert (still_open.status, still_open.payment_status) == ("open", "unpaid")
    declined = intent_of(client, session)
    assert declined.status == "requires_payment_method"
    assert declined.latest_charge.balance_transaction is None

    assert double.press(session, "pay", method).status == 303

    assert told_types()[3:] == PAID_AT_ONCE[1:]
    paid = intent_of(client, session)
    assert (paid.id, paid.status, paid.last_payment_error) == (declined.id, "succeeded", None)
    assert len(client.v1.charges.list(params={"payment_intent": paid.id}).data) == 2


def test_cancelling_leads_back_and_changes_nothing(double, client, new_order, told_types):
    session = client.v1.checkout.sessions.create(params=new_order())

    answer = double.press(session, "cancel", "")

    assert (answer.status, answer.headers["Location"]) == (303, "http://localhost:8000/abgebrochen/")
    assert told_types() == []
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_a_second_press_on_the_button_pays_nothing_more(double, client, new_order, told_types):
    session = client.v1.checkout.sessions.create(params=new_order())

    answers = [double.press(session) for _ in range(3)]

    assert [answer.status for answer in answers] == [303, 303, 303]
    assert told_types() == PAID_AT_ONCE
    intent = intent_of(client, session)
    assert len(client.v1.charges.list(params={"payment_intent": intent.id}).data) == 1


def test_a_method_that_is_not_allowed_cannot_be_used(double, client, new_order, told_types):
    session = client.v1.checkout.sessions.create(params=new_order(allowed_payment_method_types=["card"]))

    assert double.press(session, method="paypal").status == 422

    assert told_types() == []
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_a_known_customer_pays(double, client, new_order):
    customer = client.v1.customers.create(params={"email": "kurt@example.org", "name": "Kurt Beispiel"})
    params = new_order(customer=customer.id, customer_email=None)
    session = client.v1.checkout.sessions.create(params=params)

    double.press(session)

    done = client.v1.checkout.sessions.retrieve(session.id, params={"expand": ["customer"]})
    assert done.customer.name == "Kurt Beispiel"
    assert intent_of(client, session).customer == customer.id


def test_unknown_objects_are_not_found(client):
    reads = [
        client.v1.payment_intents.retrieve,
        client.v1.charges.retrieve,
        client.v1.balance_transactions.retrieve,
        client.v1.customers.retrieve,
        client.v1.subscriptions.retrieve,
        client.v1.invoices.retrieve,
        client.v1.disputes.retrieve,
        client.v1.refunds.retrieve,
        client.v1.events.retrieve,
    ]
    for read in reads:
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            read("none_1")
        assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")
