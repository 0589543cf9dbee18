"""Machines are answered where they ask, or refused; nobody leads them elsewhere."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

DOORS = [
    "/stripe/webhook/",
    "/stripe/webhook",
    "/api/opportunities/",
    "/api/funds",
    "/api/",
    "/api",
    "/api/x/y",
    "/post/zustellbericht/",
]


@pytest.fixture
def only_https(settings) -> None:
    settings.SECURE_SSL_REDIRECT = True


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "PUT"])
def test_over_plain_http_a_machine_is_refused(
    client: Client, only_https: None, path: str, method: str
) -> None:
    answer = client.generic(method, path, b"{}", content_type="application/json")
    assert answer.status_code == 403
    assert "Location" not in answer


@pytest.mark.parametrize("path", ["/", "/hilfe/", "/spenden", "/apis/", "/stripe/", "/stripe/webhooks/"])
def test_people_are_led_to_https(client: Client, only_https: None, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (301, f"https://testserver{path}")


def test_over_https_machines_get_their_answer(client: Client, only_https: None) -> None:
    assert client.get("/api/opportunities/", secure=True).status_code == 200
    assert (
        client.post("/stripe/webhook/", b"{}", content_type="application/json", secure=True).status_code < 500
    )


@pytest.mark.parametrize("path", ["/stripe/webhook", "/api/funds", "/api/districts", "/api"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_forgotten_slash_is_no_redirect_for_a_machine(client: Client, path: str, method: str) -> None:
    answer = client.generic(method, path, b"{}", content_type="application/json")
    assert answer.status_code == 404
    assert "Location" not in answer


def test_a_forgotten_slash_is_added_for_people(client: Client) -> None:
    answer = client.get("/hilfe")
    assert (answer.status_code, answer["Location"]) == (301, "/hilfe/")
