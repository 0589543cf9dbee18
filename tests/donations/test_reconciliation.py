"""Every night Stripe, bank and rows are compared with the books, and what differs is named."""

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from donations.domain.facts import BalanceFact
from donations.domain.ledger import gift
from donations.models import BankTransaction, Donation, Payment
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.books import reconciliation
from donations.services.books.ledger import post
from donations.services.books.reconciliation import NotReconciled, reconcile
from foundation import sweeps
from foundation.clock import local_day, utc_now
from foundation.models import SweepRun
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.conftest import configure
from tests.donations.deliveries import deliver_all
from tests.donations.gifts import make_donation
from tests.donations.stripe_process import StripeProcess
from tests.donations.visits import give, newest
from tests.factories import make_user, make_youth_office
from tests.log_lines import lines

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def double(tmp_path: Path, settings: Any) -> Iterator[StripeProcess]:
    """A double of its own: nobody else's payments are on this account."""
    process = StripeProcess(tmp_path, "http://127.0.0.1:9/stripe/webhook/")
    configure(settings, process.url)
    yield process
    process.stop()


def paid(double: StripeProcess, browser: Client, method: str = "card") -> tuple[Donation, str]:
    """A gift paid on the hosted page, of which nothing was told yet; with its payment."""
    give(browser, method=method)
    donation = newest()
    double.pay(donation.checkout_url, method)
    return donation, double.get(f"checkout/sessions/{donation.checkout_session_id}")["payment_intent"]


def printed(*arguments: str) -> list[dict[str, Any]]:
    out, code = io.StringIO(), 0
    try:
        call_command("reconcile", *arguments, stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    found: list[dict[str, Any]] = json.loads(out.getvalue())["differences"]
    assert code == (1 if found else 0)
    return found


def test_a_gift_of_which_nobody_told_us_is_named(browser: Client, fund: Fund, double: StripeProcess) -> None:
    donation, intent = paid(double, browser)
    today = str(local_day(utc_now()))
    missing = {"where": "stripe", "what": f"gift:{intent}", "says": 2437, "books": None}
    assert printed("--day", today) == printed() == [missing]
    deliver_all(double, str(donation.public_id))
    assert printed("--day", today) == printed() == []
    assert printed("--day", "2026-01-01") == []


def test_refunds_and_disputes_of_both_ends_agree(browser: Client, fund: Fund, double: StripeProcess) -> None:
    donation, intent = paid(double, browser)
    charge = double.get(f"payment_intents/{intent}")["latest_charge"]
    refund = double.lever(f"charges/{charge}/refund", amount=500)["id"]
    claim = double.lever(f"charges/{charge}/dispute", amount=1000)["id"]
    deliver_all(double, str(donation.public_id))
    deliver_all(double, charge)
    assert printed() == []
    double.lever(f"refunds/{refund}/settle", outcome="failed")
    double.lever(f"disputes/{claim}/close", status="won")
    assert [(each["what"], each["says"], each["books"]) for each in printed()] == [
        (f"dispute_back:{claim}", 3000, None),
        (f"refund_back:{refund}", 500, None),
    ]
    deliver_all(double, charge)
    assert printed() == []


def test_what_stripe_never_had_is_named(fund: Fund, double: StripeProcess) -> None:
    now = utc_now()
    post(gift("pi_invented", Cents(2500), now - timedelta(minutes=5), "stripe"), make_donation(fund), now)
    assert {"where": "stripe", "what": "gift:pi_invented", "says": None, "books": 2500} in reconcile(
        utc_now()
    )


def test_the_night_watch_shows_what_differs(
    browser: Client, fund: Fund, double: StripeProcess, caplog: pytest.LogCaptureFixture
) -> None:
    _donation, intent = paid(double, browser)
    with pytest.raises(NotReconciled) as raised:
        sweeps.run("donations.reconcile", utc_now() + timedelta(seconds=2))
    assert f"gift:{intent}: 2437, books None" in SweepRun.objects.get(name="donations.reconcile").error
    told = lines(caplog, "donations.tasks", "differences")
    assert told == [("not_reconciled", "error", str(raised.value))]
    browser.force_login(make_user(Membership.Role.COORDINATOR, make_youth_office()))
    page = browser.get("/koordination/nachtwache/").content.decode()
    number = str(raised.value).split()[0]
    said = (
        "passen Stripe oder Bank und die Bücher nicht zusammen; „manage.py reconcile“ nennt sie dem Betrieb."
    )
    assert re.search(rf"An {number} Stellen? {said} Rufen Sie den Betrieb\.", page)


def test_a_silent_stripe_is_no_agreement(fund: Fund, settings: Any) -> None:
    configure(settings, "http://127.0.0.1:9")
    silent = "Unreachable('default: APIConnectionError')"
    assert printed() == [{"where": "stripe", "what": "account", "says": silent, "books": None}]


@pytest.fixture
def promised(browser: Client, fund: Fund) -> Donation:
    give(browser, method="transfer")
    return newest()


def recorded(fund: Fund, remittance: str) -> BankTransaction:
    credit = Credit(DAY, 2500, "Ada", remittance)
    return record_bank_transfer(fund.provider, credit, recorded_by=None, now=NOW - timedelta(hours=2))[0]


def test_bank_lines_and_books_agree_booked_or_unclear(promised: Donation, fund: Fund) -> None:
    recorded(fund, promised.transfer_reference.reference)
    recorded(fund, "ohne")
    assert reconcile(NOW) == []
    assert reconcile(NOW, day=DAY) == []


@pytest.mark.parametrize("day", [None, DAY])
def test_a_bank_line_that_was_changed_is_named(promised: Donation, fund: Fund, day: date | None) -> None:
    line = recorded(fund, "ohne")
    BankTransaction.objects.update(amount_cents=2600)
    expected = {"where": "bank", "what": f"line {line.pk}", "says": 2600, "books": 2500}
    assert reconcile(NOW, day=day) == [expected]
    assert reconcile(NOW, day=date(2026, 3, 3)) == []


def test_a_booking_whose_line_is_gone_is_named(promised: Donation, fund: Fund) -> None:
    line = recorded(fund, "ohne")
    key = f"line:bank:{line.fingerprint[:32]}"
    line.delete()
    assert reconcile(NOW) == [{"where": "bank", "what": key, "says": None, "books": 2500}]


def test_a_line_that_nobody_booked_is_named_after_an_hour(fund: Fund) -> None:
    line = BankTransaction.objects.create(
        provider=fund.provider, fingerprint="f" * 64, booked_on=DAY, amount_cents=-700, recorded_at=NOW
    )
    assert reconcile(NOW) == reconcile(NOW + timedelta(hours=1)) == []
    assert reconcile(NOW + timedelta(hours=1, seconds=1)) == [
        {"where": "bank", "what": f"line {line.pk}", "says": -700, "books": 0}
    ]


def test_rows_that_differ_from_the_books_are_named(promised: Donation, fund: Fund) -> None:
    recorded(fund, promised.transfer_reference.reference)
    Payment.objects.update(amount_cents=2501)
    identity = Payment.objects.get().external_id
    assert {
        "where": "rows",
        "what": f"payment {identity}: amount_cents",
        "says": "2501",
        "books": "2500",
    } in reconcile(NOW)


def test_a_booking_whose_payment_is_gone_is_named(promised: Donation, fund: Fund) -> None:
    line = recorded(fund, promised.transfer_reference.reference)
    Payment.objects.all().delete()
    key = f"gift:bank:{line.fingerprint[:32]}"
    assert {"where": "rows", "what": key, "says": None, "books": 2500} in reconcile(NOW)


@pytest.fixture
def asked(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, datetime, datetime]]:
    """What Stripe was asked for; it tells what `TOLD` holds."""
    configure(settings, "http://127.0.0.1:9")
    found: list[tuple[str, datetime, datetime]] = []

    def balance(account: str, since: datetime, until: datetime) -> Iterator[BalanceFact]:
        found.append((account, since, until))
        yield from TOLD

    TOLD.clear()
    monkeypatch.setattr(reconciliation.stripe, "balance", balance)
    return found


