"""The Stripe double as a real process, and Stripe's side of things: paying, levers, signed deliveries."""

import hashlib
import hmac
import http.client
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "sk_test_demo"
WEBHOOK_SECRET = "whsec_demo"


class StripeProcess:
    """A running double. Webhooks are held back unless a test wants them delivered by the double itself."""

    def __init__(self, folder: Path, webhook_url: str, *, deliver: bool = False) -> None:
        port_file = folder / "port"
        environment = {
            **os.environ,
            "STRIPE_SECRET_KEY": SECRET_KEY,
            "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "PYTHONPATH": os.pathsep.join(map(str, [ROOT, ROOT / "platform", ROOT / "base"])),
        }
        self._log = (folder / "log").open("ab")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "workshop.stripe_double"),
                *("--port", "0", "--port-file", str(port_file), "--data-dir", str(folder / "data")),
                *("--webhook-url", webhook_url, "--sepa-delay", "3600"),
            ],
            env=environment,
            stdout=self._log,
            stderr=self._log,
        )
        deadline = time.monotonic() + 20
        while not port_file.exists():
            assert self._process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, "the double did not start"
            time.sleep(0.02)
        self.url = f"http://127.0.0.1:{port_file.read_text().strip()}"
        if not deliver:
            self.lever("deliveries", state="paused")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._log.close()

    def request(self, method: str, url: str, form: dict[str, Any] | None = None) -> tuple[int, dict, str]:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        headers = {"Authorization": f"Bearer {SECRET_KEY}"}
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request(method, target, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()

    def lever(self, path: str, **form: Any) -> Any:
        status, _headers, text = self.request("POST", f"{self.url}/_test/{path}", form)
        assert status == 200, (status, text)
        return json.loads(text)

    def get(self, path: str) -> Any:
        status, _headers, text = self.request("GET", f"{self.url}/v1/{path}")
        assert status == 200, (status, text)
        return json.loads(text)

    def pay(self, page_url: str, method: str = "card", action: str = "pay") -> tuple[int, str]:
        """Press the button on the hosted page; returns status and where it leads."""
        status, headers, _text = self.request("POST", page_url, {"method": method, "action": action})
        return status, headers.get("Location", "")

    def events(self, *, about: str = "") -> list[dict[str, Any]]:
        """Return the newest events in order of arrival, those that mention `about`."""
        newest = self.get("events?limit=100")["data"]
        return [event for event in reversed(newest) if about in json.dumps(event)]


def signed(body: bytes, *, at: float | None = None, secret: str = WEBHOOK_SECRET) -> str:
    """Return the Stripe-Signature header of a body."""
    moment = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"
