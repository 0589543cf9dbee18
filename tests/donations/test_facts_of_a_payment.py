"""The treasurer reads of a gift its day for the tax, its eight weeks, mandate, charge and settlement."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from donations.models import Donation, Payment
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation
from tests.donations.visits import text
from tests.factories import make_user
from tests.words_of_pages import as_read

CAME_AT = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
TAKEN = date(2026, 12, 30)
STRIPE = {
    "charge": "py_1",
    "mandate": "mandate_1",
    "fee_cents": 35,
    "settles_on": date(2027, 1, 12),
    "country": "DE",
}


@pytest.fixture
def desk(client: Client, fund: Fund) -> Client:
    client.force_login(make_user(Membership.Role.TREASURER, fund.provider))
    return client


def paid(fund: Fund, method: str, taken: date | None = None, **values: Any) -> Donation:
    gift = make_donation(
        fund, method=method, status="received", received_at=CAME_AT, debited_on=taken, **values
    )
    said: dict[str, Any] = {} if method == "transfer" else STRIPE
    Payment.objects.create(
        donation=gift, external_id="pi_1", amount_cents=gift.amount_cents, received_at=CAME_AT,
        debited_on=taken, **said,
    )  # fmt: skip
    return gift


def facts(desk: Client, address: str) -> dict[str, str]:
    """What the terms of the page say."""
    shown = as_read(text(desk.get(address)))
    found = re.findall(r"<dt[^>]*>([^<]+)</dt>\s*<dd[^>]*>([^<]+)</dd>", shown)
    return {term.strip(): said.strip() for term, said in found}


def pages(gift: Donation) -> list[str]:
    return [reverse("coordination_donations"), reverse("coordination_refund_new", args=[gift.pk])]


def test_of_a_debit_all_of_it(desk: Client, fund: Fund) -> None:
    days = {"05.01.2027", "Dienstag, 5. Januar 2027"}
    for page in pages(paid(fund, "sepa_debit", TAKEN)):
        told = facts(desk, page)
        assert told.pop("Eingegangen") in days
        assert {term: told[term] for term in told.keys() - {"Betrag", "Spendenzweck", "Zurück geht es"}} == {
            "Vom Konto abgebucht": "30.12.2026",
            "Tag der Zuwendung": "30.12.2026",
            "Rückgabe ohne Grund möglich bis": "24.02.2027",
            "SEPA-Mandat": "mandate_1",
            "Einzug": "py_1",
            "Gebühr": "0,35 €",
            "Vom Zahlungsdienst auszahlbar ab": "12.01.2027",
        }


def test_of_one_whose_day_nobody_names_that_nobody_names_it(desk: Client, fund: Fund) -> None:
    for page in pages(paid(fund, "sepa_debit")):
        told = facts(desk, page)
        assert told["Vom Konto abgebucht"] == "Den Tag nennt der Zahlungsdienst nicht."
        assert (told["Tag der Zuwendung"], told["Rückgabe ohne Grund möglich bis"]) == (
            "05.01.2027",
            "02.03.2027",
        )


@pytest.mark.parametrize(("method", "has_charge"), [("card", True), ("transfer", False)])
def test_of_other_ways_nothing_of_debits(desk: Client, fund: Fund, method: str, *, has_charge: bool) -> None:
    for page in pages(paid(fund, method)):
        told = facts(desk, page)
        assert told["Tag der Zuwendung"] == "05.01.2027"
        assert {"Vom Konto abgebucht", "Rückgabe ohne Grund möglich bis"}.isdisjoint(told)
        assert ("Einzug" in told) == has_charge


def test_of_who_is_anonymous_to_the_body_no_name_at_the_payment_service(desk: Client, fund: Fund) -> None:
    for page in pages(paid(fund, "sepa_debit", TAKEN, no_identity=True, donor_name="")):
        told = facts(desk, page)
        assert {"Einzug", "SEPA-Mandat"}.isdisjoint(told)
        assert told["Tag der Zuwendung"] == "30.12.2026"


def test_of_what_has_not_come_nothing(desk: Client, fund: Fund) -> None:
    make_donation(fund, method="sepa_debit", status="processing")
    assert "Tag der Zuwendung" not in facts(desk, reverse("coordination_donations"))
