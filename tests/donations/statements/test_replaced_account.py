"""A body that changed its bank: late lines of the old account are booked on the old account, once."""

from datetime import UTC, date, datetime
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from donations.domain.facts import TransitFacts
from donations.domain.ledger import gift as card_gift
from donations.models import (
    Allocation,
    BankTransaction,
    Donation,
    LedgerAccount,
    Proposal,
    StripeTransit,
)
from donations.selectors.ledger import faults
from donations.selectors.reconciliation import bank_differences
from donations.services.bank.rows import ForeignAccount
from donations.services.bank.statements import import_statement
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.books.ledger import post
from donations.services.books.transits import record
from donations.services.treasury.proposals import (
    propose_account,
    propose_correction,
    propose_payout,
    propose_refund,
    release,
)
from foundation.units import Cents
from programs.models import Fund, Membership, Provider
from tests.donations.gifts import make_donation
from tests.donations.statements.written import IBAN as OLD
from tests.donations.statements.written import camt, entry, item, text
from tests.donations.visits import give, newest
from tests.factories import make_fund, make_provider, make_user

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
NEW, STRANGERS = "DE02500105170137075030", "DE89370400440532013000"
Treasurers = tuple[User, User]


@pytest.fixture
def treasurers(fund: Fund) -> Treasurers:
    role = Membership.Role.TREASURER
    return make_user(role, fund.provider), make_user(role, fund.provider)


@pytest.fixture
def promised(browser: Client, fund: Fund) -> Donation:
    """25 € promised by transfer, to the old account."""
    give(browser, method="transfer")
    return newest()


def change_to(iban: str, fund: Fund, treasurers: Treasurers) -> None:
    """Two people say where givers transfer to from now on."""
    body = Provider.objects.get(pk=fund.provider_id)
    propose_account(body, iban, "Stadt Düren", "Bankwechsel, Vertrag vom 1. März", by=treasurers[0], now=NOW)
    release(Proposal.objects.latest("pk").pk, by=treasurers[1], now=NOW)
    assert Provider.objects.get(pk=fund.provider_id).iban == iban


def line(amount: str, said: str = "", *, bank: str = "") -> str:
    party = "<RltdPties><Dbtr><Pty><Nm>Ada Beispiel</Nm></Pty></Dbtr></RltdPties>"
    own = f"<AcctSvcrRef>{bank}</AcctSvcrRef>" if bank else ""
    return entry(amount, "CRDT", item(party, text(said)), reference=own)


def take(folder: Path, body: Provider, content: str) -> tuple[int, int, int]:
    path = folder / "auszug"
    path.write_text(content)
    statement = import_statement(Provider.objects.get(pk=body.pk), path, imported_by=None, now=NOW)
    return statement.lines, statement.new_lines, statement.merged_lines


def balances() -> list[tuple[str, ...]]:
    """What stands on the accounts of the body: kind, name, cents."""
    out = StringIO()
    call_command("dump_ledger", "--balances", stdout=out)
    rows = [row.split("\t") for row in out.getvalue().splitlines()]
    return [(kind, owner.partition("/")[2], cents) for kind, _fund, owner, cents in rows if cents != "0"]


def assert_books_are_right() -> None:
    assert faults() == []
    assert bank_differences(None, LATER) == []


def test_late_lines_of_the_old_account_are_booked_there_and_those_of_the_new_one_here(
    tmp_path: Path, promised: Donation, fund: Fund, treasurers: Treasurers
) -> None:
    assert take(tmp_path, fund.provider, camt(line("10.00", "früher"))) == (1, 1, 0)
    change_to(NEW, fund, treasurers)
    code = promised.transfer_reference.reference
    late = camt(line("10.00", "früher"), line("25.00", f"Spende {code}"), line("4.00", "spät"))
    assert take(tmp_path, fund.provider, late) == (3, 2, 0)
    assert take(tmp_path, fund.provider, camt(line("7.00", "neu"), iban=NEW)) == (1, 1, 0)
    promised.refresh_from_db()
    assert (promised.status, promised.amount_cents) == ("received", 2500)
    booked = [
        ("bank", OLD, "3900"),
        ("bank", NEW, "700"),
        ("fund", "", "-2500"),
        ("unclear", "", "-2100"),
    ]
    assert balances() == booked
    assert take(tmp_path, fund.provider, late) == (3, 0, 0)
    assert take(tmp_path, fund.provider, camt(line("7.00", "neu"), iban=NEW)) == (1, 0, 0)
    assert balances() == booked
    assert_books_are_right()


