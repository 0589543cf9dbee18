"""Rules of a few lines about money, at their edges and without a database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from donations.domain import amounts, deadlines, ledger
from donations.domain.acceptance import country_of, needs_acceptance
from donations.domain.cash import total
from donations.domain.facts import DisputeFact, RefundFact
from donations.domain.identities import account_of, identity, name_of
from donations.domain.of_age import is_for_adults, may_be_a_minor
from donations.domain.proposals import ABOUT_ACCEPTANCE, PROPOSAL_KINDS
from donations.domain.receipts import needs_details
from donations.domain.references import reference_of
from donations.domain.statements import (
    StatementEntry,
    StatementRefused,
    day,
    plain,
    read_amount,
    read_currency,
    read_day,
)
from donations.receipts.domain.calendar import first_year_kept, year_of_run
from donations.receipts.domain.numbers import receipt_number
from foundation.units import Cents

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=9)


def test_a_box_is_worth_what_its_notes_and_coins_are() -> None:
    euro = {500_00, 200_00, 100_00, 50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 50, 20, 10, 5, 2, 1}
    assert total(dict.fromkeys(euro, 1)) == 888_88
    assert total({20_00: 3, 2: 7}) == 60_14
    assert total({}) == 0
    with pytest.raises(KeyError):
        total({3: 1})


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 30), (2, 60), (7, 1920), (8, 3600), (40, 3600)])
def test_a_retry_waits_twice_as_long_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert deadlines.retry_after(attempts) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("asked", "minutes"), [(0, 15), (1, 15), (2, 30), (3, 60), (7, 960), (8, 1440), (40, 1440)]
)
def test_a_question_waits_twice_as_long_up_to_a_day(asked: int, minutes: int) -> None:
    assert deadlines.ask_again_after(asked) == timedelta(minutes=minutes)


def test_stripe_and_givers_are_waited_for_as_long_as_they_may_take() -> None:
    assert timedelta(hours=20) == deadlines.LAPSE_WITHOUT_CHECKOUT_AFTER
    assert timedelta(hours=23) == deadlines.CHECKOUT_OPEN_FOR
    assert timedelta(days=30) == deadlines.EVENTS_LISTED_FOR
    assert timedelta(days=1) == deadlines.CATCH_UP_OVERLAP
    assert timedelta(minutes=10) == deadlines.ASK_ABOUT_PENDING_AFTER
    assert timedelta(days=14) == deadlines.REMIND_TRANSFER_AFTER
    assert timedelta(days=60) == deadlines.LAPSE_TRANSFER_AFTER


def test_four_amounts_are_offered_and_one_euro_is_the_least() -> None:
    assert amounts.SUGGESTED_CENTS == (1000, 2500, 5000, 10000)
    assert amounts.PRESELECTED_CENTS == 2500
    assert amounts.read_amount("0,99", Cents(500)) is amounts.AmountRefusal.TOO_SMALL
    assert amounts.read_amount("1", Cents(500)) == 100
    assert amounts.read_amount("5,00", Cents(500)) == 500
    assert amounts.read_amount("5,01", Cents(500)) is amounts.AmountRefusal.TOO_LARGE
    assert amounts.read_amount("fünf", Cents(500)) is amounts.AmountRefusal.NOT_UNDERSTOOD


def test_a_reference_is_made_of_its_gift_alone() -> None:
    assert reference_of(UUID(int=1), 1) == "RF38LHTM8CPWRD"
    assert reference_of(UUID(int=1), 2) == "RF64TNDSNNEM9M"


ONE = Cents(1000)
POSTINGS = [
    (ledger.gift("1", ONE, AT, "bank"), "gift:1", "gift", "bank", "fund"),
    (ledger.unclear("1", ONE, AT), "line:1", "unclear", "bank", "unclear"),
    (ledger.bank_refund("1", ONE, AT, "unclear"), "refund:1", "refund", "fund", "unclear"),
    (ledger.payout("1", ONE, AT), "payout:1", "payout", "fund", "reserved"),
    (ledger.payout_sent("1", ONE, AT, "bank"), "payout_sent:1", "payout_sent", "reserved", "bank"),
    (ledger.shortfall("1", ONE, AT), "shortfall:1", "shortfall", "shortfall", "fund"),
    (ledger.shortfall_filled("1", ONE, AT), "shortfall_filled:1", "shortfall", "fund", "shortfall"),
    (ledger.fee("1", ONE, AT), "fee:1", "fee", "fees", "stripe"),
    (ledger.transit("1", ONE, AT), "transit:1", "transit", "in_transit", "stripe"),
    (ledger.transit_back("1", ONE, AT), "transit_back:1", "transit_back", "stripe", "in_transit"),
    (ledger.arrival("1", ONE, AT, "bank"), "arrival:1", "arrival", "bank", "in_transit"),
]


@pytest.mark.parametrize("number", range(len(POSTINGS)))
def test_an_event_has_one_key_one_kind_and_two_sides(number: int) -> None:
    """The keys stand in the books already: another one would book the same event again."""
    posting, key, kind, into, out_of = POSTINGS[number]
    assert (posting.key, posting.kind, posting.happened_at) == (key, kind, AT)
    assert posting.entries == ((into, 1000), (out_of, -1000))
    assert posting.kind in ledger.KINDS
    assert posting.fund_cents == {"fund": -1000}.get(into, 1000 if out_of == "fund" else 0)


def test_a_reallocation_goes_from_one_purpose_to_another() -> None:
    posting = ledger.reallocation("1", ONE, AT)
    assert (posting.key, posting.kind, posting.happened_at) == ("reallocation:1", "reallocation", AT)
    assert posting.entries == (("fund", 1000), ("fund", -1000))


def test_what_a_refund_and_a_dispute_are_called_in_the_books() -> None:
    told = [
        (each.key, each.kind, each.happened_at)
        for each in [
            *ledger.refund(RefundFact("r", ONE, AT, failed_at=LATER)),
            *ledger.dispute(
                DisputeFact(
                    "d",
                    ONE,
                    "lost",
                    AT,
                    LATER,
                    Cents(20),
                    fee_back_cents=Cents(5),
                    back_cents=Cents(300),
                    lost_before_cents=Cents(900),
                )
            ),
        ]
    ]
    assert told == [
        ("refund_back:r", "refund_back", LATER),
        ("refund:r", "refund", AT),
        ("dispute:d", "dispute", AT),
        ("fee:d", "fee", AT),
        ("dispute_won:d", "dispute_won", LATER),
        ("dispute_lost:d", "dispute_lost", LATER),
        ("dispute_reversed:d", "dispute_reversed", LATER),
        ("fee_back:d", "fee", LATER),
    ]
    assert {"payout", "shortfall"} == ledger.DECIDED_HERE < {*ledger.KINDS}
    assert {"refund_back", "dispute_reversed"} == ledger.RETURNS < {*ledger.KINDS}
    assert {"acceptance", "refusal"} == ABOUT_ACCEPTANCE < {*PROPOSAL_KINDS}


def test_of_a_lost_dispute_exactly_what_did_not_come_back_is_lost() -> None:
    claim = DisputeFact("d", ONE, "lost", AT, back_cents=Cents(300), lost_before_cents=ONE)
    assert claim.lost_cents == 700
    booked = {each.key: each.entries for each in ledger.dispute(claim)}
    assert booked == {
        "dispute:d": (("disputed", 1000), ("stripe", -1000)),
        "dispute_lost:d": (("fund", 1000), ("disputed", -1000)),
        "dispute_reversed:d": (("stripe", 300), ("fund", -300)),
    }
    assert DisputeFact("d", ONE, "won", AT, back_cents=Cents(300)).lost_cents == 0


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("25", "25.00"),
        ("25.", "25.00"),
        (".5", "0.50"),
        ("+25.10", "25.10"),
        (" 25.123 ", "25.123"),
        ("0025.50000", "25.50"),
        ("9" * 18, "9" * 18 + ".00"),
    ],
)
def test_an_amount_has_at_least_two_decimals(text: str, amount: str) -> None:
    assert str(read_amount(text)) == str(Decimal(amount))


@pytest.mark.parametrize(
    "text", ["", ".", "-25", "25,10", "1E5", "NaN", "٢٥", "9" * 19, "1.000001", "2 5", "++2"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(StatementRefused):
        read_amount(text)


def test_currencies_and_days_are_read_strictly() -> None:
    assert read_currency(" EUR ") == "EUR"
    assert (
        read_day("2026-03-02")
        == read_day(" 2026-03-02+01:00 ")
        == read_day("2026-03-02Z")
        == date(2026, 3, 2)
    )
    assert (day(1970, 1, 1), day(2099, 12, 31)) == (date(1970, 1, 1), date(2099, 12, 31))
    for text in ("eur", "EURO", "EU", ""):
        with pytest.raises(StatementRefused):
            read_currency(text)
    for text in ("2026-3-2", "02.03.2026", "2026-02-30", "1969-12-31", "2100-01-01", "٢٠٢٦-03-02", ""):
        with pytest.raises(StatementRefused):
            read_day(text)


def test_a_text_is_one_line_without_control_characters() -> None:
    assert plain(" Ranzen\n\tfür\x00Mia ") == "Ranzen  für Mia"
    assert plain(" schon gut ") == "schon gut"


@pytest.mark.parametrize(("status", "booked"), [("BOOK", True), ("PDNG", False), ("INFO", False)])
def test_an_entry_is_booked_and_what_a_bank_leaves_out_is_empty(status: str, booked: bool) -> None:
    entry = StatementEntry("DE1", Decimal("1.00"), "EUR", date(2026, 3, 2), status)
    assert entry.is_booked is booked
    assert (entry.counterparty_name, entry.counterparty_account, entry.remittance) == ("", "", "")
    assert (entry.end_to_end_id, entry.return_reason, entry.bank_reference) == ("", "", "")
    assert (entry.value_date, entry.is_reversal) == (None, False)


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2027, 2, 28), None),
        (date(2027, 3, 1), 2026),
        (date(2027, 3, 31), 2026),
        (date(2027, 4, 1), None),
    ],
)
def test_receipts_of_a_year_are_due_in_march_and_kept_for_ten(today: date, year: int | None) -> None:
    assert year_of_run(today) == year
    assert first_year_kept(today) == 2017


def test_a_number_of_a_receipt_sorts_as_it_counts() -> None:
    assert [receipt_number("SD", 2026, each) for each in (1, 42, 123456)] == [
        "SD-2026-00001",
        "SD-2026-00042",
        "SD-2026-123456",
    ]


@pytest.mark.parametrize(
    ("method", "repeated", "cents", "adults"),
    [
        ("card", False, 5000, False),
        ("card", False, 5001, True),
        ("card", True, 100, True),
        ("transfer", False, 5000, False),
        ("transfer", False, 5001, True),
        ("sepa_debit", False, 100, True),
        ("paypal", False, 100, False),
    ],
)
def test_only_small_gifts_without_a_mandate_are_for_everybody(
    method: str, repeated: bool, cents: int, adults: bool
) -> None:
    is_needed = is_for_adults(
        method=method, is_repeated=repeated, amount_cents=Cents(cents), small_cents=Cents(5000)
    )
    assert is_needed is adults


@pytest.mark.parametrize(
    ("given", "rule", "needed"),
    [(99_999, 100_000, False), (100_000, 100_000, True), (100_001, 100_000, True), (10**9, None, False)],
)
def test_the_city_accepts_from_its_own_limit_on(given: int, rule: int | None, needed: bool) -> None:
    begins = Cents(rule) if rule is not None else None
    assert needs_acceptance(Cents(given), from_cents=begins) is needed


@pytest.mark.parametrize(("is_own", "needing"), [(False, ["sepa_debit"]), (True, [])])
def test_only_a_payment_whose_statement_names_not_both_needs_details(
    is_own: bool, needing: list[str]
) -> None:
    methods = ("sepa_debit", "transfer", "paypal", "card", "cash", "")
    needs = [each for each in methods if needs_details(each, is_own_creditor=is_own)]
    assert needs == [*needing, "paypal", "card"]


def test_an_identity_names_its_account_and_what_stripe_calls_it() -> None:
    assert [identity("default", "pi_1"), identity("verein", "pi_1"), identity("verein", "")] == [
        "pi_1",
        "verein/pi_1",
        "",
    ]
    for named, account, name in (("pi_1", "default", "pi_1"), ("verein/pi_1", "verein", "pi_1")):
        assert (account_of(named), name_of(named)) == (account, name)
    assert account_of("refund:verein/re_1") == "verein"
    assert account_of("refund:re_1") == "default"


def test_who_signs_may_be_the_minor_of_that_name_and_nobody_else() -> None:
    mia = [("Mia", "Kaya")]
    signed = ["", "Mia", "Mia Kaya", "mia  KAYA", "Kaya", "Ada Kaya", "Mia Yilmaz", "Mia Kaya Yilmaz"]
    assert [may_be_a_minor(name, mia) for name in signed] == [True] * 4 + [False] * 3 + [True]
    assert may_be_a_minor("Mia Yilmaz", [("Mia", "")])
    assert not may_be_a_minor("Mia", [])


@pytest.mark.parametrize(
    ("account", "country"),
    [
        ("CH93 0076 2011 6238 5295 7", "CH"),
        ("de02 1203 0000 0000 2020 51", "DE"),
        (" DE02120300000000202051\n", "DE"),
        ("0532013000", ""),
        ("", ""),
    ],
)
def test_the_country_of_an_account_is_read_however_it_is_spaced(account: str, country: str) -> None:
    assert country_of(account) == country
