"""Rows of mailboxes: found or made, confirmed, set up, cleared away."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import uuid4

from django.db.models import Q

from citizens.domain.addresses import as_sent
from citizens.models import Mailbox
from foundation.batches import delete_in_batches
from foundation.links import LinkNotValid
from outbox.domain.paper import paper_address

UNUSED_AFTER = timedelta(days=7)  # RULES §4: what nobody confirmed


def mailbox_for(typed: str, now: datetime) -> Mailbox:
    """Return the mailbox of an address, however it is written; known and unknown ones cost the same."""
    email = as_sent(typed)
    Mailbox.objects.bulk_create([Mailbox(email=email, created_at=now)], ignore_conflicts=True)
    return Mailbox.objects.get(email=email)


def paper_mailbox(postal_address: str, now: datetime) -> Mailbox:
    """Make the mailbox of somebody without an e-mail address: what is written to it is printed and posted."""
    return Mailbox.objects.create(email=paper_address(uuid4()), postal_address=postal_address, created_at=now)


def locked(mailbox_id: int) -> Mailbox:
    """Lock the mailbox until the end of the transaction. Lock order: mailbox, person, places.

    Raises LinkNotValid if it has gone since it was read: nobody had confirmed it, and its address is now that
    of somebody who moved there.
    """
    row = Mailbox.objects.select_for_update(no_key=True).filter(pk=mailbox_id).first()
    if row is None:
        raise LinkNotValid
    return row


def confirm(mailbox_id: int, now: datetime) -> None:
    """Note that its owner has acted: the address is right and mail arrives."""
    Mailbox.objects.filter(pk=mailbox_id, confirmed_at=None).update(confirmed_at=now)
    note_reached([mailbox_id], now)


def note_reached(mailbox_ids: Collection[int], now: datetime) -> None:
    """Note that the owners have acted by a link out of a mail: what was refused before counts no more."""
    unreachable = Mailbox.objects.filter(pk__in=mailbox_ids).exclude(bounced_at=None)
    unreachable.update(bounced_at=None, reached_again_at=now)


def delete_unused(now: datetime) -> int:
    """Delete mailboxes that nobody confirmed and nothing hangs on any more; return how many."""
    unused = Q(confirmed_at=None, created_at__lte=now - UNUSED_AFTER)
    for relation in Mailbox._meta.related_objects:
        unused &= Q(**{f"{relation.name}__isnull": True})
    return delete_in_batches(Mailbox.objects.filter(unused))
