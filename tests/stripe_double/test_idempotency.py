"""One key, one act."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

pytestmark = pytest.mark.live


def key(name):
    return {"idempotency_key": name}


def test_the_same_call_gets_the_same_answer(client, new_order):
    first = client.v1.checkout.sessions.create(params=new_order(), options=key("gift-1"))
    again = client.v1.checkout.sessions.create(params=new_order(), options=key("gift-1"))

    assert again.id == first.id
    assert again.last_response.body == first.last_response.body
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert client.v1.checkout.sessions.list(params={"limit": 1}).data[0].id == first.id


def test_the_answer_is_the_first_one_even_when_the_object_has_moved_on(double, client, new_order):
    first = client.v1.checkout.sessions.create(params=new_order(), options=key("gift-2"))
    double.press(first)

    again = client.v1.checkout.sessions.create(params=new_order(), options=key("gift-2"))

    assert (again.id, again.status) == (first.id, "open")


def test_another_call_under_the_same_key_is_refused(client, new_order):
    client.v1.checkout.sessions.create(params=new_order(2500), options=key("gift-3"))
    known = client.v1.checkout.sessions.list(params={"limit": 1}).data

    with pytest.raises(stripe.IdempotencyError) as refusal:
        client.v1.checkout.sessions.create(params=new_order(5000), options=key("gift-3"))
    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.create(params={"email": "erika@example.org"}, options=key("gift-3"))

    assert refusal.value.http_status == 400
    assert client.v1.checkout.sessions.list(params={"limit": 1}).data == known


def test_other_keys_make_other_sessions(client, new_order):
    first = client.v1.checkout.sessions.create(params=new_order(), options=key("gift-4"))
    second = client.v1.checkout.sessions.create(params=new_order(), options=key("gift-5"))

    assert first.id != second.id


def test_twenty_calls_at_once_make_one_session(double, client, new_order):
    before = len(list(client.v1.checkout.sessions.list(params={"limit": 100}).auto_paging_iter()))

    def create(_):
        return double.client.v1.checkout.sessions.create(params=new_order(), options=key("gift-6")).id

    with ThreadPoolExecutor(20) as pool:
        made = set(pool.map(create, range(20)))

    assert len(made) == 1
    after = len(list(client.v1.checkout.sessions.list(params={"limit": 100}).auto_paging_iter()))
    assert after == before + 1


def test_twenty_calls_at_once_without_a_key_in_common_make_twenty(double, client, new_order):
    def create(number):
        options = key(f"gift-7-{number}")
        return double.client.v1.checkout.sessions.create(params=new_order(), options=options).id

    with ThreadPoolExecutor(20) as pool:
        made = set(pool.map(create, range(20)))

    assert len(made) == 20


def test_a_refund_is_given_once_per_key(double, client, told_types):
    charge = double.paid_charge()
    params = {"charge": charge.id, "amount": 1000}
    first = client.v1.refunds.create(params=params, options=key("refund-1"))
    again = client.v1.refunds.create(params=params, options=key("refund-1"))

    assert again.id == first.id
    assert client.v1.charges.retrieve(charge.id).amount_refunded == 1000
    assert told_types().count("refund.created") == 1


def test_a_failed_validation_does_not_use_the_key_up(client, new_order):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(params=new_order(mode=None), options=key("gift-8"))

    made = client.v1.checkout.sessions.create(params=new_order(), options=key("gift-8"))

    assert made.status == "open"


def test_a_refusal_that_came_from_the_object_is_kept(double, client, new_order):
    session = client.v1.checkout.sessions.create(params=new_order())
    double.press(session, method="sepa_debit")
    intent = client.v1.checkout.sessions.retrieve(session.id).payment_intent
    params = {"payment_intent": intent}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create(params=params, options=key("refund-2"))
    double.lever(f"payment_intents/{intent}/settle")

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create(params=params, options=key("refund-2"))

    assert refusal.value.code == "charge_not_refundable"
    assert refusal.value.headers["Idempotent-Replayed"] == "true"
    assert client.v1.refunds.create(params=params, options=key("refund-3")).amount == 2500


def test_a_key_that_is_too_long_is_refused(client, new_order):
    with pytest.raises(stripe.InvalidRequestError, match="255"):
        client.v1.checkout.sessions.create(params=new_order(), options=key("x" * 256))


def test_an_answer_lost_on_the_line_is_given_again(double, client, new_order):
    """The call was executed and the line cut: the SDK repeats it under its key and nothing doubles."""
    double.lever("faults", kind="drop_answer", times="1")
    patient = stripe.StripeClient(
        "sk_test_demo", base_addresses={"api": double.address}, max_network_retries=2
    )

    params = new_order(client_reference_id="gift-9")
    made = patient.v1.checkout.sessions.create(params=params, options=key("gift-9"))

    assert made.last_response.headers["Idempotent-Replayed"] == "true"
    sessions = client.v1.checkout.sessions.list(params={"limit": 100}).data
    assert [one.id for one in sessions if one.client_reference_id == "gift-9"] == [made.id]


def test_without_a_second_try_the_lost_answer_is_an_error(double, client, new_order):
    double.lever("faults", kind="drop_answer")

    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(params=new_order(client_reference_id="lost"))

    assert client.v1.checkout.sessions.list(params={"limit": 1}).data[0].client_reference_id == "lost"


@pytest.mark.parametrize(
    ("kind", "error"), [("error_500", stripe.APIError), ("rate_limit", stripe.RateLimitError)]
)
def test_a_planned_error_comes_as_often_as_planned_and_executes_nothing(
    double, client, new_order, kind, error
):
    known = client.v1.checkout.sessions.list(params={"limit": 1}).data
    double.lever("faults", kind=kind, times="2")

    for _ in range(2):
        with pytest.raises(error):
            client.v1.checkout.sessions.create(params=new_order())

    assert client.v1.checkout.sessions.list(params={"limit": 1}).data == known
    assert client.v1.checkout.sessions.create(params=new_order()).status == "open"
