"""The broker is down while somebody pledges."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from outbox.models import Message
from tests.processes import ROOT, WORKER, environment, process, wait_until

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

QUEUE_THREE = """
import django; django.setup()
import socket, time
from foundation.clock import utc_now
from foundation.sweeps import broker
from outbox.domain.catalogue import Mail
from outbox.services.queue import queue
broker(seconds=1).transport  # what every later nudge finds already loaded
context = {"topic": "Frage", "text": "Text", "reply_to": ""}
for number in range(3):
    begin = time.perf_counter()
    to = "a@example.org"
    key = f"down:{number}"
    made = queue(key=key, mail=Mail("contact_message", "*"), to_email=to, context=context, now=utc_now())
    print(made, time.perf_counter() - begin)
"""


WAITS = """
import socket
class Patient(socket.socket):
    def settimeout(self, seconds):
        print("waits", seconds)
        super().settimeout(seconds)
    def connect(self, address):
        print("knocks at", address)
        super().connect(address)
socket.socket = Patient
"""


@contextmanager
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@contextmanager
def full_port() -> Iterator[int]:
    """A port whose queue is full: a new connection is neither taken nor refused, as in a black hole."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _each in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        yield port
        for each in waiting:
            each.close()


@contextmanager
def closed_port() -> Iterator[int]:
    """A port nobody listens on."""
    yield 1


@pytest.mark.parametrize("hole", [closed_port, silent_port, full_port, None])
def test_a_dead_broker_is_no_concern_of_the_citizen(hole, tmp_path: Path) -> None:
    if hole is None:
        answer = queue_three(f"redis+socket://{tmp_path}/nothing.sock")
    else:
        with hole() as port:
            answer = queue_three(f"redis://127.0.0.1:{port}/0")
    made = [line.split()[0] for line in answer.stdout.splitlines()]
    assert made == ["True"] * 3
    assert answer.stderr.count("nudge_lost") == 1
    assert list(Message.objects.order_by("key").values_list("key", "status")) == [
        ("down:0", "queued"),
        ("down:1", "queued"),
        ("down:2", "queued"),
    ]


def test_a_broker_that_hangs_up_is_asked_once() -> None:
    """Each try more keeps the citizen waiting; left alone Celery's transport tries for six seconds."""
    tries = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            while True:
                try:
                    client, _address = listener.accept()
                except OSError:
                    return
                tries.append(client)
                client.close()

        threading.Thread(target=hang_up, daemon=True).start()
        queue_three(f"redis://127.0.0.1:{listener.getsockname()[1]}/0")
        listener.shutdown(socket.SHUT_RDWR)
    assert len(tries) == 1


@pytest.mark.parametrize("hole", [closed_port, silent_port, full_port])
def test_a_dead_broker_is_knocked_at_once_and_waited_for_a_tenth_of_a_second(hole) -> None:
    """What costs a request no more: one connection for three mails, which waits 90 ms and no longer."""
    with hole() as port:
        answer = queue_three(f"redis://127.0.0.1:{port}/0", before=WAITS)
    said = answer.stdout.splitlines()
    assert [line for line in said if line.startswith("knocks")] == [f"knocks at ('127.0.0.1', {port})"]
    assert {line for line in said if line.startswith("waits")} == {"waits 0.09"}
    assert answer.stderr.count("nudge_lost") == 1


def queue_three(address: str, *, before: str = "") -> subprocess.CompletedProcess[str]:
    """Queue three mails in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", before + QUEUE_THREE],
        cwd=ROOT,
        env=environment(REDIS_URL=address, DJANGO_SETTINGS_MODULE="wirbrauchensie.settings"),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


class StubbornDoor(threading.Thread):
    """A port that hands everything on to the broker, once it is opened."""

    def __init__(self, port: int, broker: str) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", port))
        self.broker = broker

    def run(self) -> None:
        while True:
            try:
                outside, _address = self.listener.accept()
            except OSError:
                return
            inside = socket.socket(socket.AF_UNIX)
            inside.connect(self.broker)
            for source, target in ((outside, inside), (inside, outside)):
                threading.Thread(target=hand_on, args=[source, target], daemon=True).start()


def hand_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while text := source.recv(65536):
            target.sendall(text)
    except OSError:
        pass
    finally:
        target.close()


def test_a_worker_that_starts_before_its_broker_waits_for_it(settings, tmp_path: Path) -> None:
    socket_path, _, number = settings.REDIS_URL.removeprefix("redis+socket://").partition("?virtual_host=")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    log = tmp_path / "worker.log"
    worker = [*WORKER, "--loglevel", "INFO"]
    with process(worker, environment(REDIS_URL=f"redis://127.0.0.1:{port}/{number or 0}"), log):
        wait_until(lambda: "Cannot connect to redis" in log.read_text(), what="a try", log=log)
        StubbornDoor(port, socket_path).start()
        wait_until(lambda: "ready." in log.read_text(), what="a ready worker", log=log)
