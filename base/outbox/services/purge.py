"""Mails hold names and links; they go when nobody needs them any more."""

from collections.abc import Collection
from datetime import datetime, timedelta

from outbox.models import Message

KEEP_SENT = timedelta(days=30)


def empty_old_messages(now: datetime) -> int:
    """Empty address and text of messages done for longer than KEEP_SENT; the key stays as a guard."""
    done = [Message.Status.SENT, Message.Status.DEAD, Message.Status.SUPPRESSED]
    return (
        Message.objects.filter(status__in=done, queued_at__lt=now - KEEP_SENT)
        .exclude(to_email="")
        .update(to_email="", subject="", body_text="", body_html="", attachment_body="")
    )


def forget_address(email: str) -> int:
    """Empty every message to `email`, unsent ones included, because the person asked to be erased.

    One being sent this moment is emptied once it has left, by `empty_old_messages`.
    """
    messages = Message.objects.filter(to_email__iexact=email).exclude(status=Message.Status.SENDING)
    unsent = [Message.Status.QUEUED, Message.Status.FAILED]
    messages.filter(status__in=unsent).update(status=Message.Status.SUPPRESSED)
    return messages.update(to_email="", subject="", body_text="", body_html="", attachment_body="")


def rows_told_of(templates: Collection[str]) -> set[int]:
    """Return the ids of the rows that messages of `templates` are about, as their keys name them."""
    keys = Message.objects.filter(template__in=templates).values_list("key", flat=True)
    return {int(key.split(":")[1]) for key in keys.iterator()}


def forget_messages(templates: Collection[str], about: Collection[int]) -> int:
    """Delete the messages of `templates` whose key names a row of `about`, sent or not; return how many.

    It must not be known any more that they were written. One being sent this moment stays; whoever forgets
    comes again.
    """
    numbers = "|".join(str(pk) for pk in about)
    messages = Message.objects.filter(template__in=templates, key__regex=rf"^[^:]*:({numbers})(:|$)")
    return messages.exclude(status=Message.Status.SENDING).delete()[0]
