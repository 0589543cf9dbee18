"""A walk with canaries through the real server: no file that it writes holds one."""

import http.client
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import URLPattern, URLResolver, get_resolver

from foundation.clock import utc_now
from foundation.links import sign
from tests.factories import make_user
from tests.processes import environment, process, wait_until

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

CANARY = "kanarienvogel"
MAILBOX = f"{CANARY}@example.org"


def routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    """Every route of the product, as written in its urls."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, route)
        elif isinstance(each, URLPattern):
            yield route


def token_paths(token: str) -> set[str]:
    """Every address that takes a signed link, opened with `token`."""
    filled = (route.replace("<str:token>", token) for route in routes() if "<str:token>" in route)
    return {"/" + route.replace("<int:pk>", "1").replace("<int:absence_pk>", "1") for route in filled}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def ask(port: int, method: str, path: str, body: str = "", **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body or None, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def say_nonsense(port: int, line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(line + b"\r\nHost: 127.0.0.1\r\n\r\n")
        connection.recv(1000)


def answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/healthz") == 200
    except OSError:
        return False


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def walk(port: int, token: str, reset_key: str) -> set[int]:
    """Ask for everything that could be overheard, in every wrong way; return the statuses."""
    seen = set()
    for path in token_paths(token):
        seen.add(ask(port, "GET", f"{path}?q={CANARY}", Referer=path))
        seen.add(ask(port, "POST", path, f"email={MAILBOX}", **FORM))
    for path in token_paths(CANARY):
        seen.add(ask(port, "PUT", path + CANARY, f"email={MAILBOX}", **FORM))
    for method in ("GET", "POST", CANARY.upper()):
        seen.add(ask(port, method, f"/konto/password/reset/key/{reset_key}/", f"email={MAILBOX}", **FORM))
    for path in ("/hilfe/", "/zeit/", "/spenden/", "/api/opportunities/", "/koordination/", f"/{CANARY}/"):
        seen.add(ask(port, "GET", f"{path}?q={CANARY}&email={MAILBOX}"))
    seen.add(ask(port, "GET", f"/static/{CANARY}.css"))
    seen.add(ask(port, "GET", f"/hilfe/?q={CANARY}%00"))
    seen.add(ask(port, "GET", f"/hilfe/?q={CANARY}", Host=f"{CANARY}.example"))
    seen.add(ask(port, "POST", f"/{CANARY}/", "a=1", **{"Content-Type": "text/plain; charset=utf-7"}))
    for line in (f"GET /{CANARY}", f"GET /{CANARY} HTTP/9.9", f"{CANARY} /{CANARY} HTTP/1.1"):
        say_nonsense(port, line.encode())
    say_nonsense(port, f"GET / HTTP/1.1\r\n{CANARY} x: 1".encode())
    return seen


@pytest.mark.parametrize(("log_format", "has_database"), [("json", True), ("plain", False)])
def test_no_file_of_the_server_holds_a_canary(tmp_path: Path, log_format: str, has_database: bool) -> None:
    user = make_user(MAILBOX)
    reset_key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    token = sign("my_pledges", f"{CANARY}.1", now=utc_now(), valid_for=timedelta(days=1))
    log, port = tmp_path / "web.log", free_port()
    env = environment(LOG_FORMAT=log_format, EMAIL_FILE_PATH=str(tmp_path / "mails"))
    if not has_database:
        env["DATABASE_URL"] = "postgresql://postgres@127.0.0.1:1/app"
    server = ["gunicorn", "--config", "python:wirbrauchensie.web_server", "--bind", f"127.0.0.1:{port}"]
    with process(server, env, log):
        wait_until(lambda: answers(port), what="an answer", log=log)
        seen = walk(port, token, reset_key)
    told = log.read_text()
    assert seen >= ({200, 400, 404, 415} if has_database else {400, 415, 503})
    assert "anfrage/<str:token>/" in told
    assert "(?P<key>[0-9A-Za-z-]+)" in told
    assert ("Traceback" in told) is not has_database
    assert "Invalid request" in told
    for secret in (CANARY, CANARY.upper(), token, token.rpartition(":")[2], reset_key.partition("-")[2]):
        assert secret not in told, [line for line in told.splitlines() if secret in line][:3]
    assert {path.name for path in tmp_path.iterdir()} <= {"web.log", "mails"}
