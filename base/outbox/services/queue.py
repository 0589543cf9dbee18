"""Writing a message in the transaction of its cause."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from foundation.sweeps import nudge
from outbox.domain.catalogue import Mail
from outbox.models import Message, Suppression

SEND_DUE = "outbox.send_due"


@dataclass(frozen=True)
class Attachment:
    """A text file that goes with the mail, such as a calendar entry."""

    name: str
    content_type: str
    body: str


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
) -> bool:
    """Queue `mail` for `to_email`, due now unless `due_at` says later.

    `key` names the business event ("offer.sent:42"); a second call with it changes nothing and returns False.
    ValueError is raised for a key that the mail's entry in its catalogue does not know.
    `unsubscribe_url` is where an optional mail is declined; it goes with the mail as a header too (RFC 8058).
    Rendered here, so that a broken template fails the act that causes it and no half act is left behind.
    """
    if not mail.names(key):
        raise ValueError(f"{mail.template}: {key!r} is no key of {mail.key!r}")
    full = {
        **context,
        "base_url": settings.PUBLIC_BASE_URL,
        "to_email": to_email,
        "unsubscribe_url": unsubscribe_url,
    }
    folder = f"emails/{mail.template}"
    is_suppressed = Suppression.objects.filter(email__iexact=to_email).exists()
    _message, created = Message.objects.get_or_create(
        key=key,
        defaults={
            "template": mail.template,
            "to_email": to_email,
            "subject": " ".join(render_to_string(f"{folder}/subject.txt", full).split())[:200],
            "body_text": render_to_string(f"{folder}/body.txt", full),
            "body_html": render_to_string(f"{folder}/body.html", full),
            "unsubscribe_url": unsubscribe_url,
            "attachment_name": attachment.name if attachment else "",
            "attachment_type": attachment.content_type if attachment else "",
            "attachment_body": attachment.body if attachment else "",
            "status": Message.Status.SUPPRESSED if is_suppressed else Message.Status.QUEUED,
            "queued_at": now,
            "due_at": due_at or now,
        },
    )
    if created and not is_suppressed:
        nudge(SEND_DUE)
    return created


def written_to(email: str) -> Iterable[tuple[str, datetime, datetime | None]]:
    """Return subject, moment of writing and of sending of every mail kept to this address, oldest first."""
    kept = Message.objects.filter(to_email__iexact=email).order_by("queued_at", "pk")
    return kept.values_list("subject", "queued_at", "sent_at")
