"""A gift goes to another purpose of its body: by two people, told, and everything that counts it follows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from donations.domain.facts import DisputeFact, PaymentFacts, RefundFact
from donations.models import Donation, LedgerEntry, LedgerTransaction, Proposal
from donations.selectors.figures import gifts
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.bank.corrections import NotCorrectable
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.books.checks import check_whole_ledger
from donations.services.books.payouts import MoreThanAvailable
from donations.services.books.reconciliation import reconcile
from donations.services.online.payments import record
from donations.services.treasury.proposals import (
    SamePerson,
    propose_correction,
    propose_payout,
    propose_reallocation,
    release,
)
from donations.services.treasury.reallocation import NotMovable
from foundation.clock import local_day
from foundation.models import Event
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation
from tests.donations.test_payouts import counters
from tests.donations.visits import give, newest, text
from tests.factories import make_fund, make_provider, make_user

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=20)
REASON = "Brief vom 3. März"
Role = Membership.Role


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def swimming(fund: Fund) -> Fund:
    return make_fund("Schwimmkurse", provider=fund.provider)


@pytest.fixture
def given(fund: Fund) -> Donation:
    donation = make_donation(fund, amount_cents=10_000)
    read(donation)
    return donation


def read(donation: Donation, **more: Any) -> None:
    """What Stripe says of the payment is read and recorded."""
    facts = PaymentFacts(f"pi_{donation.pk}", "succeeded", Cents(10_000), AT, fee_cents=Cents(50), **more)
    record(donation.pk, facts, LATER, page_is_over=False)
    donation.refresh_from_db()


def moved(gift: Donation, to: Fund, one: User, other: User) -> Proposal:
    proposal = propose_reallocation(gift, to, REASON, by=one, now=AT)
    assert release(proposal.pk, by=other, now=LATER) is True
    gift.refresh_from_db()
    return proposal


def in_order() -> None:
    assert [*faults(), *row_faults()] == []
    assert check_whole_ledger(LATER + timedelta(days=2)) == 0
    assert [*faults(), *row_faults()] == []
    assert reconcile(LATER) == []


def test_two_people_move_a_gift_and_all_that_counts_it_follows(
    given: Donation, fund: Fund, swimming: Fund, one: User, other: User
) -> None:
    proposal = propose_reallocation(given, swimming, REASON, by=one, now=AT)
    with pytest.raises(SamePerson):
        release(proposal.pk, by=one, now=LATER)
    assert (counters(fund), counters(swimming)) == ((10_000, 10_000, 1), (0, 0, 0))
    assert release(proposal.pk, by=other, now=LATER) is True
    assert release(proposal.pk, by=other, now=LATER) is False
    given.refresh_from_db()
    assert (given.fund, given.purpose_text, given.status) == (swimming, swimming.purpose, "received")
    assert (counters(fund), counters(swimming)) == ((0, 0, 0), (10_000, 10_000, 1))
    booked = LedgerTransaction.objects.get(kind="reallocation")
    sides = booked.entries.order_by("pk").values_list("account__fund", "amount_cents")
    assert list(sides) == [(fund.pk, 10_000), (swimming.pk, -10_000)]
    facts = sorted((row[4], row[7]) for row in gifts())
    assert facts == sorted([(fund.pk, 10_000), (fund.pk, -10_000), (swimming.pk, 10_000)])
    mail = Message.objects.get(template="gift_reallocated")
    assert "war für „Kinderfonds“ gedacht" in mail.body_text
    assert "jetzt für „Schwimmkurse“" in mail.body_text
    assert REASON not in mail.body_text
    (noted,) = Event.objects.filter(object_id=given.pk, changes__has_key="fund")
    assert (noted.changes, noted.actor_user, noted.at) == ({"fund": [None, "reallocated"]}, other.pk, LATER)
    in_order()


def test_what_happens_later_happens_to_the_new_purpose(
    given: Donation, fund: Fund, swimming: Fund, one: User, other: User
) -> None:
    early = RefundFact("re_1", Cents(2000), AT)
    read(given, refunds=(early,))
    moved(given, swimming, one, other)
    assert (counters(fund), counters(swimming)) == ((0, 0, 0), (8000, 8000, 1))
    in_order()
    back = RefundFact("re_1", Cents(2000), AT, failed_at=LATER)
    lost = DisputeFact("dp_1", Cents(3000), "lost", AT, LATER)
    read(given, refunds=(back,), disputes=(lost,))
    assert (counters(fund), counters(swimming)) == ((0, 0, 0), (7000, 7000, 1))
    in_order()
    moved(given, fund, one, other)
    assert (counters(fund), counters(swimming)) == ((7000, 7000, 1), (0, 0, 0))
    in_order()


def test_only_what_is_here_accepted_and_of_the_body_can_go(
    given: Donation, fund: Fund, swimming: Fund, one: User, other: User
) -> None:
    def why(gift: Donation, to: Fund) -> str:
        with pytest.raises(NotMovable) as refusal:
            propose_reallocation(gift, to, REASON, by=one, now=AT)
        return refusal.value.reason

    assert why(given, fund) == why(given, make_fund(provider=make_provider("Verein"))) == "body"
    assert why(make_donation(fund), swimming) == "not_here"
    large = make_donation(fund, amount_cents=10_000, status="received", received_at=AT, acceptance="awaiting")
    assert why(large, swimming) == "not_accepted"
    large.delete()
    late = propose_reallocation(given, swimming, REASON, by=one, now=AT)
    read(given, refunds=(RefundFact("re_1", Cents(2000), AT),))
    with pytest.raises(NotMovable, match=r"^not_here$"):
        release(late.pk, by=other, now=LATER)
    read(given, disputes=(DisputeFact("dp_1", Cents(3000), "open", AT),))
    assert why(given, swimming) == "not_here"
    assert counters(swimming) == (0, 0, 0)
    assert not LedgerTransaction.objects.filter(kind="reallocation").exists()


def test_what_was_paid_out_cannot_go(
    given: Donation, fund: Fund, swimming: Fund, one: User, other: User
) -> None:
    payout = propose_payout(fund, Cents(1), "Ranzen", by=one, now=AT)
    assert release(payout.pk, by=other, now=AT) is True
    proposal = propose_reallocation(given, swimming, REASON, by=one, now=AT)
    with pytest.raises(MoreThanAvailable) as refusal:
        release(proposal.pk, by=other, now=LATER)
    assert (refusal.value.cents, counters(fund), counters(swimming)) == (9999, (10_000, 9999, 1), (0, 0, 0))
    in_order()


def test_a_moved_transfer_is_not_corrected_behind_its_purpose(
    browser: Client, fund: Fund, swimming: Fund, one: User, other: User
) -> None:
    give(browser, method="transfer")
    gift = newest()
    credit = Credit(local_day(AT), Cents(2500), "", gift.transfer_reference.reference)
    line, _is_new = record_bank_transfer(fund.provider, credit, recorded_by=None, now=AT)
    gift.refresh_from_db()
    moved(gift, swimming, one, other)
    with pytest.raises(NotCorrectable, match=r"^moved$"):
        propose_correction(line, Cents(2500), None, "falsch", gift=gift, by=one, now=LATER)
    assert (counters(fund), counters(swimming)) == ((0, 0, 0), (2500, 2500, 1))
    in_order()


def test_a_purpose_that_was_tampered_with_is_named(
    given: Donation, fund: Fund, swimming: Fund, one: User, other: User
) -> None:
    moved(given, swimming, one, other)
    Donation.objects.filter(pk=given.pk).update(fund=fund)
    assert f"gift {given.public_id}: fund is {fund.pk}, expected {swimming.pk}" in row_faults()
    assert LedgerEntry.objects.count() == 6


def test_the_pages_ask_for_the_consent_and_a_second_person(
    browser: Client, given: Donation, fund: Fund, swimming: Fund, one: User, other: User
) -> None:
    address = f"/koordination/spenden/{given.pk}/umwidmen/"
    browser.force_login(one)
    assert f'href="{address}"' in text(browser.get("/koordination/spenden/"))
    page = text(browser.get(address))
    assert "Schwimmkurse" in page
    assert given.fallback_text in page
    said = {"to_fund": str(swimming.pk), "reason": REASON}
    for wrong in ({"reason": REASON}, {**said, "reason": ""}, {**said, "to_fund": str(fund.pk)}):
        assert browser.post(address, wrong).status_code == 422
    assert "Bis eine zweite Person es freigibt" in text(browser.post(address, said, follow=True))
    browser.force_login(other)
    assert "Neuer Zweck: Schwimmkurse" in text(browser.get("/koordination/spenden/buecher/"))
    decide = f"/koordination/spenden/vorschlag/{Proposal.objects.get().pk}/"
    assert "Freigegeben." in text(browser.post(decide, {"entscheidung": "freigeben"}, follow=True))
    assert counters(swimming) == (10_000, 10_000, 1)
    second = propose_reallocation(Donation.objects.get(), fund, REASON, by=one, now=AT)
    read(given, disputes=(DisputeFact("dp_1", Cents(3000), "open", AT),))
    decide = f"/koordination/spenden/vorschlag/{second.pk}/"
    assert "steht inzwischen anders" in text(browser.post(decide, {"entscheidung": "freigeben"}, follow=True))


def test_where_there_is_no_other_purpose_the_page_says_so(
    browser: Client, given: Donation, one: User
) -> None:
    browser.force_login(one)
    page = text(browser.get(f"/koordination/spenden/{given.pk}/umwidmen/"))
    assert "Dieser Träger hat keinen anderen Spendenzweck." in page
    assert "Vorschlagen" not in page
