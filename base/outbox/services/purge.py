"""Mails hold names and links; they go when nobody needs them any more."""

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
