"""Many connections issue at once, one is killed: numbers without gaps, no gift on two receipts."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from donations.models import Donation
from donations.receipts.models import Receipt, ReceiptCounter, ReceiptItem, WishRefusal
from donations.receipts.services.issuing import IssueRefused, issue
from donations.receipts.services.numbers import next_sequence
from donations.receipts.services.wishes import refuse_wish
from donations.receipts.services.withdrawal import withdraw_untrue
from donations.receipts.services.yearly import issue_year
from foundation.actors import system
from foundation.clock import local_day, utc_now
from programs.models import Fund, Membership
from tests.donations.gifts import make_donor
from tests.donations.receipts.bodies import ISSUED_AT, details, make_issuer, wished_gift
from tests.factories import make_fund, make_provider, make_user
from tests.processes import environment, kill_group, process, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
HAND = system("test")


@pytest.fixture
def fund() -> Fund:
    fund = make_fund("Bücher", provider=make_provider("Verein Lesen"))
    make_issuer(fund.provider, details(fund))
    return fund


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run every act in a thread with a connection of its own, all let go at the same moment."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            return act()
        except IssueRefused as refused:
            return refused.reason.value
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def sequences() -> list[int]:
    return list(Receipt.objects.order_by("sequence").values_list("sequence", flat=True))


def test_twelve_at_once_get_twelve_numbers_and_one_gift_gets_one(fund: Fund) -> None:
    gifts = [wished_gift(fund).pk for _ in range(8)]
    same = wished_gift(fund).pk
    found = at_once(
        [
            lambda pk=pk: issue([pk], actor=HAND, now=ISSUED_AT).number
            for pk in [*gifts, same, same, same, same]
        ]
    )
    assert sorted(found) == [f"VL-2027-0000{number}" for number in range(1, 10)] + ["receipted"] * 3
    assert sequences() == list(range(1, 10))
    assert ReceiptItem.objects.filter(donation=same).count() == 1


def test_two_yearly_runs_and_a_withdrawal_at_once_do_nothing_twice(fund: Fund) -> None:
    giver = make_donor()
    for number in range(6):
        wished_gift(fund, name=f"Person {number}", donor=giver if number < 2 else None)
    runs = at_once([lambda: issue_year(2026, ISSUED_AT).issued] * 3 + [lambda: withdraw_untrue(ISSUED_AT)])
    assert (sum(runs), sequences()) == (6, [1, 2, 3, 4, 5, 6])


def test_a_connection_killed_after_it_took_a_number_gives_it_back(fund: Fund) -> None:
    """The others wait for the number, and get it when the killed one is gone."""
    taken, killed = threading.Event(), threading.Event()
    victim: list[int] = []

    def dies() -> str:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                victim.append(cursor.fetchone()[0])
                assert next_sequence(fund.provider_id, 2027) == 1
                taken.set()
                killed.wait(timeout=60)
                cursor.execute("SELECT 1")
        except OperationalError:
            return "killed"
        return "alive"

    def lives() -> str:
        taken.wait(timeout=60)
        return issue([wished_gift(fund).pk], actor=HAND, now=ISSUED_AT).number

    def kills() -> str:
        taken.wait(timeout=60)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", victim)
        killed.set()
        return "done"

    assert at_once([dies, lives, kills]) == ["killed", "VL-2027-00001", "done"]
    assert sequences() == [1]
    assert ReceiptCounter.objects.get().last == 1


def test_a_yearly_run_killed_half_way_goes_on_and_nobody_gets_two(fund: Fund, tmp_path: Path) -> None:
    """SIGKILL while it writes the fourth of six: what it has not finished leaves no trace and no gap."""
    now = utc_now()
    given_at, log = now - timedelta(days=1), tmp_path / "run.log"
    make_issuer(fund.provider, details(fund, notice_on=local_day(now)), now)
    gifts = [wished_gift(fund, name=f"Person {number}", at=given_at) for number in range(6)]
    year = str(local_day(given_at).year)
    command = ["django", "issue_receipts", "--year", year]
    with process(command, environment(), log) as run, transaction.atomic():
        Donation.objects.select_for_update().get(pk=gifts[3].pk)
        wait_until(lambda: Receipt.objects.count() == 3, what="the third receipt", log=log)
        kill_group(run)
    assert Receipt.objects.count() == 3
    assert issue_year(int(year), now).issued == 3
    assert sequences() == [1, 2, 3, 4, 5, 6]
    assert sorted(ReceiptItem.objects.values_list("donation", flat=True)) == [gift.pk for gift in gifts]
    assert issue_year(int(year), now).issued == 0


@pytest.mark.parametrize("how", ["run", "hand"])
def test_a_wish_that_is_refused_while_its_receipt_is_written_gets_none(fund: Fund, how: str) -> None:
    """Who writes the receipt has read the open wish, and waits for the gift that is being answered."""
    gift, other = wished_gift(fund), wished_gift(fund, name="Ben Berg")
    treasurer = make_user(Membership.Role.TREASURER, fund.provider)
    held, why = threading.Event(), WishRefusal.Why.ELSEWHERE

    def refuses() -> bool:
        with transaction.atomic():
            list(Donation.objects.select_for_update().filter(pk=gift.pk))
            held.set()
            wait_until(somebody_waits, what="the receipt that waits for the gift")
            return refuse_wish(gift, why, refused_by=treasurer, actor=HAND, now=ISSUED_AT)

    def issues() -> object:
        held.wait(timeout=60)
        if how == "hand":
            return issue([gift.pk], actor=HAND, now=ISSUED_AT).number
        outcome = issue_year(2026, ISSUED_AT)
        return outcome.issued, dict(outcome.left)

    expected = (1, {"answered": 1}) if how == "run" else "answered"
    assert at_once([refuses, issues]) == [True, expected]
    assert WishRefusal.objects.get().donation == gift
    assert not ReceiptItem.objects.filter(donation=gift).exists()
    assert sequences() == ([1] if how == "run" else [])
    assert ReceiptItem.objects.filter(donation=other).exists() == (how == "run")


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted "
            "AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