def test_what_stripe_still_sends_to_the_old_account_arrives_there(
    tmp_path: Path, fund: Fund, treasurers: Treasurers
) -> None:
    post(card_gift("pi_1", Cents(2500), NOW, "stripe"), make_donation(fund), NOW)
    assert record(TransitFacts("po_1", Cents(2500), datetime(2026, 3, 1, 9, tzinfo=UTC), DAY), NOW)
    change_to(NEW, fund, treasurers)
    assert take(tmp_path, fund.provider, camt(line("25.00", "STRIPE PAYOUT"))) == (1, 1, 0)
    assert BankTransaction.objects.get().transit == StripeTransit.objects.get()
    assert balances() == [("bank", OLD, "2500"), ("fund", "", "-2500")]
    assert_books_are_right()


def test_what_left_the_old_account_and_came_back_is_booked_there(
    tmp_path: Path, promised: Donation, fund: Fund, treasurers: Treasurers
) -> None:
    """25 € came; 10 € were paid out and 5 € given back; 9.50 € and 5 € could not be delivered."""
    one, other = treasurers
    take(tmp_path, fund.provider, camt(line("25.00", promised.transfer_reference.reference)))
    promised.refresh_from_db()
    paid = propose_payout(fund, Cents(1000), "Ranzen", by=one, now=NOW)
    given_back = propose_refund(promised, Cents(500), "Wunsch", by=one, now=NOW)
    for proposal in (paid, given_back):
        assert release(proposal.pk, by=other, now=NOW)
    change_to(NEW, fund, treasurers)

    def moved(sign: str, amount: str, proposal: Proposal) -> str:
        own = f"<AcctSvcrRef>{sign} {amount}</AcctSvcrRef>"
        return entry(amount, sign, item(text(str(proposal.reference))), reference=own)

    late = camt(moved("DBIT", "10.00", paid), moved("DBIT", "5.00", given_back))
    assert take(tmp_path, fund.provider, late) == (2, 2, 0)
    assert balances() == [("bank", OLD, "1000"), ("fund", "", "-1000")]
    later = camt(moved("CRDT", "9.50", paid), moved("CRDT", "5.00", given_back))
    assert take(tmp_path, fund.provider, later) == (2, 2, 0)
    assert set(balances()) == {("bank", OLD, "2450"), ("fees", "", "50"), ("fund", "", "-2500")}
    assert_books_are_right()


def test_what_is_equal_in_everything_on_both_accounts_is_two_gifts(
    tmp_path: Path, fund: Fund, treasurers: Treasurers
) -> None:
    change_to(NEW, fund, treasurers)
    both = [camt(line("25.00", "Spende", bank="1"), iban=iban) for iban in (OLD, NEW)]
    assert [take(tmp_path, fund.provider, each) for each in both * 2] == [
        (1, 1, 0), (1, 1, 0), (1, 0, 0), (1, 0, 0),
    ]  # fmt: skip
    assert balances() == [("bank", OLD, "2500"), ("bank", NEW, "2500"), ("unclear", "", "-5000")]


def test_one_file_may_hold_statements_of_both(tmp_path: Path, fund: Fund, treasurers: Treasurers) -> None:
    change_to(NEW, fund, treasurers)
    old, new = camt(line("3.00", "alt")), camt(line("5.00", "neu"), iban=NEW)
    together = old.replace("</BkToCstmrStmt>", new[new.index("<Stmt>") : new.index("</BkToCstmrStmt>")]
                           + "</BkToCstmrStmt>")  # fmt: skip
    assert take(tmp_path, fund.provider, together) == (2, 2, 0)
    assert balances() == [("bank", OLD, "300"), ("bank", NEW, "500"), ("unclear", "", "-800")]


def test_an_account_that_was_replaced_before_it_had_a_line_is_ours(
    tmp_path: Path, fund: Fund, treasurers: Treasurers
) -> None:
    change_to(NEW, fund, treasurers)
    change_to("AT611904300234573201", fund, treasurers)
    assert take(tmp_path, fund.provider, camt(line("5.00", "spät"), iban=NEW)) == (1, 1, 0)
    assert balances() == [("bank", NEW, "500"), ("unclear", "", "-500")]


