"""What left and came back, what left before it was written down, and statements that begin at their end."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from donations.models import BankTransaction, Donation, LedgerEntry, Proposal, Refund
from donations.selectors.bank_lines import open_bank_lines
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.bank.booking import book_waiting
from donations.services.books.reconciliation import reconcile
from donations.services.treasury.proposals import (
    propose_correction,
    propose_payout,
    propose_refund,
    recall,
    release,
)
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.statements.test_import import line, reference, take
from tests.donations.statements.written import camt, entry, item, text
from tests.donations.visits import give, newest
from tests.donations.visits import text as text_of
from tests.factories import make_fund, make_provider, make_user

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
CLOSED = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Membership.Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Membership.Role.TREASURER, fund.provider)


@pytest.fixture
def promised(browser: Client, fund: Fund) -> Donation:
    give(browser, method="transfer", email="ada@example.org")
    return newest()


@pytest.fixture
def given(promised: Donation, fund: Fund, tmp_path: Path) -> Donation:
    """25 € that the bank's statement brought."""
    take(tmp_path, fund, camt(line("25.00", reference(promised), bank="A")))
    return fresh(promised)


def fresh(gift: Donation) -> Donation:
    return Donation.objects.get(pk=gift.pk)


def in_order() -> None:
    assert [*faults(), *row_faults(), *reconcile(AT)] == []


def stands(fund: Fund) -> dict[str, int]:
    """What stands on each account of the body, in cents, those without anything left out."""
    sums: dict[str, int] = {}
    rows = LedgerEntry.objects.filter(account__provider=fund.provider)
    for kind, cents in rows.values_list("account__kind", "amount_cents"):
        sums[kind] = sums.get(kind, 0) + cents
    return {kind: cents for kind, cents in sums.items() if cents}


def back(amount: str, code: str, bank: str, why: str = CLOSED, on: str = "2026-03-05") -> str:
    """A line that brings back what left with that code."""
    own = f"<AcctSvcrRef>{bank}</AcctSvcrRef>"
    booked = f"<BookgDt><Dt>{on}</Dt></BookgDt>"
    return entry(amount, "CRDT", item(text(code), why), reference=own, booked=booked)


def gone(amount: str, code: str, bank: str, on: str) -> str:
    """A line that left with that code."""
    own = f"<AcctSvcrRef>{bank}</AcctSvcrRef>"
    booked = f"<BookgDt><Dt>{on}</Dt></BookgDt>"
    return entry(amount, "DBIT", item(text(code)), reference=own, booked=booked)


def ordered(gift: Donation, cents: int, one: User, other: User) -> Proposal:
    proposal = propose_refund(gift, Cents(cents), "auf Wunsch", by=one, now=AT)
    assert release(proposal.pk, by=other, now=AT)
    return proposal


@pytest.mark.parametrize("why", [CLOSED, ""], ids=["with the reason", "by its own code"])
def test_a_refund_that_the_bank_could_not_deliver_is_booked_back_and_told(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path, why: str
) -> None:
    code = str(ordered(given, 2500, one, other).reference)
    take(tmp_path, fund, camt(line("25.00", code, bank="B", sign="DBIT")))
    assert (fresh(given).status, stands(fund)) == ("refunded", {})
    for _ in range(2):
        take(tmp_path, fund, camt(back("25.00", code, "C", why)))
    gift, refund = fresh(given), Refund.objects.get()
    assert (gift.status, gift.refunded_cents, refund.status) == ("received", 0, "failed")
    assert refund.failed_at == datetime(2026, 3, 5, 11, 0, tzinfo=UTC)
    assert stands(fund) == {"bank": 2500, "fund": -2500}
    assert BankTransaction.objects.latest("pk").open_cents == 0
    assert Message.objects.filter(template="refund_failed").count() == 1
    assert Donation.objects.count() == 1
    in_order()
    ordered(gift, 2500, one, other)
    in_order()


