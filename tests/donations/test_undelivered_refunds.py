"""A refund that did not arrive waits in "Heute" until somebody has done something about it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from donations.domain.facts import PaymentFacts, RefundFact
from donations.models import Donation, LedgerTransaction, Refund
from donations.selectors.row_faults import row_faults
from donations.services.online.payments import record
from donations.services.treasury.proposals import decline, propose_refund, recall, release
from foundation.models import Event
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation
from tests.donations.visits import text
from tests.factories import make_provider, make_user
from tests.today.reading import listed, numbers, page

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FAILED_AT = AT + timedelta(days=6)
LATER = AT + timedelta(days=9)
Role = Membership.Role


@pytest.fixture
def gift(fund: Fund) -> Donation:
    return make_donation(fund)


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


def reads(gift: Donation, *refunds: RefundFact) -> None:
    facts = PaymentFacts("pi_1", "succeeded", Cents(2500), AT, fee_cents=Cents(50), refunds=refunds)
    record(gift.pk, facts, LATER, page_is_over=False)
    gift.refresh_from_db()
    assert row_faults() == []


GONE = RefundFact("re_1", Cents(1000), AT + timedelta(days=2))
FAILED = RefundFact("re_1", Cents(1000), AT + timedelta(days=2), failed_at=FAILED_AT)


def fails(gift: Donation) -> Refund:
    reads(gift, GONE)
    reads(gift, FAILED)
    return Refund.objects.get(external_id="re_1")


def waits_for(user: User) -> list[str]:
    return listed(user, "erstattungen").keys if "erstattungen" in numbers(user) else []


def test_it_stands_in_today_with_what_to_do_and_for_nobody_else(
    gift: Donation, one: User, browser: Client
) -> None:
    reads(gift, GONE)
    assert waits_for(one) == []
    refund = fails(gift)
    assert waits_for(one) == [f"erstattungen-{refund.pk}"]
    today = page(one)
    assert "nicht angekommen, für Kinderfonds" in today
    there = f"/koordination/spenden/{gift.pk}/erstatten/"
    assert f'href="{there}"' in today
    assert waits_for(make_user(Role.TREASURER, make_provider("Fremder"))) == []
    browser.force_login(one)
    shown = text(browser.get(there))
    assert "Eine Erstattung von 10,00 € kam nicht an (08.03.2026)" in shown
    assert "Höchstens 25,00 €" in shown


def test_it_goes_when_a_refund_is_proposed_and_comes_back_when_that_is_declined(
    gift: Donation, one: User, other: User
) -> None:
    refund = fails(gift)
    proposal = propose_refund(gift, Cents(1000), "anderes Konto", by=one, now=LATER)
    assert waits_for(one) == waits_for(other) == []
    decline(proposal.pk, by=other, now=LATER)
    assert waits_for(one) == [f"erstattungen-{refund.pk}"]


def test_a_refund_that_left_anew_is_what_was_to_be_done(gift: Donation, one: User) -> None:
    fails(gift)
    again = RefundFact("re_2", Cents(1000), FAILED_AT + timedelta(hours=1))
    reads(gift, FAILED, again)
    assert waits_for(one) == []
    reads(gift, FAILED, RefundFact("re_2", Cents(1000), again.happened_at, failed_at=LATER))
    assert waits_for(one) == [f"erstattungen-{Refund.objects.get(external_id='re_2').pk}"]


def test_another_refund_of_before_settles_nothing(gift: Donation, one: User) -> None:
    before = RefundFact("re_2", Cents(500), AT + timedelta(days=3))
    reads(gift, GONE, before)
    reads(gift, FAILED, before)
    assert waits_for(one) == [f"erstattungen-{Refund.objects.get(external_id='re_1').pk}"]


def test_what_stripe_refused_waits_too_and_what_was_taken_back_does_not(
    fund: Fund, gift: Donation, one: User, other: User
) -> None:
    reads(gift)
    proposal = propose_refund(gift, Cents(1000), "Wunsch", by=one, now=AT)
    release(proposal.pk, by=other, now=AT)
    refund = Refund.objects.get(proposal=proposal)
    Refund.objects.filter(pk=refund.pk).update(status="cancelled")
    assert waits_for(one) == [f"erstattungen-{refund.pk}"]
    assert "vom Zahlungsdienst nicht ausgeführt, für Kinderfonds" in page(one)
    transfer = make_donation(fund, method="transfer", status="received", received_at=AT)
    taken_back = propose_refund(transfer, Cents(1000), "Wunsch", by=one, now=AT)
    Refund.objects.create(
        donation=transfer, external_id="proposal:x", amount_cents=1000, status="pending", refunded_at=AT,
        status_changed_at=AT, proposal=taken_back,
    )  # fmt: skip
    type(taken_back).objects.filter(pk=taken_back.pk).update(status="released", decided_by=other)
    assert recall(taken_back.pk, by=one, now=LATER) is True
    assert waits_for(one) == [f"erstattungen-{refund.pk}"]


def test_somebody_writes_down_that_the_gift_stays(
    gift: Donation, one: User, other: User, browser: Client
) -> None:
    refund = fails(gift)
    booked = LedgerTransaction.objects.count()
    there = f"/koordination/spenden/{gift.pk}/erstatten/"
    browser.force_login(make_user(Role.TREASURER, make_provider("Fremder")))
    assert browser.post(there, {"entscheidung": "bleibt"}).status_code == 404
    assert waits_for(one) == [f"erstattungen-{refund.pk}"]
    browser.force_login(one)
    for _twice in range(2):
        assert browser.post(there, {"entscheidung": "bleibt"}).status_code == 303
    assert waits_for(one) == waits_for(other) == []
    assert LedgerTransaction.objects.count() == booked
    gift.refresh_from_db()
    assert (gift.status, gift.refunded_cents) == ("received", 0)
    noted = Event.objects.filter(object_id=refund.pk, changes__settled_at=[None, "kept"])
    assert noted.count() == 1
    assert "kam nicht an" not in text(browser.get(there))


def test_what_is_not_accepted_stands_with_its_acceptance_alone(gift: Donation, one: User) -> None:
    fails(gift)
    Donation.objects.filter(pk=gift.pk).update(acceptance="refused", acceptance_at=AT)
    assert waits_for(one) == []
    assert "annahmen" in numbers(one)


def test_where_nothing_is_left_nothing_is_to_be_done(gift: Donation, one: User) -> None:
    fails(gift)
    Donation.objects.filter(pk=gift.pk).update(status="lost", lost_cents=2500)
    assert waits_for(one) == []
