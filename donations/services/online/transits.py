"""What Stripe pays out and what it charges apart from payments: read anew by events, and every night."""

from datetime import datetime, timedelta

from donations.domain.accounts import Owner
from donations.domain.facts import BalanceFact, TransitFacts
from donations.domain.identities import identity
from donations.domain.ledger import stripe_fee
from donations.gateways import stripe
from donations.models import StripeTransit
from donations.selectors.stripe_accounts import made_at
from donations.services.books import ledger, transits
from foundation.units import Cents

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


def book_fees(account: str, now: datetime) -> int:
    """Book what Stripe charged an account lately apart from payments, on its body; returns how many were new.

    Of an account on which several bodies were booked nobody knows whose it is: the comparison names it.
    """
    body = transits.owner_of(account)
    if body is None:
        return 0
    charged = stripe.fees_since(account, now - _READ_AGAIN)
    return sum(_book_fee(account, fact, Owner(body), now) for fact in charged if fact.net_cents)


def _book_fee(account: str, fact: BalanceFact, body: Owner, now: datetime) -> bool:
    name, cents = identity(account, fact.external_id), Cents(-fact.net_cents)
    return ledger.book(stripe_fee(name, cents, fact.created_at), body, now)


def _record(facts: TransitFacts, now: datetime) -> None:
    transits.record(facts, now)
