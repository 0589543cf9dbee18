"""From the home page to thanks for a gift: the road of somebody who gives money."""

import re

import pytest
from playwright.sync_api import Page, expect

from donations.models import Donation
from foundation.formats import euro
from tests.browser.backstage import Backstage
from tests.browser.mailbox import Mailbox, link, text
from tests.browser.steps import TREASURER, sign_in
from tests.processes import wait_until

pytestmark = [pytest.mark.browser]

Status = Donation.Status
FALLBACK = "Wenn mehr zusammenkommt oder der Bedarf entfällt:"


def choose(page: Page, *, amount: str, purpose: str, monthly: bool = False) -> None:
    """Screen 1, coming from the home page: 25 € once for where it is needed most, unless chosen otherwise."""
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Geld geben").first.click()
    expect(page.get_by_role("radio", name="25 €", exact=True)).to_be_checked()
    expect(page.get_by_label("Einmal")).to_be_checked()
    page.get_by_role("radio", name=amount, exact=True).check()
    page.get_by_role("radio", name=purpose).check()
    if monthly:
        page.get_by_role("radio", name="Jeden Monat").check()
    page.get_by_role("button", name="Weiter").click()


def say_how(page: Page, *, method: str, email: str, button: str) -> None:
    """Screen 2; what happens if more comes together than is needed stands above the button."""
    page.get_by_role("radio", name=method).check()
    page.get_by_label("Ihre E-Mail-Adresse").fill(email)
    of_age = page.get_by_label("Ich bin mindestens 18 Jahre alt")
    if of_age.count():
        of_age.check()
    give = page.get_by_role("button", name=button, exact=True)
    fallback = page.get_by_text(FALLBACK)
    expect(fallback).to_be_visible()
    above, below = fallback.bounding_box(), give.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] < below["y"]
    give.click()


