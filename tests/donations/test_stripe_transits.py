"""Payouts of Stripe are on their way until the line of the bank meets them, and back when they fail."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from donations.domain.accounts import SHARED
from donations.domain.ledger import gift
from donations.models import BankTransaction, LedgerAccount, LedgerEntry, StripeTransit
from donations.selectors.ledger import faults
from donations.services.bank.transfers import Credit
from donations.services.books.ledger import post
from donations.services.books.reconciliation import reconcile
from donations.services.treasury.proposals import propose_payout, release
from donations.tasks import catch_up
from foundation.clock import local_day, utc_now
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.conftest import configure
from tests.donations.deliveries import deliver_all
from tests.donations.gifts import make_donation, told_by_bank
from tests.donations.stripe_process import StripeProcess
from tests.donations.visits import give, newest
from tests.factories import make_fund, make_provider, make_user


@pytest.fixture
def double(tmp_path: Path, settings: Any) -> Iterator[StripeProcess]:
    """A double of its own: nobody else's payments are on this account."""
    process = StripeProcess(tmp_path, "http://127.0.0.1:9/stripe/webhook/")
    configure(settings, process.url)
    yield process
    process.stop()


@pytest.fixture(autouse=True)
def _paid(browser: Client, fund: Fund, double: StripeProcess) -> None:
    """A card gift of 25 euro has come: 24.37 euro after fees."""
    give(browser, method="card")
    double.pay(newest().checkout_url)
    deliver_all(double, str(newest().public_id))


def stands(kind: str) -> int:
    return sum(LedgerEntry.objects.filter(account__kind=kind).values_list("amount_cents", flat=True))


def books() -> dict[str, int]:
    return {kind: stands(kind) for kind in ("stripe", "in_transit", "bank", "unclear")}


def line(
    fund: Fund, cents: int, name: str = "Stripe Technology Europe Ltd", *, days: int = 2, text: str = ""
) -> BankTransaction:
    credit = Credit(local_day(utc_now()) + timedelta(days=days), Cents(cents), name, text)
    return told_by_bank(fund.provider, credit, utc_now())


def told(now: datetime | None = None) -> list[tuple[str, str, Any, Any]]:
    found = reconcile(now or utc_now())
    return [(each["where"], each["what"], each["says"], each["books"]) for each in found]


def test_a_payout_is_on_its_way_until_the_bank_says_it_is_there(fund: Fund, double: StripeProcess) -> None:
    payout = double.lever("payouts", amount=2437)["id"]
    assert told() == [("stripe", f"transit:{payout}", -2437, None)]
    for _ in range(2):
        deliver_all(double, payout)
    assert books() == {"stripe": 0, "in_transit": 2437, "bank": 0, "unclear": 0}
    assert told() == []
    assert line(fund, 2437).transit == StripeTransit.objects.get()
    assert books() == {"stripe": 0, "in_transit": 0, "bank": 2437, "unclear": 0}
    double.lever(f"payouts/{payout}/settle", outcome="paid")
    deliver_all(double, payout)
    assert (told(), faults()) == ([], [])


def test_a_line_that_came_before_we_heard_of_it_meets_it_in_the_night(
    fund: Fund, double: StripeProcess
) -> None:
    payout = double.lever("payouts", amount=2437)["id"]
    early = line(fund, 2437)
    assert (early.transit, books()["unclear"]) == (None, -2437)
    catch_up(utc_now())
    early.refresh_from_db()
    assert early.transit is not None
    assert early.transit.external_id == payout
    assert early.open_cents == 0
    assert books() == {"stripe": 0, "in_transit": 0, "bank": 2437, "unclear": 0}
    catch_up(utc_now())
    assert (StripeTransit.objects.count(), told(), faults()) == (1, [], [])


def test_one_that_meets_no_line_is_named_after_days(fund: Fund, double: StripeProcess) -> None:
    payout = double.lever("payouts", amount=2437)["id"]
    deliver_all(double, payout)
    due = utc_now() + timedelta(days=12)
    assert told(due) == []
    late = ("bank", f"transit:{payout}", None, 2437)
    assert late in told(due + timedelta(days=1))
    line(fund, 2437, days=11)
    assert late not in told(due + timedelta(days=1))


def test_one_that_fails_is_at_stripe_again_before_it_arrived_and_after(
    fund: Fund, double: StripeProcess
) -> None:
    first = double.lever("payouts", amount=1000)["id"]
    double.lever(f"payouts/{first}/settle", outcome="failed")
    deliver_all(double, first)
    assert books() == {"stripe": 2437, "in_transit": 0, "bank": 0, "unclear": 0}
    second = double.lever("payouts", amount=2437)["id"]
    deliver_all(double, second)
    line(fund, 2437)
    double.lever(f"payouts/{second}/settle", outcome="paid")
    double.lever(f"payouts/{second}/settle", outcome="failed")
    deliver_all(double, second)
    assert books() == {"stripe": 2437, "in_transit": -2437, "bank": 2437, "unclear": 0}
    assert ("bank", f"transit:{second}", None, -2437) in told(utc_now() + timedelta(days=14))
    assert line(fund, -2437, days=4).transit is not None
    assert books() == {"stripe": 2437, "in_transit": 0, "bank": 0, "unclear": 0}
    assert told(utc_now() + timedelta(days=14)) == told() == []
    assert faults() == []


