"""Leaving no trace, over all apps (Art. 17 DSGVO)."""

from datetime import datetime

from django.db import transaction

from citizens.domain.addresses import erased_address
from citizens.models import LinkRequest, Mailbox
from citizens.services.address_changes import forget_changes
from citizens.services.mailboxes import locked
from citizens.services.parts import all_parts
from foundation.doors.erasure import forget_words
from outbox.services.purge import forget_address


def erase(mailbox: Mailbox, now: datetime) -> None:
    """End what runs, empty what every app knows of the person, and forget the address.

    What is left counts and names nobody: hours, gifts, the ledger. Raises NotNow, nothing of the person
    changed, if something outside the house goes on. Erased twice is erased.
    """
    for part in all_parts():
        part.let_go(mailbox, now)
    with transaction.atomic():
        row = locked(mailbox.pk)
        if row.erased_at is not None:
            return
        words = [
            row.email,
            *row.postal_address.splitlines()[:-1],
            *(line for change in row.address_changes.all() for line in change.envelope_words()),
            *(word for part in all_parts() for word in part.words(row)),
        ]
        for part in all_parts():
            part.erase(row, now)
        forget_changes(row)
        LinkRequest.objects.filter(email=row.email).delete()
        Mailbox.objects.filter(pk=row.pk).update(
            email=erased_address(row.pk),
            unwanted=[],
            postal_address="",
            bounced_at=None,
            reached_again_at=None,
            erased_at=now,
            link_version=row.link_version + 1,
        )
        forget_address(row.email)
        forget_words(words)
