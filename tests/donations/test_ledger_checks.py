"""By day only what is new is added up, at night everything; whatever is wrong is found."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from donations.domain.ledger import gift
from donations.models import Donation, LedgerCheckpoint
from donations.selectors.ledger import faults, faults_since_checkpoint
from donations.services.books.ledger import post
from donations.tasks import LedgerFault, check_ledger
from programs.models import Fund
from tests.donations.gifts import make_donation
from tests.factories import make_fund

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ON_STRIPE = """
UPDATE donations_ledgerentry SET amount_cents = %s
WHERE account_id = (SELECT id FROM donations_ledgeraccount WHERE kind = 'stripe')
"""
NIGHT = datetime(2026, 3, 3, 2, 30, tzinfo=UTC)  # 03:30 in Düren


@pytest.fixture
def donation(fund: Fund) -> Donation:
    return make_donation(fund)


def without_guard(statement: str, *values: object) -> None:
    """Do what the triggers refuse, as a damaged disk would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE donations_ledgerentry DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE donations_ledgerentry ENABLE TRIGGER USER")


def checkpoint(fund: Fund) -> tuple[int, int, int, int]:
    row = LedgerCheckpoint.objects.get(fund=fund)
    return row.up_to, row.balance_cents, row.received_cents, row.gift_count


def test_the_first_check_adds_up_everything_older_than_an_hour(donation: Donation, fund: Fund) -> None:
    post(gift("pi_1", 2500, MONDAY, "stripe"), donation, MONDAY - timedelta(hours=2))
    post(gift("pi_2", 700, MONDAY, "stripe"), donation, MONDAY - timedelta(minutes=59))
    other = make_fund("Leer")
    assert check_ledger(MONDAY) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM donations_ledgertransaction")
        (first,) = cursor.fetchone()
    assert checkpoint(fund) == (first, 2500, 2500, 1)
    assert checkpoint(other) == (first, 0, 0, 0)


def test_what_is_booked_later_is_added_to_it(donation: Donation, fund: Fund) -> None:
    post(gift("pi_1", 2500, MONDAY, "stripe"), donation, MONDAY - timedelta(hours=2))
    check_ledger(MONDAY)
    post(gift("pi_2", 700, MONDAY, "stripe"), donation, MONDAY)
    assert faults_since_checkpoint() == faults() == []
    assert check_ledger(MONDAY + timedelta(minutes=10)) == 0
    assert checkpoint(fund)[1:] == (2500, 2500, 1)


def test_a_purpose_that_is_new_needs_no_checkpoint(donation: Donation, fund: Fund) -> None:
    post(gift("pi_1", 2500, MONDAY, "stripe"), donation, MONDAY - timedelta(hours=2))
    check_ledger(MONDAY)
    other = make_fund("Neu", provider=fund.provider)
    post(gift("pi_2", 700, MONDAY, "stripe"), make_donation(other), MONDAY)
    assert check_ledger(MONDAY + timedelta(minutes=10)) == 0


@pytest.mark.parametrize(
    ("column", "value"), [("balance_cents", 1), ("received_cents", 1), ("gift_count", 7)]
)
def test_a_counter_that_goes_wrong_is_found_by_day(
    donation: Donation, fund: Fund, column: str, value: int
) -> None:
    post(gift("pi_1", 2500, MONDAY, "stripe"), donation, MONDAY - timedelta(hours=2))
    check_ledger(MONDAY)
    Fund.objects.filter(pk=fund.pk).update(**{column: value})
    with pytest.raises(LedgerFault, match=f"{column} is {value}"):
        check_ledger(MONDAY + timedelta(minutes=10))


def test_an_old_entry_that_changed_is_found_at_night_and_until_it_is_mended(
    donation: Donation, fund: Fund
) -> None:
    post(gift("pi_1", 2500, MONDAY, "stripe"), donation, MONDAY - timedelta(hours=2))
    check_ledger(MONDAY)
    without_guard(ON_STRIPE, 2499)
    assert check_ledger(NIGHT - timedelta(seconds=1)) == 0
    for moment in (NIGHT, NIGHT + timedelta(minutes=10)):
        with pytest.raises(LedgerFault, match="gift:pi_1: not balanced; all entries: sum is -1, not 0"):
            check_ledger(moment)
    without_guard(ON_STRIPE, 2500)
    assert check_ledger(NIGHT + timedelta(minutes=20)) == 0
    assert LedgerCheckpoint.objects.get(fund=fund).taken_at == NIGHT + timedelta(minutes=20)


def test_new_bookings_out_of_balance_are_found_by_day(donation: Donation) -> None:
    check_ledger(MONDAY)
    post(gift("pi_1", 2500, MONDAY, "stripe"), donation, MONDAY)
    without_guard(ON_STRIPE, 2499)
    with pytest.raises(LedgerFault, match="gift:pi_1: not balanced"):
        check_ledger(MONDAY + timedelta(minutes=10))
