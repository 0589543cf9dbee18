"""The one door to Stripe: everything that comes through it is in our words (donations.domain.facts)."""

from donations.gateways.stripe.balance import balance
from donations.gateways.stripe.billing import cancel_subscription, invoice, subscription
from donations.gateways.stripe.checkout import Checkout, Order, expire_checkout, open_checkout, session
from donations.gateways.stripe.events import Incoming, events_since, read_event
from donations.gateways.stripe.payments import give_back, payment

__all__ = [
    "Checkout",
    "Incoming",
    "Order",
    "balance",
    "cancel_subscription",
    "events_since",
    "expire_checkout",
    "give_back",
    "invoice",
    "open_checkout",
    "payment",
    "read_event",
    "session",
    "subscription",
]
