"""Rules of money at the cent, the day and the letter where they turn, without a database."""

import re
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from donations.domain import ledger
from donations.domain.acceptance import is_abroad, needs_second_look
from donations.domain.bank_lines import Keys, LineFacts, is_reference, most_sent
from donations.domain.epc import NotEncodable, payload, svg
from donations.domain.facts import DisputeFact, FeeFact, PaymentFacts, RefundFact
from donations.domain.identities import further_part, taken_again, whole_of
from donations.domain.ledger import Posting
from donations.domain.methods import offered
from donations.domain.names import may_be_same, spellings, telling_words
from donations.domain.of_age import may_be_a_minor
from donations.domain.periods import Period, moved_on, told_by_balances
from donations.domain.references import grouped, new_reference, reference_for, references_in
from donations.domain.references import is_reference as is_creditor_reference
from donations.domain.rhythm import in_months, next_collection
from donations.domain.statement_files import ENDINGS, form_of
from donations.domain.twins import pairs
from foundation.money import NotCents
from foundation.units import Cents

AT, LATER = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 11, 9, tzinfo=UTC)
DAY, NEXT = date(2026, 3, 2), date(2026, 3, 3)
TEN = Cents(1000)

POSTINGS: list[tuple[Posting, str, str, dict[str, int]]] = [
    (ledger.gift_part("b", TEN, AT, "unclear"), "gift:b", "gift_part", {"unclear": 1000, "fund": -1000}),
    (ledger.bank_fee("7", TEN, AT), "bank_fee:7", "fee", {"fees": 1000, "unclear": -1000}),
    (ledger.bank_fee("7", Cents(-35), AT), "bank_fee:7", "fee", {"fees": -35, "unclear": 35}),
    (ledger.fee_cover("7", TEN, AT), "fee_cover:7", "fee_cover", {"unclear": 1000, "fee_cover": -1000}),
    (ledger.stripe_fee("v/txn", TEN, AT), "stripe_fee:v/txn", "fee", {"fees": 1000, "stripe": -1000}),
    (ledger.stripe_fee("txn", Cents(-5), AT), "stripe_fee:txn", "fee", {"fees": -5, "stripe": 5}),
    (ledger.collection("3", TEN, AT), "cash:3", "collection", {"cash": 1000, "fund": -1000}),
    (ledger.deposit("b", TEN, AT, "bank"), "deposit:b", "deposit", {"bank": 1000, "cash": -1000}),
    (
        ledger.payout_returned("b", TEN, AT, "bank"),
        "payout_sent:b",
        "payout_sent",
        {"bank": 1000, "reserved": -1000},
    ),
    (
        ledger.payout_returned("b", TEN, AT, "unclear", kept=Cents(1)),
        "payout_sent:b",
        "payout_sent",
        {"unclear": 999, "fees": 1, "reserved": -1000},
    ),
    (
        ledger.bank_refund_back("b", TEN, AT),
        "refund_back:b",
        "refund_back",
        {"unclear": 1000, "fund": -1000},
    ),
    (
        ledger.bank_refund_back("b", TEN, AT, kept=Cents(250)),
        "refund_back:b",
        "refund_back",
        {"unclear": 750, "fees": 250, "fund": -1000},
    ),
    (
        ledger.fee_back(FeeFact("dp_1", Cents(-20), AT)),
        "fee_back:dp_1",
        "fee",
        {"stripe": 20, "fees": -20},
    ),
]


@pytest.mark.parametrize(("posting", "key", "kind", "entries"), POSTINGS)
def test_what_a_bank_keeps_or_gives_back_stands_on_the_fees(
    posting: Posting, key: str, kind: str, entries: dict[str, int]
) -> None:
    assert (posting.key, posting.kind, posting.happened_at) == (key, kind, AT)
    assert dict(posting.entries) == entries


def test_a_line_moves_between_two_accounts_of_one_kind() -> None:
    posting = ledger.moved("b", TEN, AT)
    assert (posting.key, posting.kind, posting.happened_at) == ("moved:b", "moved", AT)
    assert posting.entries == (("bank", 1000), ("bank", -1000))
    assert posting.fund_cents == 0


