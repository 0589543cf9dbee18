"""Plain functions that make gifts for tests."""

import itertools
from datetime import UTC, datetime
from typing import Any

from donations.models import Donation, Donor
from donations.services.gifts.pledging import donor_for
from programs.models import Fund

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
