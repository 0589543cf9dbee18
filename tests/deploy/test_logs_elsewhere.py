"""What the containers log goes to another system: over TLS, to no other, also when that was away."""

import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.deploy.test_certificates import issue
from tests.processes import wait_until

PROGRAM = shutil.which("rsyslogd") or ""
WITH_TLS = list(Path("/usr/lib").glob("**/rsyslog/lmnsd_ossl.so"))
needs_rsyslog = pytest.mark.skipif(
    not PROGRAM or not WITH_TLS, reason="rsyslog with rsyslog-openssl, which the machine brings, is not here"
)


@pytest.fixture
def text(root: Path) -> str:
    return (root / "deploy/logs/rsyslog.conf").read_text(encoding="utf-8")


def test_the_lines_of_our_containers_carry_the_name_that_is_asked_for(
    text: str, compose: dict[str, Any]
) -> None:
    assert compose["name"] == "wir-brauchen-sie"
    assert '"tag":"wir-brauchen-sie-\'' in text
    for service in compose["services"].values():
        assert (service["logging"]["driver"], service["logging"]["options"]["tag"]) == (
            "json-file",
            "{{.Name}}",
        )


def test_nothing_leaves_unproved_and_nothing_is_given_up(text: str) -> None:
    for words in (
        'StreamDriverMode="1"',
        'StreamDriverAuthMode="x509/name"',
        'action.resumeRetryCount="-1"',
        'queue.saveOnShutdown="on"',
    ):
        assert text.count(words) == 1
    assert text.count("logs.example.org") == 2


class Collector:
    """Another system: takes messages of RFC 5425, and keeps them."""

    def __init__(self, certificate: Path, port: int = 0) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.context = context
        self.came = b""
        self.visits = 0
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self.listener.getsockname()[1]
        Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            with suppress(OSError), self.context.wrap_socket(client, server_side=True) as way:
                while part := way.recv(65536):
                    self.came += part
            self.visits += 1

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@contextmanager
def sending(text: str, folder: Path, authority: Path, port: int, name: str = "redis") -> Iterator[None]:
    """The machine's rsyslog with our file, filled in for a system on this machine that shows `name`."""
    for old, new in {
        'target="logs.example.org" port="6514"': f'target="127.0.0.1" port="{port}"',
        "logs.example.org": name,
        "/etc/ssl/certs/ca-certificates.crt": str(authority),
        "/var/lib/docker": str(folder),
        'resumeInterval="10"': 'resumeInterval="1"',
    }.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / "state").mkdir(exist_ok=True)
    (folder / "conf").write_text(f'global(workDirectory="{folder}/state")\n{text}')
    with (folder / "log").open("ab") as log:
        command = [PROGRAM, "-n", "-f", str(folder / "conf"), "-i", str(folder / "pid")]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()  # it may hang in a handshake that is refused for ever
            process.wait()


def log(folder: Path, container: str, *texts: str, name: str = "wir-brauchen-sie-web-1") -> None:
    """Append as Docker's driver json-file does."""
    file = folder / "containers" / container / f"{container}-json.log"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as lines:
        for said in texts:
            line = {
                "log": f"{said}\n",
                "stream": "stderr",
                "attrs": {"tag": name},
                "time": "2026-12-01T06:00:00Z",
            }
            lines.write(json.dumps(line, separators=(",", ":")) + "\n")


@pytest.mark.live
@needs_rsyslog
def test_what_is_logged_arrives_also_when_nobody_was_there(text: str, root: Path, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    issue(secrets, root)
    collector = Collector(secrets / "tls_redis")
    with sending(text, tmp_path, secrets / "tls_ca", collector.port):
        log(tmp_path, "ab12", '{"event": "first"}', '{"event": "traceback", "text": "' + "x" * 20_000 + '"}')
        log(tmp_path, "cd34", "of somebody else", name="another-web-1")
        wait_until(lambda: b"first" in collector.came and b"x" * 20_000 in collector.came, what="two lines")
        collector.close()
    log(tmp_path, "ab12", '{"event": "while away"}')
    with sending(text, tmp_path, secrets / "tls_ca", collector.port):
        log(tmp_path, "ab12", '{"event": "still away"}')
        back = Collector(secrets / "tls_redis", collector.port)
        wait_until(lambda: b"while away" in back.came and b"still away" in back.came, what="the rest")
    assert collector.came.count(b"first") == 1
    assert b"somebody else" not in collector.came + back.came
    back.close()


@pytest.mark.live
@needs_rsyslog
@pytest.mark.parametrize("wrong", ["authority", "name"])
def test_a_stranger_in_its_place_is_told_nothing(text: str, root: Path, tmp_path: Path, wrong: str) -> None:
    secrets, foreign = tmp_path / "secrets", tmp_path / "foreign"
    issue(secrets, root)
    issue(foreign, root)
    authority = foreign if wrong == "authority" else secrets
    collector = Collector(secrets / "tls_redis")
    name = "other.example.org" if wrong == "name" else "redis"
    with sending(text, tmp_path, authority / "tls_ca", collector.port, name):
        log(tmp_path, "ab12", '{"event": "first"}')
        wait_until(lambda: collector.visits >= 2 or bool(collector.came), what="a second try")
    assert collector.came == b""
    collector.close()
