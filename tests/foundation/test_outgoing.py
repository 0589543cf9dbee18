"""A confined process, which is one of its own because nothing frees it again."""

import ast
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.processes import environment

BEGIN = """
import socket, sys, threading
from foundation.outgoing import NotAllowed, also, confine
port = int(sys.argv[1])
def can(host, port):
    try:
        socket.create_connection((host, port), 5).close()
    except NotAllowed:
        return "no"
    except OSError as error:
        return type(error).__name__
    return "yes"
"""


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        yield int(listener.getsockname()[1])


def said(script: str, port: int) -> object:
    """Return what a process prints that does as the script says."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + script, str(port)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return ast.literal_eval(done.stdout)


def test_only_names_of_the_list_are_resolved_and_only_at_their_port(port: int) -> None:
    script = """
confine([("localhost", port)])
other = "ip6-localhost"
asked = [("LOCALHOST", port), ("localhost", port + 1), ("a.invalid", 443), (other, port)]
print([*(can(*each) for each in asked), can("localhost", "http"), can("localhost.", port) != "no"])
"""
    assert said(script, port) == ["yes", "no", "no", "no", "no", True]


def test_an_address_counts_as_soon_as_a_name_of_the_list_leads_to_it(port: int) -> None:
    script = """
confine([("localhost", port)])
before = can("127.0.0.1", port)
found = socket.getaddrinfo("localhost", port, socket.AF_INET, socket.SOCK_STREAM)
elsewhere = []
thread = threading.Thread(target=lambda: elsewhere.append(can("127.0.0.1", port)))
thread.start(); thread.join()
asked = [("127.0.0.1", port), ("127.0.0.2", port), ("127.0.0.1", port + 1)]
print([len(found), before, *elsewhere, *(can(*each) for each in asked)])
"""
    assert said(script, port) == [1, "no", "yes", "yes", "no", "no"]


def test_who_goes_past_the_resolver_is_met_at_the_connection(port: int) -> None:
    script = """
from socket import getaddrinfo
confine([("127.0.0.1", port)])
def past(address):
    with socket.socket() as plain:
        try:
            plain.connect(address)
        except NotAllowed:
            return "no"
    return "yes"
def names(host):
    try:
        getaddrinfo(host, port)
    except NotAllowed:
        return "no"
    return "yes"
ways = [past(("127.0.0.1", port)), past(("127.0.0.2", port))]
hosts = ("localhost", b"localhost", b"\\xe4.example", b"127.0.0.1", None)
print([*ways, *map(names, hosts)])
"""
    assert said(script, port) == ["yes", "no", "no", "no", "no", "yes", "yes"]


def test_sockets_of_this_machine_are_free(port: int) -> None:
    script = """
confine([])
one, other = socket.socketpair()
one.send(b"x")
listener = socket.socket(socket.AF_UNIX)
listener.bind("\\0six" + str(port))
listener.listen()
with socket.socket(socket.AF_UNIX) as plain:
    plain.connect("\\0six" + str(port))
print([other.recv(1).decode()])
"""
    assert said(script, port) == ["x"]


def test_one_more_place_is_there_for_one_thread_and_one_moment(port: int) -> None:
    script = """
confine([])
elsewhere = []
with also("Localhost", port):
    inside = can("localhost", port)
    thread = threading.Thread(target=lambda: elsewhere.append(can("localhost", port)))
    thread.start(); thread.join()
    thread = threading.Thread(target=lambda: elsewhere.append(can("127.0.0.1", port)))
    thread.start(); thread.join()
    inside = [inside, can("127.0.0.1", port), can("localhost", port + 1)]
print([*inside, *elsewhere, can("localhost", port), can("127.0.0.1", port)])
"""
    assert said(script, port) == ["yes", "yes", "no", "no", "no", "no", "no"]
