"""Several people release at the same moment: each thing happens once, and never more than there is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from time import sleep

import pytest
from django.db import connections, transaction

from accounts.models import User
from donations.models import BankTransaction, Donation, LedgerTransaction, Proposal, Refund
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.bank.bank_fees import NotAFee
from donations.services.bank.transfers import Credit, assign_transfer, record_bank_transfer
from donations.services.books.payouts import MoreThanAvailable
from donations.services.gifts.reception import locked
from donations.services.treasury.acceptance import NotAwaiting
from donations.services.treasury.proposals import (
    propose_acceptance,
    propose_bank_fee,
    propose_correction,
    propose_payout,
    propose_refund,
    release,
)
from donations.services.treasury.proposed_once import (
    NotAgain,
    propose_reallocation_once,
    propose_refund_once,
    propose_whole_refund,
)
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.concurrency.test_last_place import all_at_once
from tests.concurrency.test_looked_at_again import somebody_waits
from tests.donations.gifts import make_donation, told_by_bank
from tests.donations.test_money_together import transferred
from tests.factories import make_fund, make_provider, make_user

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PEOPLE = 6


@pytest.fixture
def fund(transactional_db: None) -> Fund:
    return make_fund("Ranzen", provider=make_provider("Stadt", iban="DE02120300000000202051"))


@pytest.fixture
def gift(fund: Fund) -> Donation:
    """25 € by transfer, here."""
    donation = make_donation(fund, method="transfer")
    line, _new = record_bank_transfer(
        fund.provider, Credit(date(2026, 3, 2), Cents(2500), "Ada", ""), recorded_by=None, now=AT
    )
    assign_transfer(line.pk, donation.pk, assigned_by=people(fund, 1)[0], now=AT)
    return donation


def people(fund: Fund, number: int = PEOPLE) -> list[User]:
    return [make_user(Membership.Role.TREASURER, fund.provider) for _ in range(number)]


def outcome(proposal: Proposal, by: User) -> Callable[[], str]:
    def act() -> str:
        try:
            return "released" if release(proposal.pk, by=by, now=AT) else "decided already"
        except MoreThanAvailable as refusal:
            return f"left: {refusal.cents}"

    return act


def test_one_proposal_is_released_once(gift: Donation, fund: Fund) -> None:
    first, *others = people(fund)
    proposal = propose_payout(fund, Cents(1000), "Ranzen", by=first, now=AT)
    said = all_at_once([outcome(proposal, each) for each in others])
    assert sorted(said) == ["decided already"] * 4 + ["released"]
    fund.refresh_from_db()
    assert (fund.balance_cents, LedgerTransaction.objects.filter(kind="payout").count()) == (1500, 1)
    assert [*faults(), *row_faults()] == []


def test_of_many_payouts_only_what_is_there_is_released(gift: Donation, fund: Fund) -> None:
    first, *others = people(fund)
    proposals = [propose_payout(fund, Cents(1000), "Ranzen", by=first, now=AT) for _ in others]
    said = all_at_once([outcome(*pair) for pair in zip(proposals, others, strict=True)])
    assert sorted(said) == ["left: 500"] * 3 + ["released"] * 2
    fund.refresh_from_db()
    assert (fund.balance_cents, fund.received_cents) == (500, 2500)
    assert [*faults(), *row_faults()] == []


def test_of_many_refunds_only_what_is_left_is_ordered(gift: Donation, fund: Fund) -> None:
    first, *others = people(fund)
    proposals = [propose_refund(gift, Cents(1000), "Widerruf", by=first, now=AT) for _ in others]
    said = all_at_once([outcome(*pair) for pair in zip(proposals, others, strict=True)])
    assert sorted(said) == ["left: 500"] * 3 + ["released"] * 2
    assert list(Refund.objects.values_list("status", "amount_cents")) == [("pending", 1000)] * 2


def test_of_two_who_write_down_contrary_decisions_one_waits_and_is_released_once(
    gift: Donation, fund: Fund
) -> None:
    Donation.objects.filter(pk=gift.pk).update(acceptance="awaiting")
    first, second, *others = people(fund)
    said = all_at_once([decided(gift, first, is_accepted=True), decided(gift, second, is_accepted=False)])
    assert sorted(said) == ["not awaiting", "proposed"]
    proposal = Proposal.objects.get(kind__in=["acceptance", "refusal"])
    outcomes = all_at_once([outcome(proposal, each) for each in others])
    assert sorted(outcomes) == ["decided already"] * 3 + ["released"]
    gift.refresh_from_db()
    assert gift.acceptance == ("accepted" if proposal.kind == "acceptance" else "refused")
    assert Refund.objects.count() == (proposal.kind == "refusal")
    assert [*faults(), *row_faults()] == []


def decided(gift: Donation, by: User, *, is_accepted: bool) -> Callable[[], str]:
    def act() -> str:
        try:
            propose_acceptance(gift, "Beschluss", is_accepted=is_accepted, by=by, now=AT)
        except NotAwaiting:
            return "not awaiting"
        return "proposed"

    return act


def test_a_correction_takes_both_gifts_before_any_purpose(gift: Donation, fund: Fund) -> None:
    """Whoever holds the right gift, as who moves it to another purpose does, gets the purpose too."""
    first, second = people(fund, 2)
    right = make_donation(fund, method="transfer", amount_cents=2500)
    line = BankTransaction.objects.get()
    proposal = propose_correction(line, Cents(2500), right, "vertauscht", gift=gift, by=first, now=AT)

    def correct() -> str:
        try:
            return outcome(proposal, second)()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locked(right.pk)
            running = pool.submit(correct)
            while not running.done() and not somebody_waits():
                sleep(0.01)
            assert not running.done()
            assert Fund.objects.select_for_update(nowait=True).get(pk=fund.pk).balance_cents == 2500
        assert running.result(timeout=60) == "released"
    right.refresh_from_db()
    gift.refresh_from_db()
    assert (right.status, gift.status) == ("received", "lapsed")
    assert [*faults(), *row_faults()] == []


@pytest.fixture
def charge(fund: Fund) -> BankTransaction:
    """12.50 € that left, as a statement told it."""
    return told_by_bank(fund.provider, Credit(date(2026, 3, 2), Cents(-1250), "", "Kontoführung"), AT)


def test_of_many_who_say_that_it_is_a_fee_one_proposes_it(charge: BankTransaction, fund: Fund) -> None:
    def proposing(by: User) -> Callable[[], str]:
        def act() -> str:
            try:
                propose_bank_fee(charge, "Kontoführung", by=by, now=AT)
            except NotAFee as refusal:
                return refusal.reason
            return "proposed by me"

        return act

    said = all_at_once([proposing(each) for each in people(fund)])
    assert sorted(said) == ["proposed"] * 5 + ["proposed by me"]
    assert Proposal.objects.get().amount_cents == 1250


def test_a_fee_of_the_bank_is_booked_once(charge: BankTransaction, fund: Fund) -> None:
    first, *others = people(fund)
    proposal = propose_bank_fee(charge, "Kontoführung", by=first, now=AT)
    said = all_at_once([outcome(proposal, each) for each in others])
    assert sorted(said) == ["decided already"] * 4 + ["released"]
    charge.refresh_from_db()
    assert (charge.fee, LedgerTransaction.objects.filter(kind="fee").count()) == (proposal, 1)
    assert [*faults(), *row_faults()] == []


def test_of_many_who_propose_to_give_the_same_gifts_back_one_does_for_each(fund: Fund) -> None:
    gifts = [transferred(fund, name, 2500, AT) for name in ("Ada", "Ben", "Eva")]
    rows = [*gifts, *reversed(gifts)]

    def proposing(gift: Donation, by: User) -> Callable[[], str]:
        def act() -> str:
            try:
                propose_whole_refund(gift, "Der Kurs fällt aus", by=by, now=AT)
            except NotAgain as refusal:
                return refusal.reason
            return "proposed by me"

        return act

    said = all_at_once([proposing(*pair) for pair in zip(rows, people(fund), strict=True)])
    assert sorted(said) == ["proposed"] * 3 + ["proposed by me"] * 3
    found = Proposal.objects.order_by("donation_id").values_list("donation_id", "amount_cents")
    assert list(found) == [(gift.pk, 2500) for gift in gifts]


def test_of_many_who_propose_something_about_one_gift_in_the_single_forms_one_does(
    gift: Donation, fund: Fund
) -> None:
    """Some give a part of it back, some move it to another purpose: one is asked, and nothing else waits."""
    other = make_fund("Mittag", provider=fund.provider)

    def proposing(number: int, by: User) -> Callable[[], str]:
        def act() -> str:
            try:
                if number % 2:
                    propose_refund_once(gift, Cents(1000), "Widerruf", by=by, now=AT)
                else:
                    propose_reallocation_once(gift, other, "Brief vom 3. März", by=by, now=AT)
            except NotAgain as refusal:
                return refusal.reason
            return "proposed by me"

        return act

    said = all_at_once([proposing(*pair) for pair in enumerate(people(fund))])
    assert sorted(said) == ["proposed"] * 5 + ["proposed by me"]
    assert Proposal.objects.get().donation == gift
