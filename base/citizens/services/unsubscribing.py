"""Optional mails, one kind at a time: declined and wanted again."""

from django.db import transaction

from citizens.models import Mailbox
from citizens.services.mailboxes import locked
from outbox.domain.catalogue import MailKind


@transaction.atomic
def decline(mailbox: Mailbox, kind: MailKind) -> None:
    """Send no more mails of this kind; declined twice is declined."""
    _store(mailbox, set(locked(mailbox.pk).unwanted) | {kind.name})


@transaction.atomic
def want_again(mailbox: Mailbox, kind: MailKind) -> None:
    """Send mails of this kind again."""
    _store(mailbox, set(locked(mailbox.pk).unwanted) - {kind.name})


def _store(mailbox: Mailbox, unwanted: set[str]) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(unwanted=sorted(unwanted))
