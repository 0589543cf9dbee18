"""A statement is taken over: every line once, whatever was imported, typed or killed before."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from donations.domain.statements import StatementRefused
from donations.models import (
    BankTransaction,
    Donation,
    LedgerEntry,
    LedgerTransaction,
    Payment,
    Refund,
    StatementImport,
)
from donations.selectors.ledger import canonical_lines, faults
from donations.services.bank import staging
from donations.services.bank.rows import ForeignAccount
from donations.services.bank.statements import (
    IncompleteStatement,
    Progress,
    import_statement,
    importing,
)
from donations.services.bank.transfers import Credit, assign_transfer, is_recorded, record_bank_transfer
from donations.services.personal_data import erase_giver
from donations.views.statements import AT_ONCE_BYTES
from foundation import sweeps
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.gifts import gift_of
from tests.donations.statements.written import IBAN, archive, balance, camt, entry, item, mt940, text
from tests.donations.visits import give, newest
from tests.donations.visits import text as words
from tests.factories import make_provider, make_user

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)


@pytest.fixture
def promised(browser: Client, fund: Fund) -> Donation:
    """25 € promised by transfer."""
    give(browser, method="transfer")
    return newest()


@pytest.fixture
def treasurer(fund: Fund) -> User:
    return make_user(Membership.Role.TREASURER, fund.provider)


def reference(donation: Donation) -> str:
    return str(donation.transfer_reference.reference)


def line(
    amount: str, said: str, *, bank: str = "", name: str = "Ada Beispiel", sign: str = "CRDT", more: str = ""
) -> str:
    """A line of 2 March; `bank` is the bank's own reference."""
    role = "Dbtr" if sign == "CRDT" else "Cdtr"
    party = f"<RltdPties><{role}><Pty><Nm>{name}</Nm></Pty></{role}></RltdPties>" if name else ""
    own = f"<AcctSvcrRef>{bank}</AcctSvcrRef>" if bank else ""
    return entry(amount, sign, item(party, text(said) if said else "", more), reference=own)


def take(folder: Path, fund: Fund, content: str | bytes, **more: Any) -> StatementImport:
    path = folder / "auszug"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_statement(fund.provider, path, imported_by=None, now=NOW, **more)


def counted(statement: StatementImport) -> tuple[int, int, int]:
    return statement.lines, statement.new_lines, statement.merged_lines


def thanked() -> int:
    return Message.objects.filter(template="gift_thanks").count()


def accounts() -> dict[str, int]:
    """What stands on each account of the ledger, in cents."""
    sums: dict[str, int] = {}
    for booked in LedgerEntry.objects.select_related("account"):
        sums[booked.account.kind] = sums.get(booked.account.kind, 0) + booked.amount_cents
    return sums


def test_a_line_with_a_code_pays_its_gift_and_the_others_stay_unclear(
    tmp_path: Path, promised: Donation, fund: Fund
) -> None:
    statement = take(
        tmp_path,
        fund,
        camt(
            line("25.00", f"Spende {reference(promised)}"),
            line("7.50", "ohne"),
            line("3.00", "Porto", sign="DBIT"),
        ),
    )
    promised.refresh_from_db()
    fund.refresh_from_db()
    assert counted(statement) == (3, 3, 0)
    assert statement.digest == hashlib.sha256((tmp_path / "auszug").read_bytes()).hexdigest()
    assert (promised.status, promised.amount_cents, thanked()) == ("received", 2500, 1)
    assert accounts() == {"bank": 2950, "fund": -2500, "unclear": -450}
    assert (fund.balance_cents, fund.received_cents, fund.gift_count) == (2500, 2500, 1)
    assert not BankTransaction.objects.filter(booked_at=None).exists()
    assert faults() == []


