"""The Stripe double as a real process, and Stripe's side of things: paying, levers, signed deliveries."""

import hashlib
import hmac
import http.client
import json
import os
import subprocess
import sys
import time
from copy import copy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.processes import PATIENCE_SECONDS, wait_until
from wirbrauchensie.stripe_accounts import StripeAccount

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "sk_test_demo"
WEBHOOK_SECRET = "whsec_demo"
# A second account with keys of its own, and a third for which the first key speaks.
FURTHER = {
    "gemeinde": StripeAccount("sk_test_gemeinde", "whsec_gemeinde", "", ("card", "sepa_debit")),
    "caritas": StripeAccount(SECRET_KEY, "whsec_caritas", "acct_caritas", ("card",)),
}


class StripeProcess:
    """A running double. Webhooks are held back unless a test wants them delivered by the double itself."""

    def __init__(
        self, folder: Path, webhook_url: str, *, deliver: bool = False, public_url: str = ""
    ) -> None:
        port_file = folder / "port"
        environment = {
            **os.environ,
            "STRIPE_SECRET_KEY": SECRET_KEY,
            "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "STRIPE_ACCOUNTS": ",".join(FURTHER),
            **_said("gemeinde", SECRET_KEY=FURTHER["gemeinde"].secret_key),
            **_said("caritas", CONNECT=FURTHER["caritas"].connected),
            "PYTHONPATH": os.pathsep.join(map(str, [ROOT, ROOT / "platform", ROOT / "base"])),
        }
        self._log = (folder / "log").open("ab")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "workshop.stripe_double"),
                *("--port", "0", "--port-file", str(port_file), "--data-dir", str(folder / "data")),
                *("--webhook-url", webhook_url, "--sepa-delay", "3600"),
                *(("--public-url", public_url) if public_url else ()),
            ],
            env=environment,
            stdout=self._log,
            stderr=self._log,
        )
        wait_until(
            lambda: port_file.exists() or self._process.poll() is not None,
            what="the double's port",
            log=folder / "log",
        )
        assert self._process.poll() is None, (folder / "log").read_text()
        self.url = f"http://127.0.0.1:{port_file.read_text().strip()}"
        self.account = "default"
        if not deliver:
            for account in ("default", *FURTHER):
                self.at(account).lever("deliveries", state="paused")

    def at(self, account: str) -> "StripeProcess":
        """Return the same double, spoken to as another account."""
        found = copy(self)
        found.account = account
        return found

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_SECONDS)
        self._log.close()

    def request(self, method: str, url: str, form: dict[str, Any] | None = None) -> tuple[int, dict, str]:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
        keys = FURTHER.get(self.account)
        headers = {"Authorization": f"Bearer {keys.secret_key if keys else SECRET_KEY}"}
        if keys and keys.connected:
            headers["Stripe-Account"] = keys.connected
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


def _said(account: str, **values: str) -> dict[str, str]:
    values["WEBHOOK_SECRET"] = FURTHER[account].webhook_secret
    return {f"STRIPE_{account.upper()}_{name}": value for name, value in values.items()}


def signed(body: bytes, *, at: float | None = None, secret: str = WEBHOOK_SECRET) -> str:
    """Return the Stripe-Signature header of a body."""
    moment = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"
