"""For what was never told: asking Stripe, nightly for all events, often for payments under way."""

import time
from collections.abc import Iterator
from datetime import datetime

import structlog
from billiard.exceptions import SoftTimeLimitExceeded
from django.db.models import F, Q, QuerySet

from donations.domain.deadlines import (
    ASK_ABOUT_PENDING_AFTER,
    CATCH_UP_OVERLAP,
    EVENTS_LISTED_FOR,
    LAPSE_WITHOUT_CHECKOUT_AFTER,
    ask_again_after,
)
from donations.domain.identities import identity
from donations.gateways import stripe
from donations.gateways.errors import KeyRefused, Unreachable
from donations.models import Donation, Method, StripeCursor, StripeEvent
from donations.selectors.stripe_accounts import accounts, made_at
from donations.services.online import events
from donations.services.online.accounts import at_each_account
from donations.services.online.monthly import read_invoice
from donations.services.online.sessions import read_session

ASKED_AT_ONCE = 500
SECONDS_AT_MOST = 240  # well below the time limit of a task

log = structlog.get_logger(__name__)


def catch_up(account: str, now: datetime) -> int:
    """Store the events of an account that never reached us; returns how many.

    From where the last run ended, however long ago, as far as Stripe still lists events. Raises Unreachable,
    and stays where it was.
    """
    missed = list(_missed(account, _since(account, now)))
    events.store(missed, now)
    StripeCursor.objects.update_or_create(account=account, defaults={"caught_up_to": now})
    return len(missed)


def _since(account: str, now: datetime) -> datetime:
    cursor = StripeCursor.objects.filter(account=account).first()
    oldest = now - EVENTS_LISTED_FOR
    return max(oldest, cursor.caught_up_to - CATCH_UP_OVERLAP) if cursor else oldest


def _missed(account: str, since: datetime) -> Iterator[stripe.Incoming]:
    """The events listed since then that are not stored; none is received before it happens."""
    stored = StripeEvent.objects.filter(received_at__gte=since - CATCH_UP_OVERLAP)
    known = set(stored.values_list("event_id", flat=True))
    for event in stripe.events_since(account, since):
        if identity(account, event.event_id) not in known:
            yield event


def ask_about_pending(now: datetime) -> int:
    """Ask Stripe about payments that have been under way for a while; returns how many were asked about.

    Each is asked about with growing distance, the one that has waited longest first, so that none that cannot
    be read holds up the others; each account has its share of the time. A Stripe that does not answer is left
    alone until the next run. Where a page could not be opened, our key is tried. Raises KeyRefused with the
    name of the account, for the night watch, when the others have had their turn.
    """
    seconds = SECONDS_AT_MOST / max(len(accounts()), 1)
    return at_each_account(lambda account: _ask_at(account, now, seconds))


def _ask_at(account: str, now: datetime, seconds: float) -> int:
    if _has_pageless(account, now):
        stripe.check_key(account)
    asked = 0
    ends_at = time.monotonic() + seconds
    for donation in _to_ask_about(account, now):
        if time.monotonic() >= ends_at or not _ask_in_turn(donation, now):
            break
        asked += 1
    return asked


def _has_pageless(account: str, now: datetime) -> bool:
    """Whether somebody wanted to pay lately and got no payment page."""
    return (
        Donation.objects.filter(
            status=Donation.Status.PLEDGED,
            checkout_session_id=None,
            pledged_at__gt=now - LAPSE_WITHOUT_CHECKOUT_AFTER,
            fund__provider__stripe_account=account,
        )
        .exclude(method=Method.TRANSFER)
        .exists()
    )


def _to_ask_about(account: str, now: datetime) -> QuerySet[Donation]:
    under_way = Q(status__in=[Donation.Status.PLEDGED, Donation.Status.PROCESSING])
    known_there = made_at(account, "checkout_session_id") | made_at(account, "stripe_invoice_id")
    is_due = Q(next_ask_at__isnull=True) | Q(next_ask_at__lte=now)
    return Donation.objects.filter(
        under_way, known_there, is_due, pledged_at__lte=now - ASK_ABOUT_PENDING_AFTER
    ).order_by(F("next_ask_at").asc(nulls_first=True), "pledged_at")[:ASKED_AT_ONCE]


def _ask_in_turn(donation: Donation, now: datetime) -> bool:
    """Plan the next turn first, whatever comes of this one; False if nobody answers at Stripe."""
    Donation.objects.filter(pk=donation.pk).update(
        times_asked=F("times_asked") + 1, next_ask_at=now + ask_again_after(donation.times_asked + 1)
    )
    try:
        _ask(donation, now)
    except (SoftTimeLimitExceeded, KeyRefused):
        raise
    except Unreachable:
        log.warning("stripe_unreachable", donation=donation.pk)
        return False
    except Exception:  # one that cannot be read must not hold up the others
        log.exception("pending_not_read", donation=donation.pk)
    return True


def _ask(donation: Donation, now: datetime) -> None:
    if donation.stripe_invoice_id:
        read_invoice(donation.stripe_invoice_id, now)
    elif donation.checkout_session_id:
        read_session(donation.checkout_session_id, now)
