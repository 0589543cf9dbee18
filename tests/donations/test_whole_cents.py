"""Amounts are whole cents at the door of every service: nothing is rounded, read or taken for a one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from donations.domain.ledger import gift
from donations.models import (
    BankTransaction,
    CashCount,
    Donation,
    LedgerTransaction,
    Proposal,
    RecurringDonation,
)
from donations.services.bank.allocations import MoreThanOpen
from donations.services.bank.transfers import Credit, assign_transfer, record_bank_transfer
from donations.services.bank.unpromised import Giver, gift_from_line
from donations.services.books.ledger import post
from donations.services.cash.counts import Counted, CountRefused, confirm, write_down
from donations.services.gifts.pledging import Choice, PledgeRefused, Refusal, pledge_gift
from donations.services.online.changes import ChangeRefused, NoChange, change
from donations.services.treasury.proposals import (
    propose_correction,
    propose_cover,
    propose_payout,
    propose_refund,
)
from foundation.money import MOST_CENTS, NotAnAmount, NotCents, some_cents, whole_cents
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation
from tests.factories import make_user

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOO_MUCH = [10**18, 10**19, MOST_CENTS + 1, -(10**13) - 1]
NOT_ENOUGH = [0, -1, -2500]
WRONG = ["2500", "25.00", 25.0, 2500.7, Decimal(2500), True, None]


def doors(fund: Fund) -> dict[str, Callable[[Any], Any]]:
    """Every way in which an amount comes in, by what it is for."""
    one, other = (make_user(Membership.Role.TREASURER, fund.provider) for _ in range(2))
    choice = Choice(
        visit=uuid4(),
        fund=fund,
        text_version=fund.text_version,
        amount_cents=1,
        method="transfer",
        email="ada@example.org",
        is_of_age=True,
    )
    credit = Credit(date(2026, 3, 2), Cents(1000), "Ada", "Spende")
    line, _is_new = record_bank_transfer(fund.provider, credit, recorded_by=one, now=NOW)
    promise = make_donation(fund, method="transfer")
    count = write_down(fund, Counted("Box", date(2026, 3, 1), Cents(100)), by=one, now=NOW)
    said = Counted("Box", date(2026, 3, 1), Cents(100))
    return {
        "gift": lambda cents: pledge_gift(replace(choice, amount_cents=cents), client=None, now=NOW),
        "line": lambda cents: record_bank_transfer(
            fund.provider, replace(credit, amount_cents=cents), recorded_by=one, now=NOW
        ),
        "part": lambda cents: assign_transfer(line.pk, promise.pk, cents=cents, assigned_by=one, now=NOW),
        "payout": lambda cents: propose_payout(fund, cents, "Ranzen", by=one, now=NOW),
        "box": lambda cents: write_down(fund, replace(said, cents=cents), by=one, now=NOW),
        "second count": lambda cents: confirm(count.pk, cents, by=other, now=NOW),
        "booking": lambda cents: post(gift("pi_1", cents, NOW, "stripe"), promise, NOW),
    }


def rest(fund: Fund) -> dict[str, Callable[[Any], Any]]:
    """What comes in beside, of things that are there already."""
    one = make_user(Membership.Role.TREASURER, fund.provider)
    paid = make_donation(fund, status="received", received_at=NOW)
    credit = Credit(date(2026, 3, 4), Cents(1000), "Bea", "Spende")
    line, _is_new = record_bank_transfer(fund.provider, credit, recorded_by=one, now=NOW)
    monthly = RecurringDonation.objects.create(
        donor=paid.donor, fund=fund, amount_cents=500, method="card", status="active",
        stripe_subscription_id="sub_1", status_changed_at=NOW, created_at=NOW,
    )  # fmt: skip
    nobody = Giver()
    return {
        "gift of nobody": lambda cents: gift_from_line(line.pk, fund, cents, nobody, by=one, now=NOW),
        "cover": lambda cents: propose_cover(fund, cents, "fehlt", by=one, now=NOW),
        "refund": lambda cents: propose_refund(paid, cents, "Wunsch", by=one, now=NOW),
        "correction": lambda cents: propose_correction(
            line, cents, None, "vertippt", gift=None, by=one, now=NOW
        ),
        "monthly": lambda cents: change(monthly, amount_cents=cents, rhythm="month", now=NOW),
    }


def rows() -> list[int]:
    models = (Donation, BankTransaction, Proposal, CashCount, LedgerTransaction)
    return [model._base_manager.count() for model in models]


def test_every_door_refuses_what_is_no_whole_number_of_cents(fund: Fund) -> None:
    found = {**doors(fund), **rest(fund)}
    before = rows()
    for name, door in found.items():
        for wrong in WRONG:
            if wrong is None and name in MAY_BE_NONE:
                continue  # all that is open; a correction without an amount
            with pytest.raises(NotCents):
                door(wrong)
    assert rows() == before


MAY_BE_NONE = {"part", "payout", "cover", "refund", "correction"}
# Those say by a reason of their own what is wrong with nothing, and with less.
SAID_OTHERWISE = {"part", "box", "second count", "booking"}


def test_every_door_refuses_more_than_an_account_moves_and_less_than_anything(fund: Fund) -> None:
    """By a plain error, before the database would say that a number does not fit."""
    found = {**doors(fund), **rest(fund)}
    before = rows()
    for name, door in found.items():
        for wrong in (*TOO_MUCH, *(() if name in SAID_OTHERWISE else NOT_ENOUGH)):
            with pytest.raises(NotAnAmount):
                door(wrong)
    for wrong in NOT_ENOUGH:
        with pytest.raises(MoreThanOpen):
            found["part"](wrong)
        for name in ("box", "second count"):
            with pytest.raises(CountRefused):
                found[name](wrong)
    assert rows() == before


def test_a_gift_of_more_than_is_taken_online_is_refused_without_the_form_too(
    fund: Fund, settings: Any
) -> None:
    settings.DONATION_MAX_CENTS = 100_000
    door = doors(fund)["gift"]
    with pytest.raises(PledgeRefused) as refused:
        door(100_001)
    assert refused.value.reason is Refusal.TOO_MUCH
    assert door(100_000).amount_cents == 100_000


def test_a_dauerspende_of_more_than_is_taken_online_is_refused(fund: Fund, settings: Any) -> None:
    settings.DONATION_MAX_CENTS = 100_000
    with pytest.raises(ChangeRefused) as refused:
        rest(fund)["monthly"](100_001)
    assert refused.value.reason is NoChange.TOO_MUCH


def test_whole_cents_pass() -> None:
    assert [whole_cents(cents) for cents in (0, 1, -5, 10**13)] == [0, 1, -5, 10**13]
    assert [some_cents(cents) for cents in (1, 10**13)] == [1, 10**13]
