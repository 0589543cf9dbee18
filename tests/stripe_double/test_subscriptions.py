"""Monthly gifts: start, next periods, failure, end; invoices in the shape of this API version."""

import pytest
import stripe

pytestmark = pytest.mark.live

OPENED = [
    "customer.created",
    "customer.subscription.created",
    "invoice.created",
    "invoice.finalized",
    "payment_intent.created",
]
INVOICE_PAID = [
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice_payment.paid",
    "invoice.paid",
    "invoice.payment_succeeded",
]
NEXT_INVOICE = [
    "customer.subscription.updated",
    "invoice.created",
    "invoice.finalized",
    "payment_intent.created",
]


@pytest.fixture
def subscribe(double, client, new_order):
    """Start a monthly gift and return its subscription."""

    def start(method="card", action="pay"):
        params = new_order(monthly=True, subscription_data={"metadata": {"recurring_donation": "rd-1"}})
        session = client.v1.checkout.sessions.create(params=params)
        assert double.press(session, action, method).status == 303
        done = client.v1.checkout.sessions.retrieve(session.id)
        return client.v1.subscriptions.retrieve(done.subscription)

    return start


def item_of(subscription):
    return subscription["items"]["data"][0]


def intent_of(client, invoice_id):
    invoice = client.v1.invoices.retrieve(invoice_id, params={"expand": ["payments"]})
    return client.v1.payment_intents.retrieve(
        invoice.payments.data[0].payment.payment_intent,
        params={"expand": ["latest_charge.balance_transaction"]},
    )


@pytest.mark.parametrize(("method", "fee"), [("card", 63), ("paypal", 73)])
def test_a_monthly_gift_starts_with_a_paid_invoice(double, client, new_order, told_types, method, fee):
    params = new_order(monthly=True, subscription_data={"metadata": {"recurring_donation": "rd-1"}})
    session = client.v1.checkout.sessions.create(params=params)

    assert double.press(session, method=method).status == 303

    assert told_types() == [
        *OPENED,
        *INVOICE_PAID,
        "customer.subscription.updated",
        "checkout.session.completed",
        "charge.updated",
    ]
    done = client.v1.checkout.sessions.retrieve(session.id)
    assert (done.status, done.payment_status, done.payment_intent) == ("complete", "paid", None)
    assert client.v1.customers.retrieve(done.customer).email == "erika@example.org"
    subscription = client.v1.subscriptions.retrieve(done.subscription)
    assert (subscription.status, subscription.latest_invoice) == ("active", done.invoice)
    assert subscription.metadata["recurring_donation"] == "rd-1"
    item = item_of(subscription)
    assert item.price.recurring.interval == "month"
    assert 28 <= (item.current_period_end - item.current_period_start) / 86_400 <= 31
    invoice = client.v1.invoices.retrieve(done.invoice)
    assert (invoice.status, invoice.amount_paid, invoice.billing_reason) == (
        "paid",
        2500,
        "subscription_create",
    )
    assert invoice.parent.subscription_details.subscription == subscription.id
    assert invoice.parent.subscription_details.metadata["recurring_donation"] == "rd-1"
    for gone in ("payment_intent", "charge", "subscription", "payments"):
        assert gone not in invoice
    assert intent_of(client, invoice.id).latest_charge.balance_transaction.fee == fee
    payments = client.v1.invoice_payments.list(params={"invoice": invoice.id}).data
    assert [(payment.amount_paid, payment.status) for payment in payments] == [(2500, "paid")]


def test_a_sepa_subscription_is_active_while_its_first_debit_is_under_way(
    double, client, subscribe, told_types
):
    subscription = subscribe("sepa_debit")

    assert told_types() == [
        *OPENED,
        "payment_intent.processing",
        "charge.pending",
        "customer.subscription.updated",
        "checkout.session.completed",
    ]
    invoice_id = subscription.latest_invoice
    assert client.v1.invoices.retrieve(invoice_id).status == "open"
    before = len(told_types())

    double.lever(f"payment_intents/{intent_of(client, invoice_id).id}/settle")

    assert told_types()[before:] == [
        *INVOICE_PAID,
        "checkout.session.async_payment_succeeded",
        "charge.updated",
    ]
    assert client.v1.invoices.retrieve(invoice_id).status == "paid"
    mandate = intent_of(client, invoice_id).latest_charge.payment_method_details.sepa_debit.mandate
    assert client.v1.mandates.retrieve(mandate).type == "multi_use"


def test_a_failed_first_debit_makes_the_subscription_past_due(double, client, subscribe, told_types):
    subscription = subscribe("sepa_debit", "fail")
    before = len(told_types())

    intent = intent_of(client, subscription.latest_invoice)
    double.lever(f"payment_intents/{intent.id}/settle", outcome="failed")

    assert told_types()[before:] == [
        "charge.failed",
        "payment_intent.payment_failed",
        "invoice.payment_failed",
        "customer.subscription.updated",
        "checkout.session.async_payment_failed",
    ]
    assert client.v1.subscriptions.retrieve(subscription.id).status == "past_due"
    assert client.v1.invoices.retrieve(subscription.latest_invoice).status == "open"


