"""The one door to Stripe: everything that comes through it is in our words (donations.domain.facts)."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

from donations.domain.facts import (
    BalanceFact,
    DisputeFact,
    InvoiceFacts,
    Outcome,
    PaymentFacts,
    PaymentState,
    RefundFact,
    SessionFacts,
    SubscriptionFacts,
)
from donations.gateways.errors import ForeignCurrency, NotGenuine, Refused, Unreachable
from foundation.units import Cents

TIMEOUT_SECONDS = 8
RETRIES = 2
Json = dict[str, Any]
_REFUND_FAILED = frozenset({"failed", "canceled"})
_NAME = re.compile(r"[\w.]{1,80}", re.ASCII)
Ending = Callable[[str], None]

# Telemetry would send data of this server and write into the home folder.
stripe.enable_telemetry = False


@dataclass(frozen=True)
class Order:
    """What a hosted payment page is to collect; `idempotency_key` makes asking twice harmless."""

    donation: str
    idempotency_key: str
    amount_cents: Cents
    label: str
    method: str
    monthly: bool
    email: str
    success_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True)
class Checkout:
    """An open payment page."""

    session: str
    url: str


_BALANCE_KINDS = {
    "charge": "gift",
    "payment": "gift",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_back",
    "payment_failure_refund": "refund_back",
}


@dataclass(frozen=True)
class Incoming:
    """An event as Stripe tells it."""

    event_id: str
    kind: str
    livemode: bool
    body: Json


@lru_cache(maxsize=4)
def _client_for(secret_key: str, api_base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        secret_key,
        base_addresses={"api": api_base},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def _client() -> stripe.StripeClient:
    return _client_for(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Turn the SDK's errors into ours; their texts may hold what the payer typed and are not passed on."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        raise Unreachable(type(error).__name__) from error
    except stripe.StripeError as error:
        raise Refused(f"{type(error).__name__} {error.code or ''}".strip()) from error


def open_checkout(order: Order) -> Checkout:
    """Open a hosted payment page. Raises Unreachable or Refused."""
    with _in_our_words():
        session = _client().v1.checkout.sessions.create(
            params=_session_params(order),  # type: ignore[arg-type]
            options={"idempotency_key": order.idempotency_key},
        )
    if not session.url:
        raise Refused("session without address")
    return Checkout(session.id, session.url)


def _session_params(order: Order) -> Json:
    price: Json = {
        "currency": "eur",
        "unit_amount": order.amount_cents,
        "product_data": {"name": order.label},
    }
    metadata = {"donation": order.donation}
    params: Json = {
        "ui_mode": "hosted_page",
        "locale": "de",
        "allowed_payment_method_types": [order.method],
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "client_reference_id": order.donation,
        "customer_email": order.email,
        "metadata": metadata,
        "expires_at": int(order.expires_at.timestamp()),
    }
    if order.monthly:
        price["recurring"] = {"interval": "month"}
        return {**params, "mode": "subscription", "subscription_data": {"metadata": metadata}}
    return {
        **params,
        "mode": "payment",
        "submit_type": "donate",
        "payment_intent_data": {"metadata": metadata},
    }


def expire_checkout(session: str) -> None:
    """Close an open payment page, so that it cannot be paid any more. Raises Unreachable or Refused."""
    with _in_our_words():
        _client().v1.checkout.sessions.expire(session)


def cancel_subscription(subscription: str) -> None:
    """End a monthly gift at once. Raises Unreachable, or Refused if it has ended already."""
    with _in_our_words():
        _client().v1.subscriptions.cancel(subscription)


def give_back(payment: str, cents: Cents, order: str) -> str:
    """Give back `cents` of a payment, once per `order` however often it is asked; returns the refund's id.

    Raises Unreachable, or Refused if it cannot be given back (any more).
    """
    with _in_our_words():
        made = _client().v1.refunds.create(
            params={"payment_intent": payment, "amount": cents, "metadata": {"order": order}},
            options={"idempotency_key": f"refund-{order}"},
        )
    return made.id


def read_event(body: bytes, signature: str) -> Incoming:
    """Return the event of a genuine webhook body.

    Raises NotGenuine if the signature is wrong or old, or the body is no JSON in UTF-8.
    """
    try:
        event = _client().construct_event(body, signature, settings.STRIPE_WEBHOOK_SECRET)
        return _incoming(event)
    except (
        stripe.SignatureVerificationError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise NotGenuine(type(error).__name__) from error


def events_since(moment: datetime) -> Iterator[Incoming]:
    """Yield the events of Stripe since `moment`, newest first. Raises Unreachable or Refused."""
    with _in_our_words():
        listed = _client().v1.events.list(params={"created": {"gte": int(moment.timestamp())}, "limit": 100})
        for event in listed.auto_paging_iter():
            yield _incoming(event)


def _incoming(event: stripe.Event) -> Incoming:
    plain = _plain(event)
    event_id, kind, livemode, body = plain["id"], plain["type"], plain["livemode"], plain["data"]["object"]
    is_event = isinstance(livemode, bool) and isinstance(body, dict)
    if not (is_event and _NAME.fullmatch(event_id) and _NAME.fullmatch(kind)):
        raise ValueError("no event")
    return Incoming(event_id, kind, livemode, body)


def _plain(found: Any) -> Json:
    """Return a StripeObject as nested dicts, which know `.get`."""
    return dict(found.to_dict(for_json=True))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def session(external_id: str) -> SessionFacts:
    """Read a payment page's state. Raises Unreachable or Refused."""
    with _in_our_words():
        found = _plain(_client().v1.checkout.sessions.retrieve(external_id))
    return SessionFacts(
        external_id=found["id"],
        state=found["status"],
        donation=found.get("client_reference_id") or "",
        payment=found.get("payment_intent") or "",
        invoice=found.get("invoice") or "",
        subscription=found.get("subscription") or "",
    )


