"""Sessions through the real SDK: what is accepted, what is refused, how they are read and expire."""

import time

import pytest
import stripe

pytestmark = pytest.mark.live


def test_a_new_session_is_open_and_unpaid_and_has_its_page(double, client, new_order):
    before = int(time.time())

    session = client.v1.checkout.sessions.create(
        params=new_order(allowed_payment_method_types=["sepa_debit"], submit_type="donate")
    )

    assert session.id.startswith("cs_test_")
    assert session.object == "checkout.session"
    assert session.url == f"{double.address}/pay/{session.id}"
    assert (session.status, session.payment_status, session.mode) == ("open", "unpaid", "payment")
    assert (session.amount_total, session.currency, session.livemode) == (2500, "eur", False)
    assert session.client_reference_id == "d-1"
    assert session.metadata["donation"] == "d-1"
    assert session.customer_email == "erika@example.org"
    assert session.payment_intent is None
    assert session.allowed_payment_method_types == ["sepa_debit"]
    assert session.payment_method_types == ["sepa_debit"]
    assert session.submit_type == "donate"
    assert session.ui_mode == "hosted_page"
    assert before + 86_400 <= session.expires_at <= int(time.time()) + 86_400
    assert session.last_response.headers["Request-Id"].startswith("req_")


def test_without_a_choice_of_methods_all_are_offered(client, new_order):
    session = client.v1.checkout.sessions.create(params=new_order())

    assert session.allowed_payment_method_types is None
    assert session.payment_method_types == ["card", "sepa_debit", "paypal"]


def test_the_total_adds_up_all_lines(client, new_order):
    def line(cents, quantity):
        price = {"currency": "eur", "unit_amount": cents, "product_data": {"name": "Ranzen"}}
        return {"quantity": quantity, "price_data": price}

    session = client.v1.checkout.sessions.create(params=new_order(line_items=[line(2500, 2), line(199, 1)]))

    assert session.amount_total == 5199


LINE = {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 2500, "product_data": {"name": "x"}}}


def changed_price(**changes):
    price = {**LINE["price_data"], **changes}
    return [
        {"quantity": 1, "price_data": {name: value for name, value in price.items() if value is not None}}
    ]


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"payment_method_types": ["card"]}, "payment_method_types", "parameter_unknown"),
        ({"mode": None}, "mode", "parameter_missing"),
        ({"mode": "donation"}, "mode", "parameter_invalid"),
        ({"ui_mode": "hosted"}, "ui_mode", "parameter_invalid"),
        ({"success_url": None}, "success_url", "parameter_missing"),
        ({"success_url": "danke"}, "success_url", "url_invalid"),
        ({"success_url": "javascript:alert(1)"}, "success_url", "url_invalid"),
        ({"cancel_url": "http://localhost/\r\nX: y"}, "cancel_url", "url_invalid"),
        ({"allowed_payment_method_types": ["klarna"]}, "allowed_payment_method_types", "parameter_invalid"),
        ({"allowed_payment_method_types": ["card"] * 2}, "allowed_payment_method_types", "parameter_invalid"),
        ({"line_items": None}, "line_items", "parameter_missing"),
        ({"line_items": changed_price(unit_amount=49)}, "line_items", "amount_too_small"),
        ({"line_items": [{**LINE, "quantity": 999_999}]}, "line_items", "amount_too_large"),
        (
            {"line_items": changed_price(unit_amount="25,00")},
            *("line_items[0][price_data][unit_amount]", "parameter_invalid_integer"),
        ),
        (
            {"line_items": changed_price(unit_amount=-2500)},
            *("line_items[0][price_data][unit_amount]", "parameter_invalid_integer"),
        ),
        (
            {"line_items": changed_price(unit_amount=None)},
            *("line_items[0][price_data][unit_amount]", "parameter_missing"),
        ),
        (
            {"line_items": changed_price(currency="usd")},
            "line_items[0][price_data][currency]",
            "parameter_invalid",
        ),
        (
            {"line_items": changed_price(product_data=None)},
            *("line_items[0][price_data][product_data]", "parameter_missing"),
        ),
        (
            {"line_items": changed_price(recurring={"interval": "month"})},
            *("line_items[0][price_data][recurring]", "parameter_invalid"),
        ),
        (
            {"line_items": [{"price_data": LINE["price_data"]}]},
            "line_items[0][quantity]",
            "parameter_missing",
        ),
        ({"customer_email": "erika"}, "customer_email", "email_invalid"),
        ({"customer_email": ""}, "customer_email", "parameter_invalid_empty"),
        ({"customer": "cus_none", "customer_email": None}, "customer", "resource_missing"),
        ({"expires_at": 1}, "expires_at", "parameter_invalid"),
        ({"subscription_data": {"metadata": {"a": "b"}}}, "subscription_data", "parameter_invalid"),
        ({"client_reference_id": "x" * 201}, "client_reference_id", "parameter_invalid_string_length"),
        ({"metadata": {"x" * 41: "y"}}, "metadata", "parameter_invalid"),
        ({"metadata": "d-1"}, "metadata", "parameter_invalid"),
    ],
)
def test_a_wrong_parameter_is_refused_and_nothing_is_made(client, new_order, changes, param, code):
    known = client.v1.checkout.sessions.list(params={"limit": 1}).data

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(params=new_order(**changes))

    assert (refusal.value.http_status, refusal.value.param, refusal.value.code) == (400, param, code)
    assert client.v1.checkout.sessions.list(params={"limit": 1}).data == known


