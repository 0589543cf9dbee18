"""What the treasurer's pages say where something is missing: no empty cell, no form that cannot be sent."""

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from donations.models import Donation, Proposal
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.bank.unpromised import Giver, gift_from_line
from donations.services.treasury.proposals import propose_payout, propose_refund, release
from foundation.units import Cents
from programs.models import Fund, Membership, Provider
from tests.donations.gifts import make_donation, told_by_bank
from tests.donations.visits import text
from tests.factories import make_provider, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
Role = Membership.Role


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def desk(browser: Client, one: User) -> Client:
    browser.force_login(one)
    return browser


def of_nobody(fund: Fund, one: User, cents: int = 2500) -> Donation:
    line, _is_new = record_bank_transfer(
        fund.provider, Credit(date(2026, 3, 2), Cents(cents), "", ""), recorded_by=one, now=NOW
    )
    return gift_from_line(line.pk, fund, Cents(cents), Giver(), by=one, now=NOW)


def test_a_gift_of_nobody_known_says_so(desk: Client, fund: Fund, one: User) -> None:
    gift = of_nobody(fund, one)
    listed = text(desk.get(reverse("coordination_donations")))
    assert re.search(r'data-label="Von">unbekannt</td>', listed)
    page = text(desk.get(reverse("coordination_refund_new", args=[gift.pk])))
    assert "Erstattung vorschlagen: Unbekannt" in page


def test_a_line_without_a_name_has_none_in_heute(desk: Client, fund: Fund) -> None:
    record_bank_transfer(
        fund.provider, Credit(date(2026, 3, 2), Cents(999), "", ""), recorded_by=None, now=NOW
    )
    told_by_bank(fund.provider, Credit(date(2026, 3, 2), Cents(-1290), "", "Entgelt"), NOW)
    shown = text(desk.get(reverse("coordination")))
    assert "bei dem Träger Stadt Düren" in shown
    assert re.findall(r"bei dem Träger Stadt Düren, \w+ –", shown) == []


@pytest.mark.parametrize(("going", "is_offered"), [(2500, False), (2499, True)])
def test_of_what_goes_back_in_full_nothing_more_can_be_proposed(
    desk: Client, fund: Fund, one: User, going: int, is_offered: bool
) -> None:
    gift = of_nobody(fund, one)
    order = propose_refund(gift, Cents(going), "Widerruf", by=one, now=NOW)
    assert release(order.pk, by=make_user(Role.TREASURER, fund.provider), now=NOW) is True
    page = text(desk.get(reverse("coordination_refund_new", args=[gift.pk])))
    assert ('name="amount"' in page) is is_offered
    assert ("Hier ist nichts mehr, das sich vorschlagen ließe." in page) is not is_offered


def test_where_no_gift_is_nobody_is_told_to_search_otherwise(desk: Client, fund: Fund) -> None:
    address = reverse("coordination_donations")
    assert "Noch keine Spende" in text(desk.get(address))
    make_donation(fund)
    searched = text(desk.get(address, {"q": "gibtesnicht"}))
    assert "Keine Spenden in dieser Auswahl" in searched
    assert "Noch keine Spende" not in searched


def test_the_first_account_is_entered_and_not_changed(browser: Client) -> None:
    body = make_provider("Pfarrei", slug="pfarrei")
    browser.force_login(make_user(Role.TREASURER, body))
    books = text(browser.get(reverse("coordination_books")))
    assert "Bankverbindung von dem Träger Pfarrei eintragen" in books
    assert "Noch kein Spendenzweck." in books
    page = text(browser.get(reverse("coordination_account_new", args=[body.pk])))
    assert "<h1>Bankverbindung eintragen</h1>" in page
    assert "bis dahin kann niemand überweisen" in page
    assert "bisherige" not in page


def test_a_line_that_is_given_leads_on(desk: Client, fund: Fund, one: User) -> None:
    line = of_nobody(fund, one).allocations.get().line
    page = text(desk.get(reverse("coordination_credit", args=[line.pk])))
    assert "Dieser Eingang ist schon zugeordnet." in page
    assert f'href="{reverse("coordination_lines")}">' in page.split("<main", 1)[1]


