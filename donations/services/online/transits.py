"""Payouts of Stripe, read anew: by their events, and every night all that are new."""

from datetime import datetime, timedelta

from donations.domain.facts import TransitFacts
from donations.gateways import stripe
from donations.models import StripeTransit
from donations.selectors.stripe_accounts import made_at
from donations.services.books import transits

_READ_AGAIN = timedelta(days=30)  # one that arrived may still fail


def read_transit(external_id: str, now: datetime) -> None:
    """Read a payout anew and record it. Raises PaymentServiceError."""
    facts = stripe.transit(external_id)
    if facts is not None:
        _record(facts, now)


def read_new(account: str, now: datetime) -> int:
    """Read what Stripe has sent from an account lately, the first time all; returns how many were new."""
    here = StripeTransit.objects.filter(made_at(account, "external_id"))
    known = set(here.values_list("external_id", flat=True))
    found = list(stripe.transits_since(account, now - _READ_AGAIN if known else None))
    for facts in found:
        _record(facts, now)
    return len({facts.external_id for facts in found} - known)


def _record(facts: TransitFacts, now: datetime) -> None:
    transits.record(facts, now)