@pytest.mark.parametrize(
    ("cents", "name", "days"), [(2436, "STRIPE", 2), (2437, "Ada Beispiel", 2), (2437, "STRIPE", 30)]
)
def test_a_line_that_is_another_stays_unclear(
    fund: Fund, double: StripeProcess, cents: int, name: str, days: int
) -> None:
    deliver_all(double, double.lever("payouts", amount=2437)["id"])
    assert line(fund, cents, name, days=days).transit is None
    assert books()["in_transit"] == 2437


@pytest.mark.parametrize(("days", "meets"), [(-2, False), (-1, True), (15, True), (16, False)])
def test_a_line_meets_it_from_a_day_before_it_was_sent_to_ten_days_late(
    fund: Fund, days: int, meets: bool
) -> None:
    StripeTransit.objects.create(
        provider=fund.provider,
        external_id="po_1",
        amount_cents=1000,
        created_at=utc_now(),
        arrives_on=local_day(utc_now()) + timedelta(days=5),
    )
    assert (line(fund, 1000, days=days).transit is not None) is meets


def test_two_equal_ones_meet_a_line_each_and_a_third_line_none(fund: Fund, double: StripeProcess) -> None:
    payouts = [double.lever("payouts", amount=1000)["id"] for _ in range(2)]
    for payout in payouts:
        deliver_all(double, payout)
    lines = [line(fund, 1000, text=f"Zahlung {number}") for number in range(3)]
    met = [each.transit.external_id if each.transit else None for each in lines]
    assert met == [*payouts, None]


def test_one_of_an_amount_that_has_arrived_before_leaves_its_line_to_the_first(
    fund: Fund, double: StripeProcess
) -> None:
    first = double.lever("payouts", amount=1000)["id"]
    deliver_all(double, first)
    there = line(fund, 1000)
    double.lever("payouts", amount=1000)
    catch_up(utc_now())
    there.refresh_from_db()
    assert there.transit is not None
    assert there.transit.external_id == first
    assert books() == {"stripe": 437, "in_transit": 1000, "bank": 1000, "unclear": 0}
    assert faults() == []


@pytest.mark.parametrize("meaning", ["gift", "refund", "payout"])
def test_a_line_that_is_something_else_already_is_not_what_stripe_sent(
    browser: Client, fund: Fund, double: StripeProcess, meaning: str
) -> None:
    """Who gave or got the money has a name with that word in it."""
    if meaning == "payout":
        one, other = (make_user(Membership.Role.TREASURER, fund.provider) for _ in range(2))
        proposal = propose_payout(fund, Cents(1000), "Stoffe, Rechnung 12", by=one, now=utc_now())
        assert release(proposal.pk, by=other, now=utc_now())
        proposal.refresh_from_db()
        means = line(fund, -1000, "Stripes & Stoffe GmbH", text=str(proposal.reference))
    else:
        give(browser, what={"betrag": "own", "eigener_betrag": "10"}, method="transfer")
        code = newest().transfer_reference.reference
        means = line(fund, 1000, "Stripes & Stoffe GmbH", text=code)
        if meaning == "refund":
            means = line(fund, -1000, "Stripes & Stoffe GmbH", text=code)
    before = books()
    StripeTransit.objects.create(
        provider=fund.provider,
        external_id="po_1",
        amount_cents=means.amount_cents,
        created_at=utc_now(),
        arrives_on=local_day(utc_now()),
    )
    catch_up(utc_now())
    means.refresh_from_db()
    has = {"gift": means.allocated_cents, "refund": means.refund, "payout": means.payout}
    assert (means.transit, [each for each, there in has.items() if there]) == (None, [meaning])
    assert (books(), faults()) == (before, [])


def test_on_an_account_that_two_bodies_shared_nobody_guesses(fund: Fund, double: StripeProcess) -> None:
    """As it was possible before each had one of its own: what was booked on it then stays both bodies'."""
    other = make_fund("Ranzen", provider=make_provider("Verein"))
    LedgerAccount.objects.create(kind="stripe", provider=other.provider, external_reference=SHARED)
    post(gift("pi_foreign", Cents(100), utc_now(), "stripe"), make_donation(other), utc_now())
    payout = double.lever("payouts", amount=2437)["id"]
    deliver_all(double, payout)
    assert StripeTransit.objects.count() == 0
    assert ("stripe", f"transit:{payout}", -2437, None) in told()
