"""Mails lose address and text when nobody needs them, at any number of rows, and an erased person at once."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from outbox.models import Message
from outbox.services import purge, sending
from outbox.tasks import empty_old_messages

pytestmark = pytest.mark.django_db

EMPTY = ("", "", "", "", "", "")


def texts(key: str) -> tuple[str, ...]:
    row = Message.objects.get(key=key)
    return (row.to_email, row.subject, row.body_text, row.body_html, row.attachment_body, row.error)


def finish(number: int, status: str, now: datetime) -> None:
    Message.objects.filter(key=f"test:{number}").update(
        status=status, sent_at=now, claimed_at=now, error="said no"
    )


@pytest.mark.parametrize("status", ["sent", "dead", "suppressed", "unknown"])
def test_what_came_to_rest_is_emptied_after_thirty_days(put, now: datetime, status: str) -> None:
    put(1)
    finish(1, status, now)
    assert purge.empty_old_messages(now + timedelta(days=30)) == 0
    assert purge.empty_old_messages(now + timedelta(days=30, seconds=1)) == 1
    assert texts("test:1") == EMPTY
    assert purge.empty_old_messages(now + timedelta(days=31)) == 0


@pytest.mark.parametrize("status", ["queued", "failed", "sending"])
def test_what_is_still_on_its_way_keeps_its_text(put, now: datetime, status: str) -> None:
    put(1)
    finish(1, status, now)
    assert purge.empty_old_messages(now + timedelta(days=365)) == 0
    assert texts("test:1")[0] == "a1@example.org"


def test_more_rows_than_a_batch_are_emptied_in_one_go(put, now: datetime) -> None:
    put(0)
    finish(0, "sent", now)
    first = Message.objects.get()
    copies = [
        Message(**{field.attname: getattr(first, field.attname) for field in Message._meta.fields} | values)
        for values in ({"id": None, "key": f"copy:{number}"} for number in range(4500))
    ]
    Message.objects.bulk_create(copies, batch_size=1000)
    assert empty_old_messages(now + timedelta(days=31)) == 4501
    assert not Message.objects.exclude(to_email="").exists()


def test_an_emptied_message_is_never_sent_again(put, now: datetime) -> None:
    put(1)
    finish(1, "unknown", now)
    purge.empty_old_messages(now + timedelta(days=31))
    assert not sending.send_again(Message.objects.get(), now)
    assert Message.objects.get().status == "unknown"


def test_the_key_guards_for_two_years_and_goes_then(put, now: datetime) -> None:
    put(1)
    put(2)
    finish(1, "sent", now)
    purge.empty_old_messages(now + timedelta(days=31))
    assert purge.delete_old_messages(now + timedelta(days=730)) == 0
    assert purge.delete_old_messages(now + timedelta(days=730, seconds=1)) == 1
    assert list(Message.objects.values_list("key", flat=True)) == ["test:2"]


def test_somebody_erased_is_in_no_message_whatever_its_state(put, now: datetime) -> None:
    states = ["queued", "failed", "sent", "dead", "unknown", "suppressed"]
    for number, status in enumerate(states):
        put(number, to_email="Maria@Example.org" if number % 2 else "maria@example.org")
        finish(number, status, now)
    put(7)
    assert purge.forget_address("MARIA@example.org") == len(states)
    assert {texts(f"test:{number}") for number in range(len(states))} == {EMPTY}
    assert list(Message.objects.order_by("key").values_list("status", flat=True)) == [
        "suppressed",
        "suppressed",
        "sent",
        "dead",
        "unknown",
        "suppressed",
        "queued",
    ]
    assert texts("test:7")[0] == "a7@example.org"


@pytest.fixture
def many(put) -> None:
    """Rows and statistics: of an empty table every index is as good as another."""
    put(1)
    row = Message.objects.values().get()
    del row["id"]
    Message.objects.bulk_create(
        Message(**row | {"key": f"copy:{number}", "to_email": f"a{number}@example.org"})
        for number in range(1000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE outbox_message")


def plan(statement: str) -> str:
    """How PostgreSQL would go about it, were the table too large to be read through."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (
            "SELECT id FROM outbox_message WHERE status IN ('queued', 'failed') AND due_at <= now()"
            " ORDER BY due_at, id LIMIT 100 FOR UPDATE SKIP LOCKED",
            "message_due",
        ),
        (
            "SELECT status, count(*) FROM outbox_message"
            " WHERE NOT (status IN ('sent', 'suppressed')) GROUP BY status",
            "message_unsettled",
        ),
        (str(Message.objects.filter(to_email__iexact="x").exclude(to_email="").query), "message_of_address"),
        ("SELECT id FROM outbox_message WHERE key = 'x'", "message_key"),
    ],
)
@pytest.mark.usefixtures("many")
def test_no_question_reads_all_messages_or_sorts_what_waits(statement: str, index: str) -> None:
    way = plan(statement.replace("UPPER(x)", "UPPER('x')").replace("= )", "= '')"))
    assert index in way
    assert "Sort " not in way
