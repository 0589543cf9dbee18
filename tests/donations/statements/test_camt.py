"""`read_statement` on camt.053: each fact where its version keeps it, to the cent."""

from pathlib import Path

import pytest

from tests.donations.statements.written import IBAN, URN, balance, camt, entries, entry, item, said, text

DEBTOR = "<RltdPties><Dbtr><Nm>Erika Musterfrau</Nm></Dbtr></RltdPties>"
DEBTOR_08 = "<RltdPties><Dbtr><Pty><Nm>Erika Musterfrau</Nm></Pty></Dbtr></RltdPties>"


def test_every_fact_of_a_credit_is_printed_under_its_fixed_name(tmp_path: Path) -> None:
    details = item("<Refs><EndToEndId>E2E-1</EndToEndId></Refs>", DEBTOR_08, text("Spende RF18 5390 0754"))
    answer = said(tmp_path, camt(entry("25.00", "CRDT", details)))
    assert answer == {
        "entries": [
            {
                "amount": "25.00",
                "currency": "EUR",
                "booking_date": "2026-03-02",
                "status": "BOOK",
                "counterparty_name": "Erika Musterfrau",
                "remittance": "Spende RF18 5390 0754",
                "end_to_end_id": "E2E-1",
                "return_reason": "",
            }
        ],
        "flags": [],
    }


@pytest.mark.parametrize("version", ["02", "03", "04", "05", "06", "07", "08", "09", "10"])
def test_every_version_is_read_with_its_place_for_status_and_names(tmp_path: Path, version: str) -> None:
    is_new = version >= "08"
    details = item(DEBTOR_08 if is_new else DEBTOR, text("Spende"))
    status = "<Sts><Cd>BOOK</Cd></Sts>" if is_new else "<Sts>BOOK</Sts>"
    (read,) = entries(tmp_path, camt(entry("25.00", "CRDT", details, status=status), version=version))
    assert (read["counterparty_name"], read["status"], read["amount"]) == (
        "Erika Musterfrau",
        "BOOK",
        "25.00",
    )


@pytest.mark.parametrize(
    ("root", "prefixed"),
    [("<Document>", False), (f'<c:Document xmlns:c="{URN}.08">', True)],
)
def test_a_document_without_default_namespace_is_read(tmp_path: Path, root: str, prefixed: bool) -> None:
    content = camt(entry("25.00", "CRDT", item(DEBTOR_08)), root=root)
    if prefixed:
        head, _, body = content.partition(root)
        body = body.replace("</", "\0").replace("<", "<c:").replace("\0", "</c:")
        content = head + root + body
    assert [read["counterparty_name"] for read in entries(tmp_path, content)] == ["Erika Musterfrau"]


def test_money_that_left_is_negative_and_names_who_got_it(tmp_path: Path) -> None:
    parties = (
        "<RltdPties><Dbtr><Pty><Nm>Stadt</Nm></Pty></Dbtr><Cdtr><Pty><Nm>Kita</Nm></Pty></Cdtr></RltdPties>"
    )
    (read,) = entries(tmp_path, camt(entry("1234.5", "DBIT", item(parties))))
    assert (read["amount"], read["counterparty_name"]) == ("-1234.50", "Kita")


@pytest.mark.parametrize("written", ["true", "TRUE", "1"])
def test_a_reversal_has_the_sign_of_its_own_direction(tmp_path: Path, written: str) -> None:
    """RvslInd says that an earlier entry is undone; CdtDbtInd says which way the money goes now."""
    reversal = f"<RvslInd>{written}</RvslInd>"
    back = entry("25.00", "DBIT", item(DEBTOR_08, text("Storno")), reversal=reversal)
    again = entry("9.00", "CRDT", reversal="<RvslInd>1</RvslInd>")
    first, second = entries(tmp_path, camt(back, again))
    assert (first["amount"], first["counterparty_name"]) == ("-25.00", "Erika Musterfrau")
    assert second["amount"] == "9.00"


