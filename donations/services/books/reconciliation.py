"""Stripe's account, the bank's lines and our rows, each compared with the books; what differs is named."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from donations.gateways import stripe
from donations.selectors import reconciliation
from donations.selectors.row_faults import row_differences
from donations.services.books import transits
from foundation.clock import end_of_day, local_day, local_moment
from foundation.units import MIDNIGHT

LOOK_BACK = timedelta(days=30)  # as far as Stripe tells events
NIGHTLY = timedelta(days=3)
_SETTLED_AFTER = timedelta(hours=1)
_APART = timedelta(days=14)  # what was asked for on one day may arrive at Stripe some days later


class NotReconciled(Exception):
    """Stripe, bank, rows and books do not say the same; the sweep counts as failed until they do."""


@dataclass(frozen=True)
class Difference:
    """`where` is stripe, bank or rows; `says` stands there, `books` was booked, None for nothing."""

    where: str
    what: str
    says: Any
    books: Any


def reconcile(
    now: datetime, *, day: date | None = None, look_back: timedelta = LOOK_BACK
) -> list[dict[str, Any]]:
    """Return every difference, of one day in Düren or of `look_back`; bank and rows else of all time.

    Raises Unreachable or Refused when Stripe does not answer.
    """
    found = [*_rows(), *_bank(day, now)]
    if settings.STRIPE_SECRET_KEY:
        since = local_moment(day, MIDNIGHT) if day else now - look_back
        found += _stripe(since, end_of_day(day) if day else now)
    return [asdict(difference) for difference in found]


def check_night(now: datetime) -> int:
    """Compare what the last days brought. Raises NotReconciled, Unreachable or Refused."""
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
    for what, says, books in reconciliation.bookings_without_row():
        yield Difference("rows", what, says, int(books))


def _bank(day: date | None, now: datetime) -> Iterator[Difference]:
    for what, cents in transits.overdue(day or local_day(now)):
        yield Difference("bank", f"transit:{what}", None, cents)
    for what, says, books in reconciliation.bank_differences(day, now - _SETTLED_AFTER):
        yield Difference("bank", what, says, int(books))


def _stripe(since: datetime, until: datetime) -> Iterator[Difference]:
    """What one side has in the time asked for, the other may have some days before or after."""
    wide = (since - _APART, until + _APART)
    booked = reconciliation.stripe_bookings(*wide)
    told: dict[str, int] = {}
    asked_for: set[str] = set()
    for fact in stripe.balance(*wide):
        if fact.subject:
            told[fact.subject] = told.get(fact.subject, 0) + fact.net_cents
            if since <= fact.created_at < until:
                asked_for.add(fact.subject)
    asked_for |= {subject for subject, (_cents, at) in booked.items() if since <= at < until}
    for subject in sorted(asked_for):
        says, books = told.get(subject), booked.get(subject, (None,))[0]
        if says != books:
            yield Difference("stripe", subject, says, books)
