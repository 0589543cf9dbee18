"""Gifts that are in the books, and nights that count them."""

from datetime import datetime, timedelta
from typing import Any

from donations.domain.ledger import gift as gift_posting
from donations.models import Donation, Donor
from donations.services.books.ledger import post
from figures.services.counting import count
from foundation.units import Cents
from programs.models import Fund
from tests.donations.gifts import make_donation


def book_gift(
    fund: Fund, cents: int, now: datetime, *, donor: Donor | None = None, **values: Any
) -> Donation:
    """Let a gift come and be booked at `now`."""
    defaults = {"status": "received", "pledged_at": now, "received_at": now}
    donation = make_donation(fund, amount_cents=cents, donor=donor, **{**defaults, **values})
    post(gift_posting(f"probe-{donation.pk}", Cents(cents), now, "bank"), donation, now)
    return donation


def let_three_give(fund: Fund, cents: int, now: datetime) -> None:
    """Let three people give `cents` together, and a night pass, so that it is published."""
    for part in (cents // 2, cents // 4, cents - cents // 2 - cents // 4):
        book_gift(fund, part, now)
    let_a_night_pass(now)


def let_a_night_pass(now: datetime) -> None:
    """Count everything up to the end of the day of `now`."""
    count(now + timedelta(days=1))
