"""A subscription that is changed: amount, rhythm, pause, way of paying, and an invoice paid on demand."""

import time
from urllib.parse import urlsplit

import pytest
import stripe

pytestmark = pytest.mark.live


@pytest.fixture
def running(double, client, new_order):
    session = client.v1.checkout.sessions.create(params=new_order(monthly=True))
    assert double.press(session).status == 303
    return client.v1.subscriptions.retrieve(client.v1.checkout.sessions.retrieve(session.id).subscription)


def item_of(subscription):
    return subscription["items"]["data"][0]


def price(subscription, cents, interval="month", count=1, **changes):
    item = item_of(subscription)
    return {
        "proration_behavior": "none",
        "items": [
            {
                "id": item.id,
                "price_data": {
                    "currency": "eur",
                    "product": item.price.product,
                    "unit_amount": cents,
                    "recurring": {"interval": interval, "interval_count": count},
                },
            }
        ],
        **changes,
    }


def invoices(client, subscription):
    found = client.v1.invoices.list(params={"subscription": subscription.id}).data
    return [(one.billing_reason, one.status, one.amount_due) for one in reversed(found)]


def test_another_amount_is_due_from_the_next_period_on(double, client, running, told_types):
    before = len(told_types())
    changed = client.v1.subscriptions.update(running.id, params=price(running, 4000))
    assert (item_of(changed).price.unit_amount, changed.status) == (4000, "active")
    assert item_of(changed).current_period_end == item_of(running).current_period_end
    assert told_types()[before:] == ["customer.subscription.updated"]
    double.lever(f"subscriptions/{running.id}/advance")
    assert invoices(client, running) == [
        ("subscription_create", "paid", 2500),
        ("subscription_cycle", "paid", 4000),
    ]


def test_another_interval_is_collected_at_once_unless_a_trial_bridges_the_time(double, client, running):
    until = item_of(running).current_period_end
    changed = client.v1.subscriptions.update(
        running.id, params=price(running, 7500, "month", 3, trial_end=until)
    )
    assert (changed.status, item_of(changed).current_period_end) == ("trialing", until)
    assert invoices(client, running)[1:] == [("subscription_update", "paid", 0)]
    double.lever(f"subscriptions/{running.id}/advance")
    after = client.v1.subscriptions.retrieve(running.id)
    assert after.status == "active"
    assert 89 <= (item_of(after).current_period_end - until) / 86_400 <= 92
    client.v1.subscriptions.update(running.id, params=price(running, 9900, "year"))
    assert invoices(client, running)[2:] == [
        ("subscription_cycle", "paid", 7500),
        ("subscription_update", "paid", 9900),
    ]


def test_while_paused_every_invoice_is_void(double, client, running):
    pause = {"behavior": "void", "resumes_at": int(time.time()) + 86_400}
    paused = client.v1.subscriptions.update(running.id, params={"pause_collection": pause})
    assert (paused.status, paused.pause_collection.resumes_at) == ("active", pause["resumes_at"])
    double.lever(f"subscriptions/{running.id}/advance")
    resumed = client.v1.subscriptions.update(running.id, params={"pause_collection": ""})
    assert resumed.pause_collection is None
    double.lever(f"subscriptions/{running.id}/advance")
    assert [status for _reason, status, _due in invoices(client, running)] == ["paid", "void", "paid"]


def set_up(double, client, running, method, action="pay"):
    params = {
        "mode": "setup",
        "customer": running.customer,
        "allowed_payment_method_types": [method],
        "setup_intent_data": {"metadata": {"subscription": running.id}},
        "success_url": "http://localhost:8000/fertig/",
        "cancel_url": "http://localhost:8000/zurueck/",
    }
    session = client.v1.checkout.sessions.create(params=params)
    assert (session.amount_total, session.payment_status) == (None, "no_payment_required")
    assert double.request("GET", urlsplit(session.url).path).status == 200
    assert double.press(session, action, method).status == (303 if action == "pay" else 422)
    return client.v1.checkout.sessions.retrieve(session.id, params={"expand": ["setup_intent"]})


