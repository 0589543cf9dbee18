"""For what was never told: asking Stripe, nightly for all events, often for payments under way."""

from collections.abc import Iterator
from datetime import datetime

import structlog
from django.db.models import Q

from donations.domain.deadlines import ASK_ABOUT_PENDING_AFTER, CATCH_UP_WINDOW
from donations.gateways import stripe
from donations.models import Donation, StripeEvent
from donations.services.online import events
from donations.services.online.monthly import read_invoice
from donations.services.online.sessions import read_session

log = structlog.get_logger(__name__)


def catch_up(now: datetime) -> int:
    """Store the events of the last days that never reached us; returns how many. Raises Unreachable."""
    missed = list(_missed(now))
    events.store(missed, now)
    return len(missed)


def _missed(now: datetime) -> Iterator[stripe.Incoming]:
    known = set(
        StripeEvent.objects.filter(received_at__gte=now - 2 * CATCH_UP_WINDOW).values_list(
            "event_id", flat=True
        )
    )
    for event in stripe.events_since(now - CATCH_UP_WINDOW):
        if event.event_id not in known:
            yield event


def ask_about_pending(now: datetime) -> int:
    """Ask Stripe about payments that have been under way for a while; returns how many were asked about."""
    under_way = Q(status=Donation.Status.PLEDGED) | Q(status=Donation.Status.PROCESSING)
    known_at_stripe = Q(checkout_session_id__isnull=False) | Q(stripe_invoice_id__isnull=False)
    waiting = Donation.objects.filter(
        under_way, known_at_stripe, pledged_at__lte=now - ASK_ABOUT_PENDING_AFTER
    ).order_by("pledged_at")
    for donation in waiting:
        try:
            _ask(donation, now)
        except Exception:  # one that cannot be read must not hold up the others
            log.exception("pending_not_read", donation=donation.pk)
    return len(waiting)


def _ask(donation: Donation, now: datetime) -> None:
    if donation.stripe_invoice_id:
        read_invoice(donation.stripe_invoice_id, now)
    elif donation.checkout_session_id:
        read_session(donation.checkout_session_id, now)
