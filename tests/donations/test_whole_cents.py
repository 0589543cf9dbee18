"""Amounts are whole cents at the door of every service: nothing is rounded, read or taken for a one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from donations.domain.ledger import gift
from donations.models import BankTransaction, CashCount, Donation, LedgerTransaction, Proposal
from donations.services.bank.transfers import Credit, assign_transfer, record_bank_transfer
from donations.services.books.ledger import post
from donations.services.cash.counts import Counted, confirm, write_down
from donations.services.gifts.pledging import Choice, pledge_gift
from donations.services.treasury.proposals import propose_payout
from foundation.money import NotCents, whole_cents
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation
from tests.factories import make_user

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
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


def rows() -> list[int]:
    models = (Donation, BankTransaction, Proposal, CashCount, LedgerTransaction)
    return [model._base_manager.count() for model in models]


def test_every_door_refuses_what_is_no_whole_number_of_cents(fund: Fund) -> None:
    found, before = doors(fund), rows()
    for name, door in found.items():
        for wrong in WRONG:
            if wrong is None and name in {"part", "payout"}:
                continue  # all that is open; a correction without an amount
            with pytest.raises(NotCents):
                door(wrong)
    assert rows() == before


def test_whole_cents_pass() -> None:
    assert [whole_cents(cents) for cents in (0, 1, -5, 10**12)] == [0, 1, -5, 10**12]
