"""The door for Stripe's events: what is genuine is stored once and answered at once, nothing else gets in."""

import json
import time
from typing import Any

import pytest
from django.test import Client

from donations.models import StripeEvent
from tests.donations.deliveries import WEBHOOK, post_body, post_event
from tests.donations.stripe_process import StripeProcess, signed

pytestmark = pytest.mark.django_db


def event(**changes: Any) -> dict[str, Any]:
    return {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "livemode": False,
        "created": int(time.time()),
        "data": {"object": {"id": "pi_1", "object": "payment_intent"}},
        **changes,
    }


GENUINE = json.dumps(event()).encode()


def test_a_genuine_event_is_stored_and_answered(stripe: StripeProcess) -> None:
    answer = post_event(event())
    stored = StripeEvent.objects.get()
    assert (answer.status_code, answer.content) == (200, b"")
    assert (stored.event_id, stored.kind) == ("evt_1", "payment_intent.succeeded")
    assert (stored.noun, stored.subject_id, stored.processed_at) == ("payment", "pi_1", None)


def test_the_same_event_a_hundred_times_is_one_row(stripe: StripeProcess) -> None:
    assert {post_event(event()).status_code for _ in range(100)} == {200}
    assert StripeEvent.objects.count() == 1


def test_an_event_of_no_interest_is_noted_and_done(stripe: StripeProcess) -> None:
    post_event(event(type="customer.created", data={"object": {"id": "cus_1"}}))
    assert StripeEvent.objects.get().processed_at is not None


def test_names_and_addresses_of_payers_are_not_kept(stripe: StripeProcess) -> None:
    details = {"billing_details": {"name": "Kanarienvogel", "email": "kanarienvogel@example.org"}}
    body = {"id": "ch_1", "payment_intent": "pi_1", **details}
    post_event(event(type="charge.succeeded", data={"object": body}))
    assert "kanarienvogel" not in repr(StripeEvent.objects.values().get()).lower()


def refused(body: bytes, signature: str | None = None) -> None:
    assert post_body(body, signature).status_code == 400
    assert StripeEvent.objects.count() == 0


def test_a_forged_signature_is_refused(stripe: StripeProcess) -> None:
    refused(GENUINE, signed(GENUINE, secret="whsec_geraten"))


@pytest.mark.parametrize("signature", ["", "v1=", "t=,v1=", "t=abc,v1=def", "t=1,v0=00", "x" * 5000, "\x7f"])
def test_a_missing_or_broken_signature_is_refused(stripe: StripeProcess, signature: str) -> None:
    refused(GENUINE, signature)


def test_an_old_signature_is_refused(stripe: StripeProcess) -> None:
    refused(GENUINE, signed(GENUINE, at=time.time() - 600))


def test_an_altered_body_is_refused(stripe: StripeProcess) -> None:
    refused(GENUINE.replace(b"pi_1", b"pi_2"), signed(GENUINE))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"5",
        b'"text"',
        b"{}",
        b"\xff\xfe{}",
        b'{"id": "evt_1", "object": "event"}',
        b'{"id": "evt_1", "object": "event", "type": "x", "livemode": false, "data": {}}',
        b'{"id": "evt_1", "object": "event", "type": "x", "livemode": false, "data": {"object": []}}',
        b'{"id": 7, "object": "event", "type": {}, "livemode": false, "data": {"object": {}}}',
        b'{"id": "evt\\u0000", "object": "event", "type": "x", "livemode": false, "data": {"object": {}}}',
        b'{"id": "'
        + b"e" * 200
        + b'", "object": "event", "type": "x", "livemode": false, "data": {"object": {}}}',
        b"[" * 5000,
    ],
)
def test_a_signed_body_that_is_no_event_is_refused(stripe: StripeProcess, body: bytes) -> None:
    refused(body)


def test_an_event_of_the_other_mode_is_refused(stripe: StripeProcess) -> None:
    refused(json.dumps(event(livemode=True)).encode())


@pytest.mark.parametrize("size", [300_000, 2_000_000])
def test_a_huge_body_is_refused(stripe: StripeProcess, size: int) -> None:
    body = json.dumps(event(padding="x" * size)).encode()
    assert post_body(body).status_code == 413
    assert StripeEvent.objects.count() == 0


@pytest.mark.parametrize("method", ["get", "put", "delete", "head", "options"])
def test_only_post_is_answered(stripe: StripeProcess, method: str) -> None:
    assert getattr(Client(), method)(WEBHOOK).status_code == 405


def test_without_stripe_there_is_no_door(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRET = ""
    assert post_body(GENUINE).status_code == 404
    assert StripeEvent.objects.count() == 0
