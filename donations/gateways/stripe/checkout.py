"""Payment pages: opening, closing and reading them."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from donations.domain.facts import SessionFacts
from donations.domain.identities import account_of, identity, name_of
from donations.gateways.errors import Refused
from donations.gateways.stripe.client import Json, asking, moment, plain
from donations.gateways.stripe.rhythms import INTERVALS
from foundation.units import Cents

PAGES = "https://checkout.stripe.com"
"""Where Stripe shows the pages that are opened here; its double has them where its API is."""


@dataclass(frozen=True)
class Order:
    """What a hosted payment page is to collect, and for which account.

    `idempotency_key` makes asking twice harmless. `rhythm` is empty for a single gift.
    """

    account: str
    donation: str
    idempotency_key: str
    amount_cents: Cents
    label: str
    method: str
    rhythm: str
    email: str
    success_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True)
class Checkout:
    """An open payment page."""

    session: str
    url: str


def open_checkout(order: Order) -> Checkout:
    """Open a hosted payment page. Raises Unreachable or Refused."""
    with asking(order.account) as client:
        session = client.v1.checkout.sessions.create(
            params=_session_params(order),  # type: ignore[arg-type]
            options={"idempotency_key": order.idempotency_key},
        )
    return Checkout(identity(order.account, session.id), _hosted(session.url))


def _hosted(address: str | None) -> str:
    """Return the address of a hosted page. Raises Refused if people may not be led there (ASVS 5.0, 3.7.2).

    A page under a domain of one's own, which Stripe offers, would be stopped by `form-action` too.
    """
    places = {PAGES, settings.STRIPE_API_BASE}
    if not address or not address.startswith(tuple(f"{place}/" for place in places)):
        raise Refused("session without an address of ours")
    return address


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
    if order.rhythm:
        price["recurring"] = INTERVALS[order.rhythm]
        return {**params, "mode": "subscription", "subscription_data": {"metadata": metadata}}
    return {
        **params,
        "mode": "payment",
        "submit_type": "donate",
        "payment_intent_data": {"metadata": metadata},
    }


def open_method_page(subscription: str, method: str, *, success_url: str, cancel_url: str) -> str:
    """Open a hosted page that takes no money but another way of paying a Dauerspende; returns its address.

    Raises Unreachable or Refused.
    """
    name = name_of(subscription)
    with asking(account_of(subscription)) as client:
        found = plain(client.v1.subscriptions.retrieve(name))
        page = client.v1.checkout.sessions.create(
            params={
                "mode": "setup",
                "ui_mode": "hosted_page",
                "locale": "de",
                "customer": found["customer"],
                "currency": "eur",
                "allowed_payment_method_types": [method],
                "setup_intent_data": {"metadata": {"renews": name}},
                "metadata": {"renews": name},
                "success_url": success_url,
                "cancel_url": cancel_url,
            }
        )
    return _hosted(page.url)


def expire_checkout(session: str) -> None:
    """Close an open payment page, so that it cannot be paid any more. Raises Unreachable or Refused."""
    with asking(account_of(session)) as client:
        client.v1.checkout.sessions.expire(name_of(session))


def session(external_id: str) -> SessionFacts:
    """Read a payment page's state. Raises Unreachable or Refused."""
    account = account_of(external_id)
    with asking(account) as client:
        found = plain(client.v1.checkout.sessions.retrieve(name_of(external_id)))
    return SessionFacts(
        external_id=identity(account, found["id"]),
        state=found["status"],
        payment=identity(account, found.get("payment_intent") or ""),
        invoice=identity(account, found.get("invoice") or ""),
        subscription=identity(account, found.get("subscription") or ""),
        renews=identity(account, (found.get("metadata") or {}).get("renews", "")),
        opened_at=moment(found["created"]),
    )
