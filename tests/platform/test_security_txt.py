"""/.well-known/security.txt as RFC 9116 wants it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.platform.test_env import PRODUCTION, load_settings

pytestmark = pytest.mark.django_db


def fields(client: Client) -> dict[str, str]:
    answer = client.get("/.well-known/security.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    lines = answer.content.decode().splitlines()
    assert all(re.fullmatch(r"[A-Z][A-Za-z-]+: \S.*", line) for line in lines)
    return dict(line.split(": ", 1) for line in lines)


@pytest.mark.parametrize(
    ("contact", "written"),
    [
        ("sicherheit@stadt.example", "mailto:sicherheit@stadt.example"),
        ("https://stadt.example/melden", "https://stadt.example/melden"),
    ],
)
def test_it_says_whom_to_tell(client: Client, settings, contact: str, written: str) -> None:
    settings.SECURITY_CONTACT = contact
    settings.PUBLIC_BASE_URL = "https://helfen.example.org"
    said = fields(client)
    assert said["Contact"] == written
    assert said["Canonical"] == "https://helfen.example.org/.well-known/security.txt"
    assert said["Preferred-Languages"] == "de, en"


def test_it_holds_for_less_than_a_year_and_is_never_over(client: Client) -> None:
    ends = datetime.fromisoformat(fields(client)["Expires"])
    assert timedelta(days=30) < ends - datetime.now(UTC) < timedelta(days=365)


@pytest.mark.parametrize(
    "contact", ["niemand", "http://stadt.example", "a@b@c", "a@b c", "tel:02421", "mailto:a@b"]
)
def test_a_contact_that_is_none_stops_the_start(contact: str) -> None:
    answer = load_settings(**{**PRODUCTION, "SECURITY_CONTACT": contact})
    assert answer.returncode != 0
    assert "SECURITY_CONTACT must be an e-mail address" in answer.stderr
