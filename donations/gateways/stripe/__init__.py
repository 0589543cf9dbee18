"""The one door to Stripe: everything that comes through it is in our words (donations.domain.facts)."""

from donations.gateways.stripe.balance import balance, fees_since, transit, transits_since
from donations.gateways.stripe.billing import (
    cancel_subscription,
    change_subscription,
    invoice,
    pause_subscription,
    pay_invoice,
    resume_subscription,
    subscription,
    use_new_method,
)
from donations.gateways.stripe.checkout import (
    Checkout,
    Order,
    expire_checkout,
    open_checkout,
    open_method_page,
    session,
)
from donations.gateways.stripe.client import check_key, patient
from donations.gateways.stripe.events import Incoming, events_since, read_event
from donations.gateways.stripe.payments import give_back, payment

__all__ = [
    "Checkout",
    "Incoming",
    "Order",
    "balance",
    "cancel_subscription",
    "change_subscription",
    "check_key",
    "events_since",
    "expire_checkout",
    "fees_since",
    "give_back",
    "invoice",
    "open_checkout",
    "open_method_page",
    "patient",
    "pause_subscription",
    "pay_invoice",
    "payment",
    "read_event",
    "resume_subscription",
    "session",
    "subscription",
    "transit",
    "transits_since",
    "use_new_method",
]