@pytest.mark.parametrize(
    ("posting", "account"),
    [
        (ledger.gift("pi_1", TEN, AT, "stripe"), "default"),
        (ledger.gift("verein/pi_1", TEN, AT, "stripe"), "verein"),
        (ledger.gift("bank:1", TEN, AT, "bank"), None),
        (ledger.stripe_fee("verein/txn_1", TEN, AT), "verein"),
        (ledger.payout("1", TEN, AT), None),
    ],
)
def test_a_booking_at_stripe_names_its_account_by_its_key(posting: Posting, account: str | None) -> None:
    assert posting.stripe_account == account


@pytest.mark.parametrize("cents", [10.0, True, "10", None])
def test_no_booking_is_of_anything_but_whole_cents(cents: object) -> None:
    with pytest.raises(NotCents):
        ledger.gift("1", cents, AT, "bank")  # type: ignore[arg-type]


def told(*disputes: DisputeFact, refunds: tuple[RefundFact, ...] = ()) -> dict[str, dict[str, int]]:
    facts = PaymentFacts("pi_1", "succeeded", Cents(2500), AT, refunds=refunds, disputes=disputes)
    return {each.key: dict(each.entries) for each in ledger.postings(facts)}


def test_of_a_dispute_that_is_won_in_part_only_the_rest_is_lost() -> None:
    assert told(DisputeFact("dp", Cents(2500), "lost", AT, LATER, back_cents=Cents(700))) == {
        "gift:pi_1": {"stripe": 2500, "fund": -2500},
        "dispute:dp": {"disputed": 2500, "stripe": -2500},
        "dispute_won:dp": {"stripe": 700, "disputed": -700},
        "dispute_lost:dp": {"fund": 1800, "disputed": -1800},
    }


def test_what_comes_back_of_a_lost_dispute_in_two_parts_is_booked_in_two() -> None:
    lost = {"lost_before_cents": Cents(2500)}
    first = DisputeFact("dp", Cents(2500), "lost", AT, LATER, back_cents=Cents(700), **lost)
    second = DisputeFact(
        "dp", Cents(2500), "won", AT, LATER, back_cents=Cents(2500), reversed_before_cents=Cents(700), **lost
    )
    nothing_new = DisputeFact(
        "dp", Cents(2500), "lost", AT, back_cents=Cents(700), reversed_before_cents=Cents(700), **lost
    )
    assert told(first)["dispute_reversed:dp"] == {"stripe": 700, "fund": -700}
    assert told(second)["dispute_reversed:dp+2500"] == {"stripe": 1800, "fund": -1800}
    assert "dispute_won:dp" not in told(second)
    assert not [key for key in told(nothing_new) if key.startswith("dispute_reversed")]


@pytest.mark.parametrize("outcome", ["asked", "dropped"])
def test_an_inquiry_moves_nothing_but_its_own_fee(outcome: str) -> None:
    fee = FeeFact("dp+txn_1", Cents(500), AT)
    back = FeeFact("dp+txn_2", Cents(-500), LATER, is_back=True)
    claim = DisputeFact("dp", Cents(2500), outcome, AT, fee_cents=Cents(1), more_fees=(fee, back))  # type: ignore[arg-type]
    assert told(claim) == {
        "gift:pi_1": {"stripe": 2500, "fund": -2500},
        "fee:dp+txn_1": {"fees": 500, "stripe": -500},
        "fee_back:dp+txn_2": {"stripe": 500, "fees": -500},
    }


def test_a_decision_without_a_day_is_of_the_day_on_which_it_was_opened() -> None:
    claim = DisputeFact("dp", Cents(2500), "lost", AT, fee_back_cents=Cents(20))
    moments = {each.key: each.happened_at for each in ledger.dispute(claim)}
    assert moments == {"dispute:dp": AT, "dispute_lost:dp": AT, "fee_back:dp": AT}
    closed = {each.happened_at for each in ledger.dispute(DisputeFact("dp", TEN, "lost", AT, LATER))}
    assert closed == {AT, LATER}


