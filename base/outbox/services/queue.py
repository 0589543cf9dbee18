"""Writing a message in the transaction of its cause."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string

from foundation.sweeps import nudge
from outbox.domain.catalogue import Mail
from outbox.domain.paper import is_on_paper
from outbox.models import Message

SEND_DUE = "outbox.send_due"

_SUPPRESSED = """
SELECT address FROM unnest(%s::text[]) AS address
WHERE EXISTS (SELECT FROM outbox_suppression WHERE upper(email) = upper(address))
"""


@dataclass(frozen=True)
class Attachment:
    """A text file that goes with the mail, such as a calendar entry."""

    name: str
    content_type: str
    body: str


@dataclass(frozen=True)
class Draft:
    """A mail to be: `queue` says what its parts are."""

    mail: Mail
    key: str
    to_email: str
    context: Mapping[str, Any]
    attachment: Attachment | None = None
    unsubscribe_url: str = ""
    written_for: int | None = None


def queue(
    *,
    mail: Mail,
    key: str,
    to_email: str,
    context: Mapping[str, Any],
    now: datetime,
    due_at: datetime | None = None,
    attachment: Attachment | None = None,
    unsubscribe_url: str = "",
    written_for: int | None = None,
) -> bool:
    """Queue `mail` for `to_email`, due now unless `due_at` says later.

    `key` names the business event ("offer.sent:42"); a second call with it changes nothing and returns False.
    ValueError is raised for a key that the mail's entry in its catalogue does not know.
    `unsubscribe_url` is where an optional mail is declined; it goes with the mail as a header too (RFC 8058).
    `written_for` is the mailbox whose owner gets it: it goes where that has moved before it left.
    To somebody without an address it waits to be printed; its words know that by `on_paper`.
    Rendered here, so that a broken template fails the act that causes it and no half act is left behind.
    """
    draft = Draft(mail, key, to_email, context, attachment, unsubscribe_url, written_for)
    values = _written(draft, now, due_at or now, unwelcome=_suppressed([to_email]))
    message, created = Message.objects.get_or_create(key=key, defaults=values)
    if created and message.status == Message.Status.QUEUED:
        nudge(SEND_DUE)
    return created


def queue_all(drafts: Collection[Draft], *, now: datetime) -> None:
    """Queue every draft, due now, as `queue` does, in a fixed number of queries.

    A draft whose key was used before changes nothing. Raises ValueError as `queue` does, queueing nothing.
    """
    unwelcome = _suppressed([draft.to_email for draft in drafts])
    messages = [Message(key=draft.key, **_written(draft, now, now, unwelcome=unwelcome)) for draft in drafts]
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    if messages:
        nudge(SEND_DUE)


def was_queued(keys: Iterable[str]) -> set[str]:
    """Return those of `keys` with which something was queued before."""
    return set(Message.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def was_told(keys: Iterable[str]) -> set[str]:
    """Return those of `keys` with which something was queued that was not held back since."""
    queued = Message.objects.filter(key__in=list(keys)).exclude(status=Message.Status.SUPPRESSED)
    return set(queued.values_list("key", flat=True))


def _suppressed(addresses: Collection[str]) -> set[str]:
    """Return those of `addresses` that get nothing, however they are spelled."""
    with connection.cursor() as cursor:
        cursor.execute(_SUPPRESSED, [list(addresses)])
        return {address for (address,) in cursor.fetchall()}


def _written(draft: Draft, now: datetime, due_at: datetime, *, unwelcome: set[str]) -> dict[str, Any]:
    mail, attachment = draft.mail, draft.attachment
    if not mail.names(draft.key):
        raise ValueError(f"{mail.template}: {draft.key!r} is no key of {mail.key!r}")
    full = {
        **draft.context,
        "base_url": settings.PUBLIC_BASE_URL,
        "to_email": draft.to_email,
        "unsubscribe_url": draft.unsubscribe_url,
        "on_paper": is_on_paper(draft.to_email),
    }
    folder = f"emails/{mail.template}"
    return {
        "template": mail.template,
        "to_email": draft.to_email,
        "subject": " ".join(render_to_string(f"{folder}/subject.txt", full).split())[:200],
        "body_text": render_to_string(f"{folder}/body.txt", full),
        "body_html": render_to_string(f"{folder}/body.html", full),
        "unsubscribe_url": draft.unsubscribe_url,
        "written_for": draft.written_for,
        "attachment_name": attachment.name if attachment else "",
        "attachment_type": attachment.content_type if attachment else "",
        "attachment_body": attachment.body if attachment else "",
        "status": _first_status(draft, unwelcome),
        "queued_at": now,
        "due_at": due_at,
    }


def _first_status(draft: Draft, unwelcome: set[str]) -> Message.Status:
    if is_on_paper(draft.to_email):
        return Message.Status.TO_PRINT if draft.mail.as_letter else Message.Status.SUPPRESSED
    return Message.Status.SUPPRESSED if draft.to_email in unwelcome else Message.Status.QUEUED


def written_to(email: str) -> Iterable[tuple[str, datetime, datetime | None]]:
    """Return subject, moment of writing and of sending of every mail kept to this address, oldest first."""
    kept = Message.objects.filter(to_email__iexact=email).order_by("queued_at", "pk")
    return kept.values_list("subject", "queued_at", "sent_at")
