"""A gift goes to another purpose while somebody waits for it: who waited finds it where it is then."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import sleep
from typing import TypeVar

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from donations.domain.facts import PaymentFacts, RefundFact
from donations.models import Donation, Refund
from donations.receipts.models import Receipt, ReceiptItem
from donations.receipts.services.issuing import issue
from donations.receipts.services.withdrawal import withdraw_untrue
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.books.checks import check_whole_ledger
from donations.services.online.payments import record
from donations.services.treasury.proposals import (
    propose_payout,
    propose_reallocation,
    propose_refund,
    release,
)
from figures.services import sources
from foundation.actors import system
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.concurrency.test_looked_at_again import somebody_waits
from tests.donations.gifts import make_donation, make_donor
from tests.donations.receipts.bodies import GIVEN_AT, ISSUED_AT, details, make_issuer, wished_gift
from tests.factories import make_fund, make_provider, make_user

pytestmark = pytest.mark.django_db(transaction=True)
HAND = system("test")
T = TypeVar("T")


@pytest.fixture
def fund(transactional_db: None) -> Fund:
    return make_fund("Bücher", provider=make_provider("Verein Lesen", issuer_kind="kstg_5_1_9"))


@pytest.fixture
def other(fund: Fund) -> Fund:
    other = make_fund("Hefte", provider=fund.provider)
    purposes = {str(each.pk): "52-4" for each in (fund, other)}
    make_issuer(fund.provider, details(fund, fund_purposes=purposes))
    return other


@pytest.fixture
def people(fund: Fund) -> list[User]:
    return [make_user(Membership.Role.TREASURER, fund.provider) for _ in range(2)]


def facts_of(gift: Donation) -> PaymentFacts:
    return PaymentFacts(f"pi_{gift.pk}", "succeeded", Cents(2500), GIVEN_AT, fee_cents=Cents(50))


def paid(gift: Donation) -> Donation:
    Donation.objects.filter(pk=gift.pk).update(status="pledged", received_at=None)
    record(gift.pk, facts_of(gift), GIVEN_AT, page_is_over=False)
    gift.refresh_from_db()
    return gift


def while_it_moves(gift: Donation, to: Fund, people: list[User], act: Callable[[], T]) -> T:
    """Release the move, let `act` wait for it on a connection of its own, and return what that returns."""
    one, two = people
    proposal = propose_reallocation(gift, to, "Brief vom 3. März", by=one, now=ISSUED_AT)

    def waiting() -> T:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert release(proposal.pk, by=two, now=ISSUED_AT) is True
            running = pool.submit(waiting)
            while not running.done() and not somebody_waits():
                sleep(0.01)
            assert not running.done()
        return running.result(timeout=60)


def in_order() -> None:
    assert [*faults(), *row_faults()] == []
    assert sources.differences() == {}


def counters(*funds: Fund) -> list[tuple[int, int, int]]:
    for fund in funds:
        fund.refresh_from_db()
    return [(fund.received_cents, fund.balance_cents, fund.gift_count) for fund in funds]


def test_what_stripe_tells_is_booked_on_the_new_purpose(fund: Fund, other: Fund, people: list[User]) -> None:
    gift = paid(make_donation(fund))
    back = replace(facts_of(gift), refunds=(RefundFact("re_1", Cents(1000), ISSUED_AT),))
    while_it_moves(gift, other, people, lambda: record(gift.pk, back, ISSUED_AT, page_is_over=False))
    assert counters(fund, other) == [(0, 0, 0), (1500, 1500, 1)]
    in_order()


def test_a_refund_is_released_at_its_page(fund: Fund, other: Fund, people: list[User]) -> None:
    gift = paid(make_donation(fund))
    refund = propose_refund(gift, Cents(1000), "Widerruf", by=people[0], now=ISSUED_AT)

    def act() -> int:
        client = Client()
        client.force_login(people[1])
        address = reverse("coordination_proposal", args=[refund.pk])
        return client.post(address, {"entscheidung": "freigeben"}).status_code

    assert while_it_moves(gift, other, people, act) == 303
    assert list(Refund.objects.values_list("donation", "status")) == [(gift.pk, "pending")]
    in_order()


def test_a_receipt_over_several_gifts_leaves_none_out(fund: Fund, other: Fund, people: list[User]) -> None:
    giver = make_donor()
    gifts = [paid(wished_gift(fund, donor=giver, method="card")) for _ in range(2)]
    keys = [gift.pk for gift in gifts]
    while_it_moves(gifts[0], other, people, lambda: issue(keys, actor=HAND, now=ISSUED_AT).pk)
    assert Receipt.objects.get().total_cents == 5000
    items = ReceiptItem.objects.order_by("donation").values_list("donation", "fund")
    assert list(items) == [(keys[0], other.pk), (keys[1], fund.pk)]


def test_a_receipt_that_is_not_true_any_more_is_replaced_over_all_its_gifts(
    fund: Fund, other: Fund, people: list[User]
) -> None:
    gift = paid(wished_gift(fund, method="card"))
    issue([gift.pk], actor=HAND, now=ISSUED_AT)
    Donation.objects.filter(pk=gift.pk).update(received_at=GIVEN_AT.replace(day=9))
    assert while_it_moves(gift, other, people, lambda: withdraw_untrue(ISSUED_AT)) == 1
    assert list(Receipt.objects.order_by("pk").values_list("status", flat=True)) == ["withdrawn", "issued"]
    assert ReceiptItem.objects.get(withdrawn_at=None).fund == other


@pytest.mark.parametrize("is_payout", [True, False])
def test_who_moves_money_keeps_neither_the_nightly_check_nor_a_new_gift_waiting(
    fund: Fund, other: Fund, people: list[User], *, is_payout: bool
) -> None:
    """Both refer to the purposes of which others change the sums, the check to all of them at once."""
    gift, (one, two) = paid(make_donation(fund)), people
    if is_payout:
        proposal = propose_payout(fund, Cents(2500), "Bücher", by=one, now=ISSUED_AT)
    else:
        proposal = propose_reallocation(gift, other, "Brief vom 3. März", by=one, now=ISSUED_AT)

    def meanwhile() -> int:
        try:
            make_donation(fund)
            return check_whole_ledger(ISSUED_AT)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        assert release(proposal.pk, by=two, now=ISSUED_AT) is True
        running = pool.submit(meanwhile)
        try:
            assert running.result(timeout=60) == 0
        finally:
            transaction.set_rollback(not running.done())  # lets go of what it waits for
    in_order()
