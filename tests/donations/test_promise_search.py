"""An open bank line is given to a promise by a search, the likely ones first."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from donations.models import BankTransaction, Donation, TransferReference
from donations.services.bank.transfers import Credit, record_bank_transfer
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation, make_donor
from tests.donations.visits import text
from tests.factories import make_fund, make_provider, make_user

DAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def desk(browser: Client, fund: Fund) -> Client:
    browser.force_login(make_user(Membership.Role.TREASURER, fund.provider))
    return browser


@pytest.fixture
def line(fund: Fund) -> BankTransaction:
    credit = Credit(DAY, 2500, "Dr. Ada Beispiel", "Spende")
    return record_bank_transfer(fund.provider, credit, recorded_by=None, now=NOW)[0]


def promise(
    fund: Fund, name: str, cents: int = 700, *, days: int = 100, email: str = "", code: str = ""
) -> Donation:
    """A promised transfer, `days` before the money came."""
    donor = make_donor(email) if email else None
    at = datetime(2026, 3, 20, 9, 0, tzinfo=UTC) - timedelta(days=days)
    made = make_donation(
        fund, amount_cents=cents, method="transfer", donor_name=name, donor=donor, pledged_at=at
    )
    if code:
        TransferReference.objects.create(donation=made, reference=code)
    return made


def offered(desk: Client, line: BankTransaction, search: str = "") -> list[int]:
    page = desk.get(f"/koordination/spenden/eingang/{line.pk}/", {"suche": search} if search else {})
    assert page.status_code == 200
    return [int(pk) for pk in re.findall(r'name="donation" value="(\d+)"', page.content.decode())]


def test_the_likely_ones_come_first(desk: Client, fund: Fund, line: BankTransaction) -> None:
    other = promise(fund, "Zoe Anders")
    recent = promise(fund, "Yan Anders", days=5)
    amount = promise(fund, "Xaver Anders", 2500)
    name = promise(fund, "Ada Beispiel", 900)
    both = promise(fund, "beispiel", 2500, days=3)
    assert offered(desk, line) == [each.pk for each in (both, name, amount, recent, other)]


def test_of_two_thousand_promises_ten_are_shown(desk: Client, fund: Fund, line: BankTransaction) -> None:
    donor = make_donor()
    Donation.objects.bulk_create(
        Donation(
            fund=fund,
            donor=donor,
            amount_cents=700,
            method="transfer",
            text_version=1,
            pledged_at=NOW,
            status_changed_at=NOW,
        )
        for _ in range(2000)
    )
    wanted = promise(fund, "Ada Beispiel", 2500)
    found = offered(desk, line)
    assert (len(found), found[0]) == (10, wanted.pk)
    assert "2001 offene Zusagen" in text(desk.get(f"/koordination/spenden/eingang/{line.pk}/"))


@pytest.mark.parametrize(
    "search",
    ["kanarien", "Vogel Karl", "karl@", "RF18 5390 0754", "rf185390", "12,34", "12,34 €", "RF18539007547034"],
)
def test_a_promise_is_found_by_name_address_code_and_amount(
    desk: Client, fund: Fund, line: BankTransaction, search: str
) -> None:
    promise(fund, "Ada Beispiel", 2500)
    wanted = promise(fund, "Karl Kanarienvogel", 1234, email="karl@example.org", code="RF18539007547034")
    assert offered(desk, line, search) == [wanted.pk]


@pytest.mark.parametrize("search", ["niemand", "%", "_", "x" * 81, "99,99"])
def test_what_nobody_promised_finds_nothing_and_breaks_nothing(
    desk: Client, fund: Fund, line: BankTransaction, search: str
) -> None:
    mine = promise(fund, "Ada Beispiel", 2500)
    expected = [mine.pk] if len(search) > 80 else []
    assert offered(desk, line, search) == expected


def test_promises_of_others_and_paid_ones_are_never_offered(
    desk: Client, fund: Fund, line: BankTransaction
) -> None:
    promise(make_fund("Fremd", provider=make_provider("Verein", slug="verein")), "Ada Beispiel", 2500)
    Donation.objects.filter(pk=promise(fund, "Ada Beispiel", 2500).pk).update(
        status="received", received_at=NOW
    )
    assert offered(desk, line) == offered(desk, line, "Beispiel") == []


def test_what_a_search_found_is_booked(desk: Client, fund: Fund, line: BankTransaction) -> None:
    for number in range(12):
        promise(fund, f"Ada Beispiel {number}", 2500)
    wanted = promise(fund, "Tante Erna", 100)
    address = f"/koordination/spenden/eingang/{line.pk}/"
    assert desk.post(f"{address}?suche=erna", {"donation": wanted.pk, "amount": "25"}).status_code == 303
    wanted.refresh_from_db()
    assert (wanted.status, wanted.amount_cents) == ("received", 2500)


def test_without_a_choice_the_page_comes_back_with_the_same_search(
    desk: Client, fund: Fund, line: BankTransaction
) -> None:
    wanted = promise(fund, "Tante Erna", 100)
    promise(fund, "Ada Beispiel", 2500)
    page = desk.post(f"/koordination/spenden/eingang/{line.pk}/?suche=erna", {})
    assert page.status_code == 422
    assert re.findall(r'name="donation" value="(\d+)"', page.content.decode()) == [str(wanted.pk)]


def test_a_choice_that_is_gone_is_told_where_no_other_is_left(
    desk: Client, fund: Fund, line: BankTransaction
) -> None:
    gone, other = promise(fund, "Ada Beispiel", 2500), promise(fund, "Tante Erna", 100)
    address, back = f"/koordination/spenden/eingang/{line.pk}/", "/koordination/?art=eingaenge&page=2"
    said = {"donation": gone.pk, "amount": "25", "back": back}
    Donation.objects.filter(pk=gone.pk).update(status="received", received_at=NOW)
    for search, title in (("?suche=ada", "Keine offene Zusage passt"), ("", "Keine offene Überweisung")):
        if not search:
            Donation.objects.filter(pk=other.pk).update(status="received", received_at=NOW)
        page = desk.post(address + search, said)
        assert page.status_code == 422
        assert "Diese Spende steht nicht (mehr) zur Wahl." in text(page)
        assert title in text(page)
        assert 'href="/koordination/?art=eingaenge&amp;page=2"' in page.content.decode()
        assert "evil.example" not in text(desk.post(address + search, said | {"back": "//evil.example/"}))
