"""Writing the books: each event once by its key, and the counters of its purpose in the same transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db import connection, transaction
from django.db.models import F, Sum

from donations.domain.accounts import Account, Owner
from donations.domain.ledger import DECIDED_HERE, RETURNS, Kind, Posting, shortfall, shortfall_filled
from donations.models import Donation, LedgerEntry, LedgerTransaction
from donations.services.books.accounts import accounts_of
from foundation.units import Cents
from programs.models import Fund

_ONCE = """
INSERT INTO donations_ledgertransaction (key, kind, donation_id, reverses_id, happened_at, recorded_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (key) DO NOTHING
RETURNING id
"""


class FundOverdrawn(Exception):
    """More was to be paid out than the purpose has."""


@dataclass(frozen=True)
class _Booking:
    """A posting with whose it is, which gift's, and what it undoes."""

    posting: Posting
    owner: Owner
    donation_id: int | None
    reverses: LedgerTransaction | None
    now: datetime

    @property
    def is_decided_here(self) -> bool:
        """A correction is what it corrects."""
        kind = self.reverses.kind if self.reverses else self.posting.kind
        return kind in DECIDED_HERE

    @property
    def gifts(self) -> int:
        if self.posting.kind == "gift":
            return 1
        return -1 if self.reverses and self.reverses.kind == "gift" else 0

    def also(self, posting: Posting) -> None:
        """Book what follows from it for the same purpose."""
        book(posting, self.owner, self.now, donation_id=self.donation_id)


def post(posting: Posting, donation: Donation, now: datetime, *, bank: int | None = None) -> bool:
    """Book `posting` on the accounts of the gift's purpose; False if its key is booked already."""
    fund = donation.fund
    return book(posting, Owner(fund.provider_id, fund.pk), now, donation_id=donation.pk, bank=bank)


def post_all(postings: Iterable[Posting], donation: Donation, now: datetime) -> int:
    """Book each posting; returns how many were new."""
    return sum(post(posting, donation, now) for posting in postings)


def book(
    posting: Posting,
    owner: Owner,
    now: datetime,
    *,
    donation_id: int | None = None,
    reverses: LedgerTransaction | None = None,
    accounts: Mapping[Account, int] | None = None,
    bank: int | None = None,
) -> bool:
    """Book `posting` on the accounts of `owner`, gift or no gift; False if its key is booked already.

    What the world did is always booked: what the purpose no longer has is the body's shortfall. What we
    decide ourselves is not. What is booked at Stripe stands at the account that the key names, what is
    booked at the bank on the account `bank`, else the one the body has now. Raises FundOverdrawn or
    OfAnotherBody, booking nothing.
    """
    booking = _Booking(posting, owner, donation_id, reverses, now)
    with transaction.atomic():
        transaction_id = _insert_once(booking)
        if transaction_id is None:
            return False
        accounts = accounts or accounts_of(owner, posting.stripe_account)
        if bank is not None:
            accounts = {**accounts, "bank": bank}
        LedgerEntry.objects.bulk_create(
            LedgerEntry(transaction_id=transaction_id, account_id=accounts[account], amount_cents=cents)
            for account, cents in posting.entries
        )
        if owner.fund_id is not None:
            _move_counters(booking, owner.fund_id)
            if posting.kind in RETURNS:
                _fill_shortfall(booking, accounts["shortfall"])
    return True


def move_to(to: Fund, posting: Posting, donation: Donation, now: datetime) -> None:
    """Book that a gift goes from its purpose to another of the same body, with the counters of both.

    The posting's first entry is the old purpose's, its second the new one's; both rows are locked by the
    caller. Raises FundOverdrawn, booking nothing.
    """
    old = donation.fund
    with transaction.atomic():
        transaction_id = _insert_once(_Booking(posting, Owner(old.provider_id), donation.pk, None, now))
        if transaction_id is None:
            return
        for fund, gifts, (_account, cents) in zip((old, to), (-1, 1), posting.entries, strict=True):
            account = accounts_of(Owner(fund.provider_id, fund.pk))["fund"]
            LedgerEntry.objects.create(transaction_id=transaction_id, account_id=account, amount_cents=cents)
            has_it = Fund.objects.filter(pk=fund.pk, balance_cents__gte=cents)
            if not has_it.update(
                balance_cents=F("balance_cents") - cents,
                received_cents=F("received_cents") - cents,
                gift_count=F("gift_count") + gifts,
            ):
                raise FundOverdrawn(posting.key)


def move_bank(posting: Posting, owner: Owner, to: int, out_of: int, now: datetime) -> None:
    """Book that a line of the bank stands on `to`, not on `out_of`; once."""
    with transaction.atomic():
        transaction_id = _insert_once(_Booking(posting, owner, None, None, now))
        if transaction_id is None:
            return
        for account_id, (_account, cents) in zip((to, out_of), posting.entries, strict=True):
            LedgerEntry.objects.create(
                transaction_id=transaction_id, account_id=account_id, amount_cents=cents
            )


def free_identity(kind: Kind, identity: str) -> str:
    """Return `identity`, or with a further number what was booked by it and undone: a key is used once."""
    used = LedgerTransaction.objects.filter(kind=kind, key__startswith=f"{kind}:{identity}").count()
    return f"{identity}:{used + 1}" if used else identity


def reverse(booked: LedgerTransaction, now: datetime) -> bool:
    """Undo a booking by its mirror, on the same accounts; False if it is undone already."""
    sides = list(booked.entries.select_related("account"))
    accounts: dict[Account, int] = {_kind(side): side.account_id for side in sides}
    funds = [side.account.fund_id for side in sides if side.account.fund_id]
    entries = tuple((_kind(side), Cents(-side.amount_cents)) for side in sides)
    return book(
        Posting(f"correction:{booked.key}", "correction", now, entries),
        Owner(sides[0].account.provider_id, funds[0] if funds else None),
        now,
        donation_id=booked.donation_id,
        reverses=booked,
        accounts=accounts,
    )


def _kind(side: LedgerEntry) -> Account:
    return cast(Account, side.account.kind)


def _insert_once(booking: _Booking) -> int | None:
    """Waits for a parallel booking of the same key to commit or to fail."""
    posting, reverses = booking.posting, booking.reverses
    row = [posting.key, posting.kind, booking.donation_id, reverses.pk if reverses else None]
    with connection.cursor() as cursor:
        cursor.execute(_ONCE, [*row, posting.happened_at, booking.now])
        found = cursor.fetchone()
    return found[0] if found else None


def _move_counters(booking: _Booking, fund_id: int) -> None:
    gained = booking.posting.fund_cents
    if not gained:
        return
    if gained < 0:
        _need(booking, fund_id, Cents(-gained))
    Fund.objects.filter(pk=fund_id).update(
        balance_cents=F("balance_cents") + gained,
        received_cents=F("received_cents") + (0 if booking.is_decided_here else gained),
        gift_count=F("gift_count") + booking.gifts,
    )


def _need(booking: _Booking, fund_id: int, cents: Cents) -> None:
    """See to it that the locked purpose has what leaves it: what is missing becomes the body's shortfall."""
    has = Fund.objects.select_for_update(no_key=True).values_list("balance_cents", flat=True).get(pk=fund_id)
    if has >= cents:
        return
    if booking.is_decided_here:
        raise FundOverdrawn(booking.posting.key)
    booking.also(shortfall(booking.posting.key, Cents(cents - has), booking.posting.happened_at))


def _fill_shortfall(booking: _Booking, account_id: int) -> None:
    """What comes back fills what is missing first; the purpose's row is locked by its counters."""
    posting = booking.posting
    entries = LedgerEntry.objects.filter(account_id=account_id)
    missing = entries.aggregate(cents=Sum("amount_cents"))["cents"] or 0
    cents = Cents(min(missing, posting.fund_cents))
    if cents > 0:
        booking.also(shortfall_filled(posting.key, cents, posting.happened_at))