def test_a_declined_start_leaves_no_subscription(double, client, new_order, told_types):
    session = client.v1.checkout.sessions.create(params=new_order(monthly=True))
    known = client.v1.subscriptions.list(params={"status": "all"}).data

    assert double.press(session, "fail", "card").status == 422

    assert told_types() == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]
    assert client.v1.subscriptions.list(params={"status": "all"}).data == known
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_the_next_period_brings_a_paid_invoice(double, client, subscribe, told_types):
    subscription = subscribe()
    before = len(told_types())

    invoice = double.lever(f"subscriptions/{subscription.id}/advance")

    assert told_types()[before:] == [*NEXT_INVOICE, *INVOICE_PAID, "charge.updated"]
    assert (invoice["status"], invoice["billing_reason"]) == ("paid", "subscription_cycle")
    later = client.v1.subscriptions.retrieve(subscription.id)
    assert item_of(later).current_period_start == item_of(subscription).current_period_end
    assert item_of(later).current_period_end > item_of(later).current_period_start
    invoices = client.v1.invoices.list(params={"subscription": subscription.id}).data
    assert [one.id for one in invoices] == [invoice["id"], subscription.latest_invoice]
    assert invoices[0].number != invoices[1].number


def test_the_next_sepa_period_is_paid_when_its_debit_settles(double, client, subscribe, told_types):
    subscription = subscribe("sepa_debit")
    double.lever(f"payment_intents/{intent_of(client, subscription.latest_invoice).id}/settle")
    before = len(told_types())

    invoice = double.lever(f"subscriptions/{subscription.id}/advance")

    assert told_types()[before:] == [*NEXT_INVOICE, "payment_intent.processing", "charge.pending"]
    double.lever(f"payment_intents/{intent_of(client, invoice['id']).id}/settle")
    assert told_types()[before + 6 :] == [*INVOICE_PAID, "charge.updated"]


def test_a_failed_period_makes_it_past_due_and_a_retry_active_again(double, client, subscribe, told_types):
    subscription = subscribe("paypal")
    before = len(told_types())

    invoice = double.lever(f"subscriptions/{subscription.id}/advance", outcome="failed")

    assert told_types()[before:] == [
        *NEXT_INVOICE,
        "charge.failed",
        "payment_intent.payment_failed",
        "invoice.payment_failed",
        "customer.subscription.updated",
    ]
    assert (invoice["status"], invoice["attempt_count"]) == ("open", 1)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "past_due"
    before = len(told_types())

    paid = double.lever(f"invoices/{invoice['id']}/retry")

    assert told_types()[before:] == [*INVOICE_PAID, "customer.subscription.updated", "charge.updated"]
    assert (paid["status"], paid["attempt_count"]) == ("paid", 2)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "active"
    assert double.refused_lever(f"invoices/{invoice['id']}/retry")["code"] == "invoice_not_editable"


def test_a_cancelled_subscription_ends_at_once_and_for_good(double, client, subscribe, told_types):
    subscription = subscribe()
    before = len(told_types())

    ended = client.v1.subscriptions.cancel(
        subscription.id, params={"cancellation_details": {"comment": "auf Wunsch"}}
    )

    assert told_types()[before:] == ["customer.subscription.deleted"]
    assert ended.status == "canceled"
    assert ended.ended_at == ended.canceled_at
    assert ended.cancellation_details.comment == "auf Wunsch"
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.subscriptions.cancel(subscription.id)
    assert refusal.value.http_status == 404
    double.refused_lever(f"subscriptions/{subscription.id}/advance")
    assert told_types()[before:] == ["customer.subscription.deleted"]


def test_ended_subscriptions_are_listed_only_when_asked_for(client, subscribe):
    going, ended = subscribe(), subscribe()
    client.v1.subscriptions.cancel(ended.id)

    def ids(**params):
        return [one.id for one in client.v1.subscriptions.list(params={"limit": 2, **params}).data]

    assert ids()[0] == going.id
    assert ended.id not in ids()
    assert ids(status="canceled")[0] == ended.id
    assert ids(status="ended")[0] == ended.id
    assert ids(status="all") == [ended.id, going.id]
    assert ids(customer=going.customer) == [going.id]


def test_a_refunded_month_leaves_the_subscription_running(double, client, subscribe):
    subscription = subscribe()
    intent = intent_of(client, subscription.latest_invoice)

    refund = client.v1.refunds.create(params={"payment_intent": intent.id})

    assert refund.charge == intent.latest_charge.id
    assert client.v1.subscriptions.retrieve(subscription.id).status == "active"
