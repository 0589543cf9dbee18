"""Events of Stripe: told by webhook, or listed for what was never told."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import stripe

from donations.gateways.errors import NotGenuine, NotOurs
from donations.gateways.stripe.client import Json, asking, keys_of, plain
from donations.selectors.stripe_accounts import accounts

_NAME = re.compile(r"[\w.]{1,80}", re.ASCII)


@dataclass(frozen=True)
class Incoming:
    """An event as Stripe tells it, of one account; the id is Stripe's own."""

    account: str
    event_id: str
    kind: str
    livemode: bool
    body: Json


def read_event(account: str, body: bytes, signature: str) -> Incoming:
    """Return the event of a genuine webhook body that came to the address of an account.

    Raises NotGenuine if the signature is wrong or old, the body is no JSON in UTF-8 or the event is not of
    this account; NotOurs if our platform told it of an account that we do not know.
    """
    keys = keys_of(account)
    try:
        stripe.WebhookSignature.verify_header(
            body.decode(), signature, keys.webhook_secret, stripe.Webhook.DEFAULT_TOLERANCE
        )
        told = json.loads(body)
        whose = told.get("account") or ""
        return _incoming(account if whose == keys.connected else _connected(whose, keys.connected), told)
    except (
        stripe.SignatureVerificationError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise NotGenuine(type(error).__name__) from error


def _connected(whose: str, connected: str) -> str:
    """Return the account that Connect speaks of: it tells every address of ours of every account.

    Raises NotOurs, or LookupError at the address of an account with keys of its own.
    """
    if not connected or not whose:
        raise LookupError(whose)
    for account in accounts():
        if keys_of(account).connected == whose:
            return account
    raise NotOurs(whose)


def events_since(account: str, moment: datetime) -> Iterator[Incoming]:
    """Yield the events of an account since `moment`, newest first. Raises Unreachable or Refused."""
    with asking(account) as client:
        listed = client.v1.events.list(params={"created": {"gte": int(moment.timestamp())}, "limit": 100})
        for event in listed.auto_paging_iter():
            yield _incoming(account, plain(event))


def _incoming(account: str, told: Json) -> Incoming:
    event_id, kind, livemode, body = told["id"], told["type"], told["livemode"], told["data"]["object"]
    is_event = isinstance(livemode, bool) and isinstance(body, dict)
    if not (is_event and _NAME.fullmatch(event_id) and _NAME.fullmatch(kind)):
        raise ValueError("no event")
    return Incoming(account, event_id, kind, livemode, body)