def test_the_same_statement_again_changes_nothing(tmp_path: Path, promised: Donation, fund: Fund) -> None:
    content = camt(line("25.00", reference(promised), bank="B1"), line("7.50", "ohne"), line("7.50", "ohne"))
    take(tmp_path, fund, content)
    before = list(canonical_lines())
    again = take(tmp_path, fund, content)
    assert counted(again) == (3, 0, 0)
    assert list(canonical_lines()) == before
    assert (BankTransaction.objects.count(), thanked()) == (3, 1)


def test_an_overlapping_statement_adds_only_what_is_new(tmp_path: Path, fund: Fund) -> None:
    twins = [line("25.00", "Spende", name="")] * 2
    take(tmp_path, fund, camt(*twins))
    wider = take(tmp_path, fund, camt(*twins, line("25.00", "Spende", name=""), line("9.00", "neu")))
    assert counted(wider) == (4, 2, 0)
    assert sorted(BankTransaction.objects.values_list("amount_cents", flat=True)) == [900, 2500, 2500, 2500]


def test_a_statement_that_is_twice_in_one_file_counts_once(tmp_path: Path, fund: Fund) -> None:
    once = camt(line("25.00", "Spende"), line("25.00", "Spende")).encode()
    assert counted(take(tmp_path, fund, archive(a_xml=once, b_xml=once))) == (4, 2, 0)


def test_equal_gifts_with_references_of_the_bank_are_two(tmp_path: Path, fund: Fund) -> None:
    take(tmp_path, fund, camt(line("25.00", "Spende", bank="B1"), line("25.00", "Spende", bank="B2")))
    assert BankTransaction.objects.count() == 2


def test_items_of_a_batch_under_one_reference_stay_apart(tmp_path: Path, fund: Fund) -> None:
    own = "<Refs><AcctSvcrRef>B1</AcctSvcrRef></Refs>"
    items = [item(own, '<Amt Ccy="EUR">10.00</Amt>', text(said)) for said in ("eins", "eins")]
    content = camt(entry("20.00", "CRDT", *items))
    take(tmp_path, fund, content)
    take(tmp_path, fund, content)
    assert list(BankTransaction.objects.values_list("amount_cents", flat=True)) == [1000, 1000]


@pytest.mark.parametrize(
    ("name", "said"),
    [("Ada Beispiel", "Spende"), ("", ""), ("Beispiel", ""), ("BEISPIEL, Ada", "SPENDE"), ("", "Spende")],
)
def test_a_line_typed_before_is_recognised_and_neither_doubled_nor_thanked_twice(
    tmp_path: Path, promised: Donation, fund: Fund, treasurer: User, name: str, said: str
) -> None:
    typed, _is_new = record_bank_transfer(
        fund.provider, Credit(DAY, 2500, name, said), recorded_by=None, now=NOW
    )
    assign_transfer(typed.pk, promised.pk, assigned_by=treasurer, now=NOW)
    statement = take(tmp_path, fund, camt(line("25.00", "Spende", bank="B1")))
    assert counted(statement) == (1, 0, 1)
    kept = BankTransaction.objects.get()
    assert (gift_of(kept), kept.counterparty_name, kept.remittance) == (promised, "Ada Beispiel", "Spende")
    assert (Payment.objects.count(), thanked()) == (1, 1)
    assert accounts() == {"bank": 2500, "fund": -2500, "unclear": 0}
    assert counted(take(tmp_path, fund, camt(line("25.00", "Spende", bank="B1")))) == (1, 0, 0)


def test_a_typed_line_that_waited_is_given_to_the_gift_the_bank_names(
    tmp_path: Path, promised: Donation, fund: Fund
) -> None:
    record_bank_transfer(fund.provider, Credit(DAY, 2500, "", ""), recorded_by=None, now=NOW)
    take(tmp_path, fund, camt(line("25.00", f"Spende {reference(promised)}")))
    promised.refresh_from_db()
    assert promised.status == "received"
    assert accounts() == {"bank": 2500, "fund": -2500, "unclear": 0}


