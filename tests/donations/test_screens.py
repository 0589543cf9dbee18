"""The two screens before a payment: what is offered, what is refused, what is kept."""

import re

import pytest
from django.test import Client

from donations.models import Donation, Donor, ReceiptAddress
from programs.models import Fund, Provider
from tests.donations.gifts import PLEDGED_AT
from tests.donations.stripe_process import StripeProcess
from tests.donations.visits import details_address, filled, give, newest, text
from tests.factories import make_fund, make_provider
from tests.figures.nights import let_three_give


def test_the_first_screen_has_25_euro_once_and_the_general_purpose_chosen(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    make_fund("Ranzen", slug="ranzen", provider=fund.provider)
    page = browser.get("/spenden/")
    checked = set(re.findall(r'name="(\w+)" value="(\w+)"[^>]*\bchecked', page.content.decode()))
    assert page.status_code == 200
    assert checked == {("rhythmus", "einmal"), ("betrag", "2500"), ("zweck", "kinderfonds")}


def test_the_first_screen_takes_over_what_the_address_says(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    make_fund("Ranzen", slug="ranzen", provider=fund.provider)
    page = browser.get("/spenden/?zweck=ranzen&betrag=own&eigener_betrag=33%2C50&rhythmus=monatlich")
    html = page.content.decode()
    checked = set(re.findall(r'name="(\w+)" value="(\w+)"[^>]*\bchecked', html))
    assert checked == {("rhythmus", "monatlich"), ("betrag", "own"), ("zweck", "ranzen")}
    assert 'value="33,50"' in html


@pytest.mark.parametrize(
    "query",
    ["zweck=gibtesnicht", "betrag=-5", "zweck=%27%3B--", "rhythmus=immer", "betrag=own&eigener_betrag=NaN"],
)
def test_nonsense_in_the_address_is_ignored(
    browser: Client, fund: Fund, stripe: StripeProcess, query: str
) -> None:
    page = browser.get(f"/spenden/?{query}")
    assert page.status_code == 200
    assert "error-summary" not in page.content.decode()


def test_without_stripe_no_monthly_gift_is_offered(browser: Client, fund: Fund) -> None:
    assert "monatlich" not in browser.get("/spenden/").content.decode()


def test_without_an_open_purpose_the_page_says_so(browser: Client, db: None) -> None:
    page = browser.get("/spenden/")
    assert page.status_code == 200
    assert "Im Moment nehmen wir keine Spenden an" in text(page)


def test_a_filled_or_closed_purpose_is_not_offered(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    full = make_fund("Voll", slug="voll", provider=fund.provider, target_cents=1000)
    let_three_give(full, 1000, PLEDGED_AT)
    make_fund("Zu", slug="zu", provider=fund.provider, is_open=False)
    html = browser.get("/spenden/").content.decode()
    assert 'value="voll"' not in html
    assert 'value="zu"' not in html
    assert browser.get(details_address(zweck="voll")).status_code == 422


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Bitte geben Sie Ihren Betrag ein."),
        ("0,99", "Bitte geben Sie mindestens 1 €."),
        ("50000,01", "Bis 50.000 € geht es online."),
        ("zehn", "Bitte geben Sie einen Betrag in Euro ein, zum Beispiel 25 oder 25,50."),
        ("1e5", "Bitte geben Sie einen Betrag in Euro ein"),
    ],
)
def test_an_impossible_amount_comes_back_with_the_form(
    browser: Client, fund: Fund, stripe: StripeProcess, typed: str, message: str
) -> None:
    page = browser.get(details_address(betrag="own", eigener_betrag=typed))
    assert page.status_code == 422
    assert message in text(page)
    assert 'href="#id_eigener_betrag"' in page.content.decode()
    assert Donation.objects.count() == 0


@pytest.mark.parametrize(("typed", "cents"), [("25,–", "25"), ("1.250", "1.250"), (" 12,5 € ", "12,50")])
def test_amounts_are_taken_as_people_write_them(
    browser: Client, fund: Fund, stripe: StripeProcess, typed: str, cents: str
) -> None:
    page = browser.get(details_address(betrag="own", eigener_betrag=typed))
    assert page.status_code == 200
    assert f"{cents} € spenden" in text(page)


def test_purpose_and_fallback_stand_above_the_button(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    html = browser.get(details_address()).content.decode()
    button = html.index("spenden</span></button>")
    assert html.index(fund.purpose) < button
    assert html.index(fund.fallback_purpose) < button


def test_methods_stand_in_the_order_people_choose_them(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    html = browser.get(details_address()).content.decode()
    assert re.findall(r'name="method" value="(\w+)"', html) == ["transfer", "sepa_debit", "paypal", "card"]
    monthly = browser.get(details_address(rhythmus="monatlich")).content.decode()
    assert re.findall(r'name="method" value="(\w+)"', monthly) == ["sepa_debit", "card"]


def test_only_what_is_configured_is_offered(browser: Client, fund: Fund) -> None:
    html = browser.get(details_address()).content.decode()
    assert re.findall(r'name="method" value="(\w+)"', html) == ["transfer"]


def test_a_transfer_needs_the_account_holder_as_the_bank_knows_it(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    Provider.objects.update(account_holder_name="")
    html = browser.get(details_address()).content.decode()
    assert re.findall(r'name="method" value="(\w+)"', html) == ["sepa_debit", "paypal", "card"]


def test_a_purpose_without_any_way_to_pay_says_so(browser: Client, stripe: StripeProcess, db: None) -> None:
    make_fund("Ohne Weg", slug="ohne-weg", provider=make_provider())
    page = browser.get(details_address(zweck="ohne-weg"))
    assert page.status_code == 200
    assert "Für diesen Zweck können wir gerade keine Spenden annehmen" in text(page)
    assert "<button" not in page.content.decode().split("<main")[1].split("</main>")[0]


def test_a_monthly_gift_where_nothing_can_be_collected_says_so(
    browser: Client, stripe: StripeProcess, db: None
) -> None:
    provider = make_provider(iban="DE02120300000000202051", account_holder_name="Verein")
    make_fund("Nur Konto", slug="nur-konto", provider=provider)
    page = browser.get(details_address(zweck="nur-konto", rhythmus="monatlich"))
    assert "Monatliche Spenden können wir für diesen Zweck nicht einziehen" in text(page)


def test_what_was_typed_comes_back_with_the_errors(browser: Client, fund: Fund) -> None:
    answer = give(
        browser, method="transfer", email="keine-adresse", name="Ada <b>", wants_receipt="on", town="Düren"
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="keine-adresse"' in html
    assert 'value="Ada &lt;b&gt;"' in html
    assert 'value="Düren"' in html
    assert 'id="error-summary"' in html
    assert 'href="#id_email"' in html
    assert 'href="#id_street"' in html
    assert "<title>Fehler:" in html
    assert Donation.objects.count() == 0
    assert Donor.objects.count() == 0


@pytest.mark.parametrize("method", ["card", "bitcoin", ""])
def test_a_method_that_is_not_offered_is_refused(browser: Client, fund: Fund, method: str) -> None:
    assert give(browser, method=method).status_code == 422
    assert Donation.objects.count() == 0


def test_texts_that_changed_meanwhile_must_be_read_again(browser: Client, fund: Fund) -> None:
    address = details_address()
    answers = filled(browser, address, method="transfer")
    Fund.objects.update(purpose="Etwas anderes.", text_version=2)
    refused = browser.post(address, answers)
    assert refused.status_code == 422
    assert "hat sich gerade geändert" in text(refused)
    assert Donation.objects.count() == 0
    again = browser.post(address, {**answers, "text_version": "2"})
    assert again.status_code == 303
    assert (newest().purpose_text, newest().text_version) == ("Etwas anderes.", 2)


def test_an_address_is_kept_only_for_a_receipt(browser: Client, fund: Fund) -> None:
    give(browser, method="transfer")
    assert (newest().wants_receipt, ReceiptAddress.objects.count()) == (False, 0)
    give(
        browser,
        method="transfer",
        wants_receipt="on",
        name="Ada Beispiel",
        street="Musterweg 1",
        postcode="52349",
        town="Düren",
    )
    address = ReceiptAddress.objects.get()
    assert (newest().wants_receipt, newest().donor_name) == (True, "Ada Beispiel")
    assert str(address) == "Musterweg 1, 52349 Düren"
    assert address.donation == newest()


def test_an_address_without_the_wish_for_a_receipt_is_asked_about(browser: Client, fund: Fund) -> None:
    answer = give(browser, method="transfer", street="Musterweg 1")
    assert answer.status_code == 422
    assert 'href="#id_wants_receipt"' in answer.content.decode()


def test_where_nobody_issues_receipts_none_is_promised(browser: Client, db: None) -> None:
    provider = make_provider(iban="DE02120300000000202051", account_holder_name="Verein")
    make_fund("Ohne Bestätigung", slug="ohne", provider=provider)
    html = browser.get(details_address(zweck="ohne")).content.decode()
    assert 'name="wants_receipt"' not in html
    assert "keine Zuwendungsbestätigung" in html


def test_one_persons_form_does_not_touch_what_another_said(browser: Client, fund: Fund) -> None:
    give(browser, method="transfer", email="Ada@Example.org", name="Ada")
    first = newest()
    give(browser, method="transfer", email="ada@example.ORG", name="Jemand anders")
    first.refresh_from_db()
    assert first.donor_name == "Ada"
    assert newest().donor == first.donor
    assert Donor.objects.get().email == "ada@example.org"
