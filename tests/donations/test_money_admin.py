"""The administration shows money and changes none of it."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from donations.domain.ledger import gift
from donations.models import AcceptanceRule, Donation, LedgerEntry, LedgerTransaction
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.books.ledger import post
from programs.models import Fund
from tests.donations.gifts import PLEDGED_AT, make_donation
from tests.factories import make_user

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TABLES = [
    "donation",
    "recurringdonation",
    "donor",
    "payment",
    "refund",
    "dispute",
    "banktransaction",
    "statementimport",
    "ledgertransaction",
    "proposal",
    "stripeevent",
]


@pytest.fixture
def waiting(fund: Fund) -> Donation:
    donation = make_donation(
        fund,
        status="received",
        received_at=PLEDGED_AT,
        acceptance="awaiting",
    )
    post(gift("pi_1", 2500, AT, "stripe"), donation, AT)
    record_bank_transfer(
        fund.provider, Credit(date(2026, 3, 2), 500, "Ada", "ohne"), recorded_by=None, now=AT
    )
    return donation


@pytest.fixture
def office(browser: Client, db: None) -> Client:
    browser.force_login(make_user(is_staff=True, is_superuser=True))
    return browser


@pytest.mark.parametrize("table", TABLES)
def test_even_a_superuser_can_only_look(office: Client, waiting: Donation, table: str) -> None:
    base = f"/verwaltung/donations/{table}/"
    assert office.get(base).status_code == 200
    assert office.get(f"{base}?q=ada").status_code == 200
    assert office.get(f"{base}add/").status_code == 403


@pytest.mark.parametrize(
    ("table", "model"), [("donation", Donation), ("ledgertransaction", LedgerTransaction)]
)
def test_a_row_can_be_read_but_neither_changed_nor_deleted(
    office: Client, waiting: Donation, table: str, model: type
) -> None:
    row = model.objects.earliest("pk")
    base = f"/verwaltung/donations/{table}/{row.pk}/"
    assert office.get(f"{base}change/").status_code == 200
    assert office.post(f"{base}change/", {"amount_cents": "1"}).status_code == 403
    assert office.post(f"{base}delete/", {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()
    assert LedgerEntry.objects.count() == 4


LIMIT = "mindestens 1 Cent und höchstens 100 Milliarden Euro"


@pytest.mark.parametrize("cents", [0, 10**13 + 1, 9 * 10**18])
def test_a_threshold_is_an_amount_that_can_be(office: Client, fund: Fund, cents: int) -> None:
    said = {"provider": fund.provider_id, "valid_from": "01.01.2026", "source": "Zuständigkeitsordnung"}
    address = "/verwaltung/donations/acceptancerule/add/"
    page = office.post(address, {**said, "from_cents": cents})
    assert (page.status_code, LIMIT in page.content.decode()) == (200, True)
    assert not AcceptanceRule.objects.exists()
    assert office.post(address, {**said, "from_cents": 10**13}).status_code == 302
    assert AcceptanceRule.objects.get().from_cents == 10**13
