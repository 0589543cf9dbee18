"""One process plays several accounts, and none of them knows of another."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import stripe

from tests.processes import PATIENCE_SECONDS
from tests.stripe_double.conftest import Process, Receiver, order, wait_until

pytestmark = pytest.mark.live

KEYS = {
    "STRIPE_ACCOUNTS": "verein,caritas",
    "STRIPE_VEREIN_SECRET_KEY": "sk_test_verein",
    "STRIPE_VEREIN_WEBHOOK_SECRET": "whsec_demo",  # as the first one's, so that one receiver takes both
    "STRIPE_CARITAS_CONNECT": "acct_caritas",
    "STRIPE_CARITAS_WEBHOOK_SECRET": "whsec_caritas",
}


def test_each_account_has_its_own_things_and_its_own_webhook(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    process = Process(tmp_path / "data", receiver.url, ("--sepa-delay", "86400")).start()
    where = {"api": process.address}
    clients = {
        "": process.client,
        "verein/": stripe.StripeClient("sk_test_verein", base_addresses=where),
        "caritas/": stripe.StripeClient("sk_test_demo", stripe_account="acct_caritas", base_addresses=where),
    }
    pages = {name: client.v1.checkout.sessions.create(params=order()) for name, client in clients.items()}
    for name, client in clients.items():
        assert process.press(pages[name]).status == 303
        assert [each.id for each in client.v1.checkout.sessions.list().data] == [pages[name].id]
        assert client.v1.checkout.sessions.retrieve(pages[name].id).payment_status == "paid"
    with pytest.raises(stripe.InvalidRequestError):
        clients["verein/"].v1.checkout.sessions.retrieve(pages[""].id)
    for strange in (
        stripe.StripeClient("sk_test_verein", stripe_account="acct_caritas", base_addresses=where),
        stripe.StripeClient("sk_test_demo", stripe_account="acct_else", base_addresses=where),
    ):
        with pytest.raises(stripe.AuthenticationError):
            strange.v1.checkout.sessions.list()

    wait_until(lambda: len(receiver.accepted) == 10 and len(receiver.refused) >= 1, "the webhooks")
    assert {getattr(each, "account", None) for each in receiver.accepted} == {None}
    assert {json.loads(body)["account"] for body in receiver.refused} == {"acct_caritas"}
    assert process.stop() == 0


@pytest.mark.parametrize(
    ("missing", "complaint"),
    [
        ({"STRIPE_VEREIN_WEBHOOK_SECRET": ""}, "STRIPE_VEREIN_WEBHOOK_SECRET is missing"),
        ({"STRIPE_VEREIN_SECRET_KEY": "sk_live_1"}, "must begin with sk_test_"),
    ],
)
def test_an_account_without_its_secret_or_with_a_live_key_is_refused(
    launch: Callable[..., "subprocess.Popen[str]"],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    missing: dict[str, str],
    complaint: str,
) -> None:
    for name, value in (KEYS | missing).items():
        monkeypatch.setenv(name, value)
    child = launch(tmp_path / "data", "http://127.0.0.1:9/")
    assert child.wait(PATIENCE_SECONDS) == 2
    assert child.stderr is not None
    assert complaint in child.stderr.read()
