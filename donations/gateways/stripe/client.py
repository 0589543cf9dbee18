"""The client of Stripe: where it talks to, how long it waits, and what its errors mean to us."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

from donations.gateways.errors import Refused, Unreachable

TIMEOUT_SECONDS = 8
RETRIES = 2
Json = dict[str, Any]

# Telemetry would send data of this server and write into the home folder.
stripe.enable_telemetry = False


@lru_cache(maxsize=4)
def _client_for(secret_key: str, api_base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        secret_key,
        base_addresses={"api": api_base},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def client() -> stripe.StripeClient:
    return _client_for(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@contextmanager
def in_our_words() -> Iterator[None]:
    """Turn the SDK's errors into ours; their texts may hold what the payer typed and are not passed on."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        raise Unreachable(type(error).__name__) from error
    except stripe.StripeError as error:
        raise Refused(f"{type(error).__name__} {error.code or ''}".strip()) from error


def plain(found: Any) -> Json:
    """Return a StripeObject as nested dicts, which know `.get`."""
    return dict(found.to_dict(for_json=True))


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
