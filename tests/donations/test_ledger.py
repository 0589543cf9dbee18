"""The books in the database: once by key, append-only, balanced, and equal to the counters."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from donations.domain.accounts import Owner
from donations.domain.facts import DisputeFact, PaymentFacts, RefundFact
from donations.domain.ledger import Posting, gift, payout, postings, reallocation, refund
from donations.models import Donation, LedgerEntry, LedgerTransaction
from donations.selectors.ledger import faults
from donations.services.books.ledger import FundOverdrawn, book, move_to, post, post_all
from donations.services.online.payments import record
from donations.tasks import LedgerFault, check_ledger
from foundation import sweeps
from foundation.models import SweepRun
from foundation.units import Cents
from programs.models import Fund
from tests.donations.gifts import make_donation
from tests.factories import make_fund
from tests.profiles import one_in

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ONE_SIDE = """
INSERT INTO donations_ledgerentry (transaction_id, account_id, amount_cents)
SELECT %s, id, 5 FROM donations_ledgeraccount WHERE kind = 'fees'
"""


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def counters(fund: Fund) -> tuple[int, int, int]:
    fund.refresh_from_db()
    return fund.received_cents, fund.balance_cents, fund.gift_count


@pytest.fixture
def donation(fund: Fund) -> Donation:
    return make_donation(fund)


def test_a_gift_is_booked_and_counted(donation: Donation, fund: Fund) -> None:
    assert post(gift("pi_1", 2500, AT, "stripe"), donation, AT) is True
    booked = LedgerTransaction.objects.get()
    assert (booked.key, booked.kind, booked.donation, booked.happened_at) == (
        "gift:pi_1",
        "gift",
        donation,
        AT,
    )
    assert sorted(booked.entries.values_list("account__kind", "account__fund", "amount_cents")) == [
        ("fund", fund.pk, -2500),
        ("stripe", None, 2500),
    ]
    assert counters(fund) == (2500, 2500, 1)


def test_the_same_event_is_booked_once(donation: Donation, fund: Fund) -> None:
    posting = gift("pi_1", 2500, AT, "stripe")
    assert [post(posting, donation, AT), post(posting, donation, AT)] == [True, False]
    assert LedgerEntry.objects.count() == 2
    assert counters(fund) == (2500, 2500, 1)


def test_a_refund_reduces_what_came_and_what_is_left_but_not_the_number_of_gifts(
    donation: Donation, fund: Fund
) -> None:
    post(gift("pi_1", 2500, AT, "stripe"), donation, AT)
    post_all(refund(RefundFact("re_1", 1000, AT)), donation, AT)
    assert counters(fund) == (1500, 1500, 1)


def test_what_the_world_took_and_the_purpose_has_no_more_is_missing_at_the_body(
    donation: Donation, fund: Fund
) -> None:
    post(gift("pi_1", 2500, AT, "stripe"), donation, AT)
    book(payout("1", 2000, AT), Owner(fund.provider_id, fund.pk), AT)
    post_all(refund(RefundFact("re_1", 1500, AT)), donation, AT)
    shortfall = LedgerTransaction.objects.get(key="shortfall:refund:re_1")
    sides = shortfall.entries.values_list("account__kind", "account__fund", "amount_cents")
    assert sorted(sides) == [("fund", fund.pk, -1000), ("shortfall", fund.pk, 1000)]
    assert counters(fund) == (1000, 0, 1)
    assert faults() == []


def test_what_we_decide_never_overdraws_a_purpose(donation: Donation, fund: Fund) -> None:
    post(gift("pi_1", 2500, AT, "stripe"), donation, AT)
    with pytest.raises(FundOverdrawn, match="payout:1"):
        book(payout("1", 2501, AT), Owner(fund.provider_id, fund.pk), AT)
    assert LedgerTransaction.objects.count() == 1
    assert counters(fund) == (2500, 2500, 1)


def test_a_gift_whose_money_is_spent_goes_to_no_other_purpose(donation: Donation, fund: Fund) -> None:
    post(gift("pi_1", 2500, AT, "stripe"), donation, AT)
    book(payout("1", 1, AT), Owner(fund.provider_id, fund.pk), AT)
    to = make_fund("Ranzen", provider=fund.provider)
    with pytest.raises(FundOverdrawn, match="reallocation:7"):
        move_to(to, reallocation("7", Cents(2500), AT), donation, AT)
    assert LedgerTransaction.objects.count() == 2
    assert (counters(fund), counters(to)) == ((2500, 2499, 1), (0, 0, 0))


def test_more_than_ever_came_does_not_go_back(donation: Donation, fund: Fund) -> None:
    came = PaymentFacts("pi_1", "succeeded", Cents(2500), AT)
    record(donation.pk, came, AT, page_is_over=True)
    too_much = replace(came, refunds=(RefundFact("re_1", Cents(2501), AT),))
    with pytest.raises(IntegrityError, match="donation_refund_within_gift"), transaction.atomic():
        record(donation.pk, too_much, AT, page_is_over=True)
    assert counters(fund) == (2500, 2500, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE donations_ledgerentry SET amount_cents = amount_cents + 1",
        "DELETE FROM donations_ledgerentry",
        "UPDATE donations_ledgertransaction SET kind = 'fee'",
        "DELETE FROM donations_ledgertransaction",
        "TRUNCATE donations_ledgerentry CASCADE",
        "TRUNCATE donations_ledgertransaction CASCADE",
    ],
)
def test_what_is_booked_stays_booked(donation: Donation, statement: str) -> None:
    post(gift("pi_1", 2500, AT, "stripe"), donation, AT)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(statement)
    assert list(LedgerEntry.objects.values_list("amount_cents", flat=True).order_by("amount_cents")) == [
        -2500,
        2500,
    ]


def test_a_transaction_out_of_balance_cannot_be_committed(donation: Donation) -> None:
    lopsided = Posting("gift:pi_1", "gift", AT, (("stripe", 2500), ("fund", -2499)))
    with pytest.raises(IntegrityError, match="not balanced"), transaction.atomic():
        post(lopsided, donation, AT)
        sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert LedgerTransaction.objects.count() == 0


def test_a_transaction_without_entries_cannot_be_committed(donation: Donation) -> None:
    with pytest.raises(IntegrityError, match="0 sides"), transaction.atomic():
        post(Posting("gift:pi_1", "gift", AT, ()), donation, AT)
        sql("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_single_entry_cannot_be_added_afterwards(donation: Donation) -> None:
    post(gift("pi_1", 2500, AT, "stripe"), donation, AT)
    booked = LedgerTransaction.objects.get()
    with pytest.raises(IntegrityError, match="not balanced"), transaction.atomic():
        sql(ONE_SIDE, booked.pk)
        sql("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_entry_of_nothing_is_impossible(donation: Donation) -> None:
    post(gift("pi_1", 2500, AT, "stripe"), donation, AT)
    with pytest.raises(IntegrityError, match="entry_moves_something"), transaction.atomic():
        sql(ONE_SIDE.replace("5", "0"), LedgerTransaction.objects.get().pk)


LATER = AT + timedelta(days=1)
FACTS = [
    PaymentFacts("pi_1", "processing", 2500, AT),
    PaymentFacts("pi_1", "succeeded", 2500, AT),
    PaymentFacts("pi_1", "succeeded", 2500, AT, fee_cents=63),
    PaymentFacts("pi_1", "succeeded", 2500, AT, fee_cents=63, refunds=(RefundFact("re_1", 1000, LATER),)),
    PaymentFacts(
        "pi_1",
        "succeeded",
        2500,
        AT,
        fee_cents=63,
        refunds=(RefundFact("re_1", 1000, LATER),),
        disputes=(DisputeFact("dp_1", 1500, "open", LATER, fee_cents=2000),),
    ),
    PaymentFacts(
        "pi_1",
        "succeeded",
        2500,
        AT,
        fee_cents=63,
        refunds=(RefundFact("re_1", 1000, LATER),),
        disputes=(DisputeFact("dp_1", 1500, "won", LATER, LATER, 2000, 2000),),
    ),
]


@pytest.mark.django_db
@one_in(6)
@given(seen=st.lists(st.sampled_from(FACTS), max_size=12))
def test_whatever_was_seen_in_whatever_order_the_books_are_the_same(
    donation: Donation, fund: Fund, seen: list[PaymentFacts]
) -> None:
    with transaction.atomic():
        for payment in [*seen, FACTS[-1]]:
            post_all(postings(payment), donation, AT)
        assert counters(fund) == (1500, 1500, 1)
        assert faults() == []
        assert canonical() == EXPECTED
        transaction.set_rollback(True)
    fund.refresh_from_db()


EXPECTED = """\
dispute:dp_1\tdispute\t2026-03-03\tdisputed\t-\tstadt-dueren\t1500
dispute:dp_1\tdispute\t2026-03-03\tstripe\t-\tstadt-dueren\t-1500
dispute_won:dp_1\tdispute_won\t2026-03-03\tdisputed\t-\tstadt-dueren\t-1500
dispute_won:dp_1\tdispute_won\t2026-03-03\tstripe\t-\tstadt-dueren\t1500
fee:dp_1\tfee\t2026-03-03\tfees\t-\tstadt-dueren\t2000
fee:dp_1\tfee\t2026-03-03\tstripe\t-\tstadt-dueren\t-2000
fee:pi_1\tfee\t2026-03-02\tfees\t-\tstadt-dueren\t63
fee:pi_1\tfee\t2026-03-02\tstripe\t-\tstadt-dueren\t-63
fee_back:dp_1\tfee\t2026-03-03\tfees\t-\tstadt-dueren\t-2000
fee_back:dp_1\tfee\t2026-03-03\tstripe\t-\tstadt-dueren\t2000
gift:pi_1\tgift\t2026-03-02\tfund\tkinderfonds\tstadt-dueren\t-2500
gift:pi_1\tgift\t2026-03-02\tstripe\t-\tstadt-dueren\t2500
refund:re_1\trefund\t2026-03-03\tfund\tkinderfonds\tstadt-dueren\t1000
refund:re_1\trefund\t2026-03-03\tstripe\t-\tstadt-dueren\t-1000
"""


def canonical() -> str:
    out = StringIO()
    call_command("dump_ledger", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_an_empty_ledger_dumps_as_nothing() -> None:
    assert canonical() == ""


def test_the_dump_names_neither_row_ids_nor_arrival_times(donation: Donation) -> None:
    post(gift("pi_1", 2500, AT, "stripe"), donation, AT + timedelta(days=3))
    assert canonical() == (
        "gift:pi_1\tgift\t2026-03-02\tfund\tkinderfonds\tstadt-dueren\t-2500\n"
        "gift:pi_1\tgift\t2026-03-02\tstripe\t-\tstadt-dueren\t2500\n"
    )


def test_the_self_check_is_silent_when_all_is_well(donation: Donation) -> None:
    post(gift("pi_1", 2500, AT, "stripe"), donation, AT)
    assert check_ledger(AT) == 0


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("received_cents", 2400, "kinderfonds: received_cents is 2400, its entries say 2500"),
        ("balance_cents", 2600, "kinderfonds: balance_cents is 2600, its entries say 2500"),
        ("gift_count", 0, "kinderfonds: gift_count is 0, its entries say 1"),
    ],
)
def test_the_self_check_finds_a_counter_that_is_wrong(
    donation: Donation, fund: Fund, column: str, value: int, message: str
) -> None:
    post(gift("pi_1", 2500, AT, "stripe"), donation, AT)
    Fund.objects.filter(pk=fund.pk).update(**{column: value})
    assert faults() == [message]
    with pytest.raises(LedgerFault, match=message):
        check_ledger(AT)


def test_the_night_watch_shows_a_failed_self_check(donation: Donation, fund: Fund) -> None:
    Fund.objects.filter(pk=fund.pk).update(balance_cents=1)
    with pytest.raises(LedgerFault):
        sweeps.run("donations.check_ledger", AT)
    run = SweepRun.objects.get(name="donations.check_ledger")
    assert run.failed_at is not None
    assert run.finished_at is None
    assert "balance_cents is 1" in run.error


def test_entries_that_are_out_of_balance_are_named(donation: Donation) -> None:
    post(gift("pi_1", 2500, AT, "stripe"), donation, AT)
    booked = LedgerTransaction.objects.get()
    with transaction.atomic():
        sql(ONE_SIDE, booked.pk)
        assert faults() == ["gift:pi_1: not balanced", "all entries: sum is 5, not 0"]
        transaction.set_rollback(True)
