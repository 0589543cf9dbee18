"""Whoever refuses below /api/v1/, a gate or a view: one shape; elsewhere people get their pages."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"
KEYS = {"type", "title", "status"}


def refuse(*_args: Any) -> None:
    raise OperationalError("the database is away")


@pytest.mark.parametrize(
    ("method", "address", "kind", "status", "title"),
    [
        ("GET", "tasks/?field=%00", "", 400, "Bad Request"),
        ("GET", "tasks/%00/", "", 400, "Bad Request"),
        ("GET", "own/tasks/?limit=1%00", "", 400, "Bad Request"),
        ("POST", "own/tasks/", "application/json; charset=utf-7", 415, "Unsupported Media Type"),
        ("PUT", "own/tasks/1/", "text/plain; charset=rot13", 415, "Unsupported Media Type"),
    ],
)
def test_what_a_gate_refuses_is_a_problem(
    method: str, address: str, kind: str, status: int, title: str
) -> None:
    answer = Client().generic(method, f"{V1}{address}", b"{}", kind or "application/json")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json() == {"type": "about:blank", "title": title, "status": status}


@override_settings(SECURE_SSL_REDIRECT=True)
def test_plain_http_is_a_problem() -> None:
    answer = Client().get(f"{V1}tasks/")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json() == {"type": "about:blank", "title": "Forbidden", "status": 403}
    assert Client().get(f"{V1}tasks/", secure=True).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "gzip"}, {"Accept": "application/json"}])
def test_while_the_database_is_away_a_program_is_told_when_to_come_back(headers: dict[str, str]) -> None:
    with connection.execute_wrapper(refuse):
        answer = Client(raise_request_exception=False).get(f"{V1}districts/", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json() == {"type": "about:blank", "title": "Service Unavailable", "status": 503}
    assert answer["Retry-After"] == "60"
    assert "Content-Encoding" not in answer
    assert "default-src" in answer["Content-Security-Policy"]


def test_what_a_view_says_of_its_reasons_stays() -> None:
    answer = Client().get(f"{V1}tasks/?field=nope")
    assert set(answer.json()) == {*KEYS, "errors"}
    assert set(Client().get(f"{V1}tasks/nope/").json()) == {*KEYS, "detail"}


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [
        ("/api/opportunities/?field=%00", 400, "text/plain; charset=utf-8"),
        ("/hilfe/?q=%00", 400, "text/plain; charset=utf-8"),
        ("/gibt-es-nicht/", 404, "text/html; charset=utf-8"),
        ("/api/v10/", 404, "text/html; charset=utf-8"),
    ],
)
def test_elsewhere_answers_stay_as_they_are(address: str, status: int, kind: str) -> None:
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (status, kind)


@pytest.mark.parametrize("address", ["/api/schema/", f"{V1}openapi.json", f"{V1}own/openapi.json"])
@pytest.mark.parametrize("version", ["1", "9%0D%0ASet-Cookie: a=b", "%00", "x" * 9_000, "%F0%9F%92%A9"])
def test_the_description_is_the_same_whatever_version_is_asked_for(address: str, version: str) -> None:
    plain, asked = Client().get(address), Client().get(f"{address}?version={version}")
    assert (asked.status_code, asked.content) in [(200, plain.content), (400, asked.content)]
    assert (asked.status_code == 400) == (version == "%00")
    assert version == "%00" or asked["Content-Disposition"] == plain["Content-Disposition"]
