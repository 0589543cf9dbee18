"""What becomes of a choice: each answer stands on the row that it is about, and nothing that was not said."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from donations.models import Donation, ReceiptAddress
from donations.services.gifts.pledging import Address, Choice, PledgeRefused, Refusal, pledge_gift
from foundation.units import Cents
from programs.models import Fund
from tests.donations.conftest import configure

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _online(settings: Any) -> None:
    """Every method is offered; nothing is asked of Stripe."""
    configure(settings, "http://127.0.0.1:9")


def promise(fund: Fund, **said: Any) -> Donation:
    least: dict[str, Any] = {"visit": uuid4(), "fund": fund, "text_version": fund.text_version}
    least |= {"amount_cents": Cents(2500), "method": "card", "email": "geberin@example.org"}
    return pledge_gift(Choice(**{**least, **said}), client=None, now=AT)


def test_of_who_says_only_what_is_needed_nothing_else_is_kept(fund: Fund) -> None:
    gift = Donation.objects.get(pk=promise(fund).pk)
    assert (gift.donor_name, gift.hide_name_public, gift.no_identity) == ("", True, False)
    assert (gift.pending_matter, gift.recurring, gift.wants_receipt) == ("", None, False)
    assert (gift.is_demo, gift.donor.is_demo, gift.payable_at) == (False, False, None)
    assert (gift.status, gift.pledged_at, gift.status_changed_at) == ("pledged", AT, AT)
    assert (gift.amount_cents, gift.method, gift.fund) == (2500, "card", fund)
    assert not ReceiptAddress.objects.exists()


def test_what_the_purpose_said_stands_on_the_gift(fund: Fund) -> None:
    Fund.objects.update(text_version=3)
    fund.refresh_from_db()
    gift = promise(fund)
    assert (gift.purpose_text, gift.fallback_text, gift.text_version) == (
        fund.purpose,
        fund.fallback_purpose,
        3,
    )


def test_a_receipt_is_wanted_by_who_says_where_it_goes(fund: Fund) -> None:
    gift = promise(fund, name="Ada Muster", address=Address("Musterweg 1", "52349", "Düren"))
    goes_to = ReceiptAddress.objects.get()
    assert (gift.wants_receipt, goes_to.donation) == (True, gift)
    assert (goes_to.street, goes_to.postcode, goes_to.town) == ("Musterweg 1", "52349", "Düren")


@pytest.mark.parametrize("is_anonymous", [False, True])
@pytest.mark.parametrize(
    ("rhythm", "method"), [("month", "card"), ("quarter", "sepa_debit"), ("year", "card")]
)
def test_a_gift_that_repeats_does_so_as_it_was_chosen(
    fund: Fund, rhythm: str, method: str, is_anonymous: bool
) -> None:
    gift = promise(
        fund, rhythm=rhythm, method=method, is_anonymous=is_anonymous, is_of_age=True, is_demo=True
    )
    assert gift.recurring is not None
    row = type(gift.recurring).objects.get()
    assert (row.rhythm, row.method, row.amount_cents) == (rhythm, method, 2500)
    assert (row.donor, row.fund, row.no_identity) == (gift.donor, fund, is_anonymous)
    assert (row.status, row.created_at, row.status_changed_at) == ("starting", AT, AT)
    assert (row.is_demo, gift.is_demo, gift.donor.is_demo) == (True, True, True)
    assert gift.recurring == row


def test_a_debit_of_more_than_stripe_takes_is_refused_whoever_asks(fund: Fund) -> None:
    """RULES §10; another way of paying takes the same sum."""
    with pytest.raises(PledgeRefused) as refused:
        promise(fund, method="sepa_debit", amount_cents=Cents(1_000_001), is_of_age=True)
    assert refused.value.reason is Refusal.METHOD_NOT_OFFERED
    assert Donation.objects.count() == 0
    for method, cents in (("sepa_debit", 1_000_000), ("card", 1_000_001)):
        gift = promise(fund, method=method, amount_cents=Cents(cents), is_of_age=True)
        assert (gift.method, gift.amount_cents) == (method, cents)