def test_a_dispute_taken_again_or_charged_later_is_a_thing_of_its_own_at_the_same_dispute() -> None:
    assert [taken_again("v/dp_1", times) for times in (0, 1, 2)] == ["v/dp_1", "v/dp_1.2", "v/dp_1.3"]
    assert further_part("v/dp_1.2", "txn_9") == "v/dp_1.2+txn_9"
    parts = ["v/dp_1", "v/dp_1.2", "v/dp_1+txn_9", "v/dp_1.2+txn_9"]
    assert {whole_of(each) for each in parts} == {"v/dp_1"}


@pytest.mark.parametrize(("country", "abroad"), [("", False), ("DE", False), ("CH", True), ("AT", True)])
def test_an_account_is_abroad_where_its_country_is_known_and_another(country: str, abroad: bool) -> None:
    assert is_abroad(country) is abroad


def test_a_thousand_euro_of_somebody_unknown_are_not_looked_at_and_a_cent_more_is() -> None:
    limit = Cents(100_000)
    looked_at = [needs_second_look(Cents(cents), above_cents=limit) for cents in (99_999, 100_000, 100_001)]
    assert looked_at == [False, False, True]


@pytest.mark.parametrize(
    ("back", "sent"), [(1, 2), (4_999, 9_998), (5_000, 10_000), (5_001, 10_001), (1_000_000, 1_005_000)]
)
def test_a_bank_keeps_at_most_fifty_euro_and_never_more_than_half(back: int, sent: int) -> None:
    assert most_sent(back) == sent


@pytest.mark.parametrize(
    ("reference", "tells"),
    [("", False), ("NONREF", False), ("nonref", False), ("NotProvided", False), ("2026-1", True)],
)
def test_a_bank_that_says_it_has_no_reference_has_none(reference: str, tells: bool) -> None:
    assert is_reference(reference) is tells


def key_of(keys: Keys, **changed: object) -> str:
    facts = LineFacts(
        changed.pop("day", DAY),  # type: ignore[arg-type]
        Cents(changed.pop("cents", 2500)),  # type: ignore[call-overload]
        str(changed.pop("name", "Ada Muster")),
        str(changed.pop("text", "Für Kinder")),
    )
    known = {"bank_reference": "", "end_to_end_id": "E1", "counterparty": "DE1"}
    return keys.key(facts, **{**known, **changed})  # type: ignore[arg-type]


def test_each_fact_of_a_line_makes_another_key_where_the_bank_gives_no_reference() -> None:
    keys = Keys("1")
    others = [
        key_of(keys),
        key_of(keys, day=NEXT),
        key_of(keys, cents=2501),
        key_of(keys, cents=-2500),
        key_of(keys, name="Ada Master"),
        key_of(keys, text="Für Kinda"),
        key_of(keys, end_to_end_id="E2"),
        key_of(keys, counterparty="DE2"),
        key_of(keys, bank_reference="R1"),
        key_of(keys, bank_reference="R2"),
        key_of(keys, bank_reference="R1", day=NEXT),
        key_of(keys, bank_reference="R1", cents=1),
        key_of(Keys("2")),
    ]
    assert len(set(others)) == 13
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in others)


def test_beside_the_banks_own_reference_words_do_not_count_and_equal_lines_are_numbered() -> None:
    keys = Keys("1")
    first = key_of(keys, bank_reference="R1")
    second = key_of(
        keys, bank_reference="R1", name="Anders", text="anders", end_to_end_id="", counterparty=""
    )
    assert first != second
    keys.begin()
    assert key_of(keys, bank_reference="R1", text="noch anders") == first
    plain = key_of(Keys("1"))
    assert key_of(Keys("1"), name="ADA  MUSTER", text="für  kinder.") == plain
    assert key_of(Keys("1"), bank_reference="NONREF") == plain


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"holder_name": " "}, "name"),
        ({"holder_name": "n" * 71}, "name"),
        ({"iban": "DE0212030000000020205x!"}, "IBAN"),
        ({"iban": "DE02 1203 000"}, "IBAN"),
        ({"iban": "DE02" + "1" * 31}, "IBAN"),
        ({"amount_cents": 0}, "amount"),
        ({"amount_cents": 100_000_000_000}, "amount"),
        ({"holder_name": "ü" * 70, "reference": "R" * 200}, "too long"),
    ],
)
def test_what_the_standard_does_not_take_becomes_no_code(changed: dict[str, object], said: str) -> None:
    known = {
        "holder_name": "Stadt Düren",
        "iban": "DE02120300000000202051",
        "amount_cents": 2500,
        "reference": "",
    }
    with pytest.raises(NotEncodable, match=said):
        payload(**{**known, **changed})  # type: ignore[arg-type]


