"""Issuing signed links and making them void.

A token carries the row it is for and the version of its kind in that mailbox; `citizens.access` reads it.
"""

from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.urls import reverse

from citizens.domain.links import ASK_FOR_PAGE, MY_PAGE, LinkKind
from citizens.models import Mailbox
from citizens.services.mailboxes import locked
from citizens.services.waiting_mails import carry_over
from foundation.links import sign


def issue(kind: LinkKind, mailbox: Mailbox, subject: int, now: datetime) -> str:
    """Return a token of `kind` for the row with the key `subject`, which belongs to `mailbox`."""
    text = f"{subject}.{mailbox.version_of(kind.purpose)}"
    return sign(kind.purpose, text, now=now, valid_for=kind.valid_for)


def absolute(name: str, *arguments: object) -> str:
    """Return the full address of a page, from a setting and never from a request."""
    return settings.PUBLIC_BASE_URL + reverse(name, args=arguments)


def my_page_token(mailbox: Mailbox, now: datetime) -> str:
    """Return the token of "Meine Seite": its bearer is the owner of the mailbox."""
    return issue(MY_PAGE, mailbox, mailbox.pk, now)


def my_page_url(mailbox: Mailbox, now: datetime) -> str:
    """Return the address of "Meine Seite"; for mails only, pages opened by another link never hold it."""
    return absolute("my_page", my_page_token(mailbox, now))


def ask_token(mailbox: Mailbox, now: datetime) -> str:
    """Return a token that can do one thing: have the link to "Meine Seite" mailed to this mailbox."""
    return issue(ASK_FOR_PAGE, mailbox, mailbox.pk, now)


def revoke_all(mailbox: Mailbox) -> None:
    """Make every link the mailbox ever got void, but those in mails that wait to leave."""
    before = Mailbox.objects.get(pk=mailbox.pk)
    Mailbox.objects.filter(pk=mailbox.pk).update(link_version=F("link_version") + 1)
    mailbox.refresh_from_db()
    carry_over(before, mailbox)


def revoke_kinds(mailbox: Mailbox, *purposes: str) -> None:
    """Make the links of these purposes void, but those in mails that wait to leave.

    Called inside a transaction: the row is locked.
    """
    row = locked(mailbox.pk)
    raised = {purpose: int(row.kind_versions.get(purpose, 0)) + 1 for purpose in purposes}
    Mailbox.objects.filter(pk=row.pk).update(kind_versions={**row.kind_versions, **raised})
    mailbox.refresh_from_db()
    carry_over(row, mailbox, *purposes)
