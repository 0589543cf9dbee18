"""By day only what is new or was changed is compared, at night everything; whatever is wrong is found."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from donations.domain.facts import DisputeFact, PaymentFacts, RefundFact
from donations.domain.ledger import gift
from donations.domain.references import reference_of
from donations.models import ChangedMoney, Donation, LedgerCheckpoint, TransferReference
from donations.selectors.ledger import faults, faults_since_checkpoint
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.books import checks
from donations.services.books.ledger import post
from donations.services.online.payments import record
from donations.tasks import LedgerFault, check_ledger
from foundation.units import Cents
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


@pytest.fixture
def history(donation: Donation, fund: Fund) -> Donation:
    """A card gift of which a part went back and another was lost, and a transfer; all of it compared once."""
    facts = PaymentFacts(
        "pi_1",
        "succeeded",
        Cents(2500),
        MONDAY,
        fee_cents=Cents(50),
        refunds=(RefundFact("re_1", Cents(500), MONDAY),),
        disputes=(DisputeFact("dp_1", Cents(700), "lost", MONDAY, closed_at=MONDAY),),
    )
    record(donation.pk, facts, MONDAY, page_is_over=False)
    promise = make_donation(fund, method="transfer")
    reference = TransferReference.objects.create(
        donation=promise, reference=reference_of(promise.public_id, 0)
    )
    credit = Credit(date(2026, 3, 2), Cents(2500), "Ada", reference.reference)
    record_bank_transfer(fund.provider, credit, recorded_by=None, now=MONDAY)
    check_ledger(MONDAY)
    return donation


TAMPERED = [
    ("donations_payment SET amount_cents = 2600 WHERE external_id = 'pi_1'", "payment pi_1: amount_cents"),
    ("donations_payment SET fee_cents = 49 WHERE external_id = 'pi_1'", "payment pi_1: fee_cents is 49"),
    ("donations_refund SET amount_cents = 1", "refund re_1 is 1, expected 500"),
    ("donations_dispute SET amount_cents = 800", "dispute dp_1 is 800, expected 700"),
    ("donations_allocation SET cents = 1", "is 1, expected 2500"),
    ("donations_donation SET refunded_cents = 0 WHERE refunded_cents = 500", "refunded_cents is 0"),
    ("donations_donation SET status = 'received' WHERE refunded_cents = 500", "status is received, expected"),
    ("donations_banktransaction SET allocated_cents = 1", "allocated_cents is 1, expected 2500"),
]


@pytest.mark.parametrize(("tampered", "said"), TAMPERED)
def test_a_row_that_is_changed_by_hand_is_found_by_day_until_it_is_mended(
    history: Donation, tampered: str, said: str
) -> None:
    assert not ChangedMoney.objects.exists()
    table = tampered.split()[0]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE before ON COMMIT DROP AS SELECT * FROM {table}")
        cursor.execute(f"UPDATE {tampered}")
    for minutes in (10, 20):
        with pytest.raises(LedgerFault, match=said):
            check_ledger(MONDAY + timedelta(minutes=minutes))
    column = tampered.split()[2]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = before.{column} FROM before WHERE before.id = {table}.id"
        )
    assert check_ledger(MONDAY + timedelta(minutes=30)) == 0
    assert not ChangedMoney.objects.exists()


def test_changed_rows_are_compared_one_after_the_other_to_the_last(
    history: Donation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_AT_ONCE", 1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE donations_payment SET amount_cents = 2600 WHERE external_id = 'pi_1'")
        cursor.execute("UPDATE donations_allocation SET cents = 1")
    noted = ChangedMoney.objects.count()
    with pytest.raises(LedgerFault) as told:
        check_ledger(MONDAY + timedelta(minutes=10))
    assert "payment pi_1: amount_cents is 2600" in str(told.value)
    assert "is 1, expected 2500" in str(told.value)
    assert noted >= 2


def test_by_day_nothing_is_compared_that_nobody_changed(history: Donation) -> None:
    """What a damaged disk does to an old row is noticed at night: by day it is not read."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE donations_refund DISABLE TRIGGER USER")
        cursor.execute("UPDATE donations_refund SET amount_cents = 1")
        cursor.execute("ALTER TABLE donations_refund ENABLE TRIGGER USER")
    assert check_ledger(NIGHT - timedelta(seconds=1)) == 0
    with pytest.raises(LedgerFault, match="refund re_1 is 1, expected 500"):
        check_ledger(NIGHT)


def test_a_payment_that_vanishes_is_missed_by_day(history: Donation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM donations_allocation")
    with pytest.raises(LedgerFault, match="allocations is 2500, expected 0"):
        check_ledger(MONDAY + timedelta(minutes=10))
