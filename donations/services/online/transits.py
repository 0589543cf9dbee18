"""Payouts of Stripe, read anew: by their events, and every night all that are new."""

from datetime import datetime, timedelta

from donations.domain.facts import TransitFacts
from donations.gateways import stripe
from donations.models import StripeTransit
from donations.services.books import transits

_READ_AGAIN = timedelta(days=30)  # one that arrived may still fail


def read_transit(external_id: str, now: datetime) -> None:
    """Read a payout anew and record it. Raises PaymentServiceError."""
    facts = stripe.transit(external_id)
    if facts is not None:
        _record(facts, now)


def read_new(now: datetime) -> int:
    """Read what Stripe has sent lately, the first time all it ever sent; returns how many were new."""
    known = set(StripeTransit.objects.values_list("external_id", flat=True))
    found = list(stripe.transits_since(now - _READ_AGAIN if known else None))
    for facts in found:
        _record(facts, now)
    return len({facts.external_id for facts in found} - known)


def _record(facts: TransitFacts, now: datetime) -> None:
    transits.record(facts, now)
