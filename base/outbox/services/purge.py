"""Mails hold names and links; they go when nobody needs them any more."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.html import escape

from foundation.batches import delete_in_batches, update_in_batches
from outbox.models import WAITING, Message

KEEP_TEXT = timedelta(days=30)
KEEP_KEY = timedelta(days=730)  # no event of the platform can cause its mail once more after that

_WORDS = ("subject", "body_text", "body_html")
_LONGEST_SUBJECT = 200
_STAYING = [*WAITING, Message.Status.TO_PRINT]
_IN_MOTION = [*_STAYING, Message.Status.SENDING]
_EMPTY: dict[str, Any] = {
    "to_email": "",
    "subject": "",
    "body_text": "",
    "body_html": "",
    "attachment_body": "",
    "unsubscribe_url": "",
    "written_for": None,
    "error": "",
}


def empty_old_messages(now: datetime) -> int:
    """Empty address and text of messages done for longer than KEEP_TEXT; the key stays as a guard."""
    done = Message.objects.exclude(status__in=_IN_MOTION).exclude(to_email="")
    return update_in_batches(done.filter(queued_at__lt=now - KEEP_TEXT), _EMPTY)


def delete_old_messages(now: datetime) -> int:
    """Delete the emptied rows once their key guards nothing any more."""
    return delete_in_batches(Message.objects.filter(to_email="", queued_at__lt=now - KEEP_KEY))


def forget_address(email: str) -> int:
    """Empty every message to `email`, unsent ones included, because the person asked to be erased.

    One being sent this moment is emptied once it has left, by `empty_old_messages`.
    """
    messages = Message.objects.filter(~Q(to_email=""), to_email__iexact=email)
    messages = messages.exclude(status=Message.Status.SENDING)
    messages.filter(status__in=_STAYING).update(status=Message.Status.SUPPRESSED)
    return messages.update(**_EMPTY)


def replace_phrases(phrases: Collection[str], by: str) -> int:
    """Write `by` where one of `phrases` stands in a mail, sent or not; return how many mails held one.

    A file that such a mail carries goes: what stands in it may be folded. One being sent this moment stays;
    whoever replaces comes again.
    """
    wanted = sorted({each for phrase in phrases for each in (phrase, escape(phrase))}, key=len, reverse=True)
    holding = Q()
    for phrase in wanted:
        for column in _WORDS:
            holding |= Q(**{f"{column}__contains": phrase})
    if not wanted:
        return 0
    found = list(Message.objects.filter(holding).exclude(status=Message.Status.SENDING).select_for_update())
    for message in found:
        for column in _WORDS:
            text = getattr(message, column)
            for phrase in wanted:
                text = text.replace(phrase, by)
            setattr(message, column, text)
        message.subject = message.subject[:_LONGEST_SUBJECT]
        message.attachment_name = message.attachment_type = message.attachment_body = ""
        message.save(update_fields=[*_WORDS, "attachment_name", "attachment_type", "attachment_body"])
    return len(found)


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