@pytest.mark.parametrize(
    "typed",
    [
        Credit(DAY, 2501, "Ada Beispiel", "Spende"),
        Credit(DAY, 2500, "Bert Anders", "Spende"),
        Credit(DAY, 2500, "Ada Beispiel", "Miete"),
        Credit(date(2026, 2, 20), 2500, "Ada Beispiel", "Spende"),
        Credit(date(2026, 3, 1), 2500, "", ""),
    ],
)
def test_another_line_typed_before_stays_another(tmp_path: Path, fund: Fund, typed: Credit) -> None:
    record_bank_transfer(fund.provider, typed, recorded_by=None, now=NOW)
    assert counted(take(tmp_path, fund, camt(line("25.00", "Spende")))) == (1, 1, 0)


def test_a_typed_line_takes_the_line_it_resembles_most(tmp_path: Path, fund: Fund) -> None:
    for typed in (Credit(DAY, 2500, "", ""), Credit(DAY, 2500, "Ada", "", occurrence=2)):
        record_bank_transfer(fund.provider, typed, recorded_by=None, now=NOW)
    content = camt(
        line("25.00", "Spende"), line("25.00", "Gabe", name="Bert Anders"), line("25.00", "drei", name="C")
    )
    assert counted(take(tmp_path, fund, content)) == (3, 1, 2)
    assert sorted(BankTransaction.objects.values_list("counterparty_name", flat=True)) == [
        "Ada Beispiel",
        "Bert Anders",
        "C",
    ]


def test_what_each_form_of_an_archive_brings_is_counted_together(tmp_path: Path, fund: Fund) -> None:
    for cents, said in ((700, "sieben"), (300, "drei")):
        record_bank_transfer(fund.provider, Credit(DAY, cents, "", said), recorded_by=None, now=NOW)
    older = [
        part
        for number, (amount, said) in enumerate((("3,00", "drei"), ("2,00", "zwei")))
        for part in (f":61:2603020302C{amount}NTRFNONREF//C{number}", f":86:166?00X?20SVWZ+{said}?32Ada")
    ]
    packed = archive(
        a_xml=camt(line("7.00", "sieben", bank="A"), line("1.00", "eins", bank="B")).encode(),
        b_sta=mt940(*older, closing="C260302EUR105,00").encode(),
    )
    assert counted(take(tmp_path, fund, packed)) == (4, 2, 2)


def test_a_gift_booked_by_hand_does_not_swallow_the_line_of_another_gift(
    tmp_path: Path, browser: Client, promised: Donation, fund: Fund, treasurer: User
) -> None:
    give(browser, method="transfer", email="zweite@example.org")
    other = newest()
    typed, _is_new = record_bank_transfer(fund.provider, Credit(DAY, 2500, "", ""), recorded_by=None, now=NOW)
    assign_transfer(typed.pk, promised.pk, assigned_by=treasurer, now=NOW)
    assert counted(take(tmp_path, fund, camt(line("25.00", reference(other))))) == (1, 1, 0)
    other.refresh_from_db()
    assert other.status == "received"


def test_the_same_line_typed_with_and_without_name_is_one(fund: Fund) -> None:
    credit = Credit(DAY, 2500, "Ada Beispiel", "Spende")
    first, _is_new = record_bank_transfer(fund.provider, credit, recorded_by=None, now=NOW)
    assert is_recorded(fund.provider, Credit(DAY, 2500, "", "Spende"))
    assert record_bank_transfer(fund.provider, Credit(DAY, 2500, "", ""), recorded_by=None, now=NOW) == (
        first,
        False,
    )
    twin = Credit(DAY, 2500, "", "Spende", occurrence=2)
    assert record_bank_transfer(fund.provider, twin, recorded_by=None, now=NOW)[1]
    assert BankTransaction.objects.count() == 2


def test_what_a_statement_brought_is_not_typed_again(tmp_path: Path, fund: Fund) -> None:
    take(tmp_path, fund, camt(line("25.00", "Spende")))
    assert is_recorded(fund.provider, Credit(DAY, 2500, "Ada", ""))