def test_the_code_has_every_line_of_the_standard_and_takes_what_just_fits() -> None:
    text = payload(
        holder_name=f"  {'n' * 35}   {'m' * 34} ",
        iban="de02 1203 0000 0000 2020 51",
        amount_cents=Cents(99_999_999_999),
        reference="RF18539007547034",
    )
    assert text.split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "",
        f"{'n' * 35} {'m' * 34}",
        "DE02120300000000202051",
        "EUR999999999.99",
        "CHAR",
        "RF18539007547034",
    ]
    least = payload(holder_name="n", iban="DE02120300000000202051", amount_cents=Cents(1), reference="")
    assert least.split("\n")[5:8] == ["n", "DE02120300000000202051", "EUR0.01"]


def modules(code: str) -> list[str]:
    """The rows of a code as its picture draws them, without the white border."""
    found = re.search(r'viewBox="0 0 (\d+) \1"', code)
    assert found
    size = int(found[1])
    rows = [[" "] * size for _ in range(size)]
    x, y = 0, 0.0
    drawn = re.search(r'class="qrline"[^>]* d="([^"]+)"', code)
    assert drawn
    for step, a, b in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", drawn[1]):
        if step == "h":
            rows[int(y)][x : x + int(a)] = ["#"] * int(a)
            x += int(a)
        elif step == "M":
            x, y = int(a), float(b)
        else:
            x, y = x + int(a), y + float(b)
    return ["".join(row[4:-4]) for row in rows[4:-4]]


def test_the_code_is_drawn_with_four_white_modules_around_and_corrects_as_much_as_the_standard_asks() -> None:
    rows = modules(svg("BCD"))
    assert len(rows) == 21
    assert rows[0][:8] == "####### "
    assert rows[0][-8:] == " #######"
    assert rows[8][:2] == "# ", "the two bits of the format that say M"


def test_a_name_is_written_in_the_letters_that_the_code_declares() -> None:
    """43 of two bytes each are 86: more than the 84 that version 5 holds, so that it is version 6."""
    assert len(modules(svg("ü" * 43))) == 41
    assert len(modules(svg("ü" * 42))) == 37


def test_a_code_of_version_13_is_the_largest() -> None:
    assert len(modules(svg("x" * 331))) == 69
    with pytest.raises(NotEncodable, match="too large"):
        svg("x" * 332)


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b"PK\x03\x04", "zip"),
        (b"<?xml", "camt"),
        (b" \t\r\n<Document>", "camt"),
        (b"\xef\xbb\xbf<Document>", "camt"),
        (b"\xff\xfe<\0D\0", "camt"),
        (b"\xfe\xff\0<\0D", "camt"),
        (b":20:STARTUMS", "mt940"),
        (b"{1:F01}{4:\r\n:20:A", "mt940"),
        (b"Buchungstag;Betrag", ""),
        (b"", ""),
        (b"x<Document>", ""),
    ],
)
def test_a_file_is_what_it_begins_with(head: bytes, form: str) -> None:
    assert form_of(head) == form


@pytest.mark.parametrize(
    ("endings", "forms"),
    [
        ((".xml", ".camt"), {"camt", ""}),
        ((".sta", ".940", ".mt940", ".swi", ".mta"), {"mt940", ""}),
        ((".txt", ".dat"), {"camt", "mt940", ""}),
        ((".zip",), {"zip"}),
    ],
)
def test_a_name_promises_a_form(endings: tuple[str, ...], forms: set[str]) -> None:
    heads = {"zip": b"PK\x03\x04", "camt": b"<", "mt940": b":20:", "": b"?"}
    for ending in endings:
        assert {form for form, head in heads.items() if ENDINGS[ending](head)} == forms
    assert len(ENDINGS) == 10


