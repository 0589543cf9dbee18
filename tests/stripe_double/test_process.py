"""The process: starting, stopping, remembering, refusing to start."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.processes import PATIENCE_SECONDS

pytestmark = pytest.mark.live

ROOT = Path(__file__).resolve().parents[2]
WEBHOOK = "http://127.0.0.1:9/stripe/webhook/"


def test_it_tells_its_address_and_ends_cleanly(own_double):
    assert own_double.stop() == 0

    assert own_double.child.stdout.read() == f"Stripe-Testdoppel: {own_double.address}\n"
    assert own_double.child.stderr.read() == ""


@pytest.mark.alone
def test_it_ends_at_once_although_a_receiver_is_silent(own_double, eventually):
    """Nobody listens where the webhooks go, and the tries go on."""
    own_double.stop()
    own_double.webhook_url = WEBHOOK
    own_double.start()
    own_double.client.v1.customers.create(params={"name": "Erika"})
    event = own_double.client.v1.events.list().data[0].id
    eventually(lambda: own_double.deliveries(event), "a failed try")
    assert own_double.deliveries(event)[0]["status"] is None
    assert "refused" in own_double.deliveries(event)[0]["error"]

    begun = time.monotonic()

    assert own_double.stop() == 0
    assert time.monotonic() - begun < 3


@pytest.mark.alone
def test_it_does_not_wait_for_a_receiver_that_never_answers(own_double, receiver, eventually):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        own_double.stop()
        heard_by, own_double.webhook_url = (
            own_double.webhook_url,
            f"http://127.0.0.1:{silent.getsockname()[1]}/",
        )
        own_double.start()
        own_double.client.v1.customers.create(params={"name": "Erika"})
        silent.accept()
        begun = time.monotonic()

        assert own_double.stop() == 0
        assert time.monotonic() - begun < 5

    own_double.webhook_url = heard_by
    own_double.start()
    eventually(lambda: len(receiver.accepted) == 1, "the delivery after the restart")


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_everything_is_remembered(own_double, receiver, new_order, eventually, end):
    client = own_double.client
    options = {"idempotency_key": "gift-1"}
    session = client.v1.checkout.sessions.create(params=new_order(), options=options)
    own_double.press(session)
    charge = own_double.paid_charge("paypal")
    events = [event.id for event in client.v1.events.list(params={"limit": 100}).data]
    eventually(lambda: len(receiver.accepted) == len(events), "all webhooks")
    eventually(lambda: not client.v1.events.list(params={"delivery_success": False}).data, "their records")
    getattr(own_double, end)()

    client = own_double.start().client

    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert client.v1.charges.retrieve(charge.id).balance_transaction == charge.balance_transaction
    assert [event.id for event in client.v1.events.list(params={"limit": 100}).data] == events
    again = client.v1.checkout.sessions.create(params=new_order(), options=options)
    assert again.id == session.id
    assert len(receiver.accepted) == len(events)


def test_a_debit_under_way_settles_after_a_restart(own_double, new_order, eventually):
    own_double.stop()
    own_double.options = ("--sepa-delay", "1")
    session = own_double.start().client.v1.checkout.sessions.create(params=new_order())
    own_double.press(session, method="sepa_debit")
    own_double.kill()

    client = own_double.start().client

    eventually(
        lambda: client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid", "the settlement"
    )


def test_a_second_process_in_the_same_folder_does_not_start(own_double, launch):
    second = launch(own_double.data_dir, WEBHOOK)

    assert second.wait(PATIENCE_SECONDS) == 1
    assert second.stderr.read() == f"In {own_double.data_dir} arbeitet schon ein Stripe-Testdoppel.\n"
    assert own_double.client.v1.events.list().data == []


def test_a_port_in_use_is_one_clear_sentence(own_double, launch, tmp_path):
    other = launch(tmp_path / "other", WEBHOOK, "--port", str(own_double.port))

    assert other.wait(PATIENCE_SECONDS) == 1
    assert other.stderr.read() == (
        f"Port {own_double.port} kann nicht geöffnet werden: Address already in use.\n"
    )


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--secret-key", "sk_live_abc"], "must begin with sk_test_"),
        (["--webhook-secret", ""], "STRIPE_WEBHOOK_SECRET"),
        (["--webhook-url", "localhost:8000"], "is not an http(s) address"),
        (["--public-url", "ftp://x"], "is not an http(s) address"),
        (["--public-url", "http://x.example/stripe"], "must not have a path"),
        (["--sepa-delay", "-1"], "between 0 and 86400"),
    ],
)
def test_wrong_options_are_refused(launch, tmp_path, options, complaint):
    child = launch(tmp_path / "data", WEBHOOK, *options)

    assert child.wait(PATIENCE_SECONDS) == 2
    assert complaint in child.stderr.read()
    assert not (tmp_path / "data").exists()


def test_the_payment_page_can_have_another_public_address(own_double, new_order):
    own_double.stop()
    own_double.options = ("--public-url", "https://demo.example/")
    client = own_double.start().client

    session = client.v1.checkout.sessions.create(params=new_order())

    assert session.url == f"https://demo.example/pay/{session.id}"
    assert own_double.request("GET", f"/pay/{session.id}", Host="demo.example").status == 200


def test_it_needs_nothing_but_the_standard_library():
    script = (
        "import json, sys; import workshop.stripe_double.__main__;"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    command = [sys.executable, "-S", "-E", "-c", f"import sys; sys.path.insert(0, '.'); {script}"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    loaded = set(json.loads(done.stdout)) - set(sys.stdlib_module_names)
    assert {name for name in loaded if not name.startswith("_")} == {"workshop"}
