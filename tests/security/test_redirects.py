"""Signing in and out leads nowhere but to ourselves, whatever `next` says."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.people import Who
from tests.access.scene import Scene
from tests.accounts.signing_in import PASSWORD, sign_in

pytestmark = pytest.mark.django_db

HERE = "http://testserver/konto/login/"
SHAPES = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "https://testserver@evil.example/",
    "https://testserver:80@evil.example",
    "https://testserver.evil.example/",
    "https://evil.example\\@testserver/",
    "https://evil.example#@testserver/",
    " https://evil.example",
    "\thttps://evil.example",
    "/\t/evil.example",
    "\n//evil.example",
    "javascript:alert(document.domain)",
    "data:text/html,<script>alert(1)</script>",
    "ftp://evil.example/",
    "//evil\u3002example",
    "/\u200b/evil.example",
]


def host_after(location: str) -> str:
    """Return the host a browser goes to: it drops tabs and line breaks and reads \\ as /."""
    seen = re.sub(r"[\t\r\n]", "", location).strip("\x00 ").replace("\\", "/")
    where = urlsplit(urljoin(HERE, seen))
    return f"{where.scheme}://{where.hostname}"


@pytest.fixture
def person(scene: Scene):
    user = scene.people[Who.COORDINATOR]
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.mark.parametrize("wanted", SHAPES)
def test_nobody_is_sent_away(wanted: str, scene: Scene, person) -> None:
    client = Client()
    answers = [
        sign_in(client, person, wanted=wanted),
        client.get(reverse("account_login"), {"next": wanted}),
        client.post(reverse("account_logout"), {"next": wanted}),
        client.get("/koordination/", {"next": wanted}),
        client.get("/verwaltung/login/", {"next": wanted}),
    ]
    locations = [answer["Location"] for answer in answers if answer.has_header("Location")]
    assert len(locations) >= 4
    assert {host_after(location) for location in locations} == {"http://testserver"}


@pytest.mark.parametrize("wanted", SHAPES)
def test_the_form_does_not_carry_it_on(wanted: str) -> None:
    page = Client().get(reverse("account_login"), {"next": wanted}).content.decode()
    assert re.findall(r'(?:href|action)="[^"]*evil', page) == []


def test_a_page_of_ours_is_kept() -> None:
    assert host_after("/koordination/?a=1") == "http://testserver"
    assert host_after("/\\evil.example") == "http://evil.example"
