"""The register of receipts, as treasurers and givers see it."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from citizens.models import Mailbox
from donations.receipts.models import Receipt

MOST_WORDS = 6


def given_out() -> QuerySet[Receipt]:
    """Return what givers have and may see, withdrawn ones too."""
    return Receipt.objects.filter(was_given_out=True, restricted_at=None)


def own_receipts(mailbox: Mailbox) -> QuerySet[Receipt]:
    """Return what was given to the owner of the mailbox, the newest first, withdrawn ones too."""
    own = given_out().filter(donor__mailbox=mailbox)
    return own.select_related("replaced_by").order_by("-issued_on", "-pk")


def found(
    receipts: QuerySet[Receipt],
    *,
    words: str = "",
    statuses: Collection[str] = (),
    kinds: Collection[str] = (),
    year: int | None = None,
) -> QuerySet[Receipt]:
    """Return the receipts with all of `words` in number, name or place, in those states, kinds and year."""
    for word in words.split()[:MOST_WORDS]:
        receipts = receipts.filter(
            Q(number__icontains=word) | Q(snapshot__donor__lines__icontains=word, restricted_at=None)
        )
    if statuses:
        receipts = receipts.filter(status__in=statuses)
    if kinds:
        receipts = receipts.filter(kind__in=kinds)
    return receipts.filter(year=year) if year else receipts


def to_sign(receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """Return the drafts that wait for a signature by hand, the oldest first."""
    return receipts.filter(status=Receipt.Status.DRAFT, restricted_at=None).order_by("pk")


def to_tell(receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """Return the withdrawn receipts of which the tax office has not been told, the oldest first."""
    gone = receipts.filter(status=Receipt.Status.WITHDRAWN, was_given_out=True, tax_office_told_at=None)
    return gone.order_by("withdrawn_at", "pk")
