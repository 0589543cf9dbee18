"""A real process of the double, the real SDK as its client, and a receiver that checks every webhook."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import stripe

from tests.processes import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "sk_test_demo"
WEBHOOK_SECRET = "whsec_demo"

stripe.enable_telemetry = False


def wait_until(condition: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for {what}")


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Receiver:
    """The platform's side of a webhook: the SDK checks the signature, then the event is noted."""

    def __init__(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.take(body, self.headers["Stripe-Signature"])
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.accepted: list[stripe.Event] = []
        self.refused: list[bytes] = []
        self.turned_away: list[str] = []
        self.status = 200
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/stripe/webhook/"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def take(self, body: bytes, signature: str) -> int:
        try:
            event = stripe.Webhook.construct_event(body, signature, WEBHOOK_SECRET)
        except stripe.SignatureVerificationError:
            self.refused.append(body)
            return 400
        if self.status == 200:
            self.accepted.append(event)
        else:
            self.turned_away.append(event.id)
        return self.status

    def ids(self) -> list[str]:
        return [event.id for event in self.accepted]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Process:
    """One process of the double and how tests talk to it."""

    data_dir: Path
    webhook_url: str
    options: tuple[str, ...] = ()
    port: int = 0
    child: subprocess.Popen[str] | None = field(default=None, repr=False)

    def start(self) -> "Process":
        port_file = self.data_dir.parent / f"{self.data_dir.name}.port"
        port_file.unlink(missing_ok=True)
        self.child = run_double(self.data_dir, self.webhook_url, "--port-file", str(port_file), *self.options)
        self.port = int(wait_until(lambda: port_file.exists() and port_file.read_text(), "the port file"))
        return self

    def stop(self) -> int:
        assert self.child is not None
        self.child.terminate()
        return self.child.wait(PATIENCE_SECONDS)

    def kill(self) -> None:
        assert self.child is not None
        self.child.kill()
        self.child.wait(PATIENCE_SECONDS)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def client(self) -> stripe.StripeClient:
        return stripe.StripeClient(SECRET_KEY, base_addresses={"api": self.address}, max_network_retries=0)

    def request(
        self, method: str, path: str, form: dict[str, str] | bytes | None = None, **headers: str
    ) -> Reply:
        body = form if isinstance(form, bytes) else urlencode(form) if form is not None else None
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        reply = Reply(answer.status, dict(answer.getheaders()), answer.read().decode())
        connection.close()
        return reply

    def lever(self, path: str, **form: str) -> Any:
        reply = self.request("POST", f"/_test/{path}", form, Authorization=f"Bearer {SECRET_KEY}")
        assert reply.status == 200, reply.text
        return reply.json

    def refused_lever(self, path: str, **form: str) -> Any:
        reply = self.request("POST", f"/_test/{path}", form, Authorization=f"Bearer {SECRET_KEY}")
        assert reply.status >= 400, reply.text
        return reply.json["error"]

    def deliveries(self, event: str) -> list[Any]:
        path = f"/_test/deliveries?event={event}"
        return self.request("GET", path, Authorization=f"Bearer {SECRET_KEY}").json["data"]

    def press(self, session: Any, action: str = "pay", method: str = "card", **typed: str) -> Reply:
        """Press a button of the session's page."""
        form = {"action": action, "method": method, **typed}
        return self.request("POST", urlsplit(session.url).path, form)

    def paid_charge(self, method: str = "card", cents: int = 2500) -> Any:
        """Pay a fresh session and return its booked charge."""
        session = self.client.v1.checkout.sessions.create(params=order(cents))
        assert self.press(session, method=method).status == 303
        done = self.client.v1.checkout.sessions.retrieve(session.id)
        if method == "sepa_debit":
            self.lever(f"payment_intents/{done.payment_intent}/settle")
        intent = self.client.v1.payment_intents.retrieve(
            done.payment_intent, params={"expand": ["latest_charge"]}
        )
        return intent.latest_charge


def run_double(data_dir: Path, webhook_url: str, *options: str) -> subprocess.Popen[str]:
    command = [
        *(sys.executable, "-m", "workshop.stripe_double", "--port", "0"),
        *("--data-dir", str(data_dir), "--webhook-url", webhook_url, *options),
    ]
    secrets = {"STRIPE_SECRET_KEY": SECRET_KEY, "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET}
    environment = {**os.environ, **secrets, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def order(cents: int = 2500, *, monthly: bool = False, **changes: Any) -> dict[str, Any]:
    """The parameters of a gift as the platform sends them; a change to None leaves a parameter out."""
    price: dict[str, Any] = {
        "currency": "eur",
        "unit_amount": cents,
        "product_data": {"name": "Spende: Kinderfonds"},
    }
    if monthly:
        price["recurring"] = {"interval": "month"}
    carried = {"metadata": {"donation": "d-1"}}
    params = {
        "mode": "subscription" if monthly else "payment",
        "ui_mode": "hosted_page",
        "locale": "de",
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": "http://localhost:8000/danke/?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://localhost:8000/abgebrochen/",
        "client_reference_id": "d-1",
        "customer_email": "erika@example.org",
        "metadata": {"donation": "d-1"},
        "subscription_data" if monthly else "payment_intent_data": carried,
        **changes,
    }
    return {name: value for name, value in params.items() if value is not None}


@pytest.fixture(scope="session")
def new_order() -> Callable[..., dict[str, Any]]:
    return order


@pytest.fixture(scope="session")
def eventually() -> Callable[..., Any]:
    return wait_until


@pytest.fixture
def launch() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start a process that is expected to end by itself; killed if it does not."""
    children: list[subprocess.Popen[str]] = []

    def start(data_dir: Path, webhook_url: str, *options: str) -> "subprocess.Popen[str]":
        children.append(run_double(data_dir, webhook_url, *options))
        return children[-1]

    yield start
    for child in children:
        if child.poll() is None:
            child.kill()
            child.wait(PATIENCE_SECONDS)


@pytest.fixture(scope="module")
def shared_receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory, shared_receiver: Receiver) -> Iterator[Process]:
    """A process for the whole module; its debits settle only by lever."""
    data_dir = tmp_path_factory.mktemp("double") / "data"
    process = Process(data_dir, shared_receiver.url, ("--sepa-delay", "86400")).start()
    yield process
    assert process.stop() == 0


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def own_double(tmp_path: Path, receiver: Receiver) -> Iterator[Process]:
    """A process of the test's own, to be stopped, killed and started; debits settle after 0.2 s."""
    process = Process(tmp_path / "data", receiver.url, ("--sepa-delay", "0.2")).start()
    yield process
    assert process.child is not None
    if process.child.poll() is None:
        process.kill()


@pytest.fixture
def client(double: Process) -> stripe.StripeClient:
    return double.client


@pytest.fixture
def told(client: stripe.StripeClient) -> Callable[[], list[Any]]:
    """Events since the test began, oldest first."""
    newest = client.v1.events.list(params={"limit": 1}).data

    def events() -> list[Any]:
        since = {"ending_before": newest[0].id} if newest else {}
        return list(client.v1.events.list(params={"limit": 100, **since}).data)[::-1]

    return events


@pytest.fixture
def told_types(told: Callable[[], list[Any]]) -> Callable[[], list[str]]:
    return lambda: [event.type for event in told()]
