"""Where encryption is asked for, a mail server is told nothing before it has proved its name."""

import socket
import ssl
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from outbox.models import Message, Outage
from outbox.services import sending
from tests.certificates import self_signed
from tests.outbox.conftest import Put
from tests.outbox.mail_server import GOOD, MailServer, good

pytestmark = pytest.mark.django_db
WAYS = ["STARTTLS", "from the first byte"]


def greeted_before(step: str, recipient: str) -> str:
    """Take everything; whoever asked for STARTTLS has been greeted."""
    return "" if step == "banner" else GOOD[step]


class Encrypting(MailServer):
    """Shows a certificate, at once or when asked for it; `in_the_clear` is what it heard before."""

    def __init__(self, certificate: tuple[Path, Path], *, at_once: bool) -> None:
        super().__init__(good if at_once else greeted_before)
        self.at_once = at_once
        self.in_the_clear: list[str] = []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*certificate)

    def _serve(self, connection: socket.socket) -> None:
        try:
            if not self.at_once:
                self._be_asked(connection)
            encrypted = self.context.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            return
        super()._serve(encrypted)

    def _be_asked(self, connection: socket.socket) -> None:
        connection.sendall(b"220 ready\r\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                self.in_the_clear.append(line.decode().split()[0].upper())
                if self.in_the_clear[-1] == "STARTTLS":
                    connection.sendall(b"220 go on\r\n")
                    return
                connection.sendall(b"250-hello\r\n250 STARTTLS\r\n")
        raise OSError


@pytest.fixture(params=WAYS)
def server(request: pytest.FixtureRequest, tmp_path: Path, settings, monkeypatch) -> Iterator[Encrypting]:
    """A mail server that is `localhost` for everybody who believes its certificate; nobody does yet."""
    at_once = request.param == WAYS[1]
    (tmp_path / "none").touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    server = Encrypting(self_signed(tmp_path, "localhost"), at_once=at_once)
    server.start()
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = not at_once, at_once
    settings.EMAIL_BACKEND = "outbox.backends.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "localhost", server.port, 30
    yield server
    server.close()


def test_a_mail_goes_encrypted_to_who_proves_the_name(
    put: Put, now: datetime, server: Encrypting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    put(1)
    assert sending.send_due(now, worker="w") == 1
    assert server.recipients() == ["a1@example.org"]
    assert server.in_the_clear == ([] if server.at_once else ["EHLO", "STARTTLS"])


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_nobody_else_is_told_a_mail_or_the_password(
    put: Put,
    now: datetime,
    server: Encrypting,
    host: str,
    tmp_path: Path,
    settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the first name nobody is believed, by the second who is believed is somebody else."""
    if host != "localhost":
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    settings.EMAIL_HOST, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = host, "we", "secret"
    put(1)
    assert sending.send_due(now, worker="w") == 0
    assert (server.heard, server.taken) == ([], [])
    assert server.in_the_clear == ([] if server.at_once else ["EHLO", "STARTTLS"])
    assert (Message.objects.get().status, Outage.objects.count()) == ("queued", 1)


def test_who_offers_no_encryption_is_told_neither(put: Put, now: datetime, mail_server, settings) -> None:
    """Somebody in between may leave the offer out."""
    server = mail_server()
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = True, "we", "secret"
    put(1)
    assert sending.send_due(now, worker="w") == 0
    assert {line.split()[0].upper() for line in server.heard} <= {"EHLO", "QUIT"}
    assert (server.taken, Message.objects.get().status) == ([], "queued")
