"""Optional mails, one kind at a time: declined and wanted again; what is declined does not leave any more."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from citizens.models import Mailbox
from citizens.services.mailboxes import confirm, locked
from outbox.domain.catalogue import MailKind
from outbox.services.declined import keep_back


@transaction.atomic
def decline(mailbox: Mailbox, kind: MailKind) -> None:
    """Send no more mails of this kind; declined twice is declined."""
    _store(mailbox, set(locked(mailbox.pk).unwanted) | {kind.name})


@transaction.atomic
def want_again(mailbox: Mailbox, kind: MailKind) -> None:
    """Send mails of this kind again."""
    _store(mailbox, set(locked(mailbox.pk).unwanted) - {kind.name})


@transaction.atomic
def change_settings(mailbox: Mailbox, *, language: str, unwanted: Collection[str], now: datetime) -> None:
    """Store in which language and with which optional mails the owner wants to be written to."""
    locked(mailbox.pk)
    Mailbox.objects.filter(pk=mailbox.pk).update(language=language)
    _store(mailbox, set(unwanted))
    confirm(mailbox.pk, now)


def _store(mailbox: Mailbox, unwanted: set[str]) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(unwanted=sorted(unwanted))
    keep_back(mailbox.email, unwanted)