def test_a_subscription_needs_a_recurring_price(client, new_order):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(params=new_order(monthly=True, line_items=[LINE]))

    assert refusal.value.param == "line_items[0][price_data][recurring]"


def test_customer_and_email_together_are_refused(client, new_order):
    customer = client.v1.customers.create(params={"email": "erika@example.org"})

    with pytest.raises(stripe.InvalidRequestError, match="only specify one of these parameters"):
        client.v1.checkout.sessions.create(params=new_order(customer=customer.id))


def test_line_items_appear_when_asked_for(client, new_order):
    session = client.v1.checkout.sessions.create(params=new_order())

    plain = client.v1.checkout.sessions.retrieve(session.id)
    full = client.v1.checkout.sessions.retrieve(session.id, params={"expand": ["line_items"]})
    listed = client.v1.checkout.sessions.line_items.list(session.id)

    assert "line_items" not in plain
    assert [line.description for line in full.line_items.data] == ["Spende: Kinderfonds"]
    assert listed.data[0].price.unit_amount == 2500


def test_an_unknown_session_is_not_found(client):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.retrieve("cs_test_none")

    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


def test_a_property_that_cannot_be_expanded_is_refused(client, new_order):
    session = client.v1.checkout.sessions.create(params=new_order())

    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.checkout.sessions.retrieve(session.id, params={"expand": ["amount_total"]})


def test_sessions_are_listed_newest_first_and_by_status(client, new_order):
    first = client.v1.checkout.sessions.create(params=new_order())
    second = client.v1.checkout.sessions.create(params=new_order())
    client.v1.checkout.sessions.expire(first.id)

    assert client.v1.checkout.sessions.list(params={"limit": 2}).data[0].id == second.id
    expired = client.v1.checkout.sessions.list(params={"status": "expired"})
    assert first.id in [session.id for session in expired.data]
    assert second.id not in [session.id for session in expired.data]


def test_an_expired_session_is_closed_for_good(double, client, new_order, told_types):
    session = client.v1.checkout.sessions.create(params=new_order())

    expired = client.v1.checkout.sessions.expire(session.id)

    assert (expired.status, expired.payment_status, expired.url) == ("expired", "unpaid", None)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.expire(session.id)
    assert refusal.value.http_status == 400
    page = double.press(session)
    assert page.status == 200
    assert "Diese Testzahlung ist abgelaufen" in page.text
    assert told_types() == ["checkout.session.expired"]
    assert client.v1.checkout.sessions.retrieve(session.id).payment_intent is None