@pytest.mark.parametrize("whose", ["nobody", "only_proposed", "another_body", "another_once", "given_on"])
def test_an_account_that_the_body_never_had_or_another_has_now_is_refused(
    tmp_path: Path, fund: Fund, treasurers: Treasurers, whose: str
) -> None:
    iban = STRANGERS
    if whose == "only_proposed":
        propose_account(fund.provider, iban, "Stadt Düren", "Bankwechsel", by=treasurers[0], now=NOW)
    elif whose == "another_body":
        make_provider("Gemeinde", slug="gemeinde", kind=Provider.Kind.CHURCH, iban=iban)
    elif whose == "another_once":
        church = make_provider("Gemeinde", slug="gemeinde", kind=Provider.Kind.CHURCH, iban=iban)
        one, other = (make_user(Membership.Role.TREASURER, church) for _ in range(2))
        change_to("AT611904300234573201", make_fund(provider=church), (one, other))
    elif whose == "given_on":
        change_to(iban, fund, treasurers)
        change_to(NEW, fund, treasurers)
        make_provider(
            "Gemeinde", slug="gemeinde", kind=Provider.Kind.CHURCH, iban="DE89 3704 0044 0532 0130 00"
        )
    with pytest.raises(ForeignAccount, match=iban):
        take(tmp_path, fund.provider, camt(line("5.00"), iban=iban))
    assert not BankTransaction.objects.exists()


def test_a_late_line_that_somebody_typed_is_recognised_and_moved_to_its_account(
    tmp_path: Path, promised: Donation, fund: Fund, treasurers: Treasurers
) -> None:
    change_to(NEW, fund, treasurers)
    code = promised.transfer_reference.reference
    for cents, said in ((2500, code), (900, "Fest")):
        credit = Credit(DAY, Cents(cents), "Ada Beispiel", said)
        record_bank_transfer(fund.provider, credit, recorded_by=treasurers[0], now=NOW)
    assert balances() == [("bank", NEW, "3400"), ("fund", "", "-2500"), ("unclear", "", "-900")]
    late = camt(line("25.00", code), line("9.00", "Fest"), line("1.00", "Rest"))
    assert take(tmp_path, fund.provider, late) == (3, 1, 2)
    booked = [("bank", OLD, "3500"), ("fund", "", "-2500"), ("unclear", "", "-1000")]
    assert balances() == booked
    assert take(tmp_path, fund.provider, late) == (3, 0, 0)
    assert balances() == booked
    assert_books_are_right()
    _take_back(promised, treasurers)
    assert balances() == [("bank", OLD, "3500"), ("unclear", "", "-3500")]
    assert_books_are_right()


def test_a_slip_corrected_after_the_change_stays_on_the_account_of_its_line(
    tmp_path: Path, promised: Donation, fund: Fund, treasurers: Treasurers
) -> None:
    take(tmp_path, fund.provider, camt(line("25.00", promised.transfer_reference.reference)))
    change_to(NEW, fund, treasurers)
    _take_back(promised, treasurers)
    assert balances() == [("bank", OLD, "2500"), ("unclear", "", "-2500")]
    assert_books_are_right()


def _take_back(gift: Donation, treasurers: Treasurers) -> None:
    """Two people say that the line was none of this gift."""
    given = Allocation.objects.get(donation=gift, undone_at=None)
    said: dict[str, Any] = {"gift": gift, "cents": Cents(2500), "target": None}
    propose_correction(given.line, reason="falsche Spende gewählt", by=treasurers[0], now=NOW, **said)
    release(Proposal.objects.latest("pk").pk, by=treasurers[1], now=NOW)
    assert Allocation.objects.get(pk=given.pk).undone_at == NOW


def test_lines_read_before_bodies_could_have_several_accounts_keep_their_keys(
    tmp_path: Path, fund: Fund, treasurers: Treasurers
) -> None:
    """The key is the one that was made of the body alone."""
    LedgerAccount.objects.create(
        kind="bank", provider=fund.provider, external_reference=OLD, is_known_by_body=True
    )
    take(tmp_path, fund.provider, camt(line("25.00", "Spende", bank="B1")))
    known = BankTransaction.objects.get()
    change_to(NEW, fund, treasurers)
    assert take(tmp_path, fund.provider, camt(line("25.00", "Spende", bank="B1"))) == (1, 0, 0)
    assert take(tmp_path, fund.provider, camt(line("25.00", "Spende", bank="B1"), iban=NEW)) == (1, 1, 0)
    assert BankTransaction.objects.exclude(pk=known.pk).get().fingerprint != known.fingerprint


def test_lines_from_before_find_the_account_they_were_booked_on(
    tmp_path: Path, promised: Donation, fund: Fund, treasurers: Treasurers
) -> None:
    code = promised.transfer_reference.reference
    take(tmp_path, fund.provider, camt(line("25.00", code), line("3.00", "alt")))
    change_to(NEW, fund, treasurers)
    take(tmp_path, fund.provider, camt(line("7.00", "neu"), iban=NEW))
    own = dict(BankTransaction.objects.values_list("pk", "account__external_reference"))
    assert sorted(own.values()) == [OLD, OLD, NEW]
    BankTransaction.objects.update(account=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("donations.migrations.0034_lines_where_they_were_booked")._BOOKED)
    assert dict(BankTransaction.objects.values_list("pk", "account__external_reference")) == own
