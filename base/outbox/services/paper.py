"""Letters: the same messages, printed by somebody and noted as posted."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from outbox.domain.paper import PAPER
from outbox.models import Message


def letters_to_print() -> QuerySet[Message]:
    """Return the messages that wait to be printed, the oldest first."""
    return Message.objects.filter(status=Message.Status.TO_PRINT).order_by("queued_at", "pk")


def note_as_posted(letter_ids: Collection[int], now: datetime) -> int:
    """Note that these letters were printed and posted; return how many. What is noted already stays."""
    waiting = Message.objects.filter(pk__in=letter_ids, status=Message.Status.TO_PRINT)
    return waiting.update(status=Message.Status.SENT, sent_at=now)


def posted_since(moment: datetime) -> QuerySet[Message]:
    """Return the letters that were noted as posted after `moment`, oldest first."""
    posted = Message.objects.filter(status=Message.Status.SENT, to_email__endswith=PAPER, sent_at__gt=moment)
    return posted.order_by("sent_at", "pk")


def wait_again(letter_ids: Collection[int], *, since: datetime) -> int:
    """Note that letters noted as posted after `since` were not; return how many wait again."""
    return (
        posted_since(since)
        .filter(pk__in=letter_ids)
        .order_by()
        .update(status=Message.Status.TO_PRINT, sent_at=None)
    )
