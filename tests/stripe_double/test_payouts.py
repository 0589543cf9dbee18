"""Payouts: out of the balance, to the bank, and back when the bank does not take them."""

import pytest
import stripe

pytestmark = pytest.mark.live


def test_a_payout_leaves_the_balance_and_may_come_back_after_it_arrived(double, client, told_types):
    before = len(told_types())
    payout = double.lever("payouts", amount="2437")
    assert payout["status"] == "in_transit"
    entry = client.v1.balance_transactions.retrieve(payout["balance_transaction"])
    assert (entry.type, entry.net, entry.source) == ("payout", -2437, payout["id"])
    double.lever(f"payouts/{payout['id']}/settle", outcome="paid")
    failed = double.lever(f"payouts/{payout['id']}/settle", outcome="failed")
    back = client.v1.balance_transactions.retrieve(failed["failure_balance_transaction"])
    assert (back.type, back.net) == ("payout_failure", 2437)
    assert client.v1.payouts.retrieve(payout["id"]).status == "failed"
    assert told_types()[before:] == [
        "payout.created",
        "payout.updated",
        "payout.paid",
        "payout.updated",
        "payout.failed",
    ]
    assert double.refused_lever(f"payouts/{payout['id']}/settle")["code"] == "payout_settled"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payouts.retrieve("po_unknown")
