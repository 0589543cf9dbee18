import pytest

from donations.domain.events import NOTHING, subject_of


@pytest.mark.parametrize(
    ("kind", "body", "noun", "external_id"),
    [
        ("checkout.session.completed", {"id": "cs_1"}, "session", "cs_1"),
        ("payment_intent.succeeded", {"id": "pi_1"}, "payment", "pi_1"),
        ("charge.updated", {"id": "ch_1", "payment_intent": "pi_1"}, "payment", "pi_1"),
        ("charge.dispute.created", {"id": "dp_1", "payment_intent": "pi_1"}, "dispute", "pi_1"),
        ("refund.created", {"id": "re_1", "payment_intent": "pi_1"}, "payment", "pi_1"),
        ("invoice.paid", {"id": "in_1"}, "invoice", "in_1"),
        ("customer.subscription.deleted", {"id": "sub_1"}, "subscription", "sub_1"),
    ],
)
def test_an_event_leads_to_the_object_to_read(kind: str, body: dict, noun: str, external_id: str) -> None:
    assert subject_of(kind, body) == (noun, external_id)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("customer.created", {"id": "cus_1"}),
        ("invoice_payment.paid", {"id": "inpay_1"}),
        ("charge.succeeded", {"id": "ch_1", "payment_intent": None}),
        ("payment_intent.succeeded", {}),
        ("payment_intent.succeeded", {"id": 5}),
        ("", {}),
    ],
)
def test_other_events_are_of_no_interest(kind: str, body: dict) -> None:
    assert subject_of(kind, body) == NOTHING
