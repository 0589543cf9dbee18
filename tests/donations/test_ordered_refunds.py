"""A refund that two people order here: asked for at Stripe once; what becomes of it is booked and told."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from donations.models import Donation, Refund
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.books.payouts import MoreThanAvailable
from donations.services.online.ordered_refunds import send_waiting
from donations.services.treasury.proposals import propose_refund, release
from foundation.clock import utc_now
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.conftest import configure
from tests.donations.stripe_process import StripeProcess
from tests.donations.test_failed_refunds import ends, told
from tests.donations.test_online_gifts import charge_of, counters, intent_of, mails, pay, standing
from tests.factories import make_user
from tests.log_lines import lines

Role = Membership.Role


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def gift(browser: Client, fund: Fund, stripe: StripeProcess) -> Donation:
    donation = pay(stripe, browser)
    told(stripe, donation)
    return donation


def order(gift: Donation, cents: int, one: User, other: User) -> Refund:
    gift.refresh_from_db()
    proposal = propose_refund(gift, Cents(cents), "Widerruf", by=one, now=utc_now())
    assert release(proposal.pk, by=other, now=utc_now()) is True
    return Refund.objects.get(proposal=proposal)


def at_stripe(stripe: StripeProcess, gift: Donation) -> list[tuple[str, int]]:
    found = stripe.get(f"refunds?payment_intent={intent_of(stripe, gift)}")["data"]
    return [(each["id"], each["amount"]) for each in found]


def in_order() -> None:
    assert [*faults(), *row_faults()] == []


def test_a_part_is_given_back_once_however_often_it_is_asked(
    gift: Donation, fund: Fund, stripe: StripeProcess, one: User, other: User
) -> None:
    refund = order(gift, 1000, one, other)
    assert (refund.status, counters(fund), mails()) == ("pending", (2500, 2500, 1), ["gift_thanks"])
    assert at_stripe(stripe, gift) == []
    assert send_waiting(utc_now()) == 1
    assert send_waiting(utc_now()) == 0
    told(stripe, gift)
    refund.refresh_from_db()
    assert at_stripe(stripe, gift) == [(refund.external_id, 1000)]
    assert (refund.status, Refund.objects.count()) == ("succeeded", 1)
    assert (standing(gift), counters(fund)) == ("partly_refunded", (1500, 1500, 1))
    assert mails() == ["gift_thanks", "refund_done"]
    in_order()


def test_who_was_killed_after_asking_gives_back_once(
    gift: Donation, fund: Fund, stripe: StripeProcess, one: User, other: User
) -> None:
    """Stripe has it and tells it before we have written down its name; then we ask again."""
    refund = order(gift, 1000, one, other)
    send_waiting(utc_now())
    refund.refresh_from_db()
    name = refund.external_id
    Refund.objects.filter(pk=refund.pk).update(external_id=f"proposal:{refund.proposal_id}", status="pending")
    assert send_waiting(utc_now()) == 1
    told(stripe, gift)
    refund.refresh_from_db()
    assert (refund.external_id, refund.status, Refund.objects.count()) == (name, "succeeded", 1)
    assert at_stripe(stripe, gift) == [(name, 1000)]
    assert counters(fund) == (1500, 1500, 1)
    in_order()


def test_a_silent_stripe_is_asked_again(
    gift: Donation,
    stripe: StripeProcess,
    settings: Any,
    one: User,
    other: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    refund = order(gift, 1000, one, other)
    address = settings.STRIPE_API_BASE
    configure(settings, "http://127.0.0.1:9")
    assert send_waiting(utc_now()) == 0
    told = lines(caplog, "donations.services.online.ordered_refunds", "proposal")
    assert told == [("refund_not_sent", "warning", refund.proposal_id)]
    refund.refresh_from_db()
    assert refund.status == "pending"
    configure(settings, address)
    assert send_waiting(utc_now()) == 1
    assert standing(gift) == "partly_refunded"


def test_one_that_fails_later_is_booked_back_and_told(
    gift: Donation, fund: Fund, stripe: StripeProcess, one: User, other: User
) -> None:
    refund = order(gift, 2500, one, other)
    send_waiting(utc_now())
    refund.refresh_from_db()
    ends(stripe, refund.external_id, "failed")
    told(stripe, gift)
    refund.refresh_from_db()
    assert (refund.status, standing(gift), counters(fund)) == ("failed", "received", (2500, 2500, 1))
    assert mails() == ["gift_thanks", "refund_done", "refund_failed"]
    in_order()


def test_a_disputed_gift_is_not_given_back_a_second_time(
    gift: Donation, fund: Fund, stripe: StripeProcess, one: User, other: User
) -> None:
    late = order(gift, 2500, one, other)
    stripe.lever(f"charges/{charge_of(stripe, gift)}/dispute")
    for _ in range(2):
        assert send_waiting(utc_now()) == 0
        late.refresh_from_db()
        assert (late.status, at_stripe(stripe, gift)) == ("cancelled", [])
    told(stripe, gift)
    assert standing(gift) == "disputed"
    proposal = propose_refund(gift, Cents(1), "Widerruf", by=one, now=utc_now())
    with pytest.raises(MoreThanAvailable) as refusal:
        release(proposal.pk, by=other, now=utc_now())
    assert (refusal.value.cents, counters(fund)) == (0, (2500, 2500, 1))
    in_order()


def test_what_was_given_back_at_stripes_own_desk_counts(
    gift: Donation, stripe: StripeProcess, one: User, other: User
) -> None:
    stripe.lever(f"charges/{charge_of(stripe, gift)}/refund", amount=2000)
    told(stripe, gift)
    for cents, left in ((501, 500),):
        proposal = propose_refund(gift, Cents(cents), "Rest", by=one, now=utc_now())
        with pytest.raises(MoreThanAvailable) as refusal:
            release(proposal.pk, by=other, now=utc_now())
        assert refusal.value.cents == left
    order(gift, 500, one, other)
    send_waiting(utc_now())
    assert standing(gift) == "refunded"
    in_order()
