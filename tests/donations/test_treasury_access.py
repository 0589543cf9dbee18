"""Whose gifts somebody sees: treasurers their own provider's, nobody else any."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from donations.models import BankTransaction, Donation, Proposal
from donations.services.bank.transfers import Credit, record_bank_transfer
from programs.models import Fund, Membership, Provider
from tests.donations.gifts import PLEDGED_AT, make_donation
from tests.donations.visits import text
from tests.factories import make_fund, make_provider, make_user, make_youth_office

Role = Membership.Role
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def donation(fund: Fund) -> Donation:
    return make_donation(
        fund,
        amount_cents=123_400,
        status="received",
        received_at=PLEDGED_AT,
        acceptance="awaiting",
        donor_name="Kanarienvogel",
    )


@pytest.fixture
def line(town: Provider) -> BankTransaction:
    credit = Credit(date(2026, 11, 20), 2500, "Nachtigall", "ohne Code")
    return record_bank_transfer(town, credit, recorded_by=None, now=NOW)[0]


def addresses(donation: Donation, line: BankTransaction) -> dict[str, str]:
    return {
        "list": "/koordination/spenden/",
        "new": "/koordination/spenden/eingang/",
        "line": f"/koordination/spenden/eingang/{line.pk}/",
        "accept": f"/koordination/spenden/{donation.pk}/annehmen/",
    }


def person(kind: str, town: Provider) -> User | None:
    people: dict[str, Any] = {
        "anonymous": lambda: None,
        "own treasurer": lambda: make_user(Role.TREASURER, town),
        "own coordinator": lambda: make_user(Role.COORDINATOR, town),
        "own safeguarding officer": lambda: make_user(Role.SAFEGUARDING_OFFICER, town),
        "foreign treasurer": lambda: make_user(Role.TREASURER, make_provider()),
        "youth office coordinator": lambda: make_user(Role.COORDINATOR, make_youth_office()),
        "youth office treasurer": lambda: make_user(Role.TREASURER, make_youth_office()),
        "no membership": lambda: make_user(),
        "superuser": lambda: make_user(is_superuser=True, is_staff=True),
    }
    found: User | None = people[kind]()
    return found


EXPECTED = {
    "anonymous": {"list": 302, "new": 302, "line": 302, "accept": 302},
    "own treasurer": {"list": 200, "new": 200, "line": 200, "accept": 422},
    "own coordinator": {"list": 403, "new": 403, "line": 404, "accept": 404},
    "own safeguarding officer": {"list": 403, "new": 403, "line": 404, "accept": 404},
    "foreign treasurer": {"list": 200, "new": 200, "line": 404, "accept": 404},
    "youth office coordinator": {"list": 403, "new": 403, "line": 404, "accept": 404},
    "youth office treasurer": {"list": 200, "new": 200, "line": 404, "accept": 404},
    "no membership": {"list": 403, "new": 403, "line": 404, "accept": 404},
    "superuser": {"list": 200, "new": 200, "line": 200, "accept": 422},
}


@pytest.mark.parametrize("kind", EXPECTED)
def test_every_page_answers_every_role_as_it_should(
    browser: Client, kind: str, town: Provider, donation: Donation, line: BankTransaction
) -> None:
    user = person(kind, town)
    if user is not None:
        browser.force_login(user)
    found = {}
    for name, address in addresses(donation, line).items():
        answer = browser.post(address) if name == "accept" else browser.get(address)
        found[name] = answer.status_code
        if answer.status_code == 302:
            assert answer["Location"].startswith("/konto/login/")
    assert found == EXPECTED[kind]
    donation.refresh_from_db()
    assert (donation.acceptance, Proposal.objects.count()) == ("awaiting", 0)


@pytest.mark.parametrize("make_home", [make_provider, make_youth_office])
def test_a_foreign_treasurer_sees_and_books_nothing_of_ours(
    browser: Client,
    town: Provider,
    donation: Donation,
    line: BankTransaction,
    make_home: Callable[[], Provider],
) -> None:
    """That holds for the youth office too: gifts are seen by who keeps the books of the receiving body."""
    browser.force_login(make_user(Role.TREASURER, make_home()))
    shown = text(browser.get("/koordination/spenden/"))
    assert "Kanarienvogel" not in shown
    assert "Nachtigall" not in shown
    form = {"provider": str(town.pk), "booked_on": "2026-11-20", "amount": "5", "occurrence": "1"}
    assert browser.post("/koordination/spenden/eingang/", form).status_code == 422
    assert browser.post(f"/koordination/spenden/eingang/{line.pk}/", {"donation": "1"}).status_code == 404
    assert BankTransaction.objects.count() == 1


@pytest.mark.parametrize("day", ["0001-01-01", "0026-11-20", "9999-12-31"])
def test_a_year_that_is_half_typed_books_nothing(browser: Client, town: Provider, day: str) -> None:
    """From the first day there is, no moment can be reckoned: it would stop the list of every treasurer."""
    browser.force_login(make_user(Role.TREASURER, town))
    form = {"provider": str(town.pk), "booked_on": day, "amount": "5", "occurrence": "1"}
    answer = browser.post("/koordination/spenden/eingang/", form)
    assert (answer.status_code, BankTransaction.objects.count()) == (422, 0)
    assert "Bitte nennen Sie einen Tag zwischen 2000 und 2099." in answer.content.decode()


def test_the_youth_offices_treasurer_sees_the_gifts_to_the_youth_office_alone(
    browser: Client, donation: Donation
) -> None:
    office = make_youth_office()
    make_donation(make_fund(provider=office), donor_name="Zaunkönig")
    browser.force_login(make_user(Role.TREASURER, office))
    shown = text(browser.get("/koordination/spenden/"))
    assert "Zaunkönig" in shown
    assert "1 Spende" in shown
    assert "Kanarienvogel" not in shown


def test_a_treasurer_sees_gift_and_giver(browser: Client, town: Provider, donation: Donation) -> None:
    browser.force_login(make_user(Role.TREASURER, town))
    shown = text(browser.get("/koordination/spenden/"))
    assert "Kanarienvogel" in shown
    assert "1.234,00 €" in shown


@pytest.mark.parametrize(
    "query", ["ansicht=quatsch", "weg=bar", "page=0", "page=abc", "page=99999", "ansicht="]
)
def test_nonsense_in_the_address_shows_the_list(
    browser: Client, town: Provider, donation: Donation, query: str
) -> None:
    browser.force_login(make_user(Role.TREASURER, town))
    assert browser.get(f"/koordination/spenden/?{query}").status_code == 200


@pytest.mark.parametrize("method", ["put", "delete"])
def test_accepting_is_a_post(browser: Client, town: Provider, donation: Donation, method: str) -> None:
    browser.force_login(make_user(Role.TREASURER, town))
    assert getattr(browser, method)(f"/koordination/spenden/{donation.pk}/annehmen/").status_code == 405


@pytest.mark.parametrize("many", [1, 40])
def test_the_list_takes_few_queries(
    browser: Client, town: Provider, fund: Fund, many: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(many):
        make_donation(fund, method="transfer", donor_name=f"Person {number}")
        credit = Credit(date(2026, 11, 20), 100 + number, "", f"Zeile {number}")
        record_bank_transfer(town, credit, recorded_by=None, now=NOW)
    other = make_fund(provider=town)
    make_donation(other)
    browser.force_login(make_user(Role.TREASURER, town))
    with django_assert_max_num_queries(19):
        browser.get("/koordination/spenden/")
