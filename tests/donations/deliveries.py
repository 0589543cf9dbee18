"""Stripe's events on their way to us: signed, repeated, shuffled, forged."""

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.test import Client

from donations.services.online.events import process_waiting
from foundation.clock import utc_now
from tests.donations.stripe_process import FURTHER, WEBHOOK_SECRET, StripeProcess, signed

WEBHOOK = "/stripe/webhook/"


def post_event(
    event: dict[str, Any], *, signature: str | None = None, account: str = "default"
) -> HttpResponse:
    """Deliver one event to the address of an account as Stripe would, or with the signature given."""
    return post_body(json.dumps(event).encode(), signature, account)


def post_body(body: bytes, signature: str | None = None, account: str = "default") -> HttpResponse:
    return Client(enforce_csrf_checks=True).post(
        WEBHOOK if account == "default" else f"{WEBHOOK}{account}/",
        body,
        content_type="application/json; charset=utf-8",
        headers={
            "Stripe-Signature": signed(body, secret=secret_of(account)) if signature is None else signature
        },
    )


def secret_of(account: str) -> str:
    return FURTHER[account].webhook_secret if account in FURTHER else WEBHOOK_SECRET


def deliver(events: Iterable[dict[str, Any]], account: str = "default") -> None:
    """Deliver events in this order and let the worker do its work after each."""
    connected = {"account": FURTHER[account].connected} if account in FURTHER else {}
    for event in events:
        assert post_event(event | connected, account=account).status_code == 200
        process_waiting(utc_now())


def deliver_all(stripe: StripeProcess, about: str) -> list[dict[str, Any]]:
    """Deliver everything that Stripe knows about an object or a gift, in order; returns it."""
    events = stripe.events(about=about)
    deliver(events, stripe.account)
    return events
