"""Stripe saying what a test wants it to say, word for word: objects that the double never makes."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Said = dict[str, Any]


@contextmanager
def speaking(said: Said) -> Iterator[str]:
    """Answer GETs from `said` (path below /v1/ to body), which may change meanwhile; yields the address.

    What is said under `key path` is said to that key alone, under `path?payment_intent=pi` of that payment.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked, key = urlsplit(self.path), self.headers["Authorization"].split()[1]
            path = asked.path.removeprefix("/v1/")
            (about,) = parse_qs(asked.query).get("payment_intent", [""])
            names = (f"{key} {path}", f"{path}?payment_intent={about}", path)
            body = json.dumps(next(said[name] for name in names if name in said)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def intent(donation: str, *, amount: int = 2500, currency: str = "eur", **charge: Any) -> Said:
    """Return a payment that succeeded."""
    return {
        "id": "pi_canned",
        "object": "payment_intent",
        "status": "succeeded",
        "amount": amount,
        "amount_received": amount,
        "currency": currency,
        "created": 1_772_442_000,
        "metadata": {"donation": donation},
        "latest_charge": {
            "id": "ch_canned",
            "object": "charge",
            "created": 1_772_442_000,
            "disputed": False,
            "balance_transaction": {"object": "balance_transaction", "id": "txn_1", "fee": 63},
            **charge,
        },
    }


def refund(status: str, **values: Any) -> Said:
    """Return the list of the payment's refunds: one over 10 euro."""
    row = {
        "id": "re_canned",
        "object": "refund",
        "status": status,
        "amount": 1000,
        "currency": "eur",
        "created": 1_772_528_400,
        **values,
    }
    return {"object": "list", "data": [row], "has_more": False, "url": "/v1/refunds"}


def event(kind: str = "payment_intent.succeeded", number: int = 1) -> Said:
    """Return an event about the payment."""
    body = {"id": "pi_canned", "object": "payment_intent", "payment_intent": "pi_canned"}
    return {
        "id": f"evt_canned_{number}",
        "object": "event",
        "type": kind,
        "livemode": False,
        "created": 1_772_442_000,
        "data": {"object": body},
    }
