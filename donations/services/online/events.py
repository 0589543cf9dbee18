"""Stripe's events: stored once by their id before anything happens, then each leads to a fresh reading."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from donations.domain.deadlines import retry_after
from donations.domain.events import NOTHING, Subject, subject_of
from donations.domain.identities import identity
from donations.gateways.errors import ForeignCurrency
from donations.gateways.stripe import Incoming
from donations.models import StripeEvent
from donations.services.online.monthly import read_invoice
from donations.services.online.payments import read_disputed, read_payment
from donations.services.online.recurring import read_subscription
from donations.services.online.sessions import read_session
from donations.services.online.transits import read_transit
from foundation.batches import delete_in_batches
from foundation.sweeps import nudge

PROCESS_EVENTS = "donations.process_events"
BATCH = 50
CLAIMED_FOR = timedelta(minutes=2)
KEEP_PROCESSED = timedelta(days=90)
SECONDS_AT_MOST = 240  # well below the time limit of a task
STUCK_FROM = 6  # tries: a quarter of an hour after the first one

log = structlog.get_logger(__name__)

_READERS: dict[str, Callable[[str, datetime], None]] = {
    "session": read_session,
    "payment": read_payment,
    "dispute": read_disputed,
    "invoice": read_invoice,
    "subscription": read_subscription,
    "payout": read_transit,
}


class WrongMode(Exception):
    """A test event at a live installation, or the reverse."""


class NotBooked(Exception):
    """Something that Stripe told cannot be booked; the sweep counts as failed until it can."""


def store(incoming: Iterable[Incoming], now: datetime) -> None:
    """Store events, each once by its id, and ask a worker to process them. Raises WrongMode, storing none.

    Any number of deliveries of one event, at the same time too, leave one row (ON CONFLICT DO NOTHING).
    """
    rows = [_row(event, now) for event in incoming]
    StripeEvent.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.processed_at is None for row in rows):
        nudge(PROCESS_EVENTS)


def _row(event: Incoming, now: datetime) -> StripeEvent:
    if event.livemode != settings.STRIPE_LIVEMODE:
        raise WrongMode(event.event_id)
    subject = subject_of(event.kind, event.body)
    return StripeEvent(
        event_id=identity(event.account, event.event_id),
        kind=event.kind,
        noun=subject.noun,
        subject_id=identity(event.account, subject.external_id),
        received_at=now,
        processed_at=now if subject == NOTHING else None,
    )


def forget_old(now: datetime) -> int:
    """Delete the events processed longer ago than any copy of them can still come; returns how many."""
    return delete_in_batches(StripeEvent.objects.filter(processed_at__lt=now - KEEP_PROCESSED))


def process_waiting(now: datetime) -> int:
    """Process the events that are due, as long as there is time; returns how many.

    One that fails is tried again, for ever; one about money that is no euro comes to rest with its error.
    """
    done = 0
    ends_at = time.monotonic() + SECONDS_AT_MOST
    while time.monotonic() < ends_at and (claimed := _claim(now)):
        for subject, rows in _by_subject(claimed).items():
            done += _process(subject, rows, now)
    return done


def check_booked() -> None:
    """Raises NotBooked, for the night watch, as long as events fail that have failed often."""
    stuck = StripeEvent.objects.filter(processed_at__isnull=True, attempts__gte=STUCK_FROM).exclude(error="")
    if oldest := stuck.order_by("received_at", "pk").first():
        raise NotBooked(f"{stuck.count()} events of Stripe, the oldest {oldest.event_id}: {oldest.error}")


def _claim(now: datetime) -> list[StripeEvent]:
    """Take some due events, those that failed least first; if this process dies they are due again later."""
    is_due = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
    with transaction.atomic():
        rows = list(
            StripeEvent.objects.select_for_update(skip_locked=True)
            .filter(is_due, processed_at__isnull=True)
            .order_by("attempts", "received_at", "pk")[:BATCH]
        )
        StripeEvent.objects.filter(pk__in=[row.pk for row in rows]).update(
            attempts=F("attempts") + 1, next_attempt_at=now + CLAIMED_FOR
        )
    return rows


def _by_subject(rows: list[StripeEvent]) -> dict[Subject, list[StripeEvent]]:
    """One reading answers all events about the same object that came before it."""
    grouped: dict[Subject, list[StripeEvent]] = defaultdict(list)
    for row in rows:
        grouped[Subject(row.noun, row.subject_id)].append(row)  # type: ignore[arg-type]
    return grouped


def _process(subject: Subject, rows: list[StripeEvent], now: datetime) -> int:
    events = StripeEvent.objects.filter(pk__in=[row.pk for row in rows])
    try:
        _READERS[subject.noun](subject.external_id, now)
    except ForeignCurrency as error:
        log.exception("event_in_foreign_currency", noun=subject.noun, subject=subject.external_id)
        return events.update(processed_at=now, error=repr(error)[:300])
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # one event must not hold up the others; it stays and is tried again
        log.exception("event_failed", noun=subject.noun, subject=subject.external_id)
        attempts = max(row.attempts for row in rows) + 1
        events.update(error=repr(error)[:300], next_attempt_at=now + retry_after(attempts))
        return 0
    return events.update(processed_at=now, error="")