def test_a_returned_debit_tells_its_reason_and_whose_it_was(tmp_path: Path) -> None:
    parties = (
        "<RltdPties><Dbtr><Pty><Nm>Max Muster</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>DE89370400440532013000"
        f"</IBAN></Id></DbtrAcct><Cdtr><Pty><Nm>Stadt Düren</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>{IBAN}"
        "</IBAN></Id>"
        "</CdtrAcct></RltdPties>"
    )
    details = item(parties, "<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>")
    (read,) = entries(tmp_path, camt(entry("25.00", "DBIT", details)))
    assert (read["amount"], read["return_reason"]) == ("-25.00", "AM04")
    assert read["counterparty_name"] == "Max Muster"


def test_a_proprietary_return_reason_is_told_too(tmp_path: Path) -> None:
    details = item("<RtrInf><Rsn><Prtry>WIDERSPRUCH</Prtry></Rsn></RtrInf>")
    (read,) = entries(tmp_path, camt(entry("25.00", "DBIT", details)))
    assert read["return_reason"] == "WIDERSPRUCH"


def test_all_pieces_of_text_are_kept_in_order(tmp_path: Path) -> None:
    (read,) = entries(tmp_path, camt(entry("5", "CRDT", item(text("Spende", "RF18 5390", "0754 7034")))))
    assert read["remittance"] == "Spende RF18 5390 0754 7034"


def test_a_structured_reference_is_kept_beside_the_text_and_not_twice(tmp_path: Path) -> None:
    reference = "<Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd>"
    with_text = item(f"<RmtInf><Ustrd>Danke</Ustrd>{reference}</RmtInf>")
    alone = item(f"<RmtInf>{reference}</RmtInf>")
    repeated = item(f"<RmtInf><Ustrd>RF18 5390 0754 7034</Ustrd>{reference}</RmtInf>")
    content = camt(*(entry("5", "CRDT", each) for each in (with_text, alone, repeated)))
    assert [read["remittance"] for read in entries(tmp_path, content)] == [
        "Danke RF18539007547034",
        "RF18539007547034",
        "RF18 5390 0754 7034",
    ]


def test_an_entry_without_items_keeps_the_remark_of_the_bank(tmp_path: Path) -> None:
    remark = "<AddtlNtryInf>Kontofuehrung</AddtlNtryInf>"
    (read,) = entries(tmp_path, camt(entry("4.90", "DBIT", remark=remark)))
    assert (read["remittance"], read["amount"], read["counterparty_name"]) == ("Kontofuehrung", "-4.90", "")


def test_a_batch_is_split_into_its_items(tmp_path: Path) -> None:
    one = item('<Amt Ccy="EUR">10.00</Amt>', "<CdtDbtInd>CRDT</CdtDbtInd>", text("eins"))
    two = item("<AmtDtls><TxAmt><Amt Ccy='EUR'>15.5</Amt></TxAmt></AmtDtls>", text("zwei"))
    read = entries(tmp_path, camt(entry("25.50", "CRDT", one, two)))
    assert [(each["amount"], each["remittance"]) for each in read] == [("10.00", "eins"), ("15.50", "zwei")]


def test_a_batch_of_returns_is_negative_item_by_item(tmp_path: Path) -> None:
    items = [
        item('<Amt Ccy="EUR">10.00</Amt>', "<RtrInf><Rsn><Cd>MD06</Cd></Rsn></RtrInf>") for _ in range(2)
    ]
    read = entries(tmp_path, camt(entry("20.00", "DBIT", *items)))
    assert [(each["amount"], each["return_reason"]) for each in read] == [("-10.00", "MD06")] * 2


