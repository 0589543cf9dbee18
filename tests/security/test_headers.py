"""What every answer tells the browser to refuse, and what it may keep."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.access.people import Who
from tests.access.scene import Scene
from tests.accounts.signing_in import PASSWORD, sign_in
from tests.lists.rows import PLEDGES
from tests.processes import ROOT
from tests.security.strictness import assert_only_ours, assert_strict

pytestmark = pytest.mark.django_db

VISITORS = [Who.ANONYMOUS, Who.CITIZEN, Who.COORDINATOR, Who.OFFICER, Who.TREASURER, Who.OPERATOR]


def answers(scene: Scene, who: Who) -> Iterator[tuple[str, HttpResponse]]:
    """Yield what is no page of anybody's; those judges `tests/access/test_strictness.py` from one walk."""
    client = scene.client(who)
    for path in ("/gibt-es-nicht/", "/zeit/gibt-es-nicht/", "/stripe/webhook/", "/verwaltung/"):
        yield path, client.get(path)
    yield "empty form", client.post("/kontakt/", {})
    yield "bad request", client.post("/kontakt/", {f"f{number}": "1" for number in range(600)})


@pytest.mark.parametrize("who", VISITORS)
def test_answers_beside_the_way_are_as_strict_as_pages(who: Who, scene: Scene) -> None:
    for name, answer in answers(scene, who):
        assert_strict(name, answer, answer.content.decode())


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        (415, {"method": "POST", "path": "/", "data": b"a=1", "content_type": "text/plain; charset=rot13"}),
        (400, {"method": "GET", "path": "/hilfe/?wort=%00"}),
        (400, {"method": "GET", "path": "/", "headers": {"Host": "evil.example"}}),
        (301, {"method": "GET", "path": "/hilfe"}),
        (200, {"method": "GET", "path": "/static/img/icons.svg"}),
    ],
)
def test_what_is_answered_before_any_view_is_as_strict(
    client: Client, status: int, asked: dict[str, Any], settings: Settings
) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    answer = client.generic(**asked, secure=True)
    assert answer.status_code == status
    assert_strict(asked["path"], answer, "")
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_no_cookie_is_set_without_a_reason(scene: Scene) -> None:
    client = Client()
    for path in (
        "/",
        "/zeit/",
        "/hilfe/",
        "/wo-wir-stehen/",
        "/spenden/",
        "/impressum/",
        "/api/funds/",
        "/404/",
    ):
        answer = client.get(path)
        assert list(answer.cookies) == [], path


def test_cookies_are_those_of_forms_and_of_signing_in_and_no_script_reads_them(scene: Scene) -> None:
    user = scene.people[Who.COORDINATOR]
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.get("/kontakt/")
    assert set(client.cookies) == {"csrftoken"}
    sign_in(client, user)
    client.get("/koordination/")
    assert set(client.cookies) >= {"csrftoken", "sessionid"}
    assert_only_ours("signing in", client.cookies)


def test_what_waits_for_the_next_page_waits_in_no_cookie(scene: Scene) -> None:
    """Such sentences name people."""
    client = scene.client(Who.COORDINATOR)
    kept = {"path": PLEDGES, "query": "status=open", "name": "Offene"}
    answer = client.post("/koordination/ansichten/", kept)
    assert answer.status_code in (302, 303)
    assert set(answer.cookies) <= {"sessionid"}
    assert "Die Ansicht ist gespeichert." in client.get(answer["Location"]).content.decode()
    assert "Die Ansicht ist gespeichert." not in client.get(answer["Location"]).content.decode()


PRINT_FLAGS = """
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,
      s.LANGUAGE_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SECURE_SSL_REDIRECT,
      s.SECURE_HSTS_SECONDS >= 31_536_000, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECOND_FACTOR_REQUIRED,
      s.DEBUG)
"""


def test_production_keeps_cookies_to_one_host_and_to_https() -> None:
    environment = {
        **os.environ,
        "PRODUCTION": "1",
        "SECRET_KEY": "0123456789abcdef" * 5,
        "ALLOWED_HOSTS": "helfen.example.org",
        "PUBLIC_BASE_URL": "https://helfen.example.org",
        "DJANGO_SETTINGS_MODULE": "wirbrauchensie.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}:{ROOT / 'base'}",
    }
    environment.pop("DEMO", None)
    done = subprocess.run(
        [sys.executable, "-c", PRINT_FLAGS], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["__Host-session", "__Host-csrf", *["True"] * 9, "False"]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver.evil.example",
        "testserver@evil.example",
        "evil.example:80",
        "[::1]evil",
        "*",
    ],
)
def test_a_strange_host_is_refused(host: str) -> None:
    for path in ("/", "/konto/password/reset/", "/api/funds/", "/stripe/webhook/"):
        assert Client().get(path, headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "header", ["x-forwarded-host", "x-host", "forwarded", "x-original-url", "x-rewrite-url"]
)
def test_no_other_header_moves_us(header: str, scene: Scene) -> None:
    for path in ("/", "/spenden/", "/konto/password/reset/"):
        answer = Client().get(path, headers={header: "evil.example"})
        assert answer.status_code == 200
        assert "evil.example" not in answer.content.decode()
