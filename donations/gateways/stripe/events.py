"""Events of Stripe: told by webhook, or listed for what was never told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import stripe
from django.conf import settings

from donations.gateways.errors import NotGenuine
from donations.gateways.stripe.client import Json, client, in_our_words, plain

_NAME = re.compile(r"[\w.]{1,80}", re.ASCII)


@dataclass(frozen=True)
class Incoming:
    """An event as Stripe tells it."""

    event_id: str
    kind: str
    livemode: bool
    body: Json


def read_event(body: bytes, signature: str) -> Incoming:
    """Return the event of a genuine webhook body.

    Raises NotGenuine if the signature is wrong or old, or the body is no JSON in UTF-8.
    """
    try:
        event = client().construct_event(body, signature, settings.STRIPE_WEBHOOK_SECRET)
        return _incoming(event)
    except (
        stripe.SignatureVerificationError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise NotGenuine(type(error).__name__) from error


def events_since(moment: datetime) -> Iterator[Incoming]:
    """Yield the events of Stripe since `moment`, newest first. Raises Unreachable or Refused."""
    with in_our_words():
        listed = client().v1.events.list(params={"created": {"gte": int(moment.timestamp())}, "limit": 100})
        for event in listed.auto_paging_iter():
            yield _incoming(event)


def _incoming(event: stripe.Event) -> Incoming:
    told = plain(event)
    event_id, kind, livemode, body = told["id"], told["type"], told["livemode"], told["data"]["object"]
    is_event = isinstance(livemode, bool) and isinstance(body, dict)
    if not (is_event and _NAME.fullmatch(event_id) and _NAME.fullmatch(kind)):
        raise ValueError("no event")
    return Incoming(event_id, kind, livemode, body)
