"""Receipts are kept ten years from the end of their year, and then not a day longer."""

from datetime import datetime

from django.db import transaction

from citizens.models import Mailbox
from donations.receipts.domain.calendar import first_year_kept
from donations.receipts.models import Contribution, PayerNote, Receipt, ReceiptFile, ReceiptItem
from foundation.batches import delete_in_batches
from foundation.clock import local_day

BATCH = 500


def purge(now: datetime) -> int:
    """Delete the receipts that nobody has to keep any more, in batches; returns how many."""
    deleted = 0
    old = Receipt.objects.filter(year__lt=first_year_kept(local_day(now))).order_by("-pk")
    while pks := list(old.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            ReceiptItem.objects.filter(receipt__in=pks).delete()
            ReceiptFile.objects.filter(receipt__in=pks).delete()
            Receipt.objects.filter(replaces__in=pks).update(replaces=None)
            deleted += Receipt.objects.filter(pk__in=pks).delete()[0]
    return deleted + _purge_contributions(now) + _purge_notes(now)


def _purge_contributions(now: datetime) -> int:
    """Whose receipt is still kept, because it was issued years later, is kept too."""
    year = first_year_kept(local_day(now))
    old = Contribution.objects.filter(given_on__year__lt=year, receipt_items=None)
    return delete_in_batches(old)


def _purge_notes(now: datetime) -> int:
    year = first_year_kept(local_day(now))
    return delete_in_batches(PayerNote.objects.filter(noted_at__year__lt=year))


def restrict(mailbox: Mailbox, now: datetime) -> None:
    """Keep the receipts of somebody who asked to be forgotten, but show them to nobody (Art. 18 DSGVO)."""
    Receipt.objects.filter(donor__mailbox=mailbox, restricted_at=None).update(restricted_at=now)
    Contribution.objects.filter(donor__mailbox=mailbox, restricted_at=None).update(restricted_at=now)
    PayerNote.objects.filter(donor__mailbox=mailbox).delete()  # the names it compares are gone