def test_money_sent_back_by_the_bank_is_a_refund_of_its_gift(
    tmp_path: Path, promised: Donation, fund: Fund
) -> None:
    code = reference(promised)
    take(
        tmp_path,
        fund,
        camt(line("25.00", code, bank="B1"), line("10.00", f"zurueck {code}", bank="B2", sign="DBIT")),
    )
    promised.refresh_from_db()
    fund.refresh_from_db()
    assert (promised.status, promised.refunded_cents) == ("partly_refunded", 1000)
    assert Refund.objects.get().bank_transactions.get().amount_cents == -1000
    assert (fund.balance_cents, accounts()) == (1500, {"bank": 1500, "fund": -1500})
    assert faults() == []


def test_erasing_a_giver_empties_what_came_and_what_was_sent_back(
    tmp_path: Path, promised: Donation, fund: Fund
) -> None:
    code = reference(promised)
    back = line("10.00", f"zurueck {code}", bank="B2", sign="DBIT")
    take(tmp_path, fund, camt(line("25.00", code, bank="B1"), back, line("3.00", "fremd", name="Zoe")))
    erase_giver(promised.donor.mailbox, NOW)
    kept = BankTransaction.objects.order_by("pk").values_list(
        "amount_cents", "counterparty_name", "remittance"
    )
    assert list(kept) == [(2500, "", ""), (-1000, "", ""), (300, "Zoe", "fremd")]


def test_more_than_the_gift_had_is_no_refund_of_it(tmp_path: Path, promised: Donation, fund: Fund) -> None:
    code = reference(promised)
    take(tmp_path, fund, camt(line("25.00", code, bank="B1"), line("25.01", code, bank="B2", sign="DBIT")))
    promised.refresh_from_db()
    assert (promised.status, Refund.objects.count()) == ("received", 0)
    assert accounts() == {"bank": -1, "fund": -2500, "unclear": 2501}


def test_a_transfer_of_ours_that_came_back_is_no_gift(tmp_path: Path, promised: Donation, fund: Fund) -> None:
    reason = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    take(tmp_path, fund, camt(line("25.00", reference(promised), more=reason)))
    promised.refresh_from_db()
    assert (promised.status, thanked()) == ("pledged", 0)
    assert BankTransaction.objects.get().return_reason == "AC04"


def test_of_a_long_reason_the_first_thirty_five_signs_are_kept(tmp_path: Path, fund: Fund) -> None:
    given = "".join(chr(65 + number % 26) for number in range(36))
    back = f"<RtrInf><Rsn><Prtry>{given}</Prtry></Rsn></RtrInf>"
    take(tmp_path, fund, camt(line("25.00", "zurück", more=back)))
    assert BankTransaction.objects.get().return_reason == given[:35]