def test_only_the_bank_says_that_the_code_of_a_gift_brings_a_refund_back(
    given: Donation, fund: Fund, tmp_path: Path
) -> None:
    code = reference(given)
    take(tmp_path, fund, camt(line("25.00", code, bank="B", sign="DBIT")))
    assert fresh(given).status == "refunded"
    take(tmp_path, fund, camt(line("25.00", code, bank="again")))
    assert [gift.status for gift in Donation.objects.order_by("pk")] == ["refunded", "received"]
    take(tmp_path, fund, camt(back("12.00", code, "not half")))
    assert BankTransaction.objects.latest("pk").open_cents == 1200
    take(tmp_path, fund, camt(back("25.00", code, "C")))
    assert [gift.status for gift in Donation.objects.order_by("pk")] == ["received", "received"]
    assert stands(fund) == {"bank": 6200, "fund": -5000, "unclear": -1200}
    in_order()


def test_a_payout_that_the_bank_could_not_deliver_is_the_purposes_again(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    proposal = propose_payout(fund, Cents(2000), "Ranzen", by=one, now=AT)
    assert release(proposal.pk, by=other, now=AT)
    code = str(proposal.reference)
    take(tmp_path, fund, camt(line("20.00", code, bank="B", sign="DBIT")))
    assert stands(fund) == {"bank": 500, "fund": -500}
    for _ in range(2):
        take(tmp_path, fund, camt(back("20.00", code, "C", "")))
    proposal.refresh_from_db()
    fund.refresh_from_db()
    assert (proposal.status, fund.balance_cents, fund.received_cents) == ("recalled", 2500, 2500)
    assert stands(fund) == {"bank": 2500, "fund": -2500}
    assert BankTransaction.objects.latest("pk").state_text == "Auszahlung zurückgekommen"
    assert list(open_bank_lines(BankTransaction.objects.all())) == []
    assert recall(proposal.pk, by=one, now=AT) is False
    in_order()


def test_what_another_body_receives_with_its_code_brings_no_payout_back(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    """As the shop that was paid may transfer on under the same words."""
    proposal = propose_payout(fund, Cents(2000), "Ranzen", by=one, now=AT)
    assert release(proposal.pk, by=other, now=AT)
    code, iban = str(proposal.reference), "DE89370400440532013000"
    take(tmp_path, fund, camt(line("20.00", code, bank="B", sign="DBIT")))
    club = make_fund(provider=make_provider("Verein", iban=iban))
    take(tmp_path, club, camt(back("20.00", code, "C"), iban=iban))
    proposal.refresh_from_db()
    fund.refresh_from_db()
    assert (proposal.status, fund.balance_cents) == ("released", 500)
    assert (stands(fund), stands(club)) == ({"bank": 500, "fund": -500}, {"bank": 2000, "unclear": -2000})
    in_order()


def test_what_another_body_moves_with_the_code_of_a_refund_is_none_of_ours(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    """Neither when it leaves there nor when it comes there."""
    code, iban = str(ordered(given, 2500, one, other).reference), "DE89370400440532013000"
    club = make_fund(provider=make_provider("Verein", iban=iban))
    take(tmp_path, club, camt(line("25.00", code, bank="X", sign="DBIT"), iban=iban))
    assert (fresh(given).status, Refund.objects.get().status) == ("received", "pending")
    take(tmp_path, fund, camt(line("25.00", code, bank="B", sign="DBIT")))
    take(tmp_path, club, camt(back("25.00", code, "C"), iban=iban))
    assert (fresh(given).status, Refund.objects.get().status) == ("refunded", "succeeded")
    theirs = BankTransaction.objects.filter(provider=club.provider).order_by("pk")
    assert list(theirs.values_list("amount_cents", "refund")) == [(-2500, None), (2500, None)]
    assert stands(fund) == {}
    in_order()


def test_what_comes_back_and_names_its_gift_too_is_no_second_gift(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    code = str(ordered(given, 2500, one, other).reference)
    take(tmp_path, fund, camt(line("25.00", code, bank="B", sign="DBIT")))
    take(tmp_path, fund, camt(back("25.00", f"{code} {reference(given)}", "C", "")))
    assert (fresh(given).status, Donation.objects.count()) == ("received", 1)
    assert stands(fund) == {"bank": 2500, "fund": -2500}
    in_order()


def test_what_comes_back_twice_is_unclear_the_second_time(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    proposal = propose_payout(fund, Cents(2000), "Ranzen", by=one, now=AT)
    assert release(proposal.pk, by=other, now=AT)
    code = str(proposal.reference)
    take(tmp_path, fund, camt(line("20.00", code, bank="B", sign="DBIT")))
    for bank in ("C", "D"):
        take(tmp_path, fund, camt(back("20.00", code, bank, "")))
    proposal.refresh_from_db()
    assert proposal.status == "recalled"
    assert stands(fund) == {"bank": 4500, "fund": -2500, "unclear": -2000}
    in_order()


def test_of_two_payouts_that_a_text_names_the_one_is_meant_of_which_least_is_missing(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    paid = [propose_payout(fund, Cents(cents), "Ranzen", by=one, now=AT) for cents in (1000, 900)]
    for number, proposal in enumerate(paid):
        assert release(proposal.pk, by=other, now=AT)
        amount = f"{(proposal.amount_cents or 0) / 100:.2f}"
        take(tmp_path, fund, camt(line(amount, str(proposal.reference), bank=f"B{number}", sign="DBIT")))
    take(tmp_path, fund, camt(back("9.00", " ".join(str(each.reference) for each in paid), "C", "")))
    assert [Proposal.objects.get(pk=each.pk).status for each in paid] == ["released", "recalled"]
    assert stands(fund) == {"bank": 1500, "fund": -1500}
    in_order()


@pytest.mark.parametrize("is_one_file", [True, False], ids=["newest first", "file after file"])
def test_what_left_is_met_when_what_came_is_read_later(
    promised: Donation, fund: Fund, tmp_path: Path, *, is_one_file: bool
) -> None:
    code = reference(promised)
    left, came = line("25.00", code, bank="B", sign="DBIT"), line("25.00", code, bank="A")
    for content in [camt(left, came)] if is_one_file else [camt(left), camt(came)]:
        take(tmp_path, fund, content)
    assert (fresh(promised).status, fresh(promised).refunded_cents) == ("refunded", 2500)
    assert Message.objects.filter(template="refund_done").count() == 1
    assert stands(fund) == {}
    in_order()


def test_what_came_back_is_met_when_what_left_is_read_later(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    code = str(ordered(given, 2500, one, other).reference)
    take(tmp_path, fund, camt(back("25.00", code, "C", ""), line("25.00", code, bank="B", sign="DBIT")))
    assert (fresh(given).status, Refund.objects.get().status) == ("received", "failed")
    in_order()


def test_what_came_back_with_the_code_of_its_gift_is_met_too(
    given: Donation, fund: Fund, tmp_path: Path
) -> None:
    code = reference(given)
    take(tmp_path, fund, camt(back("25.00", code, "C"), line("25.00", code, bank="B", sign="DBIT")))
    assert (fresh(given).status, Refund.objects.get().status) == ("received", "failed")
    in_order()


def test_what_was_read_before_its_gift_is_met_in_the_order_of_its_days(
    promised: Donation, fund: Fund, tmp_path: Path
) -> None:
    """It left on the 4th and came back on the 6th; the statement tells the newest first."""
    code = reference(promised)
    left, came = gone("25.00", code, "B", "2026-03-04"), back("25.00", code, "C", on="2026-03-06")
    take(tmp_path, fund, camt(came, left))
    assert fresh(promised).status == "pledged"
    take(tmp_path, fund, camt(line("25.00", code, bank="A")))
    assert (fresh(promised).status, Refund.objects.get().status) == ("received", "failed")
    assert stands(fund) == {"bank": 2500, "fund": -2500}
    in_order()


def test_who_transfers_before_it_is_released_is_not_asked_to_transfer_again(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    proposal = propose_payout(fund, Cents(2000), "Ranzen", by=one, now=AT)
    take(tmp_path, fund, camt(line("20.00", str(proposal.reference), bank="B", sign="DBIT")))
    assert stands(fund) == {"bank": 500, "fund": -2500, "unclear": 2000}
    assert release(proposal.pk, by=other, now=AT)
    assert Proposal.objects.get(pk=proposal.pk).is_to_transfer is False
    assert stands(fund) == {"bank": 500, "fund": -500}
    in_order()


def test_of_the_gifts_under_one_code_the_newest_goes_back(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    code = reference(given)
    take(tmp_path, fund, camt(line("25.00", code, bank="B"), line("30.00", code, bank="C")))
    first, second, third = Donation.objects.order_by("pk")
    take(tmp_path, fund, camt(line("25.00", code, bank="D", sign="DBIT")))
    assert [fresh(each).refunded_cents for each in (first, second, third)] == [0, 2500, 0]
    ordered(first, 500, one, other)
    take(tmp_path, fund, camt(line("5.00", code, bank="E", sign="DBIT")))
    assert [fresh(each).refunded_cents for each in (first, second, third)] == [500, 2500, 0]
    take(tmp_path, fund, camt(line("30.00", code, bank="F", sign="DBIT")))
    take(tmp_path, fund, camt(line("30.00", code, bank="G", sign="DBIT")))
    assert [fresh(each).refunded_cents for each in (first, second, third)] == [500, 2500, 3000]
    assert stands(fund) == {"bank": -1000, "fund": -2000, "unclear": 3000}
    in_order()


def test_of_the_gifts_under_one_code_the_newest_that_was_here_goes_back(
    given: Donation, fund: Fund, tmp_path: Path
) -> None:
    """By the days of the bank, in whatever order the statements came."""
    code = reference(given)
    for bank, on in (("C", "2026-03-09"), ("D", "2026-03-05"), ("E", "2026-03-03")):
        take(tmp_path, fund, camt(back("25.00", code, bank, "", on)))
    of_2nd, of_9th, of_5th, of_3rd = Donation.objects.order_by("pk")
    take(tmp_path, fund, camt(gone("25.00", code, "F", "2026-03-06")))
    in_turn = [of_2nd, of_3rd, of_5th, of_9th]
    assert [fresh(each).refunded_cents for each in in_turn] == [0, 0, 2500, 0]
    take(tmp_path, fund, camt(gone("25.00", code, "G", "2026-03-10")))
    assert [fresh(each).refunded_cents for each in in_turn] == [0, 0, 2500, 2500]
    in_order()


def test_of_the_gifts_under_one_code_the_one_comes_back_that_went(
    given: Donation, fund: Fund, tmp_path: Path
) -> None:
    code = reference(given)
    take(tmp_path, fund, camt(line("30.00", code, bank="B")))
    take(tmp_path, fund, camt(line("30.00", code, bank="C", sign="DBIT")))
    first, second = Donation.objects.order_by("pk")
    assert (first.status, second.status) == ("received", "refunded")
    take(tmp_path, fund, camt(back("30.00", code, "D")))
    assert (fresh(first).status, fresh(second).status) == ("received", "received")
    assert (Refund.objects.get().donation, Refund.objects.get().status) == (second, "failed")
    in_order()


def test_what_a_human_took_from_a_gift_stays_unclear(
    given: Donation, fund: Fund, one: User, other: User
) -> None:
    bank_line = BankTransaction.objects.get()
    proposal = propose_correction(bank_line, Cents(2500), None, "falsch", gift=given, by=one, now=AT)
    assert release(proposal.pk, by=other, now=AT)
    assert book_waiting(AT) == 0
    bank_line.refresh_from_db()
    assert (bank_line.open_cents, fresh(given).status) == (2500, "pledged")


def test_the_page_of_the_lines_says_what_came_back(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    code = str(ordered(given, 2500, one, other).reference)
    left, came = line("25.00", code, bank="B", sign="DBIT"), back("25.00", code, "C")
    take(tmp_path, fund, camt(left, came))
    browser = Client()
    browser.force_login(one)
    assert "Erstattung zurückgekommen" in text_of(browser.get(reverse("coordination_lines") + "?stand=alle"))
    assert "Erstattung zurückgekommen" not in text_of(browser.get(reverse("coordination_lines")))


@pytest.mark.parametrize("code_of", ["order", "gift"])
def test_a_refund_of_which_a_bank_kept_its_charge_is_the_givers_in_full_again(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path, code_of: str
) -> None:
    """23.50 of 25 euro came back: the gift is whole, and the body bears what the bank took."""
    code = str(ordered(given, 2500, one, other).reference) if code_of == "order" else reference(given)
    take(tmp_path, fund, camt(line("25.00", code, bank="B", sign="DBIT")))
    for _ in range(2):
        take(tmp_path, fund, camt(back("23.50", code, "C", "" if code_of == "order" else CLOSED)))
    gift, refund = fresh(given), Refund.objects.get()
    assert (gift.status, gift.refunded_cents, refund.status) == ("received", 0, "failed")
    assert stands(fund) == {"bank": 2350, "fees": 150, "fund": -2500}
    fund.refresh_from_db()
    assert (fund.balance_cents, fund.received_cents) == (2500, 2500)
    assert BankTransaction.objects.latest("pk").open_cents == 0
    assert Message.objects.filter(template="refund_failed").count() == 1
    in_order()


def test_of_two_refunds_under_one_code_the_one_is_meant_of_which_least_is_missing(
    given: Donation, fund: Fund, tmp_path: Path
) -> None:
    code = reference(given)
    for bank, amount in (("B", "10.00"), ("C", "9.00")):
        take(tmp_path, fund, camt(line(amount, code, bank=bank, sign="DBIT")))
    take(tmp_path, fund, camt(back("9.00", code, "D")))
    assert list(Refund.objects.filter(status="failed").values_list("amount_cents", flat=True)) == [900]
    take(tmp_path, fund, camt(back("8.50", code, "E")))
    assert not Refund.objects.exclude(status="failed").exists()
    assert stands(fund) == {"bank": 2350, "fees": 150, "fund": -2500}
    in_order()


def test_more_than_left_and_less_than_half_of_it_stay_unclear_for_a_human(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    code = str(ordered(given, 2500, one, other).reference)
    take(tmp_path, fund, camt(line("25.00", code, bank="B", sign="DBIT")))
    take(tmp_path, fund, camt(back("25.01", code, "more"), back("12.49", code, "less")))
    assert (fresh(given).status, Refund.objects.get().status) == ("refunded", "succeeded")
    assert stands(fund) == {"bank": 3750, "unclear": -3750}
    assert open_bank_lines(BankTransaction.objects.all()).count() == 2
    in_order()


def test_a_payout_of_which_a_bank_kept_its_charge_is_the_purposes_in_full_again(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    proposal = propose_payout(fund, Cents(2000), "Ranzen", by=one, now=AT)
    assert release(proposal.pk, by=other, now=AT)
    code = str(proposal.reference)
    take(tmp_path, fund, camt(line("20.00", code, bank="B", sign="DBIT")))
    for _ in range(2):
        take(tmp_path, fund, camt(back("17.00", code, "C", "")))
    proposal.refresh_from_db()
    fund.refresh_from_db()
    assert (proposal.status, fund.balance_cents, fund.received_cents) == ("recalled", 2500, 2500)
    assert stands(fund) == {"bank": 2200, "fees": 300, "fund": -2500}
    in_order()


def test_more_than_was_paid_out_and_less_than_half_of_it_is_no_payout_that_came_back(
    given: Donation, fund: Fund, one: User, other: User, tmp_path: Path
) -> None:
    proposal = propose_payout(fund, Cents(2000), "Ranzen", by=one, now=AT)
    assert release(proposal.pk, by=other, now=AT)
    code = str(proposal.reference)
    take(tmp_path, fund, camt(line("20.00", code, bank="B", sign="DBIT")))
    take(tmp_path, fund, camt(back("20.01", code, "more", ""), back("9.99", code, "less", "")))
    proposal.refresh_from_db()
    assert proposal.status == "released"
    assert stands(fund) == {"bank": 3500, "fund": -500, "unclear": -3000}
    in_order()