@pytest.mark.parametrize("second", ["14.99", "15.01"])
def test_a_batch_that_does_not_add_up_stays_whole_and_is_flagged(tmp_path: Path, second: str) -> None:
    items = [item(f'<Amt Ccy="EUR">{amount}</Amt>') for amount in ("10.00", second)]
    answer = said(tmp_path, camt(entry("25.00", "CRDT", *items)))
    assert [each["amount"] for each in answer["entries"]] == ["25.00"]
    assert answer["flags"] == ["sum of a batch differs"]


def test_a_batch_in_foreign_currency_is_split_by_its_value_in_the_account(tmp_path: Path) -> None:
    def foreign(cents: str, euro: str) -> str:
        counter = f'<AmtDtls><CntrValAmt><Amt Ccy="EUR">{euro}</Amt></CntrValAmt></AmtDtls>'
        return item(f'<Amt Ccy="USD">{cents}</Amt>', counter)

    read = entries(tmp_path, camt(entry("19.00", "CRDT", foreign("11.00", "10.00"), foreign("9.90", "9.00"))))
    assert [(each["amount"], each["currency"]) for each in read] == [("10.00", "EUR"), ("9.00", "EUR")]


def test_one_item_in_foreign_currency_leaves_the_amount_of_the_account(tmp_path: Path) -> None:
    details = item('<AmtDtls><InstdAmt><Amt Ccy="USD">30.00</Amt></InstdAmt></AmtDtls>')
    (read,) = entries(tmp_path, camt(entry("27.31", "CRDT", details)))
    assert (read["amount"], read["currency"]) == ("27.31", "EUR")


def test_an_account_in_another_currency_is_read_with_it(tmp_path: Path) -> None:
    (read,) = entries(tmp_path, camt(entry("5.125", "CRDT", currency="BHD")))
    assert (read["amount"], read["currency"]) == ("5.125", "BHD")


def test_equal_gifts_without_reference_of_the_bank_stay_two(tmp_path: Path) -> None:
    twin = entry("25.00", "CRDT", item(DEBTOR_08, text("Spende")))
    first, second = entries(tmp_path, camt(twin, twin))
    assert first == second


@pytest.mark.parametrize(
    ("closing", "flags"),
    [("125.00", []), ("125.01", ["closing balance differs"]), ("75.00", ["closing balance differs"])],
)
def test_the_closing_balance_is_checked(tmp_path: Path, closing: str, flags: list[str]) -> None:
    balances = balance("OPBD", "100.00") + balance("CLBD", closing)
    assert said(tmp_path, camt(entry("25.00"), balances=balances))["flags"] == flags


def test_an_overdrawn_account_counts_below_zero(tmp_path: Path) -> None:
    balances = balance("PRCD", "10.00", "DBIT") + balance("CLBD", "15.00")
    assert said(tmp_path, camt(entry("25.00"), balances=balances))["flags"] == []


def test_what_is_only_announced_does_not_count_for_the_balance(tmp_path: Path) -> None:
    pending = entry("7.00", status="<Sts><Cd>PDNG</Cd></Sts>")
    balances = balance("OPBD", "0") + balance("CLBD", "25")
    answer = said(tmp_path, camt(entry("25.00"), pending, balances=balances))
    assert [each["status"] for each in answer["entries"]] == ["BOOK", "PDNG"]
    assert answer["flags"] == []


def test_a_missing_entry_is_noticed_by_the_number_announced(tmp_path: Path) -> None:
    summary = "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry>"
    assert said(tmp_path, camt(entry(), balances=summary))["flags"] == ["number of entries differs"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<DtTm>2026-03-02T23:30:00Z</DtTm>", "2026-03-03"),
        ("<DtTm>2026-03-02T23:30:00+01:00</DtTm>", "2026-03-02"),
        ("<DtTm>2026-03-02T23:30:00</DtTm>", "2026-03-02"),
        ("<Dt>2026-03-02+01:00</Dt>", "2026-03-02"),
    ],
)
def test_the_day_of_a_booking_is_the_day_in_dueren(tmp_path: Path, written: str, read: str) -> None:
    (found,) = entries(tmp_path, camt(entry(booked=f"<BookgDt>{written}</BookgDt>")))
    assert found["booking_date"] == read


