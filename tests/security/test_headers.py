"""What every answer tells the browser to refuse, and what it may keep."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.access.doors import doors_for
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.walks import address_of
from tests.accounts.signing_in import PASSWORD, sign_in
from tests.processes import ROOT

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src": {"'none'"},
    "base-uri": {"'none'"},
    "connect-src": {"'self'"},
    "font-src": {"'self'"},
    "form-action": {"'self'", "https://checkout.stripe.com"},
    "frame-ancestors": {"'none'"},
    "img-src": {"'self'", "data:"},
    "manifest-src": {"'self'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FORBIDDEN = ("camera", "geolocation", "microphone", "payment", "usb")
INLINE = re.compile(
    r"<style\b|\sstyle\s*=\s*[\"']|<script(?![^>]*\ssrc=)|\son\w+\s*=\s*[\"']|javascript:", re.I
)
ELSEWHERE = re.compile(
    r"<(?:img|script|link(?! rel=\"canonical\")|iframe|source|embed|object)\b"
    r"[^>]*\b(?:src|srcset|href|data)=[\"'](?:https?:)?//",
    re.I,
)
VISITORS = [Who.ANONYMOUS, Who.CITIZEN, Who.COORDINATOR, Who.OFFICER, Who.TREASURER, Who.OPERATOR]


def answers(scene: Scene, who: Who) -> Iterator[tuple[str, HttpResponse]]:
    client = scene.client(who)
    for name in doors_for(who):
        if name != "account_logout":
            yield name, client.get(address_of(name, scene, who))
    for path in ("/gibt-es-nicht/", "/zeit/gibt-es-nicht/", "/stripe/webhook/", "/verwaltung/"):
        yield path, client.get(path)
    yield "empty form", client.post("/kontakt/", {})
    yield "bad request", client.post("/kontakt/", {f"f{number}": "1" for number in range(600)})


def policy_of(answer: HttpResponse) -> dict[str, set[str]]:
    parts = [part.split() for part in answer["Content-Security-Policy"].split(";") if part.strip()]
    return {name: set(values) for name, *values in parts}


@pytest.mark.parametrize("who", VISITORS)
def test_every_answer_is_strict_and_pages_load_nothing_from_elsewhere(who: Who, scene: Scene) -> None:
    for name, answer in answers(scene, who):
        assert policy_of(answer) == POLICY, name
        assert {header: answer.get(header) for header in HEADERS} == HEADERS, name
        assert all(f"{power}=()" in answer["Permissions-Policy"] for power in FORBIDDEN), name
        if answer["Content-Type"].startswith("text/html") and not name.startswith("/verwaltung"):
            page = answer.content.decode()
            assert INLINE.findall(page) == [], name
            assert ELSEWHERE.findall(page) == [], name


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
    for name in doors_for(Who.COORDINATOR):
        if name != "account_logout":
            client.get(address_of(name, scene, Who.COORDINATOR))
    assert set(client.cookies) <= {"csrftoken", "sessionid", "messages"}
    for cookie in client.cookies.values():
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Lax"
        assert cookie["domain"] == ""


PRINT_FLAGS = """
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,
      s.LANGUAGE_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SECURE_SSL_REDIRECT,
      s.SECURE_HSTS_SECONDS >= 31_536_000, s.SECOND_FACTOR_REQUIRED, s.DEBUG)
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
    assert done.stdout.split() == ["__Host-session", "__Host-csrf", *["True"] * 8, "False"]


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