@pytest.mark.parametrize(
    ("monthly", "account", "methods"),
    [
        (False, True, ["transfer", "sepa_debit", "paypal", "card"]),
        (False, False, ["sepa_debit", "paypal", "card"]),
        (True, True, ["sepa_debit", "card"]),
    ],
)
def test_without_an_amount_no_method_is_too_small(monthly: bool, account: bool, methods: list[str]) -> None:
    online = ["card", "paypal", "sepa_debit"]
    assert offered(online=online, has_account=account, monthly=monthly) == methods
    huge = offered(online=online, has_account=account, monthly=monthly, amount_cents=Cents(1_000_001))
    assert huge == [each for each in methods if each != "sepa_debit"]


@pytest.mark.parametrize(
    ("signed", "minor", "may_be"),
    [
        ("", ("Mia", "Kaya"), True),
        (" ,.- ", ("Mia", "Kaya"), True),
        ("Kaya, Mia", ("Mia", "Kaya"), True),
        ("Mia-Sophie Kaya", ("Mia", "Kaya"), True),
        ("Mia-Sophie Kaya", ("Mia Sophie", "Kaya"), True),
        ("Mia Kaya-Yilmaz", ("Mia", "Kaya"), True),
        ("Mia Kaya", ("Mia", "Kaya-Yilmaz"), False),
        ("MIA", ("mia", "Kaya"), True),
        ("Kaya", ("Mia", "Kaya"), False),
        ("Miau Kaya", ("Mia", "Kaya"), False),
    ],
)
def test_another_first_or_family_name_is_somebody_else(
    signed: str, minor: tuple[str, str], may_be: bool
) -> None:
    assert may_be_a_minor(signed, [("Otto", "Fremd"), minor]) is may_be


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", set()),
        ("A. B.", set()),
        ("Anna Schmidt", {"anna", "schmidt"}),
        ("Kurz, Maximilian Anton", {"kurz", "maximilian", "anton"}),
        ("Dr. Eva Maximiliane Lise Groß", {"eva", "maximiliane", "gross"}),
        ("J. Öz", {"oz"}),
        ("Lesen e. V.", {"lesen", "ev"}),
    ],
)
def test_a_giver_is_looked_for_by_the_longest_word_and_where_the_family_name_stands(
    name: str, words: set[str]
) -> None:
    assert telling_words(name) == words


@pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [
        ("A. Schmidt", "Anna Schmidt", True),
        ("Anna Schmidt", "A. Schmidt", True),
        ("B. Schmidt", "Anna Schmidt", False),
        ("A. M. Schmidt", "Anna Maria Schmidt", True),
        ("A. X. Schmidt", "Anna Maria Schmidt", False),
        ("A.M. Schmidt", "Schmidt, Anna Maria", True),
        ("A.", "Anna Schmidt", False),
        ("Schmidt", "Anna Schmidt", False),
        ("Bäckerei Nobis GmbH", "Bäckerei Nobis", True),
        ("Bäckerei Nobis GmbH", "Nobis Bäckerei UG", True),
        ("Bäckerei Nobis GmbH", "Anna Nobis", False),
        ("", "Anna Schmidt", False),
        ("Anna Schmidt", " ", False),
    ],
)
def test_a_first_letter_may_be_a_first_name_and_a_form_of_law_makes_no_other(
    one: str, other: str, may_be: bool
) -> None:
    assert may_be_same(one, other) is may_be


def test_the_spellings_of_nothing_are_none_and_each_order_of_a_name_is_one() -> None:
    assert spellings("") == set()
    assert "jürgen groß" in spellings("Ju\u0308rgen Gross")
    assert spellings("Eva Klein") == {"Eva Klein", "eva klein", "klein eva", "klein, eva"}
    assert {"juergen gross", "jurgen gross", "jürgen groß", "groß, jürgen"} <= spellings("Jürgen Groß")
    assert "jürgen böse" in spellings("Juergen Boese")


@pytest.mark.parametrize(
    ("start", "months", "then"),
    [
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 1, 1), 11, date(2026, 12, 1)),
        (date(2026, 1, 1), 12, date(2027, 1, 1)),
    ],
)
def test_a_leap_day_falls_on_the_28th_and_is_there_again_after_four_years(
    start: date, months: int, then: date
) -> None:
    assert in_months(start, months) == then