@pytest.mark.parametrize(
    "day",
    [
        "2026-02-30",
        "2026-13-01",
        "0000-01-01",
        "9999-12-31",
        "2026-3-2",
        "٢٠٢٦-03-02",
        "gestern",
        "2026-03-02X",
    ],
)
def test_an_impossible_booking_date_is_refused(tmp_path: Path, day: str) -> None:
    assert "date" in said(tmp_path, camt(entry(booked=f"<BookgDt><Dt>{day}</Dt></BookgDt>")))["error"]


def test_an_impossible_value_date_is_flagged(tmp_path: Path) -> None:
    answer = said(tmp_path, camt(entry(value="<ValDt><Dt>2026-02-30</Dt></ValDt>")))
    assert answer["flags"] == ["impossible value date"]
    assert answer["entries"][0]["booking_date"] == "2026-03-02"


def test_a_missing_booking_date_is_the_value_date_and_flagged(tmp_path: Path) -> None:
    answer = said(tmp_path, camt(entry(booked="")))
    assert answer["entries"][0]["booking_date"] == "2026-03-03"
    assert answer["flags"] == ["booking date missing"]


def test_an_entry_without_any_date_is_refused(tmp_path: Path) -> None:
    assert "date" in said(tmp_path, camt(entry(booked="", value="")))["error"]


@pytest.mark.parametrize(
    "amount",
    ["", "NaN", "1E5", "Infinity", "-25.00", "25,00", "٢٥.00", "0x10", "1_000", "25.00.1", ".", "1" * 30],
)
def test_what_is_no_plain_amount_is_refused(tmp_path: Path, amount: str) -> None:
    assert "amount" in said(tmp_path, camt(entry(amount)))["error"]


@pytest.mark.parametrize(
    ("written", "read"), [("+5", "5.00"), (".5", "0.50"), ("007.10000", "7.10"), (" 5 ", "5.00")]
)
def test_amounts_as_the_standard_allows_them_are_read(tmp_path: Path, written: str, read: str) -> None:
    assert [each["amount"] for each in entries(tmp_path, camt(entry(written)))] == [read]


@pytest.mark.parametrize(
    ("sign", "currency"), [("CREDIT", "EUR"), ("", "EUR"), ("CRDT", "euro"), ("CRDT", "")]
)
def test_no_direction_or_no_currency_is_refused(tmp_path: Path, sign: str, currency: str) -> None:
    assert "error" in said(tmp_path, camt(entry("5", sign, currency=currency)))


def test_several_statements_of_one_file_are_read_one_after_the_other(tmp_path: Path) -> None:
    once = camt(entry("1"), balances=balance("OPBD", "0") + balance("CLBD", "1"))
    twice = once.replace("</Stmt>", f"</Stmt>{once[once.index('<Stmt>') : once.index('</Stmt>')]}</Stmt>")
    answer = said(tmp_path, twice)
    assert [each["amount"] for each in answer["entries"]] == ["1.00", "1.00"]
    assert answer["flags"] == []


def test_control_characters_and_line_breaks_are_no_part_of_a_name(tmp_path: Path) -> None:
    parties = "<RltdPties><Dbtr><Pty><Nm>Erika\n Muster\u202efrau</Nm></Pty></Dbtr></RltdPties>"
    (read,) = entries(tmp_path, camt(entry("5", "CRDT", item(parties))))
    assert read["counterparty_name"] == "Erika  Muster frau"


def test_an_entry_hidden_in_supplementary_data_is_none(tmp_path: Path) -> None:
    hidden = f"<SplmtryData><Envlp>{entry('999')}</Envlp></SplmtryData>"
    read = entries(tmp_path, camt(entry("5"), balances=hidden))
    assert [each["amount"] for each in read] == ["5.00"]


