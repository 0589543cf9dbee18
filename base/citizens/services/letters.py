"""Writing to the owner of a mailbox: in their language, with the way to their page, and not when unwanted."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation

from citizens.domain.links import unsubscribe_kind
from citizens.models import Mailbox
from citizens.services.links import absolute, issue, my_page_url
from outbox.domain.catalogue import Mail, MailKind
from outbox.services import paper
from outbox.services.queue import Attachment, Draft, queue, queue_all


def write(
    mailbox: Mailbox,
    *,
    mail: Mail,
    key: str,
    context: Mapping[str, Any],
    now: datetime,
    due_at: datetime | None = None,
    attachment: Attachment | None = None,
) -> bool:
    """Queue a mail with the link to "Meine Seite"; an optional one carries the way to decline it.

    Returns False when nothing was queued: the key was used before, the mailbox is erased, or the mail is
    optional and unwanted or the address cannot be reached.
    """
    kind = mail.optional
    if not reaches(mailbox, mail):
        return False
    with translation.override(mailbox.language):
        return queue(
            key=key,
            mail=mail,
            to_email=mailbox.email,
            context={**context, "my_page_url": my_page_url(mailbox, now)},
            now=now,
            due_at=due_at,
            attachment=attachment,
            unsubscribe_url=unsubscribe_url(mailbox, kind, now) if kind else "",
            written_for=mailbox.pk,
        )


def reaches(mailbox: Mailbox, mail: Mail) -> bool:
    """Whether `mail` would be written to this mailbox now."""
    return mailbox.erased_at is None and (mail.optional is None or _wants(mailbox, mail.optional))


@dataclass(frozen=True)
class Letter:
    """A mail to the owner of a mailbox, due now: `write` says what its parts are."""

    mailbox: Mailbox
    mail: Mail
    key: str
    context: Mapping[str, Any]
    attachment: Attachment | None = None


def write_all(letters: Iterable[Letter], *, now: datetime) -> int:
    """Write each letter as `write` does, in a fixed number of queries for each language; return how many.

    A letter whose key was used before is counted, too.
    """
    by_language: dict[str, list[Letter]] = {}
    for letter in letters:
        if reaches(letter.mailbox, letter.mail):
            by_language.setdefault(letter.mailbox.language, []).append(letter)
    for language, written in by_language.items():
        with translation.override(language):
            queue_all([_draft(letter, now) for letter in written], now=now)
    return sum(map(len, by_language.values()))


def _draft(letter: Letter, now: datetime) -> Draft:
    context = {**letter.context, "my_page_url": my_page_url(letter.mailbox, now)}
    kind = letter.mail.optional
    return Draft(
        letter.mail,
        letter.key,
        letter.mailbox.email,
        context,
        letter.attachment,
        unsubscribe_url=unsubscribe_url(letter.mailbox, kind, now) if kind else "",
        written_for=letter.mailbox.pk,
    )


def take_back(mailbox: Mailbox, mails: Collection[Mail], about: int) -> int:
    """Print no more for the owner what is settled by now: letters of `mails` about the row `about`.

    Returns how many waited: never one where it would have been a mail.
    """
    return paper.take_back(mails, about, to_email=mailbox.email) if mailbox.is_on_paper else 0


def _wants(mailbox: Mailbox, kind: MailKind) -> bool:
    return kind.name not in mailbox.unwanted and mailbox.bounced_at is None


def unsubscribe_url(mailbox: Mailbox, kind: MailKind, now: datetime) -> str:
    """Return the address at which one kind of mail is declined (RFC 8058: by one POST)."""
    return absolute("unsubscribe", kind.name, issue(unsubscribe_kind(kind.name), mailbox, mailbox.pk, now))