def test_a_collection_of_the_31st_is_counted_from_its_first_day_not_from_the_last() -> None:
    """February does not make it the 28th for ever."""
    assert next_collection(date(2026, 1, 31), "month", date(2026, 3, 2)) == date(2026, 3, 31)
    assert next_collection(date(2026, 1, 31), "month", date(2026, 4, 30)) == date(2026, 4, 30)
    assert next_collection(date(2028, 2, 29), "year", date(2029, 2, 28)) == date(2029, 2, 28)
    assert next_collection(date(2028, 2, 29), "year", date(2029, 3, 1)) == date(2030, 2, 28)


def period(opening: int | None, *cents: int, day: date = DAY, account: int = 1) -> Period:
    made = Period(account, opening)
    for each in cents:
        made.add(day, Cents(each))
    return made


def test_a_stretch_of_an_account_tells_its_balances_day_by_day() -> None:
    made = period(10_000, 500, -200)
    made.add(NEXT, Cents(-50))
    assert (made.balances(DAY), made.balances(NEXT)) == ((10_000, 10_300), (10_300, 10_250))
    assert (made.reach(DAY), made.reach(NEXT)) == ((9_800, 10_500), (10_250, 10_300))
    assert [made.is_one_way(day, sign) for day in (DAY, NEXT) for sign in (1, -1)] == [False] * 3 + [True]
    assert (made.tells(1, DAY), made.tells(2, DAY), made.tells(1, date(2026, 3, 4))) == (True, False, False)
    assert Period(1).balances(DAY) is None
    assert Period(1, Cents(5)).balances(DAY) == (5, 5)
    assert Period.of(made.kept()) == made
    silent = {"account_id": 3, "opening_cents": None, "by_day": {"2026-03-02": 5}}
    assert Period.of(silent) == Period(3, None, Counter({DAY: 5}), None)
    assert Period.of(silent).kept() == {**silent, "came_by_day": None}
    assert Period.of({**silent, "opening_cents": 0}).reach(DAY) is None
    assert not any(Period.of(silent).is_one_way(DAY, sign) for sign in (1, -1))


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (period(100, 10), period(100, 10), "same"),
        (period(100, 10, -10), period(100, 10, -10), "perhaps"),
        (period(100, 10), period(110, 5), "apart"),
        (period(110, 5), period(100, 10), "apart"),
        (period(None, 10), period(110, 5), "perhaps"),
        (period(100, 10), period(None, 5), "perhaps"),
        (period(100, 10), period(109, 5), "perhaps"),
        (period(100, 10), period(111, 5), "apart"),
        (period(111, 5), period(100, 10), "apart"),
        (period(100, 30, -20), period(90, 5), "perhaps"),
        (period(100, 30, -20), period(131, 5), "apart"),
        (period(100, 30, -20), period(75, 4), "apart"),
    ],
)
def test_two_statements_of_a_day_are_apart_where_they_reach_no_two_balances_in_common(
    one: Period, other: Period, said: str
) -> None:
    assert told_by_balances(one, other, DAY) == said


@pytest.mark.parametrize(
    ("parts", "cents"),
    [
        ([period(100, 10)], 10),
        ([period(100, 10), period(110, 5)], 15),
        ([period(110, 5), period(100, 10)], 15),
        ([period(100, 10), period(100, 10)], 10),
        ([period(100, 10), period(105, 10)], 15),
        ([period(100, 10), period(120, 5)], 15),
        ([period(100, -10), period(90, -5)], -15),
        ([period(100, -10), period(95, -10)], -15),
        ([period(100, 10, -30), period(80, 5)], -15),
        ([period(100, 10, -30), period(90, 5)], None),
        ([period(100, 10), period(None, 5)], None),
        ([period(None, 5)], None),
        ([], None),
        ([period(100, 20, -20)], None),
    ],
)
def test_what_moved_on_a_day_is_what_its_parts_lead_to(parts: list[Period], cents: int | None) -> None:
    assert moved_on(DAY, parts) == cents


def said(name: str, text: str = "") -> LineFacts:
    return LineFacts(DAY, Cents(2500), name, text)


