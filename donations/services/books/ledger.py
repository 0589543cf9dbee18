"""Writing the books: each event once by its key, and the counters of its purpose in the same transaction."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from donations.domain.accounts import Owner
from donations.domain.ledger import Posting
from donations.models import Donation, LedgerEntry
from donations.services.books.accounts import accounts_of
from programs.models import Fund

_ONCE = """
INSERT INTO donations_ledgertransaction (key, kind, donation_id, happened_at, recorded_at)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (key) DO NOTHING
RETURNING id
"""


class FundOverdrawn(Exception):
    """More would leave the purpose than it has: part of it was paid out already. A human must decide."""


def post(posting: Posting, donation: Donation, now: datetime) -> bool:
    """Book `posting` on the accounts of the gift's purpose and its body; False if its key is booked already.

    Raises FundOverdrawn, booking nothing.
    """
    fund = donation.fund
    return book(posting, Owner(fund.provider_id, fund.pk), now, donation_id=donation.pk)


def post_all(postings: Iterable[Posting], donation: Donation, now: datetime) -> int:
    """Book each posting; returns how many were new."""
    return sum(post(posting, donation, now) for posting in postings)


def book(posting: Posting, owner: Owner, now: datetime, *, donation_id: int | None = None) -> bool:
    """Book `posting` on the accounts of `owner`, gift or no gift; False if its key is booked already.

    Raises FundOverdrawn, booking nothing.
    """
    with transaction.atomic():
        transaction_id = _insert_once(posting, donation_id, now)
        if transaction_id is None:
            return False
        accounts = accounts_of(owner)
        LedgerEntry.objects.bulk_create(
            LedgerEntry(transaction_id=transaction_id, account_id=accounts[account], amount_cents=cents)
            for account, cents in posting.entries
        )
        if owner.fund_id is not None:
            _move_counters(owner.fund_id, posting)
    return True


def _insert_once(posting: Posting, donation_id: int | None, now: datetime) -> int | None:
    """Waits for a parallel booking of the same key to commit or to fail."""
    with connection.cursor() as cursor:
        cursor.execute(_ONCE, [posting.key, posting.kind, donation_id, posting.happened_at, now])
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
