"""Stripe's account, the bank's lines and our rows, each compared with the books; what differs is named."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from donations.domain.facts import BalanceFact
from donations.domain.identities import DEFAULT, account_of
from donations.gateways import stripe
from donations.gateways.errors import PaymentServiceError
from donations.selectors import reconciliation
from donations.selectors.balances import BEFORE_ALL, gaps
from donations.selectors.row_faults import row_differences
from donations.selectors.stripe_accounts import accounts
from donations.services.books import transits
from foundation.clock import end_of_day, local_day, local_moment
from foundation.units import MIDNIGHT
from programs.models import Provider

LOOK_BACK = timedelta(days=30)  # as far as Stripe tells events
NIGHTLY = timedelta(days=3)
_SETTLED_AFTER = timedelta(hours=1)
_APART = timedelta(days=14)  # what was asked for on one day may arrive at Stripe some days later

_Booked = dict[str, tuple[int, datetime]]


class NotReconciled(Exception):
    """Stripe, bank, rows and books do not say the same; the sweep counts as failed until they do."""


@dataclass(frozen=True)
class Difference:
    """`where` is stripe (with the name of an account but the first), bank or rows; `says` stands there,
    `books` was booked, None for nothing."""

    where: str
    what: str
    says: Any
    books: Any


def reconcile(
    now: datetime, *, day: date | None = None, look_back: timedelta = LOOK_BACK
) -> list[dict[str, Any]]:
    """Return every difference, of one day in Düren or of `look_back`; bank and rows else of all time.

    An account at Stripe that does not answer is one, and does not keep the others from being compared.
    """
    found = [*_rows(), *_bank(day, now)]
    since = local_moment(day, MIDNIGHT) if day else now - look_back
    found += _stripe(since, end_of_day(day) if day else now)
    return [asdict(difference) for difference in found]


def check_night(now: datetime) -> int:
    """Compare what the last days brought. Raises NotReconciled."""
    found = reconcile(now, look_back=NIGHTLY)
    if found:
        said = "; ".join(
            f"{each['where']} {each['what']}: {each['says']}, books {each['books']}" for each in found
        )
        raise NotReconciled(f"{len(found)} differences: {said}"[:2000])
    return 0


def _rows() -> Iterator[Difference]:
    for what, says, books in row_differences():
        yield Difference("rows", what, says, books)
    for what, cents in reconciliation.bookings_without_row():
        yield Difference("rows", what, None, int(cents))


def _bank(day: date | None, now: datetime) -> Iterator[Difference]:
    for what, cents in transits.overdue(day or local_day(now)):
        yield Difference("bank", f"transit:{what}", None, cents)
    for what, says, books in reconciliation.bank_differences(day, now - _SETTLED_AFTER):
        yield Difference("bank", what, says, int(books))
    bodies = list(Provider.objects.values_list("pk", flat=True))
    for gap in gaps(bodies, day or BEFORE_ALL):
        if day in {None, gap.day}:
            account = gap.account.external_reference if gap.account else "no account"
            what = f"balance:{account}:{gap.day}"
            yield Difference("bank", what, gap.says, gap.books)


def _stripe(since: datetime, until: datetime) -> Iterator[Difference]:
    """Each account for itself; one that is not set up (any more) is named while anything is booked there."""
    wide = (since - _APART, until + _APART)
    booked = reconciliation.stripe_bookings(*wide)
    lately = {account_of(what) for what, (_cents, at) in booked.items() if since <= at < until}
    names = accounts()
    for account in [*names, *(sorted(lately - set(names)) if names else ())]:
        where = "stripe" if account == DEFAULT else f"stripe {account}"
        here = {what: found for what, found in booked.items() if account_of(what) == account}
        try:
            told = list(stripe.balance(account, *wide))
        except PaymentServiceError as error:
            yield Difference(where, "account", repr(error), None)
        else:
            yield from _at_account(where, told, here, since, until)


def _at_account(
    where: str, facts: list[BalanceFact], booked: _Booked, since: datetime, until: datetime
) -> Iterator[Difference]:
    """What one side has in the time asked for, the other may have some days before or after."""
    told: dict[str, int] = {}
    asked_for = {subject for subject, (_cents, at) in booked.items() if since <= at < until}
    for fact in facts:
        told[fact.subject] = told.get(fact.subject, 0) + fact.net_cents
        if since <= fact.created_at < until:
            asked_for.add(fact.subject)
    for subject in sorted(asked_for):
        says, books = told.get(subject), booked.get(subject, (None,))[0]
        if says != books:
            yield Difference(where, subject, says, books)