def press_on_payment_page(page: Page, button: str) -> None:
    """Screen 3 is the payment service's; here its double, which says so plainly."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Testzahlung – es fließt kein Geld")
    page.get_by_role("button", name=button).click()


def gift_of(email: str) -> Donation:
    return Donation.objects.select_related("fund__provider", "recurring").get(donor__mailbox__email=email)


def wait_for(backstage: Backstage, email: str, status: str) -> Donation:
    """Return the gift once the worker has processed what the payment service told."""
    wait_until(lambda: backstage(gift_of, email).status == status, what=f"gift of {email} {status}")
    return backstage(gift_of, email)


def expect_thanks(page: Page, mailbox: Mailbox, email: str, amount: str) -> None:
    """The page tells, and one mail thanks."""
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke von Herzen!")
    mail = mailbox.wait(email, f"Danke! Ihre Spende von {amount} ist angekommen")
    assert FALLBACK in text(mail)
    assert len(mailbox.to(email)) == 1


@pytest.mark.parametrize(
    ("method", "key"), [("Karte", "card"), ("PayPal", "paypal"), ("SEPA-Lastschrift", "sepa_debit")]
)
def test_leads_from_the_home_page_to_a_received_gift(
    phone: Page, backstage: Backstage, mailbox: Mailbox, method: str, key: str
) -> None:
    email = f"gabi.{key}@example.org"
    choose(phone, amount=euro(5000), purpose="Kinderfonds")
    say_how(phone, method=method, email=email, button="50 € spenden")
    press_on_payment_page(phone, "Bezahlen")
    expect(phone).to_have_url(re.compile("/spenden/danke/"))

    gift = wait_for(backstage, email, Status.RECEIVED)

    assert (gift.amount_cents, gift.method, gift.fund.slug) == (5000, key, "kinderfonds")
    expect_thanks(phone, mailbox, email, euro(5000))


def test_a_monthly_gift_starts_is_changed_and_ended_without_a_password(
    phone: Page, backstage: Backstage, mailbox: Mailbox
) -> None:
    email = "monika.monat@example.org"
    choose(phone, amount=euro(1000), purpose="Kinderfonds", monthly=True)
    say_how(phone, method="Karte", email=email, button="10 € im Monat spenden")
    press_on_payment_page(phone, "Bezahlen")

    gift = wait_for(backstage, email, Status.RECEIVED)
    assert gift.recurring is not None
    expect_thanks(phone, mailbox, email, euro(1000))

    (thanks,) = mailbox.to(email)
    phone.goto(link(thanks, "/meins/"))
    phone.get_by_role("link", name="Ändern oder pausieren").click()
    phone.get_by_label("Betrag in Euro").fill("15")
    phone.get_by_text("Jedes Vierteljahr").click()
    phone.get_by_role("button", name="So ändern").click()
    expect(phone.get_by_text("15 € im Vierteljahr")).to_be_visible()
    mailbox.wait(email, "Ihre Dauerspende ist geändert")
    phone.get_by_role("link", name="Dauerspende beenden").click()
    phone.get_by_role("main").get_by_role("button").first.click()
    expect(phone.get_by_text("Ihre Dauerspende ist beendet.")).to_be_visible()


def test_cancelling_on_the_payment_page_leads_back_to_what_was_chosen(
    phone: Page, backstage: Backstage
) -> None:
    email = "zora.zoegert@example.org"
    choose(phone, amount=euro(10000), purpose="Kinderfonds")
    say_how(phone, method="PayPal", email=email, button="100 € spenden")
    press_on_payment_page(phone, "Abbrechen")

    expect(phone.get_by_text("Die Zahlung wurde abgebrochen. Es wurde nichts abgebucht.")).to_be_visible()
    expect(phone.get_by_role("heading", name="100 € für: Kinderfonds")).to_be_visible()
    expect(phone.get_by_label("Ihre E-Mail-Adresse")).to_have_value(email)
    phone.get_by_role("button", name="Zurück").click()
    expect(phone.get_by_label("Ihr Betrag in Euro")).to_have_value("100,00")
    phone.get_by_role("button", name="Weiter").click()
    expect(phone.get_by_label("Ihre E-Mail-Adresse")).to_have_value(email)
    assert backstage(gift_of, email).status == Status.PLEDGED


def test_a_declined_card_can_be_tried_again(phone: Page, backstage: Backstage, mailbox: Mailbox) -> None:
    email = "karl.karte@example.org"
    choose(phone, amount=euro(2500), purpose="Kinderfonds")
    say_how(phone, method="Karte", email=email, button="25 € spenden")
    press_on_payment_page(phone, "Zahlung schlägt fehl")
    expect(phone.get_by_role("alert")).to_be_visible()
    press_on_payment_page(phone, "Bezahlen")

    wait_for(backstage, email, Status.RECEIVED)
    expect_thanks(phone, mailbox, email, euro(2500))


def test_a_transfer_is_found_by_its_reference(
    phone: Page, desktop: Page, backstage: Backstage, mailbox: Mailbox
) -> None:
    email = "ute.ueberweist@example.org"
    choose(phone, amount=euro(2500), purpose="Dürener Ranzen")
    say_how(phone, method="Überweisung", email=email, button="25 € spenden")
    shown = phone.get_by_text(re.compile(r"^RF\d\d")).inner_text()
    expect(phone.get_by_alt_text("QR-Code")).to_be_visible()
    assert backstage(gift_of, email).status == Status.PLEDGED
    assert shown in text(mailbox.wait(email, "Ihre Überweisung von"))

    sign_in(desktop, TREASURER)
    desktop.get_by_role("link", name="Spenden", exact=True).click()
    desktop.get_by_role("link", name="Zahlungseingang erfassen").click()
    desktop.get_by_label("Gebucht am").fill("2026-01-05")
    desktop.get_by_label("Betrag in Euro").fill("25,–")
    desktop.get_by_label("Verwendungszweck laut Kontoauszug").fill(shown.lower())
    desktop.get_by_role("button", name="Erfassen").click()
    expect(desktop.get_by_text("Erfasst und der Spende zugeordnet.")).to_be_visible()

    assert backstage(gift_of, email).status == Status.RECEIVED
    mailbox.wait(email, f"Danke! Ihre Spende von {euro(2500)} ist angekommen")
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Danke von Herzen!")


def test_the_button_of_the_first_screen_is_near(phone: Page) -> None:
    phone.goto("/spenden/")
    box = phone.get_by_role("button", name="Weiter").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 1.5 * 844