def payment(external_id: str) -> PaymentFacts:
    """Read a payment with its fee, refunds and disputes. Raises Unreachable, Refused or ForeignCurrency."""
    with _in_our_words():
        intent = _plain(
            _client().v1.payment_intents.retrieve(
                external_id, params={"expand": ["latest_charge.balance_transaction", "latest_charge.refunds"]}
            )
        )
        charge = intent.get("latest_charge") or {}
        has_refunds = (charge.get("refunds") or {}).get("data")
        refunds = _refunds(external_id) if has_refunds else ()
        disputes = _disputes(external_id) if charge.get("disputed") else ()
    if intent["currency"] != "eur":
        raise ForeignCurrency(intent["currency"])
    booked = charge.get("balance_transaction") or {}
    return PaymentFacts(
        external_id=intent["id"],
        state=_payment_state(intent),
        amount_cents=Cents(intent.get("amount_received") or intent["amount"]),
        happened_at=_moment(charge.get("created") or intent["created"]),
        donation=(intent.get("metadata") or {}).get("donation", ""),
        fee_cents=booked.get("fee"),
        refunds=refunds,
        disputes=disputes,
    )


def _payment_state(intent: Json) -> PaymentState:
    if intent["status"] == "requires_payment_method":
        return "failed" if intent.get("last_payment_error") else "waiting"
    states: dict[str, PaymentState] = {
        "succeeded": "succeeded",
        "processing": "processing",
        "canceled": "cancelled",
    }
    return states.get(intent["status"], "waiting")


def _refunds(intent: str) -> tuple[RefundFact, ...]:
    """Refunds that gave money back, and those that ended otherwise; one under way has not happened yet."""
    listed = _client().v1.refunds.list(
        params={"payment_intent": intent, "limit": 100, "expand": ["data.failure_balance_transaction"]}
    )
    found = [_plain(each) for each in listed.auto_paging_iter()]
    return tuple(_refund(each) for each in found if each["status"] in {"succeeded", *_REFUND_FAILED})


def _refund(found: Json) -> RefundFact:
    """A refund that failed is dated by the entry that brought its money back."""
    back = found.get("failure_balance_transaction") or {}
    has_failed = found["status"] in _REFUND_FAILED
    return RefundFact(
        external_id=found["id"],
        amount_cents=Cents(found["amount"]),
        happened_at=_moment(found["created"]),
        failed_at=_moment(back.get("created") or found["created"]) if has_failed else None,
        was_paid_out=bool(back) or not has_failed,
        order=(found.get("metadata") or {}).get("order", ""),
    )


