"""Sending over a real SMTP conversation and into files."""

import email
import smtplib
import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import policy
from pathlib import Path

import pytest
from django.core import mail

from outbox.models import Message
from outbox.services import purge, sending
from outbox.services.queue import Attachment, queue

pytestmark = pytest.mark.django_db


def put(now: datetime, number: int = 1, **more: object) -> None:
    queue(
        key=f"test:{number}",
        template="contact_message",
        to_email=f"a{number}@example.org",
        context={"topic": "Frage", "text": "Größe", "reply_to": ""},
        now=now,
        **more,
    )


class SmtpServer(threading.Thread):
    """A mail server that answers each recipient as told: 250 takes it, anything else refuses."""

    def __init__(self, answer_to_recipient: str) -> None:
        super().__init__(daemon=True)
        self.answer = answer_to_recipient
        self.taken: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self) -> None:
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                self._talk(stream)

    def _talk(self, stream) -> None:
        def say(line: str) -> None:
            stream.write(line.encode() + b"\r\n")
            stream.flush()

        say("220 test")
        for raw in stream:
            verb = raw.decode().strip().split(" ")[0].upper()
            if verb == "RCPT":
                say(self.answer)
            elif verb == "DATA":
                say("354 go on")
                body = b""
                for line in stream:
                    if line == b".\r\n":
                        break
                    body += line
                self.taken.append(body)
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")


@pytest.fixture
def smtp(settings) -> Iterator[object]:
    servers: list[SmtpServer] = []

    def start(answer: str = "250 ok") -> SmtpServer:
        server = SmtpServer(answer)
        server.start()
        servers.append(server)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
        return server

    yield start
    for server in servers:
        server.listener.close()


def test_due_messages_leave_in_order_and_are_recorded(now: datetime) -> None:
    put(now, 1)
    put(now - timedelta(minutes=1), 2)
    put(now, 3, due_at=now + timedelta(hours=1))
    assert sending.send_due(now, worker="w") == 2
    assert [each.to for each in mail.outbox] == [["a2@example.org"], ["a1@example.org"]]
    assert list(Message.objects.order_by("key").values_list("status", "attempts")) == [
        ("sent", 1),
        ("sent", 1),
        ("queued", 0),
    ]
    assert sending.send_due(now, worker="w") == 0
    assert len(mail.outbox) == 2


def test_a_mail_server_gets_text_html_and_attachment(now: datetime, smtp) -> None:
    server = smtp()
    put(now, attachment=Attachment("termin.ics", "text/calendar", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
    assert sending.send_due(now, worker="w") == 1
    message = email.message_from_bytes(server.taken[0], policy=policy.default)
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert "Größe" in message.get_body(("plain",)).get_content()


def test_a_full_mailbox_is_tried_again_later_and_given_up_in_the_end(now: datetime, smtp) -> None:
    smtp("452 mailbox full")
    put(now)
    assert sending.send_due(now, worker="w") == 0
    row = Message.objects.get()
    assert (row.status, row.attempts) == ("failed", 1)
    assert row.due_at > now
    for _turn in range(sending.MAX_ATTEMPTS - 1):
        row.refresh_from_db()
        sending.send_due(row.due_at, worker="w")
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("dead", 12)


def test_an_address_that_does_not_exist_is_given_up_at_once(now: datetime, smtp) -> None:
    smtp("550 no such user")
    put(now)
    sending.send_due(now, worker="w")
    assert Message.objects.get().status == "dead"


def test_a_server_that_is_not_there_loses_nothing(now: datetime, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    put(now)
    sending.send_due(now, worker="w")
    assert Message.objects.get().status == "failed"


def test_an_answer_that_never_came_is_shown_to_a_human_and_not_sent_again(now: datetime, smtp) -> None:
    server = smtp()

    original = SmtpServer._talk

    def cut_after_data(self: SmtpServer, stream) -> None:
        stream.write(b"220 test\r\n")
        stream.flush()
        for raw in stream:
            verb = raw.decode().strip().split(" ")[0].upper()
            stream.write(b"354 go on\r\n" if verb == "DATA" else b"250 ok\r\n")
            stream.flush()
            if verb == "DATA":
                return

    server._talk = cut_after_data.__get__(server)
    put(now)
    sending.send_due(now, worker="w")
    row = Message.objects.get()
    assert row.status == "unknown"
    server._talk = original.__get__(server)
    assert sending.send_due(now + timedelta(hours=1), worker="w") == 0
    assert sending.send_again(row, now)
    assert sending.send_due(now, worker="w") == 1


def test_what_was_in_flight_when_a_worker_died_becomes_unknown_only_after_a_while(now: datetime) -> None:
    put(now)
    Message.objects.update(status="sending", claimed_at=now, claimed_by="dead")
    assert sending.give_up_on_lost(now + sending.LOST_AFTER) == 0
    assert sending.give_up_on_lost(now + sending.LOST_AFTER + timedelta(seconds=1)) == 1
    row = Message.objects.get()
    assert row.status == "unknown"
    assert sending.send_due(now + timedelta(days=1), worker="w") == 0
    assert sending.settle_as_sent(row, now)
    assert Message.objects.get().status == "sent"


def test_mails_as_files_appear_whole(now: datetime, settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "outbox.backends.EmlFileBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    put(now)
    assert sending.send_due(now, worker="w") == 1
    (path,) = tmp_path.iterdir()
    assert path.suffix == ".eml"
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["To"] == "a1@example.org"


def test_old_mails_lose_their_text_but_never_their_key(now: datetime) -> None:
    put(now)
    sending.send_due(now, worker="w")
    assert purge.empty_old_messages(now + timedelta(days=30)) == 0
    assert purge.empty_old_messages(now + timedelta(days=30, seconds=1)) == 1
    row = Message.objects.get()
    assert (row.key, row.to_email, row.subject, row.body_text, row.body_html) == ("test:1", "", "", "", "")


def test_the_exceptions_that_mean_not_taken_are_what_smtplib_raises() -> None:
    assert issubclass(smtplib.SMTPServerDisconnected, OSError)
    assert not issubclass(smtplib.SMTPServerDisconnected, sending._NOT_TAKEN)
