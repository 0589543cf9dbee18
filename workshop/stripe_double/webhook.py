"""One webhook on the wire: body, ``Stripe-Signature`` header, and the answer of the receiver."""

import hashlib
import hmac
import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from workshop.stripe_double.store import Json

TIMEOUT_SECONDS = 10
STALE_SECONDS = 3600
MODES = ("normal", "wrong_signature", "stale_timestamp", "altered_body", "livemode")


@dataclass(frozen=True)
class Parcel:
    body: bytes
    signature: str


@dataclass(frozen=True)
class Receipt:
    """What the receiver answered; ``error`` when there was no answer."""

    status: int | None
    error: str | None

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def sign(body: bytes, secret: str, timestamp: int) -> str:
    signed = str(timestamp).encode() + b"." + body
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def pack(event: Json, secret: str, now: int, mode: str = "normal", *, connected: str = "") -> Parcel:
    """Return the event as Stripe sends it, or spoiled in the way ``mode`` names."""
    if connected:
        event = {**event, "account": connected}
    if mode == "livemode":
        event = {**event, "livemode": True}
    body = _encoded(event)
    if mode == "wrong_signature":
        secret = f"{secret}-wrong"
    signature = sign(body, secret, now - STALE_SECONDS if mode == "stale_timestamp" else now)
    if mode == "altered_body":
        body = _encoded({**event, "created": event["created"] + 1})
    return Parcel(body, signature)


def _encoded(event: Json) -> bytes:
    return json.dumps(event, indent=2, ensure_ascii=False).encode()


def post(url: str, parcel: Parcel) -> Receipt:
    """Send the parcel; redirects are not followed, as at Stripe."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": parcel.signature,
        "User-Agent": "Stripe/1.0 (Stripe-Testdoppel)",
        "Connection": "close",
    }
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, parcel.body, headers)
        return Receipt(connection.getresponse().status, None)
    except (OSError, http.client.HTTPException) as error:
        return Receipt(None, f"{type(error).__name__}: {error}"[:200])
    finally:
        connection.close()
