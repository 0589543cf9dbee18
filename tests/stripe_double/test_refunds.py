"""Money given back, by our call or from Stripe's dashboard."""

import pytest
import stripe

pytestmark = pytest.mark.live


@pytest.mark.parametrize(
    ("method", "prefix", "kind"),
    [
        ("card", "re_", "refund"),
        ("sepa_debit", "pyr_", "payment_refund"),
        ("paypal", "pyr_", "payment_refund"),
    ],
)
def test_a_full_refund_gives_everything_back_but_the_fee(double, client, told, method, prefix, kind):
    charge = double.paid_charge(method)
    before = len(told())

    refund = client.v1.refunds.create(
        params={
            "payment_intent": charge.payment_intent,
            "reason": "requested_by_customer",
            "metadata": {"refund": "r-1"},
            "expand": ["balance_transaction"],
        }
    )

    assert refund.id.startswith(prefix)
    assert (refund.amount, refund.status, refund.charge) == (2500, "succeeded", charge.id)
    assert (refund.reason, refund.metadata["refund"]) == ("requested_by_customer", "r-1")
    entry = refund.balance_transaction
    assert (entry.amount, entry.fee, entry.net, entry.type) == (-2500, 0, -2500, kind)
    created, refunded = told()[before:]
    assert (created.type, created.data.object.id) == ("refund.created", refund.id)
    assert (refunded.type, refunded.data.object.id) == ("charge.refunded", charge.id)
    assert (refunded.data.object.amount_refunded, refunded.data.object.refunded) == (2500, True)
    assert client.v1.refunds.retrieve(refund.id).payment_intent == charge.payment_intent


def test_partial_refunds_add_up_to_the_charge_and_no_further(double, client, told_types):
    charge = double.paid_charge()
    client.v1.refunds.create(params={"charge": charge.id, "amount": 1000})
    client.v1.refunds.create(params={"charge": charge.id, "amount": 500})
    partly = client.v1.charges.retrieve(charge.id, params={"expand": ["refunds"]})
    assert (partly.amount_refunded, partly.refunded) == (1500, False)
    assert [refund.amount for refund in partly.refunds.data] == [500, 1000]
    told_before = told_types()

    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        client.v1.refunds.create(params={"charge": charge.id, "amount": 1001})

    assert told_types() == told_before
    assert client.v1.charges.retrieve(charge.id).amount_refunded == 1500
    assert client.v1.refunds.create(params={"charge": charge.id}).amount == 1000
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create(params={"charge": charge.id})
    assert refusal.value.code == "charge_already_refunded"
    assert len(client.v1.refunds.list(params={"charge": charge.id}).data) == 3


def test_a_refund_from_the_dashboard_is_told_by_the_same_events(double, client, told):
    charge = double.paid_charge("paypal")
    before = len(told())

    refund = double.lever(f"charges/{charge.id}/refund", amount="700", reason="duplicate")

    assert (refund["amount"], refund["reason"]) == (700, "duplicate")
    events = told()[before:]
    assert [event.type for event in events] == ["refund.created", "charge.refunded"]
    assert events[0].request.id is None
    assert client.v1.charges.retrieve(charge.id).amount_refunded == 700


def test_a_refund_under_way_has_moved_no_money_until_it_succeeds(double, client, told_types):
    charge = double.paid_charge()
    refund = double.lever(f"charges/{charge.id}/refund", amount="700", status="pending")
    assert (refund["status"], refund["balance_transaction"]) == ("pending", None)
    double.lever(f"refunds/{refund['id']}/settle", outcome="succeeded")
    settled = client.v1.refunds.retrieve(refund["id"], params={"expand": ["balance_transaction"]})
    assert (settled.status, settled.balance_transaction.amount) == ("succeeded", -700)
    assert told_types()[-3:] == ["refund.created", "charge.refunded", "refund.updated"]


@pytest.mark.parametrize("status", ["succeeded", "pending"])
@pytest.mark.parametrize(
    ("outcome", "told_of"),
    [("failed", ["refund.failed", "refund.updated"]), ("canceled", ["refund.updated"])],
)
def test_a_refund_that_fails_frees_its_amount_again(double, client, told_types, status, outcome, told_of):
    charge = double.paid_charge()
    refund = double.lever(f"charges/{charge.id}/refund", status=status)
    before = len(told_types())
    failed = double.lever(f"refunds/{refund['id']}/settle", outcome=outcome)
    assert failed["status"] == outcome
    back = failed["failure_balance_transaction"]
    assert bool(back) is (status == "succeeded")
    if back:
        assert client.v1.balance_transactions.retrieve(back).amount == 2500
    again = client.v1.charges.retrieve(charge.id)
    assert (again.amount_refunded, again.refunded) == (0, False)
    assert told_types()[before:] == told_of
    assert client.v1.refunds.create(params={"charge": charge.id}).amount == 2500


def test_what_was_not_paid_cannot_be_given_back(double, client, new_order):
    session = client.v1.checkout.sessions.create(params=new_order())
    double.press(session, method="sepa_debit")
    intent = client.v1.checkout.sessions.retrieve(session.id).payment_intent

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create(params={"payment_intent": intent})

    assert refusal.value.code == "charge_not_refundable"
    assert client.v1.refunds.list(params={"payment_intent": intent}).data == []


@pytest.mark.parametrize(
    ("params", "status", "param"),
    [
        ({}, 400, "payment_intent"),
        ({"charge": "ch_none"}, 404, "charge"),
        ({"payment_intent": "pi_none"}, 404, "payment_intent"),
        ({"charge": "ch_none", "payment_intent": "pi_none"}, 400, "charge"),
        ({"charge": "ch_none", "amount": 0}, 404, "charge"),
        ({"charge": "ch_none", "sum": 5}, 400, "sum"),
    ],
)
def test_a_refund_names_one_known_payment(client, params, status, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create(params=params)

    assert (refusal.value.http_status, refusal.value.param) == (status, param)
