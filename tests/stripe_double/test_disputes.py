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


def test_an_inquiry_takes_nothing_and_ends_with_nothing(double, client, told):
    charge = double.paid_charge()
    before = len(told())

    claim = double.lever(f"charges/{charge.id}/dispute", kind="inquiry", reason="fraudulent")
    double.lever(f"disputes/{claim['id']}/answer")
    double.lever(f"disputes/{claim['id']}/close", status="warning_closed")

    assert [(event.type, event.data.object.status) for event in told()[before:]] == [
        ("charge.dispute.created", "warning_needs_response"),
        ("charge.dispute.updated", "warning_under_review"),
        ("charge.dispute.closed", "warning_closed"),
    ]
    read = client.v1.disputes.retrieve(claim["id"])
    assert (read.amount, read.balance_transactions, read.is_charge_refundable) == (2500, [], True)
    assert read.payment_method_details.card.case_type == "inquiry"
    assert client.v1.charges.retrieve(charge.id).disputed is False
    assert client.v1.refunds.create(params={"charge": charge.id}).status == "succeeded"


def test_an_inquiry_asks_for_an_answer_until_a_day_and_may_take_the_money_after_all(double, client, told):
    charge = double.paid_charge()
    claim = double.lever(f"charges/{charge.id}/dispute", kind="inquiry")
    assert claim["evidence_details"]["due_by"] == claim["created"] + 7 * 86_400
    double.lever(f"disputes/{claim['id']}/answer")
    before = len(told())

    double.lever(f"disputes/{claim['id']}/escalate")

    assert [event.type for event in told()[before:]] == [
        "charge.dispute.updated",
        "charge.dispute.funds_withdrawn",
    ]
    read = client.v1.disputes.retrieve(claim["id"])
    assert (read.status, read.is_charge_refundable) == ("needs_response", False)
    assert (read.evidence_details.has_evidence, read.payment_method_details.card.case_type) == (
        False,
        "chargeback",
    )
    assert [(entry.amount, entry.fee) for entry in read.balance_transactions] == [(-2500, 2000)]
    assert client.v1.charges.retrieve(charge.id).disputed is True
    double.lever(f"disputes/{claim['id']}/close", status="lost")


def test_an_inquiry_ends_as_one_and_only_once(double, told_types):
    charge = double.paid_charge()
    claim = double.lever(f"charges/{charge.id}/dispute", kind="inquiry")
    told_before = told_types()

    refused = [
        double.refused_lever(f"charges/{charge.id}/dispute", kind="inquiry"),
        double.refused_lever(f"charges/{charge.id}/dispute"),
        double.refused_lever(f"disputes/{claim['id']}/close", status="lost"),
    ]
    debit = double.paid_charge("sepa_debit")
    refused.append(double.refused_lever(f"charges/{debit.id}/dispute", kind="inquiry"))

    assert [error["code"] for error in refused] == [
        "charge_not_disputable",
        "charge_not_disputable",
        "dispute_closed",
        "charge_not_disputable",
    ]
    assert not [name for name in told_types() if name.startswith("charge.dispute")][
        len([name for name in told_before if name.startswith("charge.dispute")]) :
    ]


def test_a_dispute_is_answered_once_and_no_inquiry_any_more(double):
    charge = double.paid_charge()
    claim = double.lever(f"charges/{charge.id}/dispute")

    assert double.lever(f"disputes/{claim['id']}/answer")["status"] == "under_review"

    for path, form in (("answer", {}), ("escalate", {}), ("close", {"status": "warning_closed"})):
        assert double.refused_lever(f"disputes/{claim['id']}/{path}", **form)["code"] == "dispute_closed"
