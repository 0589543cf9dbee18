"""What the proxy in front lets through, as Caddy itself understands its file."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from email.message import Message
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from threading import Thread

import pytest

from tests.deploy.test_image import free_port
from tests.processes import wait_until

PROGRAM = shutil.which("caddy") or ""
needs_caddy = pytest.mark.skipif(not PROGRAM, reason="Caddy, which the container has, is not here")
MACHINES = [
    "/stripe/webhook",
    "/stripe/webhook/",
    "/stripe/webhook/verein/",
    "/api",
    "/api/districts/",
    "/post/zustellbericht/",
]


AWAY = "/away/"
STRICT = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; object-src 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=31536000; includeSubDomains; preload"


class Web(BaseHTTPRequestHandler):
    """Stands behind the proxy and says how much came, and from where; at AWAY it says nothing."""

    def do_POST(self) -> None:
        if self.path == AWAY:
            return
        length = int(self.headers["Content-Length"])
        read = 0
        while read < length and (piece := self.rfile.read(min(65_536, length - read))):
            read += len(piece)
        said = f"{read} {self.headers['X-Forwarded-For']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        for name, value in STRICT.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    def address_string(self) -> str:
        return "socket"

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture(scope="module")
def text(root: Path) -> str:
    return (root / "deploy/caddy/Caddyfile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def doors(text: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """Run Caddy with our file; return the port of the product and the one from which people are led to it."""
    folder = tmp_path_factory.mktemp("caddy")
    web, log = folder / "web.sock", folder / "log"
    ports = free_port(), free_port()
    ours = text.replace("unix//run/web/web.sock", f"unix/{web}").replace(":80 {", f":{ports[1]} {{")
    (folder / "Caddyfile").write_text(ours, encoding="utf-8")
    env = {**os.environ, "PUBLIC_BASE_URL": f"http://127.0.0.1:{ports[0]}", "HOME": str(folder)}
    with ThreadingUnixStreamServer(str(web), Web) as server, log.open("wb") as output:
        Thread(target=server.serve_forever, daemon=True).start()
        caddy = subprocess.Popen(
            [PROGRAM, "run", "--config", str(folder / "Caddyfile")], env=env, stdout=output, stderr=output
        )
        try:
            wait_until(lambda: all(map(is_open, ports)), what="Caddy", log=log)
            yield ports
        finally:
            caddy.kill()
            caddy.wait()
            server.shutdown()


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def post(port: int, path: str, body: bytes = b"x", **headers: str) -> tuple[int, str, str]:
    """Return status, body and Location of the answer."""
    status, said, told = answer_of(port, path, body, **headers)
    return status, said, told.get("Location", "")


def answer_of(port: int, path: str, body: bytes = b"x", **headers: str) -> tuple[int, str, Message]:
    """Return status, body and headers of the answer."""
    connection = HTTPConnection("127.0.0.1", port)
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


def test_what_is_said_to_machines_is_said_before_people_are_led_on(text: str) -> None:
    """Caddy takes a bare `redir` before a `respond`, wherever they stand; blocks it takes as they come."""
    plain = text[text.index(":80 {") :]
    assert re.findall(r"^\t(\w+.*)", plain, re.MULTILINE) == [
        "import strict",
        "handle @machines {",
        "handle {",
    ]


@needs_caddy
@pytest.mark.parametrize("path", MACHINES)
def test_a_machine_that_speaks_in_the_open_is_refused(doors: tuple[int, int], path: str) -> None:
    assert post(doors[1], path) == (403, "https only", "")


@needs_caddy
@pytest.mark.parametrize("path", ["/", "/hilfe/?q=a", "/apis/", "/post/"])
def test_people_are_led_to_https(doors: tuple[int, int], path: str) -> None:
    assert post(doors[1], path) == (308, "", f"https://127.0.0.1{path}")


@needs_caddy
def test_where_somebody_comes_from_is_the_word_of_the_proxy(doors: tuple[int, int]) -> None:
    assert post(doors[0], "/kontakt/", **{"X-Forwarded-For": "203.0.113.9"}) == (200, "1 127.0.0.1", "")


@needs_caddy
@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_what_is_for_this_machine_is_not_there(doors: tuple[int, int], path: str) -> None:
    assert post(doors[0], path)[0] == 404


@needs_caddy
@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/kontakt/", 1_000_000),
        ("/koordination/spenden/kontoauszug/", 40 * 1024 * 1024),
        ("/koordination/einlesen/zahlen/", 25 * 1024 * 1024 // 4),
    ],
)
def test_what_the_product_takes_comes_through(doors: tuple[int, int], path: str, size: int) -> None:
    assert post(doors[0], path, b"x" * size) == (200, f"{size} 127.0.0.1", "")


@needs_caddy
@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/kontakt/", 2_000_001),
        ("/koordination/spenden/kontoauszug/7/", 2_000_001),
        ("/koordination/spenden/kontoauszug/", 45_000_001),
    ],
)
def test_much_more_does_not(doors: tuple[int, int], path: str, size: int) -> None:
    assert post(doors[0], path, b"x" * size)[0] == 413


@needs_caddy
@pytest.mark.parametrize(
    ("path", "size", "status"),
    [("/metrics", 1, 404), ("/kontakt/", 2_000_001, 413), (AWAY, 1, 502), ("/kontakt/", 1, 200)],
)
def test_what_the_proxy_itself_answers_is_as_strict_as_a_page(
    doors: tuple[int, int], path: str, size: int, status: int
) -> None:
    """Each header once: what web has said is not said again (OWASP ASVS 5.0, 3.4.1, 3.4.3, 3.4.4, 3.4.6)."""
    answered, said, told = answer_of(doors[0], path, b"x" * size)
    assert answered == status
    assert {name: told.get_all(name) for name in STRICT} == {name: [STRICT[name]] for name in STRICT}
    assert told["Strict-Transport-Security"] == (None if status == 200 else HSTS)
    if status != 200:
        assert (said[:3], told["Content-Type"]) == (str(status), "text/plain; charset=utf-8")


@needs_caddy
@pytest.mark.parametrize("path", ["/api/districts/", "/hilfe/"])
def test_what_is_said_in_the_open_is_strict_too(doors: tuple[int, int], path: str) -> None:
    """But for HSTS, which RFC 6797, 7.2, forbids there."""
    _status, _said, told = answer_of(doors[1], path)
    assert {name: told[name] for name in STRICT} == STRICT
    assert told["Strict-Transport-Security"] is None
