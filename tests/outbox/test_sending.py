"""Sending over a real SMTP conversation and into files."""

import email
from datetime import datetime, timedelta
from email import policy
from pathlib import Path

import pytest
from django.core import mail

from outbox.models import Message
from outbox.services import purge, sending
from outbox.services.queue import Attachment
from tests.log_lines import lines

pytestmark = pytest.mark.django_db


def test_due_messages_leave_in_order_and_are_recorded(put, now: datetime) -> None:
    put(1)
    put(2, at=now - timedelta(minutes=1))
    put(3, due_at=now + timedelta(hours=1))
    assert sending.send_due(now, worker="w") == 2
    assert [each.to for each in mail.outbox] == [["a2@example.org"], ["a1@example.org"]]
    assert list(Message.objects.order_by("key").values_list("status", "attempts")) == [
        ("sent", 1),
        ("sent", 1),
        ("queued", 0),
    ]
    assert sending.send_due(now, worker="w") == 0
    assert len(mail.outbox) == 2


def test_a_mail_server_gets_text_html_and_attachment(put, now: datetime, mail_server) -> None:
    server = mail_server()
    put(attachment=Attachment("termin.ics", "text/calendar", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
    assert sending.send_due(now, worker="w") == 1
    message = email.message_from_bytes(server.taken[0], policy=policy.default)
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert "Größe" in message.get_body(("plain",)).get_content()


def test_the_way_out_of_a_mail_stands_in_its_head_as_mail_programs_read_it(put, now: datetime) -> None:
    put(1)
    put(2)
    Message.objects.filter(key="test:1").update(unsubscribe_url="https://example.org/ab/1/")
    assert sending.send_due(now, worker="w") == 2
    first, second = sorted(mail.outbox, key=lambda each: each.to)
    assert first.extra_headers["List-Unsubscribe"] == "<https://example.org/ab/1/>"
    assert first.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert set(second.extra_headers) == {"Message-ID", "Auto-Submitted"}


def test_what_was_in_flight_when_a_worker_died_becomes_unknown_only_after_a_while(
    put, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    put()
    Message.objects.update(status="sending", claimed_at=now, claimed_by="dead")
    assert sending.give_up_on_lost(now + sending.LOST_AFTER) == 0
    assert sending.give_up_on_lost(now + sending.LOST_AFTER + timedelta(seconds=1)) == 1
    told = lines(caplog, "outbox.services.sending", "count")
    assert told == [("mail_lost_in_flight", "error", 1)]
    row = Message.objects.get()
    assert row.status == "unknown"
    assert sending.send_due(now + timedelta(days=1), worker="w") == 0
    assert sending.settle_as_sent(row, now)
    assert Message.objects.get().status == "sent"


def test_of_what_was_begun_long_ago_only_what_nobody_heard_of_again_is_unknown(put, now: datetime) -> None:
    for number, status in enumerate(["sending", "sent", "failed", "dead", "queued"]):
        put(number)
        moment = {"sent_at": now} if status == "sent" else {}
        Message.objects.filter(key=f"test:{number}").update(status=status, claimed_at=now, **moment)
    assert sending.give_up_on_lost(now + timedelta(days=1)) == 1
    statuses = list(Message.objects.order_by("key").values_list("status", flat=True))
    assert statuses == ["unknown", "sent", "failed", "dead", "queued"]


def test_mails_as_files_appear_whole(put, now: datetime, settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "outbox.backends.EmlFileBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    put()
    assert sending.send_due(now, worker="w") == 1
    (path,) = tmp_path.iterdir()
    assert path.suffix == ".eml"
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["To"] == "a1@example.org"


def test_old_mails_lose_their_text_but_never_their_key(put, now: datetime) -> None:
    put()
    sending.send_due(now, worker="w")
    assert purge.empty_old_messages(now + timedelta(days=30)) == 0
    assert purge.empty_old_messages(now + timedelta(days=30, seconds=1)) == 1
    row = Message.objects.get()
    assert (row.key, row.to_email, row.subject, row.body_text, row.body_html) == ("test:1", "", "", "", "")
