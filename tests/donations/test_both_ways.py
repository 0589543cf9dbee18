"""Money goes both ways: lost and won again, lost in part; and what the database itself refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from donations.domain.accounts import Owner
from donations.domain.facts import DisputeFact, PaymentFacts, RefundFact
from donations.domain.ledger import gift
from donations.models import Dispute, Donation, LedgerAccount, LedgerEntry, LedgerTransaction, Payment, Refund
from donations.selectors.acceptance import money_in_year
from donations.selectors.ledger import faults
from donations.selectors.purposes import money_of
from donations.selectors.row_faults import row_faults
from donations.services.books.accounts import accounts_of
from donations.services.books.ledger import post
from donations.services.online.payments import record
from donations.tasks import LedgerFault, check_ledger
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund
from tests.donations.gifts import make_donation
from tests.log_lines import lines

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=30)


@pytest.fixture
def donation(fund: Fund) -> Donation:
    return make_donation(fund, method="sepa_debit")


def claim(outcome: str, *, cents: int = 2500, back: int = 0) -> DisputeFact:
    closed = LATER if outcome != "open" else None
    return DisputeFact("dp_1", Cents(cents), outcome, AT, closed, back_cents=Cents(back))  # type: ignore[arg-type]


def read(donation: Donation, *disputes: DisputeFact, refunds: tuple[RefundFact, ...] = ()) -> None:
    """What Stripe says of the payment is read and recorded."""
    facts = PaymentFacts("pi_1", "succeeded", Cents(2500), AT, fee_cents=Cents(50))
    record(
        donation.pk,
        PaymentFacts(**{**vars(facts), "disputes": disputes, "refunds": refunds}),
        LATER,
        page_is_over=False,
    )
    donation.refresh_from_db()


def balances() -> dict[str, int]:
    sums: dict[str, int] = {}
    for entry in LedgerEntry.objects.select_related("account"):
        sums[entry.account.kind] = sums.get(entry.account.kind, 0) + entry.amount_cents
    return {account: cents for account, cents in sums.items() if cents}


def in_order(fund: Fund) -> None:
    fund.refresh_from_db()
    assert fund.balance_cents == -balances().get("fund", 0)
    assert [*faults(), *row_faults()] == []
    assert check_ledger(LATER) == 0


UNTOUCHED = {"stripe": 2450, "fees": 50, "fund": -2500}


def test_a_dispute_lost_and_later_won_is_booked_back(donation: Donation, fund: Fund) -> None:
    read(donation, claim("open"))
    assert (donation.status, balances()) == (
        "disputed",
        {"stripe": -50, "fees": 50, "disputed": 2500, "fund": -2500},
    )
    read(donation, claim("lost"))
    assert (donation.status, donation.lost_cents) == ("lost", 2500)
    assert balances() == {"stripe": -50, "fees": 50}
    read(donation, claim("won", back=2500))
    assert (donation.status, donation.lost_cents, balances()) == ("received", 0, UNTOUCHED)
    row = Dispute.objects.get()
    assert (row.outcome, row.lost_cents, row.reversed_cents) == ("won", 2500, 2500)
    in_order(fund)


@pytest.mark.parametrize("stale", [claim("open"), claim("lost"), claim("lost", back=1000)])
def test_an_older_reading_takes_nothing_away_again(
    donation: Donation, fund: Fund, stale: DisputeFact
) -> None:
    for fact in (claim("lost"), claim("won", back=2500), stale):
        read(donation, fact)
    assert (Dispute.objects.get().outcome, Dispute.objects.get().closed_at) == ("won", LATER)
    read(donation, claim("won", back=2500))
    assert (donation.status, balances()) == ("received", UNTOUCHED)
    in_order(fund)


def test_a_dispute_won_at_once_stays_won_when_an_older_reading_comes(donation: Donation, fund: Fund) -> None:
    read(donation, claim("won", back=2500))
    read(donation, claim("lost"))
    assert (donation.status, Dispute.objects.get().outcome, balances()) == ("received", "won", UNTOUCHED)
    in_order(fund)


def test_a_partly_lost_dispute_says_how_much(donation: Donation, fund: Fund) -> None:
    read(donation, claim("lost", back=1000))
    assert (donation.status, donation.lost_cents) == ("partly_refunded", 1500)
    assert balances() == {"stripe": 950, "fees": 50, "fund": -1000}
    in_order(fund)


def test_a_dispute_over_a_part_loses_that_part_only(donation: Donation, fund: Fund) -> None:
    read(donation, claim("lost", cents=700))
    assert (donation.status, donation.lost_cents, donation.refunded_cents) == ("partly_refunded", 700, 0)
    assert balances() == {"stripe": 1750, "fees": 50, "fund": -1800}
    in_order(fund)


def test_a_refund_made_at_stripe_keeps_its_moment_and_the_one_it_was_read_at(
    donation: Donation, fund: Fund
) -> None:
    at_stripe = AT + timedelta(days=3)
    read(donation, refunds=(RefundFact("re_1", Cents(500), at_stripe),))
    refund = Refund.objects.get()
    assert (refund.refunded_at, refund.status_changed_at, refund.amount_cents) == (at_stripe, LATER, 500)
    assert LedgerTransaction.objects.get(kind="refund").happened_at == at_stripe
    in_order(fund)


def test_of_what_was_lost_a_part_may_come_back_later(donation: Donation, fund: Fund) -> None:
    read(donation, claim("lost"))
    read(donation, claim("lost", back=1000))
    assert (donation.status, donation.lost_cents) == ("partly_refunded", 1500)
    assert balances() == {"stripe": 950, "fees": 50, "fund": -1000}
    in_order(fund)


def test_a_refund_and_a_lost_rest_are_a_lost_gift(donation: Donation, fund: Fund) -> None:
    refund = RefundFact("re_1", Cents(1000), AT)
    read(donation, claim("lost", cents=1500), refunds=(refund,))
    assert (donation.status, donation.refunded_cents, donation.lost_cents) == ("lost", 1000, 1500)
    in_order(fund)


def test_the_giver_of_a_returned_debit_is_told_once(donation: Donation) -> None:
    for fact in (claim("open"), claim("lost"), claim("lost"), claim("won", back=2500)):
        read(donation, fact)
    assert Message.objects.filter(template="gift_returned").count() == 1


TAMPERED: list[tuple[type[Any], dict[str, Any], str]] = [
    (Payment, {"amount_cents": 2600}, "payment pi_1: amount_cents is 2600, expected 2500"),
    (Payment, {"fee_cents": 49}, "payment pi_1: fee_cents is 49, expected 50"),
    (Refund, {"amount_cents": 400}, "refund re_1 is 400, expected 300"),
    (Refund, {"status": "failed", "failed_at": AT}, "failed refund re_1 is -300, expected 0"),
    (Dispute, {"amount_cents": 800}, "dispute dp_1 is 800, expected 700"),
    (Dispute, {"lost_cents": 600}, "lost dispute dp_1 is 600, expected 700"),
    (Dispute, {"reversed_cents": 1}, "reversed dispute dp_1 is -1, expected 0"),
    (Donation, {"refunded_cents": 0}, "refunded_cents is 0, expected 300"),
    (Donation, {"lost_cents": 1}, "lost_cents is 1, expected 700"),
    (Donation, {"amount_cents": 2600}, "amount_cents is 2600, expected 2500"),
    (Donation, {"status": "received"}, "status is received, expected partly_refunded"),
]


@pytest.mark.parametrize("is_first_check", [True, False])
@pytest.mark.parametrize(("model", "changed", "fault"), TAMPERED)
def test_a_tampered_row_raises_a_fault(
    donation: Donation,
    model: type[Any],
    changed: dict[str, Any],
    fault: str,
    is_first_check: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    read(donation, claim("lost", cents=700), refunds=(RefundFact("re_1", Cents(300), AT),))
    assert row_faults() == []
    if not is_first_check:
        check_ledger(LATER)
    model.objects.update(**changed)
    with pytest.raises(LedgerFault) as raised:
        check_ledger(LATER + timedelta(minutes=10))
    assert fault in str(raised.value)
    told = lines(caplog, "donations.tasks", "faults")
    assert told == [("ledger_fault", "error", str(raised.value))]


def test_a_row_of_another_gift_is_noticed(donation: Donation, fund: Fund) -> None:
    read(donation, claim("open"))
    Dispute.objects.update(donation=make_donation(fund))
    assert "dispute dp_1 is 2500, expected 0" in row_faults()


@pytest.mark.parametrize(
    ("model", "column", "constraint"),
    [
        (Donation, "status", "donation_status_known"),
        (Donation, "method", "donation_method_known"),
        (Dispute, "outcome", "dispute_outcome_known"),
    ],
)
def test_the_database_knows_every_status(
    donation: Donation, model: type[Any], column: str, constraint: str
) -> None:
    read(donation, claim("open"))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.update(**{column: "nonsense"[:6]})


def test_the_ledger_knows_its_kinds(donation: Donation) -> None:
    with pytest.raises(IntegrityError, match="ledger_kind_known"), transaction.atomic():
        LedgerTransaction.objects.create(key="x", kind="nonsense", happened_at=AT, recorded_at=AT)


@pytest.mark.django_db(transaction=True)
def test_a_booked_transaction_takes_no_more_entries(donation: Donation) -> None:
    post(gift("pi_9", Cents(2500), AT, "stripe"), donation, AT)
    head = LedgerTransaction.objects.get(key="gift:pi_9")
    with pytest.raises(IntegrityError, match="is booked already"), transaction.atomic():
        LedgerEntry.objects.bulk_create(
            LedgerEntry(transaction=head, account=LedgerAccount.objects.get(kind="bank"), amount_cents=cents)
            for cents in (5, -5)
        )
    assert LedgerEntry.objects.filter(transaction=head).count() == 2


def test_entries_of_a_savepoint_of_the_same_booking_are_taken(donation: Donation) -> None:
    accounts = accounts_of(Owner(donation.fund.provider_id), "default")
    with transaction.atomic():
        head = LedgerTransaction.objects.create(key="x", kind="fee", happened_at=AT, recorded_at=AT)
        with transaction.atomic():
            for account, cents in ((accounts["fees"], 5), (accounts["stripe"], -5)):
                LedgerEntry.objects.create(transaction=head, account_id=account, amount_cents=cents)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert LedgerEntry.objects.filter(transaction=head).count() == 2


def test_a_debit_that_its_bank_takes_back_in_full_after_a_part_was_refunded(
    donation: Donation, fund: Fund
) -> None:
    part = RefundFact("re_1", Cents(1000), AT)
    read(donation, refunds=(part,))
    read(donation, claim("open"), refunds=(part,))
    in_order(fund)
    for _ in range(2):
        read(donation, claim("lost"), refunds=(part,))
    assert (donation.status, donation.refunded_cents, donation.lost_cents) == ("lost", 1000, 2500)
    in_order(fund)
    assert (fund.balance_cents, fund.received_cents, balances()["shortfall"]) == (0, -1000, 1000)
    assert money_of(Fund.objects.filter(pk=fund.pk))[0].available_cents == 0
    assert money_in_year(donation.donor_id, fund.provider_id, 2026) == 0
    read(donation, claim("won", back=2500), refunds=(part,))
    in_order(fund)
    assert (donation.status, fund.balance_cents, fund.received_cents) == ("partly_refunded", 1500, 1500)
    assert balances().get("shortfall", 0) == 0
