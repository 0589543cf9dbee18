"""`read_statement` on MT940: signs, subfields, references and ends."""

from pathlib import Path

import pytest

from tests.donations.statements.written import entries, mt940, said

LINE = ":61:2603020302C25,00NTRFNONREF"


def one(folder: Path, *lines: str) -> dict[str, str]:
    (read,) = entries(folder, mt940(*lines))
    return read


def test_every_fact_of_a_structured_line_is_printed(tmp_path: Path) -> None:
    details = (
        ":86:166?00SEPA-GUTSCHRIFT?109310?20EREF+E2E-1?21SVWZ+Spende?22RF18539007547034?30COBADEFF?31DE8937"
        "0400440532013000?32Erika?33 Musterfrau"
    )
    assert said(tmp_path, mt940(LINE, details)) == {
        "entries": [
            {
                "amount": "25.00",
                "currency": "EUR",
                "booking_date": "2026-03-02",
                "status": "BOOK",
                "counterparty_name": "Erika Musterfrau",
                "remittance": "Spende RF18539007547034",
                "end_to_end_id": "E2E-1",
                "return_reason": "",
            }
        ],
        "flags": [],
    }


@pytest.mark.parametrize(
    ("mark", "amount"),
    [("C", "25.00"), ("D", "-25.00"), ("RC", "-25.00"), ("RD", "25.00"), ("CR", "25.00"), ("RCR", "-25.00")],
)
def test_a_mark_gives_its_sign(tmp_path: Path, mark: str, amount: str) -> None:
    """RC takes a credit back, RD a debit; an R behind the mark is a letter of the currency."""
    assert one(tmp_path, f":61:2603020302{mark}25,00NTRFNONREF")["amount"] == amount


@pytest.mark.parametrize(
    ("written", "read"),
    [("25,", "25.00"), ("0,5", "0.50"), ("1234567,89", "1234567.89"), ("000000000025,99", "25.99")],
)
def test_amounts_are_read_to_the_cent(tmp_path: Path, written: str, read: str) -> None:
    assert one(tmp_path, f":61:2603020302C{written}NTRFNONREF")["amount"] == read


@pytest.mark.parametrize(
    "amount",
    [
        "25.00",
        "25",
        "-25,00",
        "1E5",
        "٢٥,00",
        "25,00,00",
        "NaN",
        "",
        "25,0000",
        "0000000000025,99",
        "00000000000025,99",
    ],
)
def test_what_is_no_amount_is_refused(tmp_path: Path, amount: str) -> None:
    assert "error" in said(tmp_path, mt940(f":61:2603020302C{amount}NTRFNONREF"))


@pytest.mark.parametrize(
    ("days", "booked"),
    [
        ("2603020302", "2026-03-02"),
        ("260302", "2026-03-02"),
        ("2601021230", "2025-12-30"),
        ("2512310102", "2026-01-02"),
    ],
)
def test_the_booking_day_takes_its_year_from_the_value_date(tmp_path: Path, days: str, booked: str) -> None:
    assert one(tmp_path, f":61:{days}C25,00NTRFNONREF")["booking_date"] == booked


def test_the_thirtieth_of_february_as_value_date_is_flagged(tmp_path: Path) -> None:
    """Banks that reckon thirty days a month really write it."""
    answer = said(tmp_path, mt940(":61:2602300302C25,00NTRFNONREF"))
    assert answer["flags"] == ["impossible value date"]
    assert answer["entries"][0]["booking_date"] == "2026-03-02"


@pytest.mark.parametrize("days", ["260230", "261301", "2603021302", "260431", "2602280230", "2600100302"])
def test_an_impossible_day_is_refused(tmp_path: Path, days: str) -> None:
    assert "error" in said(tmp_path, mt940(f":61:{days}C25,00NTRFNONREF"))


@pytest.mark.parametrize(
    ("closing", "flags"), [("C260302EUR125,00", []), ("C260302EUR124,99", ["closing balance differs"])]
)
def test_the_closing_balance_is_checked(tmp_path: Path, closing: str, flags: list[str]) -> None:
    assert said(tmp_path, mt940(LINE, closing=closing))["flags"] == flags


def test_reversals_count_for_the_balance_with_their_sign(tmp_path: Path) -> None:
    lines = [":61:2603020302RC25,00NTRFNONREF", ":61:2603020302RD5,00NTRFNONREF"]
    assert said(tmp_path, mt940(*lines, closing="C260302EUR80,00"))["flags"] == []


@pytest.mark.parametrize(
    ("details", "remittance"),
    [
        ("166?00X?20SVWZ+Spende fuer Kinder?21in Dueren", "Spende fuer Kinder in Dueren"),
        ("166?00X?20SVWZ+Spende fuer die Kinder?21garten", "Spende fuer die Kindergarten"),
        ("166?00X?20Spende?21RF18 5390 0754", "Spende RF18 5390 0754"),
        ("166?00X?20Spende a+b?21EREF+E2E-9", "Spende a+b"),
        ("166?00X?20EREF+E2E-9 SVWZ+Spende", "Spende"),
        ("166?00X?20SVWZ+was?21 soll das?", "was  soll das?"),
        ("166?00X?20SVWZ+eins?29 zehn?60 elf?63 zwoelf", "eins  zehn  elf  zwoelf"),
        ("166~00X~20SVWZ+Spende~32Erika", "Spende"),
        ("SPENDE OHNE FELDER RF18 5390", "SPENDE OHNE FELDER RF18 5390"),
        ("", ""),
    ],
)
def test_the_text_of_a_line_is_complete(tmp_path: Path, details: str, remittance: str) -> None:
    assert one(tmp_path, LINE, f":86:{details}")["remittance"] == remittance


