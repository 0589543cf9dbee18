from datetime import datetime, timedelta
from typing import Any

import pytest
from celery.schedules import schedule
from django.db import IntegrityError, transaction

from foundation.sweeps import all_sweeps
from outbox.domain.catalogue import Mail
from outbox.models import Message, Suppression
from outbox.services.queue import (
    SEND_DUE,
    Attachment,
    Draft,
    queue,
    queue_all,
    was_queued,
    was_told,
    written_to,
)

pytestmark = pytest.mark.django_db
CONTEXT = {"topic": "Frage", "text": "Guten <b>Tag</b>", "reply_to": ""}


def put(now: datetime, key: str = "contact:1", **more: object) -> bool:
    return queue(
        key=key, mail=Mail("contact_message", "*"), to_email="a@example.org", context=CONTEXT, now=now, **more
    )


def test_a_message_is_a_row_with_its_text(now: datetime) -> None:
    assert put(now)
    row = Message.objects.get()
    assert (row.key, row.status, row.to_email, row.due_at) == ("contact:1", "queued", "a@example.org", now)
    assert row.subject == "Nachricht über die Website: Frage"
    assert "Guten <b>Tag</b>" in row.body_text
    assert "Guten &lt;b&gt;Tag&lt;/b&gt;" in row.body_html


def test_the_same_business_event_makes_one_message(now: datetime) -> None:
    assert put(now)
    assert not put(now + timedelta(hours=1))
    assert Message.objects.get().queued_at == now


def test_what_is_rolled_back_was_never_queued(now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        put(now)
        raise IntegrityError
    assert Message.objects.count() == 0


def test_an_address_that_wants_no_mail_gets_none(now: datetime) -> None:
    Suppression.objects.create(email="A@example.org", reason="asked", created_at=now)
    assert put(now)
    assert Message.objects.get().status == "suppressed"


def test_a_line_break_in_a_subject_cannot_add_a_header(now: datetime) -> None:
    queue(
        key="x",
        mail=Mail("contact_message", "*"),
        to_email="a@example.org",
        context={**CONTEXT, "topic": "Hallo\r\nBcc: b@example.org"},
        now=now,
    )
    assert Message.objects.get().subject == "Nachricht über die Website: Hallo Bcc: b@example.org"


def test_an_attachment_goes_along(now: datetime) -> None:
    put(now, attachment=Attachment("termin.ics", "text/calendar", "BEGIN:VCALENDAR"))
    row = Message.objects.get()
    assert (row.attachment_name, row.attachment_body) == ("termin.ics", "BEGIN:VCALENDAR")


def test_a_mail_whose_nudge_was_lost_waits_fifteen_seconds_at_most() -> None:
    (plan,) = (each.when for each in all_sweeps() if each.name == SEND_DUE)
    assert isinstance(plan, schedule)
    assert plan.run_every == timedelta(seconds=15)


def draft(number: int, **more: Any) -> Draft:
    known = {
        "mail": Mail("contact_message", "test:*"),
        "to_email": f"a{number}@example.org",
        "context": CONTEXT,
    }
    return Draft(key=f"test:{number}", **{**known, **more})


def test_the_sweep_keeps_the_name_by_which_workers_are_nudged() -> None:
    assert SEND_DUE == "outbox.send_due"


def test_many_are_queued_as_each_would_be(now: datetime) -> None:
    Suppression.objects.create(email="A2@example.org", reason="asked", created_at=now)
    attachment = Attachment("termin.ics", "text/calendar", "BEGIN")
    away = "https://example.org/abbestellen/"
    queue_all([draft(1, attachment=attachment, unsubscribe_url=away), draft(2)], now=now)
    queue_all([draft(1), draft(3)], now=now + timedelta(hours=1))
    queue_all([], now=now)
    rows = Message.objects.order_by("key")
    assert list(rows.values_list("key", "status", "to_email", "queued_at")) == [
        ("test:1", "queued", "a1@example.org", now),
        ("test:2", "suppressed", "a2@example.org", now),
        ("test:3", "queued", "a3@example.org", now + timedelta(hours=1)),
    ]
    first, third = rows[0], rows[2]
    assert (first.due_at, first.template, first.unsubscribe_url) == (now, "contact_message", away)
    assert (first.attachment_name, first.attachment_type, first.attachment_body) == (
        "termin.ics",
        "text/calendar",
        "BEGIN",
    )
    assert (third.attachment_name, third.attachment_type, third.attachment_body) == ("", "", "")


def test_one_wrong_key_among_many_queues_nothing(now: datetime) -> None:
    with pytest.raises(ValueError, match="'falsch' is no key of"):
        queue_all([draft(1), Draft(**{**vars(draft(2)), "key": "falsch"})], now=now)
    assert Message.objects.count() == 0


def test_somebody_is_told_what_was_written_to_them_oldest_first(now: datetime) -> None:
    put(now + timedelta(hours=1), key="contact:2")
    put(now)
    put(now, key="contact:3", due_at=now)
    queue_all([draft(9)], now=now)
    Message.objects.filter(key="contact:1").update(to_email="A@Example.org", sent_at=now, status="sent")
    subject = "Nachricht über die Website: Frage"
    assert list(written_to("a@example.org")) == [
        (subject, now, now),
        (subject, now, None),
        (subject, now + timedelta(hours=1), None),
    ]


def test_what_was_held_back_was_queued_but_told_to_nobody(now: datetime) -> None:
    Suppression.objects.create(email="a2@example.org", reason="asked", created_at=now)
    queue_all([draft(1), draft(2), draft(4)], now=now)
    Message.objects.filter(key="test:1").update(status="sent", sent_at=now)
    asked = ["test:1", "test:2", "test:3", "test:4"]
    assert was_queued(asked) == {"test:1", "test:2", "test:4"}
    assert was_told(asked) == {"test:1", "test:4"}
    assert was_told(asked[1:3]) == set()