def test_items_and_entries_in_other_places_than_their_own_are_none(tmp_path: Path) -> None:
    stranger = item('<Amt Ccy="EUR">5.00</Amt>', text("fremd"))
    hidden = f"<SplmtryData><Envlp>{stranger}</Envlp></SplmtryData>"
    of_entry = entry("7").replace("</Ntry>", f"<Chrgs>{stranger}</Chrgs></Ntry>")
    written = camt(entry("5"), of_entry, balances=hidden)
    header = written.replace("<MsgId>", f"{entry('999')}<MsgId>")
    behind = written.replace("</BkToCstmrStmt>", f"<SplmtryData>{entry('9')}</SplmtryData></BkToCstmrStmt>")
    for each in (written, header, behind):
        read = entries(tmp_path, each)
        assert [(one["amount"], one["remittance"]) for one in read] == [("5.00", ""), ("7.00", "")]


@pytest.mark.parametrize("between", ["<!-- eins -->", "<?eins zwei?>", "<!-- a --><!-- b -->"])
def test_a_comment_amid_a_text_does_not_end_it(tmp_path: Path, between: str) -> None:
    detail = item(f'<Amt Ccy="EUR">1{between}0.00</Amt>', text(f"Spen{between}de"))
    balances = balance("OPBD", f"1{between}0") + balance("CLBD", "20")
    answer = said(tmp_path, camt(entry(f"1{between}0.00", "CRDT", detail), balances=balances))
    assert [(each["amount"], each["remittance"]) for each in answer["entries"]] == [("10.00", "Spende")]
    assert answer["flags"] == []


def test_an_amount_with_an_element_inside_is_refused(tmp_path: Path) -> None:
    assert "error" in said(tmp_path, camt(entry("1<x/>0.00")))
    detail = item('<Amt Ccy="EUR">1<x/>0.00</Amt>')
    assert "error" in said(tmp_path, camt(entry("10.00", "CRDT", detail)))


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("<Sts><Cd>book</Cd></Sts>", "BOOK"),
        ("<Sts>Book</Sts>", "BOOK"),
        ("<Sts><Cd>pdng</Cd></Sts>", "PDNG"),
        ("<Sts><Cd>futr</Cd></Sts>", "FUTR"),
        ("<Sts><Prtry>Gebucht</Prtry></Sts>", "Gebucht"),
    ],
)
def test_a_status_counts_in_small_letters_too(tmp_path: Path, written: str, status: str) -> None:
    balances = balance("OPBD", "10") + balance("CLBD", "15" if status == "BOOK" else "10")
    answer = said(tmp_path, camt(entry("5", status=written), balances=balances))
    assert [each["status"] for each in answer["entries"]] == [status]
    assert answer["flags"] == []


@pytest.mark.parametrize("status", ["", "<Sts/>", "<Sts><Cd> </Cd></Sts>"])
def test_an_entry_that_does_not_say_whether_it_is_booked_is_refused(tmp_path: Path, status: str) -> None:
    assert "whether it is booked" in said(tmp_path, camt(entry("5"), entry("6", status=status)))["error"]


@pytest.mark.parametrize(
    ("announced", "flags"),
    [
        ("1", []),
        ("0001", []),
        ("", []),
        ("0", ["number of entries differs"]),
        ("²", ["number of entries differs"]),
        ("eins", ["number of entries differs"]),
        ("9" * 5000, ["number of entries differs"]),
    ],
)
def test_whatever_stands_for_the_number_of_entries(tmp_path: Path, announced: str, flags: list[str]) -> None:
    summary = f"<TxsSummry><TtlNtries><NbOfNtries>{announced}</NbOfNtries></TtlNtries></TxsSummry>"
    assert said(tmp_path, camt(entry("5"), balances=summary))["flags"] == flags
