"""What is collected again and again: subscriptions and their invoices."""

from typing import Any

from donations.domain.facts import InvoiceFacts, SubscriptionFacts
from donations.gateways.stripe.client import Json, client, in_our_words, moment, plain
from foundation.units import Cents


def cancel_subscription(subscription: str) -> None:
    """End a monthly gift at once. Raises Unreachable, or Refused if it has ended already."""
    with in_our_words():
        client().v1.subscriptions.cancel(subscription)


def invoice(external_id: str) -> InvoiceFacts:
    """Read one month of a monthly gift. Raises Unreachable or Refused."""
    with in_our_words():
        found = plain(client().v1.invoices.retrieve(external_id, params={"expand": ["payments"]}))
    details = (found.get("parent") or {}).get("subscription_details") or {}
    return InvoiceFacts(
        external_id=found["id"],
        is_first=found.get("billing_reason") == "subscription_create",
        subscription=details.get("subscription") or "",
        donation=(details.get("metadata") or {}).get("donation", ""),
        payment=_payment_of(found),
        amount_cents=Cents(found["amount_due"]),
        created_at=moment(found["created"]),
    )


def _payment_of(found: Json) -> str:
    """The payment that paid the invoice, else the one that tries to."""
    tries = (found.get("payments") or {}).get("data", [])
    tries.sort(key=lambda each: (each["status"] != "paid", not each["is_default"]))
    return (tries[0]["payment"].get("payment_intent") or "") if tries else ""


def subscription(external_id: str) -> SubscriptionFacts:
    """Read a monthly gift's state. Raises Unreachable or Refused."""
    with in_our_words():
        found = plain(client().v1.subscriptions.retrieve(external_id))
    states: dict[str, Any] = {
        "incomplete": "starting",
        "past_due": "past_due",
        "unpaid": "past_due",
        "canceled": "cancelled",
        "incomplete_expired": "cancelled",
    }
    return SubscriptionFacts(
        external_id=found["id"],
        state=states.get(found["status"], "active"),
        donation=(found.get("metadata") or {}).get("donation", ""),
    )
