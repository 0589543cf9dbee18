"""Plain functions that make gifts for tests."""

import itertools
from datetime import UTC, datetime
from typing import Any

from donations.domain.accounts import Owner
from donations.models import BankTransaction, Donation, Donor
from donations.services.bank import booking
from donations.services.bank.transfers import Credit
from donations.services.books.accounts import accounts_of
from donations.services.gifts.pledging import donor_for
from donations.services.treasury.proposals import propose_acceptance, release
from programs.models import Fund, Membership, Provider
from tests.factories import make_user

PLEDGED_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def make_donor(email: str = "") -> Donor:
    return donor_for(email or f"geberin-{next(_numbers)}@example.org", PLEDGED_AT)


def make_donation(
    fund: Fund, *, amount_cents: int = 2500, donor: Donor | None = None, **values: Any
) -> Donation:
    """Make a pledged gift by card; nothing is asked of Stripe."""
    defaults: dict[str, Any] = {
        "method": "card",
        "purpose_text": fund.purpose,
        "fallback_text": fund.fallback_purpose,
        "text_version": fund.text_version,
        "pledged_at": PLEDGED_AT,
        "status_changed_at": PLEDGED_AT,
    }
    return Donation.objects.create(
        fund=fund, donor=donor or make_donor(), amount_cents=amount_cents, **{**defaults, **values}
    )


def decide_acceptance(donation: Donation, now: datetime, *, is_accepted: bool = True) -> None:
    """Two treasurers of the city write down whether it takes a large gift."""
    one, other = (make_user(Membership.Role.TREASURER, donation.fund.provider) for _ in range(2))
    proposal = propose_acceptance(
        donation, "Hauptausschuss, Beschluss", is_accepted=is_accepted, by=one, now=now
    )
    assert release(proposal.pk, by=other, now=now) is True
    donation.refresh_from_db()


def told_by_bank(provider: Provider, said: Credit, now: datetime) -> BankTransaction:
    """A line of the bank's own statement, booked: what left an account only that tells."""
    key = f"{next(_numbers):064}"
    line = BankTransaction.objects.create(
        provider=provider,
        account_id=accounts_of(Owner(provider.pk))["bank"],
        fingerprint=key[::-1],
        statement_key=key[::-1],
        booked_on=said.booked_on,
        amount_cents=said.amount_cents,
        counterparty_name=said.counterparty_name,
        remittance=said.remittance,
        recorded_at=now,
    )
    booking.book_waiting(now)
    line.refresh_from_db()
    return line


def gift_of(line: BankTransaction) -> Donation | None:
    """The one gift that a bank line pays, None if it pays none."""
    paid = [each.donation for each in line.allocations.filter(undone_at=None)]
    assert len(paid) <= 1
    return paid[0] if paid else None