def test_what_paid_two_releases_at_once_is_given_to_both(desk: Client, fund: Fund, one: User) -> None:
    other = make_user(Role.TREASURER, fund.provider)
    of_nobody(fund, one, 10_000)
    orders = [propose_payout(fund, Cents(cents), "Ranzen", by=one, now=NOW) for cents in (3000, 5000)]
    for order in orders:
        assert release(order.pk, by=other, now=NOW) is True
    said = Credit(date(2026, 3, 8), Cents(-8000), "Ranzen GmbH", "Rechnungen 1 und 2")
    line = told_by_bank(fund.provider, said, NOW)
    address = reverse("coordination_sent_new", args=[line.pk])
    page = text(desk.get(address))
    assert "Sind mehrere auf einmal bezahlt, wählen Sie alle: Zusammen müssen sie genau 80,00 € sein." in page
    answers = {"order": [order.pk for order in orders], "reason": "Kontoauszug"}
    assert desk.post(address, answers).status_code == 303
    assert release(Proposal.objects.latest("pk").pk, by=other, now=NOW) is True
    line.refresh_from_db()
    fund.refresh_from_db()
    assert (line.sent_cents, line.is_open_debit, fund.balance_cents) == (8000, False, 2000)


def test_what_is_wrong_is_said_once(browser: Client) -> None:
    page = browser.post(reverse("my_page_link"), {})
    assert page.status_code == 422
    assert page.content.decode().count('id="error-summary"') == 1


def test_an_iban_stands_in_blocks_of_four_wherever_it_is_read(desk: Client, fund: Fund) -> None:
    iban = "DE02120300000000202051"
    Provider.objects.filter(pk=fund.provider_id).update(iban=iban, account_holder_name="Verein")
    for address in (
        reverse("coordination_books"),
        reverse("coordination_account_new", args=[fund.provider_id]),
    ):
        page = text(desk.get(address))
        assert "DE02 1203 0000 0000 2020 51" in page
        assert iban not in page


def test_what_is_wrong_is_said_below_what_the_page_is_about(desk: Client, fund: Fund) -> None:
    for address in (
        reverse("coordination_cash_new"),
        reverse("coordination_contribution_new", args=["sachspende"]),
        reverse("coordination_contribution_new", args=["aufwandsverzicht"]),
    ):
        page = desk.post(address, {}).content.decode()
        assert 0 < page.index("<h1") < page.index('id="error-summary"')


def test_where_no_purpose_is_the_page_says_so_instead_of_an_empty_choice(browser: Client) -> None:
    browser.force_login(make_user(Role.TREASURER, make_provider("Verein Lesen")))
    for address in (
        reverse("coordination_cash_new"),
        reverse("coordination_contribution_new", args=["sachspende"]),
    ):
        page = text(browser.get(address))
        assert "Hier gibt es noch keinen Spendenzweck." in page
        assert "Ihn legt an, wer diese Seite betreibt" in page
        assert "<select" not in page.split("<main", 1)[1]


def test_a_new_gift_of_a_line_begins_with_the_name_that_the_bank_tells(
    desk: Client, fund: Fund, one: User
) -> None:
    def named(name: str) -> str:
        line = told_by_bank(fund.provider, Credit(date(2026, 3, 8), Cents(2500), name, "Spende"), NOW)
        return str(
            desk.get(reverse("coordination_credit_gift", args=[line.pk])).context["form"]["name"].value()
        )

    assert named("Ada Lovelace") == "Ada Lovelace"
    assert named("Lena, 9 Jahre, Grundschule Birkesdorf") == "None"


@pytest.mark.parametrize("name", ["coordination_credit_new", "coordination_statement_new"])
def test_only_bodies_with_an_account_are_offered_and_without_any_the_page_says_what_to_do(
    browser: Client, name: str
) -> None:
    with_account = make_provider("Verein Lesen", iban="DE02120300000000202051")
    without = make_provider("Verein Spielen")
    user = make_user(Role.TREASURER, with_account)
    Membership.objects.create(user=user, provider=without, role=Role.TREASURER)
    browser.force_login(user)
    page = browser.get(reverse(name)).content.decode()
    assert f'<option value="{with_account.pk}">Verein Lesen</option>' in page
    assert "Verein Spielen</option>" not in page
    answers = {"provider": without.pk, "booked_on": "2026-03-02", "amount": "25"}
    refused = browser.post(reverse(name), answers)
    assert refused.status_code == 422
    assert refused.context["form"].errors["provider"]

    browser.force_login(make_user(Role.TREASURER, without))
    page = text(browser.get(reverse(name)))
    assert "Hier gibt es noch kein Bankkonto." in page
    assert f'href="{reverse("coordination_books")}"' in page
    assert "<form" not in page.split("<main", 1)[1].split("</main")[0]
