"""The bank of a card asks before it takes anything, as the double of Stripe plays it from end to end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from donations.models import Dispute, Donation, ReceiptAddress
from donations.receipts.domain.eligibility import Refusal
from donations.receipts.services.issuing import IssueRefused, issue
from donations.selectors.row_faults import row_faults
from foundation.actors import system
from foundation.clock import utc_now
from programs.models import Fund, Membership
from tests.donations.receipts.bodies import details, make_issuer
from tests.donations.stripe_process import StripeProcess
from tests.donations.test_failed_refunds import told
from tests.donations.test_online_gifts import books, charge_of, mails, pay, standing
from tests.donations.visits import text
from tests.factories import make_user

HAND = system("test")
PAID = {"gift", "fee"}


@pytest.fixture
def gift(browser: Client, fund: Fund, stripe: StripeProcess) -> Donation:
    """25 € by card, whose giver wishes a receipt, to a body that may issue one."""
    now = utc_now()
    make_issuer(fund.provider, details(fund, notice_on=now.date() - timedelta(days=30)), now)
    donation = pay(stripe, browser)
    Donation.objects.update(wants_receipt=True, donor_name="Ada Kanarienvogel")
    ReceiptAddress.objects.create(donation=donation, street="Weg 1", postcode="52349", town="Düren")
    told(stripe, donation)
    return donation


def claim_of(stripe: StripeProcess, gift: Donation) -> str:
    claim = stripe.lever(f"charges/{charge_of(stripe, gift)}/dispute", kind="inquiry")
    told(stripe, gift)
    return str(claim["id"])


def refused(gift: Donation) -> Refusal | None:
    """Why no receipt is issued; None: it is."""
    try:
        issue([gift.pk], actor=HAND, now=utc_now())
    except IssueRefused as refusal:
        return refusal.reason
    return None


def test_it_moves_nothing_holds_the_receipt_and_ends(
    browser: Client, fund: Fund, gift: Donation, stripe: StripeProcess
) -> None:
    claim = claim_of(stripe, gift)
    at_stripe = stripe.get(f"disputes/{claim}")
    row = Dispute.objects.get()
    assert (row.outcome, standing(gift), set(books())) == ("asked", "received", PAID)
    assert row.due_at == datetime.fromtimestamp(at_stripe["evidence_details"]["due_by"], UTC)
    assert refused(gift) is Refusal.INQUIRED
    browser.force_login(make_user(Membership.Role.TREASURER, fund.provider))
    wishes = text(browser.get("/koordination/bestaetigungen/wuensche/"))
    assert "Die Bank fragt nach dieser Zahlung. Bis das geklärt ist, warten wir" in wishes
    stripe.lever(f"disputes/{claim}/answer")
    told(stripe, gift)
    row.refresh_from_db()
    assert (row.outcome, row.due_at, refused(gift)) == ("asked", None, Refusal.INQUIRED)
    stripe.lever(f"disputes/{claim}/close", status="warning_closed")
    told(stripe, gift)
    row.refresh_from_db()
    assert (row.outcome, standing(gift), set(books())) == ("dropped", "received", PAID)
    assert (refused(gift), row_faults()) == (None, [])


@pytest.mark.parametrize("closed_first", [False, True])
def test_the_money_is_taken_after_all_and_the_dispute_is_lost(
    gift: Donation, stripe: StripeProcess, *, closed_first: bool
) -> None:
    claim = claim_of(stripe, gift)
    if closed_first:
        stripe.lever(f"disputes/{claim}/close", status="warning_closed")
        told(stripe, gift)
    stripe.lever(f"disputes/{claim}/escalate")
    told(stripe, gift)
    assert (Dispute.objects.get().outcome, standing(gift)) == ("open", "disputed")
    assert books()["dispute"] == [("disputed", 2500), ("stripe", -2500)]
    assert refused(gift) is Refusal.DISPUTED
    stripe.lever(f"disputes/{claim}/close", status="lost")
    told(stripe, gift)
    assert (Dispute.objects.get().outcome, standing(gift)) == ("lost", "lost")
    assert books()["dispute_lost"] == [("disputed", -2500), ("fund", 2500)]
    assert (mails(), row_faults()) == (["gift_thanks"], [])


def test_what_is_given_back_meanwhile_leaves_nothing_to_take(gift: Donation, stripe: StripeProcess) -> None:
    claim = claim_of(stripe, gift)
    stripe.lever(f"charges/{charge_of(stripe, gift)}/refund")
    told(stripe, gift)
    stripe.lever(f"disputes/{claim}/close", status="warning_closed")
    told(stripe, gift)
    assert (Dispute.objects.get().outcome, standing(gift)) == ("dropped", "refunded")
    assert (refused(gift), row_faults()) == (Refusal.NOTHING_LEFT, [])
