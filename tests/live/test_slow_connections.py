"""Connections that begin and do not go on keep nobody else waiting, without any proxy in front."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.processes import environment, process, wait_until

pytestmark = pytest.mark.live

MANY = 40  # more than all threads of all processes
GET = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
LAST_GET = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
POST = b"POST /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 20\r\n\r\n"
SLOW = {
    "nothing": [],
    "half a line": [b"GET /hea"],
    "half a head": [b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b\r\n"],
    "a head without its form": [POST],
    "half a form": [POST + b"a=b&c"],
    "an answered request and half the next": [GET, GET[:30]],
    "a request and half the next at once": [GET + GET[:30]],
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("web")
    log: Path = folder / "web.log"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    server = ["gunicorn", "--config", "python:wirbrauchensie.web_server", "--bind", f"127.0.0.1:{port}"]
    with process(server, environment(TMPDIR=str(folder)), log):
        wait_until(lambda: is_answered(port), what="an answer", log=log)
        yield port


def is_answered(port: int) -> bool:
    try:
        return answers(port, [LAST_GET]) == 1
    except OSError:
        return False


def opened(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def answers(port: int, pieces: list[bytes]) -> int:
    """Send a request piece by piece and return how many answers came before the server closed."""
    with opened(port) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            client.sendall(piece)
        return received(client).count(b"HTTP/1.1 ")


def received(client: socket.socket) -> bytes:
    return b"".join(iter(lambda: client.recv(65_536), b""))


@pytest.mark.parametrize("pieces", SLOW.values(), ids=SLOW)
def test_forty_that_go_no_further_keep_no_thread(port: int, pieces: list[bytes]) -> None:
    with ExitStack() as held:
        for _each in range(MANY):
            client = held.enter_context(opened(port))
            for piece in pieces:
                client.sendall(piece)
                if piece.startswith(GET):
                    assert client.recv(65_536).startswith(b"HTTP/1.1 200")
        assert [answers(port, [LAST_GET]) for _honest in range(4)] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("pieces", "number"),
    [
        ([LAST_GET[:9], LAST_GET[9:40], LAST_GET[40:]], 1),
        ([GET + LAST_GET], 2),
        ([GET + LAST_GET[:20], LAST_GET[20:]], 2),
        ([POST[:50], POST[50:] + b"a=b", b"&c=d", b"&e=123456789012"], 1),
        ([POST.replace(b": 20", b": 80000"), *[b"x" * 20_000] * 4], 1),
        ([b"NONSENSE\r\n\r\n"], 1),
    ],
)
def test_what_comes_in_pieces_or_together_is_answered(port: int, pieces: list[bytes], number: int) -> None:
    assert answers(port, pieces) == number


def test_who_asks_first_whether_the_form_is_welcome_is_told(port: int) -> None:
    with opened(port) as client:
        client.sendall(POST.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
        assert client.recv(65_536).startswith(b"HTTP/1.1 ")


def test_who_leaves_in_the_middle_is_forgotten(port: int) -> None:
    for _each in range(MANY):
        opened(port).close()
        with opened(port) as client:
            client.sendall(GET[:20])
    assert answers(port, [LAST_GET]) == 1


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5",
        b"Content-Length: 5\r\nContent-Length: 90",
        b"Content-Length: +5",
        b"Content-Length : 5",
        b"Transfer-Encoding: identity, chunked, identity",
    ],
)
def test_where_a_request_ends_is_never_guessed(port: int, lengths: bytes) -> None:
    """Else a proxy and we could disagree, and what one takes for a form the other takes for a request."""
    head = b"POST /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lengths + b"\r\n\r\n"
    with opened(port) as client:
        client.sendall(head + b"0\r\n\r\n" + LAST_GET)
        answer = received(client)
    assert (answer[:13], answer.count(b"HTTP/1.1 ")) == (b"HTTP/1.1 400 ", 1)
