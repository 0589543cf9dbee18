"""Who signs in, fails to, or changes what proves them is an event; no password, code or address is in one."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account import signals as account
from allauth.mfa import signals as factor
from allauth.mfa.models import Authenticator
from django.dispatch import Signal
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from accounts.session_store import SessionStore
from foundation.clock import utc_now
from foundation.history import lines_of
from foundation.limit_values import LOGINS_PER_MAILBOX
from foundation.links import sign
from tests.accounts.signing_in import (
    PASSWORD,
    code_of,
    enter_code,
    give_second_factor,
    sign_in,
    sign_in_with_code,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture):
    """`told()` returns the events so far: name, level, whose account, which factor."""

    def read() -> list[tuple[Any, ...]]:
        events = [record.msg for record in caplog.records if record.name == "accounts.watch"]
        return [(each["event"], each["level"], each["account"], each["factor"]) for each in events]

    return read


def test_signing_in_and_out(client: Client, coordinator: User, told) -> None:
    sign_in(client, coordinator)
    client.post(reverse("account_logout"))
    assert told() == [
        ("signed_in", "info", coordinator.pk, None),
        ("signed_out", "info", coordinator.pk, None),
    ]


@pytest.mark.parametrize("email", ["mara@example.org", "unbekannt@example.org"])
def test_a_wrong_password_is_told_alike_for_known_and_unknown(
    client: Client, coordinator: User, told, email: str
) -> None:
    sign_in(client, email, "Falsch-geraten-2026")
    assert told() == [("sign_in_failed", "warning", None, None)]


def test_both_outcomes_of_the_second_factor(client: Client, coordinator: User, told) -> None:
    secret = give_second_factor(coordinator)
    sign_in(client, coordinator)
    wrong = "000000" if code_of(secret) != "000000" else "111111"
    enter_code(client, wrong)
    assert told() == [("second_factor_failed", "warning", coordinator.pk, "totp")]
    sign_in_with_code(Client(), coordinator, secret)
    assert told()[1:] == [
        ("second_factor_used", "info", coordinator.pk, "totp"),
        ("signed_in", "info", coordinator.pk, None),
    ]


def test_a_changed_password(client: Client, coordinator: User, told) -> None:
    sign_in(client, coordinator)
    new = "Spazieren-am-Sonntag-2027"
    answers = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), answers).status_code == 302
    assert ("password_changed", "info", coordinator.pk, None) in told()


@pytest.mark.parametrize(
    ("signal", "event", "level"),
    [
        (account.password_set, "password_set", "info"),
        (account.password_changed, "password_changed", "info"),
        (account.password_reset, "password_reset", "info"),
        (factor.authenticator_added, "second_factor_added", "info"),
        (factor.authenticator_removed, "second_factor_removed", "warning"),
        (factor.authenticator_reset, "second_factor_renewed", "info"),
    ],
)
def test_each_change_of_a_proof_is_told_and_on_record_by_its_name(
    coordinator: User, told, signal: Signal, event: str, level: str
) -> None:
    request = RequestFactory().get("/konto/")
    request.user, request.session = coordinator, SessionStore()
    app = Authenticator(user=coordinator, type="totp")
    signal.send(sender=User, request=request, user=coordinator, authenticator=app)
    assert told() == [(event, level, coordinator.pk, "totp")]
    line = lines_of(coordinator).get(kind="access")
    assert (line.reason, line.actor_user, line.actor_role) == (event, coordinator.pk, "")


def test_nothing_of_what_was_typed_is_told(client: Client, coordinator: User, caplog) -> None:
    secret = give_second_factor(coordinator)
    sign_in(client, coordinator)
    enter_code(client, "123123")
    sign_in(Client(), "spion@example.org", "Geheim-geraten-2026")
    lines = [str(record.msg) for record in caplog.records]
    assert lines
    for hidden in ("mara@", "spion@", PASSWORD, "Geheim-geraten", "123123", secret):
        assert not any(hidden in line for line in lines)


def test_a_reached_limit_is_told_by_its_name(client: Client, coordinator: User, caplog) -> None:
    for _try in range(LOGINS_PER_MAILBOX.capacity + 1):
        sign_in(client, coordinator, "Falsch-geraten-2026")
    reached = [record.msg for record in caplog.records if record.name == "foundation.limits"]
    assert {each["limit"] for each in reached} == {LOGINS_PER_MAILBOX.name}
    assert "mara@" not in str(reached)


@pytest.mark.parametrize(("days", "level", "why"), [(1, "warning", "not genuine"), (-1, "info", "expired")])
def test_a_refused_link_is_told(client: Client, caplog, days: int, level: str, why: str) -> None:
    token = sign("my_page", "4711.1", now=utc_now() - timedelta(days=2), valid_for=timedelta(days=2 + days))
    assert client.get(reverse("my_page", args=[token])).status_code in (404, 410)
    [event] = [each.msg for each in caplog.records if each.name == "citizens.views.private_pages"]
    assert (event["event"], event["level"]) == ("link_refused", level)
    assert event["why"].startswith(why)
    assert token not in str(event)
