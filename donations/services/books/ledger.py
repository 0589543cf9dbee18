"""Writing the books: each event once by its key, and the counters of its purpose in the same transaction."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from donations.domain.ledger import Posting
from donations.models import Donation, LedgerEntry
from programs.models import Fund

_ONCE = """
INSERT INTO donations_ledgertransaction (key, kind, donation_id, happened_at, recorded_at)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (key) DO NOTHING
RETURNING id
"""


class FundOverdrawn(Exception):
    """More would leave the purpose than it has: part of it was paid out already. A human must decide."""


def post(posting: Posting, donation: Donation | None, now: datetime) -> bool:
    """Book `posting` for the purpose of `donation`; False, changing nothing, if its key is booked already.

    What belongs to no gift touches no purpose.

    Raises FundOverdrawn, booking nothing.
    """
    with transaction.atomic():
        transaction_id = _insert_once(posting, donation, now)
        if transaction_id is None:
            return False
        LedgerEntry.objects.bulk_create(
            LedgerEntry(
                transaction_id=transaction_id,
                account=account,
                fund_id=donation.fund_id if donation and account == "fund" else None,
                amount_cents=cents,
            )
            for account, cents in posting.entries
        )
        if donation is not None:
            _move_counters(donation.fund_id, posting)
    return True


def post_all(postings: Iterable[Posting], donation: Donation, now: datetime) -> int:
    """Book each posting; returns how many were new."""
    return sum(post(posting, donation, now) for posting in postings)


def _insert_once(posting: Posting, donation: Donation | None, now: datetime) -> int | None:
    """Waits for a parallel booking of the same key to commit or to fail."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ONCE, [posting.key, posting.kind, donation.pk if donation else None, posting.happened_at, now]
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _move_counters(fund_id: int, posting: Posting) -> None:
    gained = posting.fund_cents
    gifts = 1 if posting.kind == "gift" else 0
    if not gained and not gifts:
        return
    moved = Fund.objects.filter(pk=fund_id, balance_cents__gte=-gained).update(
        balance_cents=F("balance_cents") + gained,
        received_cents=F("received_cents") + gained,
        gift_count=F("gift_count") + gifts,
    )
    if not moved:
        raise FundOverdrawn(posting.key)
