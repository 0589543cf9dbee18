"""Letters: the same messages, printed by somebody and noted as posted."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from foundation.sweeps import nudge
from outbox.domain.catalogue import Mail
from outbox.domain.paper import PAPER
from outbox.models import Message
from outbox.services.queue import SEND_DUE


def letters_to_print() -> QuerySet[Message]:
    """Return the messages that wait to be printed, the oldest first."""
    return Message.objects.filter(status=Message.Status.TO_PRINT).order_by("queued_at", "pk")


def take_back(mails: Collection[Mail], about: int, *, to_email: str) -> int:
    """Print no more what is settled: letters of `mails` to this address about the row `about`, by their keys.

    Returns how many waited. What was posted is not undone by that.
    """
    waiting = letters_to_print().filter(
        to_email=to_email,
        template__in=[mail.template for mail in mails],
        key__regex=rf"^[^:]*:{about}(:|$)",
    )
    return waiting.order_by().update(status=Message.Status.SUPPRESSED)


def send_instead(to_email: str, new_email: str, now: datetime) -> int:
    """Send as mails what waits to be printed for somebody who has an address by now; return how many."""
    waiting = letters_to_print().filter(to_email=to_email).order_by()
    sent = waiting.update(status=Message.Status.QUEUED, to_email=new_email, due_at=now)
    if sent:
        nudge(SEND_DUE)
    return sent


def note_as_posted(letter_ids: Collection[int], now: datetime) -> int:
    """Note that these letters were printed and posted; return how many. What is noted already stays."""
    waiting = Message.objects.filter(pk__in=letter_ids, status=Message.Status.TO_PRINT)
    return waiting.update(status=Message.Status.SENT, sent_at=now)


def was_posted(key: str, before: datetime) -> bool:
    """Whether the letter of this key was noted as posted at `before` or earlier."""
    return Message.objects.filter(key=key, status=Message.Status.SENT, sent_at__lte=before).exists()


def is_on_its_way(key: str, since: datetime) -> bool:
    """Whether the letter of this key waits to be printed or was noted as posted after `since`."""
    posted = Q(status=Message.Status.SENT, sent_at__gt=since)
    return Message.objects.filter(Q(status=Message.Status.TO_PRINT) | posted, key=key).exists()


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
