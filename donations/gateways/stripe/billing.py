"""What is collected again and again: subscriptions and their invoices."""

import calendar
from datetime import date, datetime
from typing import Any

from donations.domain.facts import InvoiceFacts, SubscriptionFacts
from donations.domain.identities import account_of, identity, name_of
from donations.gateways.stripe.client import Json, asking, gift_named, moment, plain
from donations.gateways.stripe.rhythms import INTERVALS, rhythm_of
from foundation.clock import local_day
from foundation.units import Cents


def cancel_subscription(subscription: str) -> None:
    """End a Dauerspende at once. Raises Unreachable, or Refused if it has ended already."""
    with asking(account_of(subscription)) as client:
        client.v1.subscriptions.cancel(name_of(subscription))


def invoice(external_id: str) -> InvoiceFacts:
    """Read one collection of a Dauerspende. Raises Unreachable or Refused."""
    account = account_of(external_id)
    with asking(account) as client:
        found = plain(client.v1.invoices.retrieve(name_of(external_id), params={"expand": ["payments"]}))
    details = (found.get("parent") or {}).get("subscription_details") or {}
    return InvoiceFacts(
        external_id=identity(account, found["id"]),
        is_first=found.get("billing_reason") == "subscription_create",
        subscription=identity(account, details.get("subscription") or ""),
        donation=gift_named(details),
        payment=identity(account, _payment_of(found)),
        amount_cents=Cents(found["amount_due"]),
        created_at=moment(found["created"]),
        is_open=found["status"] == "open",
    )


def _payment_of(found: Json) -> str:
    """The payment that paid the invoice, else the one that tries to."""
    tries = (found.get("payments") or {}).get("data", [])
    tries.sort(key=lambda each: (each["status"] != "paid", not each["is_default"]))
    return (tries[0]["payment"].get("payment_intent") or "") if tries else ""


def subscription(external_id: str) -> SubscriptionFacts:
    """Read a Dauerspende's state. Raises Unreachable or Refused."""
    account, wanted = account_of(external_id), {"expand": ["default_payment_method"]}
    with asking(account) as client:
        found = plain(client.v1.subscriptions.retrieve(name_of(external_id), params=wanted))  # type: ignore[arg-type]
    item = found["items"]["data"][0]
    price, pause, method = item["price"], found.get("pause_collection") or {}, _method_of(found)
    is_in_euro = price["currency"] == "eur" and price.get("unit_amount")
    return SubscriptionFacts(
        external_id=identity(account, found["id"]),
        state=_STATES.get(found["status"], "active"),
        donation=gift_named(found),
        amount_cents=Cents(price["unit_amount"] * item.get("quantity", 1)) if is_in_euro else None,
        rhythm=rhythm_of(price["recurring"]),
        method=method.get("type", ""),
        next_on=_day(item["current_period_end"]),
        is_paused=bool(pause) or found["status"] == "paused",
        resumes_on=_day(pause["resumes_at"]) if pause.get("resumes_at") else None,
        card_expires_on=_end_of_card(method.get("card")),
    )


_STATES: dict[str, Any] = {
    "incomplete": "starting",
    "past_due": "past_due",
    "unpaid": "past_due",
    "canceled": "cancelled",
    "incomplete_expired": "cancelled",
}


def _method_of(found: Json) -> Json:
    """Unset, Stripe takes the customer's own, of which we know nothing."""
    method = found.get("default_payment_method")
    return method if isinstance(method, dict) else {}


def _day(seconds: int) -> date:
    return local_day(moment(seconds))


def _end_of_card(card: Json | None) -> date | None:
    if not card:
        return None
    year, month = card["exp_year"], card["exp_month"]
    return date(year, month, calendar.monthrange(year, month)[1])


def change_subscription(external_id: str, *, amount_cents: Cents, rhythm: str, idempotency_key: str) -> None:
    """Let a Dauerspende go on with this amount and rhythm from the next collection on; now nothing is due.

    Another rhythm would be collected at once: a trial until the day that was agreed bridges the time
    (docs.stripe.com/billing/subscriptions/billing-cycle). Raises Unreachable or Refused.
    """
    name = name_of(external_id)
    with asking(account_of(external_id)) as client:
        found = plain(client.v1.subscriptions.retrieve(name))
        item = found["items"]["data"][0]
        params: Json = {
            "proration_behavior": "none",
            "items": [
                {
                    "id": item["id"],
                    "price_data": {
                        "currency": "eur",
                        "product": item["price"]["product"],
                        "unit_amount": amount_cents,
                        "recurring": INTERVALS[rhythm],
                    },
                }
            ],
        }
        if rhythm != rhythm_of(item["price"]["recurring"]):
            params["trial_end"] = item["current_period_end"]
        client.v1.subscriptions.update(
            name,
            params=params,  # type: ignore[arg-type]
            options={"idempotency_key": idempotency_key},
        )


def pause_subscription(external_id: str, resumes_at: datetime) -> None:
    """Collect nothing until then: what falls due meanwhile is void. Raises Unreachable or Refused."""
    pause: Any = {"behavior": "void", "resumes_at": int(resumes_at.timestamp())}
    with asking(account_of(external_id)) as client:
        client.v1.subscriptions.update(name_of(external_id), params={"pause_collection": pause})


def resume_subscription(external_id: str) -> None:
    """Collect again from the next day that is due. Raises Unreachable or Refused."""
    with asking(account_of(external_id)) as client:
        client.v1.subscriptions.update(name_of(external_id), params={"pause_collection": ""})


def use_new_method(session: str) -> None:
    """Pay a Dauerspende from now on in the way that was entered on the page of `session`.

    Any number of times. Raises Unreachable or Refused.
    """
    with asking(account_of(session)) as client:
        opened = client.v1.checkout.sessions.retrieve(
            name_of(session), params={"expand": ["setup_intent.payment_method"]}
        )
        found = plain(opened)
        method = found["setup_intent"]["payment_method"]
        params: Json = {
            "default_payment_method": method["id"],
            "payment_settings": {"payment_method_types": [method["type"]]},
        }
        client.v1.subscriptions.update(found["metadata"]["renews"], params=params)  # type: ignore[arg-type]


def pay_invoice(external_id: str, *, idempotency_key: str) -> None:
    """Try once more to collect what is open. Raises Unreachable, or Refused if it is declined or not open."""
    with asking(account_of(external_id)) as client:
        client.v1.invoices.pay(name_of(external_id), options={"idempotency_key": idempotency_key})