def _disputes(intent: str) -> tuple[DisputeFact, ...]:
    """Only disputes that took money: an inquiry of the bank moves nothing."""
    listed = _client().v1.disputes.list(params={"payment_intent": intent, "limit": 100})
    claims = [_plain(each) for each in listed.auto_paging_iter()]
    return tuple(_dispute(claim) for claim in claims if claim["balance_transactions"])


def _dispute(claim: Json) -> DisputeFact:
    """A dispute counts as won when its money is back, so that its date does not depend on when we look.

    Lost, part of the money may be back all the same.
    """
    taken = [entry for entry in claim["balance_transactions"] if entry["amount"] < 0]
    back = [entry for entry in claim["balance_transactions"] if entry["amount"] > 0]
    returned = sum(entry["amount"] for entry in back)
    return DisputeFact(
        external_id=claim["id"],
        amount_cents=Cents(claim["amount"]),
        outcome=_outcome(claim, returned),
        opened_at=_moment(claim["created"]),
        closed_at=_moment(back[0]["created"]) if back else None,
        fee_cents=Cents(sum(entry["fee"] for entry in taken)),
        fee_back_cents=Cents(-sum(entry["fee"] for entry in back)),
        back_cents=Cents(min(returned, claim["amount"])),
        due_by=_due_by(claim),
    )


def _due_by(claim: Json) -> datetime | None:
    """The end of the time for evidence, as long as none was handed in."""
    details = claim.get("evidence_details") or {}
    is_asked = claim["status"] == "needs_response" and not details.get("has_evidence")
    return _moment(details["due_by"]) if is_asked and details.get("due_by") else None


def _outcome(claim: Json, returned: int) -> Outcome:
    if returned >= claim["amount"]:
        return "won"
    return "lost" if returned or claim["status"] == "lost" else "open"


def balance(since: datetime, until: datetime) -> Iterator[BalanceFact]:
    """Yield the balance transactions made in [since, until). Raises Unreachable or Refused."""
    with _in_our_words():
        listed = _client().v1.balance_transactions.list(
            params={
                "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
                "limit": 100,
                "expand": ["data.source"],
            }
        )
        for entry in listed.auto_paging_iter():
            plain = _plain(entry)
            yield BalanceFact(plain["id"], _subject(plain), Cents(plain["net"]), _moment(plain["created"]))


def _subject(entry: Json) -> str:
    """A payout has left for the bank, where its line will be; an unknown kind is named as it is."""
    if entry["type"] == "payout":
        return ""
    source = entry["source"] if isinstance(entry["source"], dict) else {}
    kind = _BALANCE_KINDS.get(entry["type"])
    if kind == "gift":
        return f"gift:{source.get('payment_intent') or source.get('id')}"
    if kind is None and source.get("object") == "dispute":
        kind = "dispute" if entry["amount"] < 0 else "dispute_back"
    return f"{kind}:{source.get('id')}" if kind else f"{entry['type']}:{entry['id']}"


def invoice(external_id: str) -> InvoiceFacts:
    """Read one month of a monthly gift. Raises Unreachable or Refused."""
    with _in_our_words():
        found = _plain(_client().v1.invoices.retrieve(external_id, params={"expand": ["payments"]}))
    details = (found.get("parent") or {}).get("subscription_details") or {}
    return InvoiceFacts(
        external_id=found["id"],
        is_first=found.get("billing_reason") == "subscription_create",
        subscription=details.get("subscription") or "",
        donation=(details.get("metadata") or {}).get("donation", ""),
        payment=_payment_of(found),
        amount_cents=Cents(found["amount_due"]),
        created_at=_moment(found["created"]),
    )


def _payment_of(found: Json) -> str:
    """The payment that paid the invoice, else the one that tries to."""
    tries = (found.get("payments") or {}).get("data", [])
    tries.sort(key=lambda each: (each["status"] != "paid", not each["is_default"]))
    return (tries[0]["payment"].get("payment_intent") or "") if tries else ""


def subscription(external_id: str) -> SubscriptionFacts:
    """Read a monthly gift's state. Raises Unreachable or Refused."""
    with _in_our_words():
        found = _plain(_client().v1.subscriptions.retrieve(external_id))
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