TOLD: list[BalanceFact] = []
Asked = list[tuple[str, datetime, datetime]]


def at_stripe() -> list[dict[str, Any]]:
    return [each for each in reconcile(NOW) if each["where"] == "stripe"]


def test_stripe_is_asked_for_the_time_and_a_fortnight_around_it(fund: Fund, asked: Asked) -> None:
    """30 days by hand, three at night, one day of Düren."""
    fortnight = timedelta(days=14)
    reconcile(NOW)
    reconciliation.check_night(NOW)
    reconcile(NOW, day=DAY)
    begin = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
    assert asked == [
        ("default", NOW - timedelta(days=30) - fortnight, NOW + fortnight),
        ("default", NOW - timedelta(days=3) - fortnight, NOW + fortnight),
        ("default", begin - fortnight, begin + timedelta(days=1) + fortnight),
    ]


def test_what_one_side_has_days_before_the_other_is_no_difference(fund: Fund, asked: Asked) -> None:
    begin = NOW - timedelta(days=30)
    gifts = {"pi_before": begin - timedelta(days=9), "pi_first": begin, "pi_then": NOW - timedelta(seconds=1)}
    for name, at in gifts.items():
        post(gift(name, Cents(2500), at, "stripe"), make_donation(fund), NOW)
    assert [each["what"] for each in at_stripe()] == ["gift:pi_first", "gift:pi_then"]
    TOLD[:] = [
        BalanceFact("txn_1", "gift:pi_before", Cents(2500), begin),
        BalanceFact("txn_1", "gift:pi_first", Cents(2500), begin - timedelta(days=9)),
        BalanceFact("txn_1", "gift:pi_then", Cents(2000), NOW - timedelta(days=9)),
        BalanceFact("txn_1", "gift:pi_then", Cents(500), NOW - timedelta(days=9)),
    ]
    assert at_stripe() == []


def test_an_account_that_is_not_set_up_any_more_is_named_while_something_is_booked_there(
    fund: Fund, asked: Asked
) -> None:
    post(gift("gone/pi_1", Cents(2500), NOW - timedelta(days=1), "stripe"), make_donation(fund), NOW)
    there = [each for each in reconcile(NOW) if each["where"] == "stripe gone"]
    assert ([account for account, *_time in asked], [(each["what"], each["books"]) for each in there]) == (
        ["default", "gone"],
        [("gift:gone/pi_1", 2500)],
    )


def test_many_differences_are_counted_and_the_first_of_them_named(fund: Fund, asked: Asked) -> None:
    TOLD[:] = [
        BalanceFact("txn_1", f"gift:pi_{number:03}", Cents(100), NOW - timedelta(days=1))
        for number in range(100)
    ]
    with pytest.raises(NotReconciled) as told:
        reconciliation.check_night(NOW)
    assert len(str(told.value)) == 2000
    assert str(told.value).startswith(
        "100 differences: stripe gift:pi_000: 100, books None; stripe gift:pi_001: 100, books None; "
    )
    TOLD.clear()
    assert reconciliation.check_night(NOW) == 0
