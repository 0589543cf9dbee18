"""What only a human may decide about a mail that nobody knows of whether it arrived."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from foundation.clock import utc_now
from outbox.models import Message
from tests.factories import make_user
from tests.outbox.conftest import Put

pytestmark = pytest.mark.django_db
STATUSES = ["unknown", "dead", "failed", "sent"]


@pytest.fixture
def mails(put: Put, now: datetime) -> dict[str, Message]:
    """One mail in each status, by status."""
    found = {}
    for number, status in enumerate(STATUSES, start=1):
        put(number)
        sent_at = now if status == "sent" else None
        Message.objects.filter(key=f"test:{number}").update(
            status=status, attempts=7, error="?", sent_at=sent_at
        )
        found[status] = Message.objects.get(key=f"test:{number}")
    return found


def act(client: Client, action: str, mails: dict[str, Message]) -> list[str]:
    """Choose all of them in the list and return what is said afterwards."""
    client.force_login(make_user(is_staff=True, is_superuser=True))
    chosen = {"action": action, "_selected_action": [mail.pk for mail in mails.values()]}
    answer = client.post(reverse("admin:outbox_message_changelist"), chosen, follow=True)
    return [str(message) for message in answer.context["messages"]]


def test_what_did_not_arrive_for_sure_is_sent_again(client: Client, mails: dict[str, Message]) -> None:
    before = utc_now()
    assert act(client, "queue_again", mails) == ["3 Nachrichten werden noch einmal gesendet."]
    for status, mail in mails.items():
        mail.refresh_from_db()
        if status == "sent":
            assert (mail.status, mail.attempts) == ("sent", 7)
        else:
            assert (mail.status, mail.attempts, mail.error) == ("queued", 0, "")
            assert before <= mail.due_at <= before + timedelta(minutes=5)


def test_what_is_known_to_have_arrived_is_settled(client: Client, mails: dict[str, Message]) -> None:
    before = utc_now()
    assert act(client, "settle", mails) == ["1 Nachricht gilt als gesendet."]
    statuses = {status: Message.objects.get(pk=mail.pk).status for status, mail in mails.items()}
    assert statuses == {"unknown": "sent", "dead": "dead", "failed": "failed", "sent": "sent"}
    sent_at = Message.objects.get(pk=mails["unknown"].pk).sent_at
    assert sent_at is not None
    assert before <= sent_at <= before + timedelta(minutes=5)


def test_nobody_writes_or_deletes_a_mail_by_hand(client: Client, mails: dict[str, Message]) -> None:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    assert client.get(reverse("admin:outbox_message_add")).status_code == 403
    delete = reverse("admin:outbox_message_delete", args=[mails["unknown"].pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Message.objects.count() == len(STATUSES)


COLUMNS = ["template", "status", "queued_at", "sent_at", "attempts"]


def test_a_mail_is_shown_with_its_fate_and_not_its_text(client: Client, mails: dict[str, Message]) -> None:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    listed = client.get(reverse("admin:outbox_message_changelist"))
    assert listed.context["cl"].list_display[-5:] == COLUMNS
    page = client.get(reverse("admin:outbox_message_change", args=[mails["dead"].pk])).content.decode()
    for name in (*COLUMNS, "key", "due_at", "claimed_at", "error"):
        assert f"field-{name}" in page, name
    assert "test:2" in page
    assert "Größe" not in page