@pytest.mark.django_db
def test_a_statement_is_taken_in_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read is with the database before more of the file is."""
    monkeypatch.setattr(staging, "_AT_ONCE", 2)
    there: list[int] = []

    def rows() -> Iterator[staging.Row]:
        for number in range(5):
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM bank_staging")
                there.append(cursor.fetchone()[0])
            yield staging.Row(1, f"{number}", DAY, 100 + number, "Ada", "", "ohne", None, "", "", "camt", 0)

    with transaction.atomic(), staging.staged(rows()) as count:
        assert (count, there) == (5, [0, 0, 2, 2, 4])
        assert staging.days() == (DAY, DAY)
        assert [each.statement_key for each in staging.unknown("camt", [100, 104])] == ["0", "4"]


@pytest.mark.django_db
def test_no_more_than_one_piece_of_a_statement_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "_AT_ONCE", 10)

    class Name(str):
        """A part of a row that a test can watch going."""

    alive: WeakSet[Name] = WeakSet()
    most = 0

    def rows() -> Iterator[staging.Row]:
        nonlocal most
        for number in range(55):
            row = staging.Row(
                1, f"{number}", DAY, 100, Name(f"Ada {number}"), "", "ohne", None, "", "", "camt", 0
            )
            alive.add(row[4])
            most = max(most, len(alive))
            yield row

    with transaction.atomic(), staging.staged(rows()) as count:
        assert (count, most) == (55, 11)  # ten that go to the database, and the one just read


def test_what_is_only_announced_is_not_booked(tmp_path: Path, fund: Fund) -> None:
    take(tmp_path, fund, camt(entry("25.00", status="<Sts><Cd>PDNG</Cd></Sts>")))
    assert BankTransaction.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "refusal", "why"),
    [
        (camt(entry("25.00"), iban="DE89370400440532013000"), ForeignAccount, "DE89370400440532013000"),
        (camt(entry("25.00", currency="CHF")), ForeignAccount, IBAN),
        (
            camt(entry("25.00"), balances=balance("OPBD", "0") + balance("CLBD", "24.99")),
            IncompleteStatement,
            "closing balance differs",
        ),
        (camt(entry("25.00"), entry("0.005")), StatementRefused, "a fraction of a cent: 0.005"),
        (camt(entry("25.00"), entry("NaN")), StatementRefused, "not an amount: 'NaN'"),
        (
            camt(entry("25.00"), entry("100000000000.01")),
            StatementRefused,
            "more than an account moves: 100000000000.01",
        ),
        (
            camt(entry("25.00"), entry("99999999999999999.99", "DBIT")),
            StatementRefused,
            "more than an account moves: -99999999999999999.99",
        ),
        (
            mt940(":61:2603020302C25,00NTRFNONREF")[:-40],
            StatementRefused,
            "a statement without closing balance",
        ),
    ],
)
def test_what_is_refused_books_nothing_and_says_why(
    tmp_path: Path, fund: Fund, content: str, refusal: type[Exception], why: str
) -> None:
    with pytest.raises(refusal) as refused:
        take(tmp_path, fund, content)
    assert str(refused.value) == why
    assert (
        BankTransaction.objects.count(),
        StatementImport.objects.count(),
        LedgerTransaction.objects.count(),
    ) == (0, 0, 0)


@pytest.mark.parametrize("account", ["12030000/202051", "12030000/0000202051EUR", "12030000 / 0000202051"])
def test_bank_code_and_number_of_the_own_account_are_its_iban(
    tmp_path: Path, fund: Fund, account: str
) -> None:
    fund.provider.iban = "DE02 1203 0000 0000 2020 51"
    content = mt940(":61:2603020302C25,00NTRFNONREF", ":86:Spende").replace(":25:" + IBAN, ":25:" + account)
    assert f":25:{account}\r\n" in content
    assert counted(take(tmp_path, fund, content)) == (1, 1, 0)
    again = content.replace(account, "DE02120300000000202051")
    assert counted(take(tmp_path, fund, again)) == (1, 0, 0)
    with pytest.raises(ForeignAccount, match="DE72120300000000202052"):
        take(tmp_path, fund, content.replace("202051", "202052"))


def test_a_provider_without_account_takes_no_statement(tmp_path: Path, fund: Fund) -> None:
    fund.provider.iban = ""
    with pytest.raises(ForeignAccount):
        take(tmp_path, fund, camt(entry("25.00"), iban=""))


def test_an_import_killed_before_booking_is_finished_by_the_next_one_and_by_the_sweep(
    tmp_path: Path, promised: Donation, fund: Fund
) -> None:
    others = [line("1.00", f"Nr {number}") for number in range(20)]
    content = camt(line("25.00", reference(promised)), *others)
    with transaction.atomic():
        take(tmp_path, fund, content)
        clean = list(canonical_lines())
        stored = list(BankTransaction.objects.values())
        transaction.set_rollback(True)
    unbooked = {"booked_at": None, "allocated_cents": 0, "statement_id": None, "account_id": None}
    BankTransaction.objects.bulk_create(BankTransaction(**{**row, **unbooked}) for row in stored[:11])
    assert sweeps.run("donations.book_lines", NOW) == 11
    assert counted(take(tmp_path, fund, content)) == (21, 10, 0)
    assert (list(canonical_lines()), thanked()) == (clean, 1)
    assert sweeps.run("donations.book_lines", NOW) == 0


def test_a_statement_in_the_older_form_gives_the_same_books(
    tmp_path: Path, promised: Donation, fund: Fund
) -> None:
    details = f":86:166?00X?20SVWZ+Spende?21{reference(promised)}?32Ada Beispiel"
    take(tmp_path, fund, mt940(":61:2603020302C25,00NTRFNONREF//B1", details))
    promised.refresh_from_db()
    assert promised.status == "received"


def hand_in(treasurer: User, fund: Fund, content: str) -> Any:
    client = Client()
    client.force_login(treasurer)
    upload = SimpleUploadedFile("auszug.xml", content.encode())
    return client.post(
        reverse("coordination_statement_new"), {"provider": fund.provider.pk, "file": upload}, follow=True
    )


def test_the_treasurer_sees_what_became_of_each_line(promised: Donation, fund: Fund, treasurer: User) -> None:
    page = hand_in(treasurer, fund, camt(line("25.00", reference(promised)), line("7.50", "Wofür nur")))
    assert page.status_code == 200
    assert StatementImport.objects.get().imported_by == treasurer
    said = words(page)
    assert 'Einer Spende zugeordnet</dt><dd class="kern-description-list-item__value">1<' in said
    assert 'Ungeklärt</dt><dd class="kern-description-list-item__value">1<' in said
    assert "Wofür nur" in said
    assert "7,50 € zuordnen" in said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("Guten Tag", "kein lesbarer Kontoauszug"),
        (camt(entry("1"), iban="DE89370400440532013000"), "gehört zu einem anderen Konto"),
        (camt(entry("1"), balances=balance("OPBD", "0") + balance("CLBD", "2")), "fehlen Kontobewegungen"),
    ],
)
def test_the_treasurer_is_told_why_a_file_is_refused(
    fund: Fund, treasurer: User, content: str, sentence: str
) -> None:
    page = hand_in(treasurer, fund, content)
    assert page.status_code == 422
    assert sentence in words(page)
    assert BankTransaction.objects.count() == 0


@pytest.mark.parametrize(
    ("balances", "is_warned"), [("", True), (balance("OPBD", "0") + balance("CLBD", "25"), False)]
)
def test_the_treasurer_is_told_that_days_without_balances_are_compared_by_nobody(
    fund: Fund, treasurer: User, balances: str, is_warned: bool
) -> None:
    page = hand_in(treasurer, fund, camt(line("25.00", "x"), balances=balances))
    assert ("Dieser Auszug nennt keinen Kontostand." in words(page)) == is_warned


LARGE = " " * AT_ONCE_BYTES


def test_the_page_of_a_large_statement_says_how_far_it_is_and_leads_to_what_became_of_it(
    promised: Donation, fund: Fund, treasurer: User
) -> None:
    page: Any = hand_in(treasurer, fund, camt(line("25.00", reference(promised)), line("7.50", "x")) + LARGE)
    assert (page.status_code, page.streaming) == (200, True)
    pieces = [piece.decode() for piece in page.streaming_content]
    assert [piece for piece in pieces if piece.startswith("<li>")] == [
        "<li>2 Kontobewegungen gelesen</li>\n",
        "<li>2 Kontobewegungen gebucht</li>\n",
    ]
    statement = StatementImport.objects.get()
    assert (statement.lines, statement.new_lines, statement.imported_by) == (2, 2, treasurer)
    assert f'href="{reverse("coordination_statement", args=[statement.pk])}"' in pieces[-2]
    whole = "".join(pieces)
    assert (whole.count("<ol"), whole.count("</ol>"), whole.rstrip()[-7:]) == (1, 1, "</html>")
    promised.refresh_from_db()
    assert promised.status == "received"


def test_a_large_file_that_is_refused_says_why_at_the_end(fund: Fund, treasurer: User) -> None:
    page: Any = hand_in(treasurer, fund, camt(entry("1"), iban="DE89370400440532013000") + LARGE)
    whole = b"".join(page.streaming_content).decode()
    assert "gehört zu einem anderen Konto" in whole
    assert "Der Kontoauszug ist eingelesen" not in whole
    assert (BankTransaction.objects.count(), StatementImport.objects.count()) == (0, 0)


def test_who_goes_away_while_it_is_read_leaves_nothing(tmp_path: Path, fund: Fund) -> None:
    path = tmp_path / "auszug"
    path.write_text(camt(entry("1"), entry("2")))
    steps = importing(fund.provider, path, imported_by=None, now=NOW)
    assert next(steps) == Progress(2)
    steps.close()
    assert (BankTransaction.objects.count(), StatementImport.objects.count()) == (0, 0)
    steps = importing(fund.provider, path, imported_by=None, now=NOW)
    assert list(steps) == [Progress(2), Progress(2, 2)]
    assert import_statement(fund.provider, path, imported_by=None, now=NOW).new_lines == 0


def test_what_is_booked_line_by_line_and_at_once_is_counted_together(
    tmp_path: Path, promised: Donation, fund: Fund
) -> None:
    path, code = tmp_path / "auszug", reference(promised)
    named = [line("25.00", code, bank=bank) for bank in ("A", "B")]
    path.write_text(camt(*named, line("7.50", "ohne"), line("3.00", "auch ohne")))
    steps = importing(fund.provider, path, imported_by=None, now=NOW)
    assert list(steps) == [Progress(4), Progress(4, 4)]


def test_waiting_lines_of_several_bodies_are_booked_each_on_its_own_accounts(fund: Fund) -> None:
    club = make_provider("Verein")
    for provider, cents in ((fund.provider, 700), (club, 300), (club, 200)):
        key = f"{cents}".ljust(64, "0")
        BankTransaction.objects.create(
            provider=provider,
            fingerprint=key,
            statement_key=key,
            booked_on=DAY,
            amount_cents=cents,
            remittance="ohne",
            recorded_at=NOW,
        )
    assert sweeps.run("donations.book_lines", NOW) == 3
    rows = LedgerEntry.objects.values_list("account__provider", "account__kind", "amount_cents")
    assert sorted(rows) == sorted(
        (body, kind, sign * cents)
        for body, cents in ((fund.provider_id, 700), (club.pk, 300), (club.pk, 200))
        for kind, sign in (("bank", 1), ("unclear", -1))
    )


def test_a_treasurer_hands_in_statements_of_the_own_account_only(fund: Fund) -> None:
    stranger = make_user(Membership.Role.TREASURER, make_provider("Verein", slug="verein"))
    assert hand_in(stranger, fund, camt(entry("1"))).status_code == 422
    assert BankTransaction.objects.count() == 0


def test_a_day_that_has_not_come_is_refused(promised: Donation, fund: Fund, tmp_path: Path) -> None:
    def of(day: str) -> str:
        booked = f"<BookgDt><Dt>{day}</Dt></BookgDt>"
        return camt(entry("25.00", "CRDT", item(text(reference(promised))), booked=booked))

    with pytest.raises(StatementRefused, match="a day that has not come: 2026-03-18"):
        take(tmp_path, fund, of("2026-03-18"))
    assert not BankTransaction.objects.exists()
    assert counted(take(tmp_path, fund, of("2026-03-17"))) == (1, 1, 0)


def test_a_code_behind_a_very_long_text_leads_to_its_gift(
    promised: Donation, fund: Fund, tmp_path: Path
) -> None:
    said = text(*("Lorem " * 23 for _ in range(4)), reference(promised))
    for _ in range(2):
        take(tmp_path, fund, camt(entry("25.00", "CRDT", item(said))))
    (bank_line,) = BankTransaction.objects.all()
    assert gift_of(bank_line) == promised
    assert len(bank_line.remittance) == 500