CODE, OTHER_CODE = reference_for("23456789AB"), reference_for("CDEFGHJKLM")


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        (said("Ada Muster", CODE), said("Jemand Anders", f"x {CODE}"), True),
        (said("Ada Muster", CODE), said("Ada Muster", OTHER_CODE), False),
        (said("Ada Muster", f"{CODE} {OTHER_CODE}"), said("", OTHER_CODE), True),
        (said("Jürgen Groß"), said("JUERGEN GROSS"), True),
        (said("Jürgen Groß"), said("JRGEN GRO"), True),
        (said("JRGEN GRO"), said("Jürgen Groß"), True),
        (said("Ada Muster"), said("Ada Must"), True),
        (said("Ada Muster"), said("Muster Ada"), True),
        (said("Ada Muster"), said("Eva Muster"), False),
        (said("Ada", "Für Ranzen"), said("Ada", "FUER RAN"), True),
        (said("Ada", "Für Ranzen"), said("Ada", "FR RANZEN"), True),
        (said("Ada", "FR RANZEN"), said("Ada", "Für Ranzen"), True),
        (said("Ada", "Ranzen"), said("Ada", "Schuhe"), False),
        (said("", ""), said("Ada", "Schuhe"), True),
    ],
)
def test_two_forms_of_one_movement_are_known_by_what_one_of_them_left_out(
    one: LineFacts, other: LineFacts, is_one: bool
) -> None:
    found = pairs({"new": one}, {7: other}, lambda _key, _pk: "perhaps")
    assert found == ({"new": 7} if is_one else {})
    assert pairs({"new": one}, {7: other}, lambda _key, _pk: "apart") == {}


def test_where_the_balances_say_so_words_do_not_part_a_movement_but_codes_do() -> None:
    same = {"new": said("Ada", "Ranzen")}
    assert pairs(same, {7: said("Eva", "Schuhe")}, lambda _key, _pk: "same") == {"new": 7}
    coded = {"new": said("Ada", CODE)}
    assert pairs(coded, {7: said("Ada", OTHER_CODE)}, lambda _key, _pk: "same") == {}
    assert pairs(coded, {7: said("Eva", "Schuhe")}, lambda _key, _pk: "same") == {"new": 7}


def test_who_tells_most_chooses_first_and_nobody_twice() -> None:
    new = {"bare": said("", ""), "name": said("Ada", ""), "full": said("Ada", "Ranzen")}
    known = {1: said("Ada", "Ranzen"), 2: said("Ada", "Schuhe"), 3: said("Eva", "Ranzen")}
    assert pairs(new, known, lambda _key, _pk: "perhaps") == {"full": 1, "name": 2, "bare": 3}
    assert pairs(new, {1: known[1]}, lambda _key, _pk: "perhaps") == {"full": 1}


@pytest.mark.parametrize("body", ["", "A" * 22, "abc", "A-B", "Ä", "A B", "١"])
def test_no_other_text_is_the_body_of_a_code(body: str) -> None:
    with pytest.raises(ValueError, match="body of a creditor reference"):
        reference_for(body)


def test_codes_are_read_however_they_are_broken_and_only_if_their_digits_are_right() -> None:
    assert reference_for("539007547034") == "RF18539007547034"
    assert is_creditor_reference("RF18539007547034")
    wrong = ["RF19539007547034", "rf18539007547034", "RF18 5390 0754 7034", "RF18", "RF18" + "1" * 22, ""]
    assert not any(is_creditor_reference(each) for each in wrong)
    broken = f"Spende {CODE[:3]}\n{CODE[3:7].lower()}. {CODE[7:]}, danke {OTHER_CODE}{CODE}"
    assert references_in(broken) == [CODE, OTHER_CODE]
    assert references_in(CODE[:-1]) == references_in("") == []
    mistyped = CODE[:-1] + ("C" if CODE[-1] != "C" else "D")
    assert references_in(mistyped) == []
    assert grouped("RF18539007547034") == "RF18 5390 0754 7034"
    assert grouped("RF185390075470") == "RF18 5390 0754 70"
    fresh = {new_reference() for _ in range(50)}
    assert len(fresh) == 50
    assert all(is_creditor_reference(each) and len(each) == 14 for each in fresh)
