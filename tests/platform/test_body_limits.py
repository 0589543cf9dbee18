"""What is larger than its address takes is refused before a byte of it is read."""

import re
from fnmatch import fnmatch
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve

from programs.models import Membership, Provider
from tests.factories import make_coordinator, make_provider, make_user
from wirbrauchensie.body_limits import WITH_FILES

pytestmark = pytest.mark.django_db

MULTIPART = "multipart/form-data; boundary=x"
STATEMENT = "/koordination/spenden/kontoauszug/"
FIGURES = "/koordination/einlesen/zahlen/"
MIB = 1024 * 1024


class Unread:
    """A body that nobody may touch."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def send(client: Client, path: str, length: int, kind: str = MULTIPART) -> Any:
    said = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(length)}
    return client.request(**said, **{"wsgi.input": Unread()})


@pytest.fixture
def house(city: None) -> dict[str, Client]:
    """Who hands in files: a treasurer, and somebody of the youth office."""
    provider = make_provider(iban="DE02120300000000202051")
    people = {
        "treasurer": make_user(Membership.Role.TREASURER, provider),
        "office": make_coordinator(Provider.objects.get(is_youth_office=True)),
    }
    clients = {name: Client() for name in people}
    for name, person in people.items():
        clients[name].force_login(person)
    return clients


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/kontakt/",
        "/stripe/webhook/",
        "/post/zustellbericht/",
        "/api/v1/opportunities/",
        "/konto/login/",
        FIGURES,
        STATEMENT,
    ],
)
@pytest.mark.parametrize("kind", [MULTIPART, "application/x-www-form-urlencoded", "application/json"])
def test_a_stranger_sends_a_million_bytes_at_most(city: None, path: str, kind: str) -> None:
    """In the body of a browser that knows us the form's secret is looked for before any view has a say."""
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.CSRF_COOKIE_NAME] = "x" * 32
    assert send(client, path, 1_000_001, kind).status_code == 413
    assert send(client, path, 10**12, kind).status_code == 413


def test_the_answer_is_a_page_with_a_way_out(city: None) -> None:
    answer = send(Client(), "/kontakt/", 1_000_001)
    said = answer.content.decode()
    assert "Das ist zu viel auf einmal" in said
    assert 'href="/"' in said
    assert answer["X-Frame-Options"] == "DENY"


def test_a_program_is_told_as_programs_are(city: None) -> None:
    answer = send(Client(), "/api/v1/opportunities/", 1_000_001, "application/json")
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


def test_a_million_bytes_are_read(city: None) -> None:
    filled = {"message": "x" * 990_000, "file": SimpleUploadedFile("a", b"y" * 9_000)}
    answer = Client().post("/kontakt/", filled)
    assert int(answer.request["CONTENT_LENGTH"]) < 1_000_000
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("who", "path", "taken", "refused"),
    [
        ("treasurer", STATEMENT, 32 * MIB, 40 * MIB + 1),
        ("office", FIGURES, 5 * MIB, 25 * MIB // 4 + 1),
    ],
)
def test_files_may_be_as_large_as_their_form_says(
    house: dict[str, Client], who: str, path: str, taken: int, refused: int
) -> None:
    """A little more is read, too: then the form says in its own words that it is too much."""
    assert send(house[who], path, refused).status_code == 413
    assert send(house[who], "/kontakt/", 1_000_001).status_code == 413
    for size in (taken, taken + 1):
        answer = house[who].post(path, {"file": SimpleUploadedFile("datei.csv", b"x" * size)})
        assert answer.status_code == 422
        is_too_large = "größer als 5 MB" in answer.content.decode() or "zu groß" in answer.content.decode()
        assert is_too_large == (size > taken)


def test_the_proxy_lets_through_what_is_taken_here() -> None:
    """Its sizes and its addresses are written in a file of its own."""
    caddyfile = (settings.BASE_DIR / "deploy/caddy/Caddyfile").read_text(encoding="utf-8")
    sizes = dict(re.findall(r"request_body @(\w+) \{\s+max_size (\d+)MB\s+\}", caddyfile))
    assert sizes.keys() == {"files", "forms"}
    assert int(sizes["files"]) * 1_000_000 >= max(WITH_FILES.values()) * 5 // 4
    assert int(sizes["forms"]) * 1_000_000 > 1_000_000
    doors = [re.search(rf"@{name} (?:not )?path (.*)", caddyfile) for name in ("files", "forms")]
    paths = [door[1].split() for door in doors if door]
    assert paths[0] == paths[1]
    assert len(paths) == 2
    for path in (STATEMENT, FIGURES):
        assert any(fnmatch(path, each) for each in paths[0])
        assert resolve(path).url_name in WITH_FILES