def test_a_way_of_paying_is_kept_and_pays_what_is_open(double, client, running, told_types):
    failed = double.lever(f"subscriptions/{running.id}/advance", outcome="failed", failure_code="lost_card")
    done = set_up(double, client, running, "sepa_debit")
    assert done.setup_intent.metadata["subscription"] == running.id
    assert told_types()[-2:] == ["setup_intent.succeeded", "checkout.session.completed"]
    method = client.v1.payment_methods.retrieve(done.setup_intent.payment_method)
    assert (method.type, method.customer) == ("sepa_debit", running.customer)
    assert client.v1.mandates.retrieve(done.setup_intent.mandate).type == "multi_use"
    wanted = {
        "default_payment_method": method.id,
        "payment_settings": {"payment_method_types": [method.type]},
    }
    client.v1.subscriptions.update(running.id, params=wanted)
    assert client.v1.invoices.pay(failed["id"]).status == "open"
    intent = client.v1.invoices.retrieve(failed["id"], params={"expand": ["payments"]}).payments.data[0]
    double.lever(f"payment_intents/{intent.payment.payment_intent}/settle")
    assert client.v1.subscriptions.retrieve(running.id).status == "active"
    assert set_up(double, client, running, "card", "fail").status == "open"


def test_a_payment_on_demand_that_is_declined_says_why_and_is_written_down(double, client, running):
    failed = double.lever(f"subscriptions/{running.id}/advance", outcome="failed")
    double.lever(f"payment_methods/{running.default_payment_method}", refusal="insufficient_funds")
    with pytest.raises(stripe.CardError) as refusal:
        client.v1.invoices.pay(failed["id"])
    assert (refusal.value.http_status, refusal.value.code) == (402, "card_declined")
    assert client.v1.invoices.retrieve(failed["id"]).attempt_count == 2
    double.lever(
        f"payment_methods/{running.default_payment_method}", refusal="", exp_month="1", exp_year="2027"
    )
    assert client.v1.invoices.pay(failed["id"]).status == "paid"
    with pytest.raises(stripe.InvalidRequestError) as again:
        client.v1.invoices.pay(failed["id"])
    assert again.value.code == "invoice_already_paid"
    assert client.v1.payment_methods.retrieve(running.default_payment_method).card.exp_year == 2027


WRONG = {
    "prorated": ({"proration_behavior": "create_prorations"}, "proration_behavior"),
    "trial in the past": ({"trial_end": 1}, "trial_end"),
    "unknown": ({"billing_cycle_anchor": "now"}, "billing_cycle_anchor"),
    "other product": ({"items": "product"}, "items[0][price_data][product]"),
    "other item": ({"items": "id"}, "items[0][id]"),
    "pause in the past": (
        {"pause_collection": {"behavior": "void", "resumes_at": 1}},
        "pause_collection[resumes_at]",
    ),
    "pause without a way": ({"pause_collection": {"resumes_at": 1}}, "pause_collection[behavior]"),
    "nobody's way": ({"default_payment_method": "pm_unknown"}, "default_payment_method"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_change_is_refused_and_changes_nothing(client, running, name):
    wrong, param = WRONG[name]
    params = price(running, 4000)
    if "items" in wrong:
        place = params["items"][0] if wrong["items"] == "id" else params["items"][0]["price_data"]
        place[wrong["items"]] = "prod_other"
    else:
        params |= wrong
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.subscriptions.update(running.id, params=params)
    assert (refusal.value.http_status, refusal.value.param) == (400, param)
    assert item_of(client.v1.subscriptions.retrieve(running.id)).price.unit_amount == 2500


def test_what_has_ended_and_a_setup_with_money_are_refused(client, running):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(
            params={
                "mode": "setup",
                "customer": running.customer,
                "currency": "eur",
                "submit_type": "donate",
                "success_url": "http://localhost:8000/fertig/",
            }
        )
    assert refusal.value.param == "submit_type"
    client.v1.subscriptions.cancel(running.id)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.subscriptions.update(running.id, params={"pause_collection": ""})
