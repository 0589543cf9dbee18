"""Money taken back by the payer's bank."""

import pytest
import stripe

pytestmark = pytest.mark.live


@pytest.mark.parametrize(("method", "fee"), [("card", 2000), ("paypal", 2000)])
def test_a_dispute_withdraws_the_money_and_waits_for_an_answer(double, client, told, method, fee):
    charge = double.paid_charge(method)
    before = len(told())

    dispute = double.lever(f"charges/{charge.id}/dispute", reason="fraudulent")

    assert [event.type for event in told()[before:]] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
    ]
    read = client.v1.disputes.retrieve(dispute["id"])
    assert read.id.startswith("dp_")
    assert (read.amount, read.reason, read.status) == (2500, "fraudulent", "needs_response")
    assert (read.charge, read.payment_intent) == (charge.id, charge.payment_intent)
    assert [(entry.amount, entry.fee, entry.net) for entry in read.balance_transactions] == [
        (-2500, fee, -2500 - fee)
    ]
    assert client.v1.charges.retrieve(charge.id).disputed is True
    assert [one.id for one in client.v1.disputes.list(params={"charge": charge.id}).data] == [read.id]


def test_a_won_dispute_brings_money_and_fee_back(double, client, told):
    charge = double.paid_charge()
    dispute = double.lever(f"charges/{charge.id}/dispute", amount="1000")
    before = len(told())

    double.lever(f"disputes/{dispute['id']}/close", status="won")

    events = told()[before:]
    assert [event.type for event in events] == ["charge.dispute.funds_reinstated", "charge.dispute.closed"]
    assert events[1].data.object.status == "won"
    entries = client.v1.disputes.retrieve(dispute["id"]).balance_transactions
    assert [(entry.amount, entry.fee, entry.net) for entry in entries] == [
        (-1000, 2000, -3000),
        (1000, -2000, 3000),
    ]


def test_a_lost_dispute_brings_nothing_back_and_is_final(double, client, told_types):
    charge = double.paid_charge()
    dispute = double.lever(f"charges/{charge.id}/dispute")
    before = len(told_types())

    double.lever(f"disputes/{dispute['id']}/close", status="lost")

    assert told_types()[before:] == ["charge.dispute.closed"]
    assert double.refused_lever(f"disputes/{dispute['id']}/close", status="won")["code"] == "dispute_closed"
    read = client.v1.disputes.retrieve(dispute["id"])
    assert (read.status, len(read.balance_transactions)) == ("lost", 1)


def test_a_returned_sepa_debit_is_lost_at_once(double, client, told):
    charge = double.paid_charge("sepa_debit")
    before = len(told())

    dispute = double.lever(f"charges/{charge.id}/dispute", reason="debit_not_authorized")

    events = told()[before:]
    assert [(event.type, event.data.object.status) for event in events] == [
        ("charge.dispute.created", "lost"),
        ("charge.dispute.funds_withdrawn", "lost"),
        ("charge.dispute.closed", "lost"),
    ]
    entry = client.v1.disputes.retrieve(dispute["id"]).balance_transactions[0]
    assert (entry.amount, entry.fee, entry.net) == (-2500, 750, -3250)


def test_a_disputed_charge_is_neither_refunded_nor_disputed_again(double, client, told_types):
    charge = double.paid_charge()
    double.lever(f"charges/{charge.id}/dispute")
    told_before = told_types()

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create(params={"charge": charge.id})
    error = double.refused_lever(f"charges/{charge.id}/dispute")

    assert (refusal.value.code, error["code"]) == ("charge_disputed", "charge_not_disputable")
    assert told_types() == told_before


def test_a_dispute_cannot_exceed_the_charge(double, told_types):
    charge = double.paid_charge()
    told_before = told_types()

    assert double.refused_lever(f"charges/{charge.id}/dispute", amount="2501")["param"] == "amount"

    assert told_types() == told_before