def test_a_field_may_break_anywhere(tmp_path: Path) -> None:
    read = one(tmp_path, LINE, ":86:166?00X?20SVWZ+Spende RF1853900?2", "1754?32Erika Mu", "sterfrau")
    assert read["counterparty_name"] == "Erika Musterfrau"
    assert "RF1853900" in read["remittance"]


@pytest.mark.parametrize(
    ("line", "details", "reference"),
    [
        (LINE, "166?00X?20EREF+1234567890123456789012?21345?22SVWZ+x", "1234567890123456789012345"),
        (":61:2603020302C25,00NTRFE2E-7//BANK-1", "166?00X?20SVWZ+x", "E2E-7"),
        (LINE, "166?00X?20SVWZ+x", ""),
        (":61:2603020302C25,00NTRFKREF+//BANK-1", "166?00X?20SVWZ+x", ""),
    ],
)
def test_the_reference_of_the_payer_is_found(tmp_path: Path, line: str, details: str, reference: str) -> None:
    assert one(tmp_path, line, f":86:{details}")["end_to_end_id"] == reference


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ("109?00RUECKLASTSCHRIFT?20SVWZ+x?32Max?34912", "MD06"),
        ("109?00RUECKLASTSCHRIFT?20SVWZ+x?32Max?34906", "AM04"),
        ("108?00RUECKLASTSCHRIFT?20SVWZ+RETOURE AC04 KONTO ERLOSCHEN", "AC04"),
        ("109?00RUECKLASTSCHRIFT?20SVWZ+x?34999", ""),
        ("166?00GUTSCHRIFT?20SVWZ+Zimmer AC04", ""),
    ],
)
def test_a_return_tells_its_reason_and_nothing_is_guessed(tmp_path: Path, details: str, reason: str) -> None:
    assert one(tmp_path, ":61:2603020302D25,00NRTINONREF", f":86:{details}")["return_reason"] == reason


def test_what_the_bank_says_after_the_closing_balance_belongs_to_no_line(tmp_path: Path) -> None:
    content = mt940(LINE, ":86:Spende").replace(
        "\r\n-\r\n", "\r\n:64:C260302EUR125,00\r\n:86:WERBUNG\r\n-\r\n"
    )
    assert entries(tmp_path, content)[0]["remittance"] == "Spende"


def test_statements_of_several_days_follow_each_other(tmp_path: Path) -> None:
    second = mt940(":61:2603030303D5,00NMSCNONREF", opening="C260302EUR125,00", closing="C260303EUR120,00")
    answer = said(tmp_path, mt940(LINE) + second)
    assert [each["amount"] for each in answer["entries"]] == ["25.00", "-5.00"]
    assert answer["flags"] == []


def test_pages_of_one_statement_follow_each_other(tmp_path: Path) -> None:
    first = mt940(LINE).replace(":62F:", ":62M:")
    second = mt940(opening="C260302EUR125,00").replace(":60F:", ":60M:")
    answer = said(tmp_path, first + second)
    assert (len(answer["entries"]), answer["flags"]) == (1, [])


def test_the_envelope_of_swift_is_taken_off(tmp_path: Path) -> None:
    content = "{1:F01DUERDE33AXXX0000000000}{2:O9400000000000}{4:\r\n" + mt940(LINE).replace(
        "\r\n-\r\n", "\r\n-}\r\n"
    )
    assert len(entries(tmp_path, content)) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-8-sig"])
def test_umlauts_are_read_in_the_encodings_banks_use(tmp_path: Path, encoding: str) -> None:
    content = mt940(LINE, ":86:166?00X?20SVWZ+Spende für Düren?32Jürgen Groß").encode(encoding)
    (read,) = entries(tmp_path, content)
    assert (read["counterparty_name"], read["remittance"]) == ("Jürgen Groß", "Spende für Düren")


@pytest.mark.parametrize(
    "broken",
    [
        mt940(LINE).partition(":62F:")[0],
        mt940(LINE).replace(":60F:C260301EUR100,00\r\n", ""),
        mt940(LINE) + ":20:NEXT\r\n:25:X\r\n",
        mt940(LINE)[:70],
        ":20:X\r\n:61:2603020302C25,00NTRF\r\n",
        mt940(LINE).replace("EUR100,00", "EUR100.00"),
        mt940(LINE).replace("EUR", "eur"),
        mt940(LINE, closing="C260230EUR125,00"),
        "Lieber Kunde,\r\n" + mt940(LINE),
        mt940(LINE + "x" * 5000),
    ],
)
def test_what_is_cut_off_or_is_no_statement_is_refused(tmp_path: Path, broken: str) -> None:
    assert "error" in said(tmp_path, broken)


def test_nothing_of_a_line_that_is_refused_gets_into_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    line = ":61:2603020302C25,00NTRF1234567890123456 7//B1\r\nErika Musterfrau"
    assert "error" in said(tmp_path, mt940(line))
    assert caplog.text == ""


@pytest.mark.parametrize("cents", ["12345678901234,67", "00000000000100,00"])
def test_a_balance_longer_than_the_standard_allows_is_refused(tmp_path: Path, cents: str) -> None:
    assert "not a balance" in said(tmp_path, mt940(LINE, opening=f"C260301EUR{cents}"))["error"]
    assert "not a balance" in said(tmp_path, mt940(LINE, closing=f"C260302EUR{cents}"))["error"]
