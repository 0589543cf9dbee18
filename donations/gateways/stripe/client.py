"""The client of Stripe: which account it asks, how long it waits, and what its errors mean to us.

Whoever waits at a page gets few seconds for all that is asked there, one try for each call, and few wait at
once, so that a slow Stripe leaves threads for all other pages. Sweeps are patient.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from threading import BoundedSemaphore
from time import monotonic
from typing import Any
from uuid import UUID

import stripe
from django.conf import settings
from django.core.signals import request_finished, request_started

from donations.domain.identities import DEFAULT
from donations.gateways.errors import KeyRefused, Refused, Unreachable
from donations.gateways.stripe.in_time import InTime

SECONDS_AT_A_PAGE, SECONDS_OF_A_SWEEP = 4.0, 8.0
LEAST_SECONDS = 0.5  # with less left of those at a page nothing is asked any more
RETRIES_OF_A_SWEEP = 2
WAITING_AT_ONCE = 4  # half of the threads of a web process
SECONDS_FOR_A_PLACE = 1
Json = dict[str, Any]

# Telemetry would send data of this server and write into the home folder.
stripe.enable_telemetry = False

_is_patient: ContextVar[bool] = ContextVar("stripe_is_patient", default=False)
_places = BoundedSemaphore(WAITING_AT_ONCE)
_waited: ContextVar[float | None] = ContextVar("stripe_waited", default=None)
"""The seconds that the request being answered has waited for Stripe; None outside of requests."""
_since: ContextVar[float] = ContextVar("stripe_since")
"""When what is asked now began."""


def _count_from_nothing(**_about: object) -> None:
    _waited.set(0.0)


def _count_no_more(**_about: object) -> None:
    _waited.set(None)


request_started.connect(_count_from_nothing)
request_finished.connect(_count_no_more)


@contextmanager
def patient() -> Iterator[None]:
    """Nobody waits at a page: try longer and again."""
    token = _is_patient.set(True)
    try:
        yield
    finally:
        _is_patient.reset(token)


@dataclass(frozen=True)
class Keys:
    """How an account is reached; `connected` is its id where our own key speaks for it (Connect)."""

    secret_key: str
    webhook_secret: str
    connected: str = ""


def keys_of(account: str) -> Keys:
    """Raises KeyRefused for an account that the operator has not set up (any more)."""
    if account == DEFAULT and settings.STRIPE_SECRET_KEY:
        return Keys(settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET)
    further = settings.STRIPE_FURTHER_ACCOUNTS.get(account)
    if further is None:
        raise KeyRefused(f"{account}: not set up")
    return Keys(further.secret_key, further.webhook_secret, further.connected)


@lru_cache(maxsize=64)
def _client_for(keys: Keys, api_base: str, *, retries: int) -> stripe.StripeClient:
    return stripe.StripeClient(
        keys.secret_key,
        stripe_account=keys.connected or None,
        base_addresses={"api": api_base},
        max_network_retries=retries,
        http_client=InTime(_seconds_left),
    )


@contextmanager
def asking(account: str) -> Iterator[stripe.StripeClient]:
    """Speak with one account; the SDK's errors become ours, with its name.

    Their texts may hold what the payer typed and are not passed on.
    """
    try:
        with _counted(), _a_place():
            yield _client(keys_of(account))
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        raise Unreachable(f"{account}: {type(error).__name__}") from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise KeyRefused(f"{account}: {type(error).__name__}") from error
    except stripe.StripeError as error:
        raise Refused(f"{account}: {type(error).__name__} {error.code or ''}".strip()) from error


def _client(keys: Keys) -> stripe.StripeClient:
    retries = RETRIES_OF_A_SWEEP if _is_patient.get() else 0
    return _client_for(keys, settings.STRIPE_API_BASE, retries=retries)


def _seconds_left() -> float:
    """Return how long the next call may take. Raises Unreachable if this request has waited long enough."""
    if _is_patient.get():
        return SECONDS_OF_A_SWEEP
    left = SECONDS_AT_A_PAGE - (_waited.get() or 0.0) - (monotonic() - _since.get())
    if left < LEAST_SECONDS:
        raise Unreachable("no time left")
    return left


@contextmanager
def _counted() -> Iterator[None]:
    before, began = _waited.get(), monotonic()
    token = _since.set(began)
    try:
        yield
    finally:
        _since.reset(token)
        if before is not None:
            _waited.set(before + monotonic() - began)


@contextmanager
def _a_place() -> Iterator[None]:
    """One of the few places of those who wait at a page. Raises Unreachable if all are taken."""
    if _is_patient.get():
        yield
        return
    if not _places.acquire(timeout=SECONDS_FOR_A_PLACE):
        raise Unreachable("too many wait")
    try:
        yield
    finally:
        _places.release()


def plain(found: Any) -> Json:
    """Return a StripeObject as nested dicts, which know `.get`."""
    return dict(found.to_dict(for_json=True))


def gift_named(told: Json) -> str:
    """Return which gift something at Stripe names; empty for a name that others gave for what is theirs."""
    named = str((told.get("metadata") or {}).get("donation", ""))
    try:
        UUID(named)
    except ValueError:
        return ""
    return named


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def check_key(account: str) -> None:
    """Ask Stripe for next to nothing. Raises KeyRefused, Unreachable or Refused."""
    with asking(account) as client:
        client.v1.events.list(params={"limit": 1})
