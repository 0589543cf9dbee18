"""Everything a citizen can do works with the keyboard alone, and in a browser that runs no script."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.mailbox import Mailbox, link
from tests.browser.steps import confirm_pledge, say_who

pytestmark = [pytest.mark.browser]

MOST_TABS = 90


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus, as somebody without a mouse does."""
    expect(target).to_have_count(1)
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{MOST_TABS} times Tab do not lead to {target}")


def press(page: Page, target: Locator, key: str) -> None:
    """Reach `target` by Tab and press the key on it."""
    tab_to(page, target)
    page.keyboard.press(key)


def type_into(page: Page, target: Locator, words: str) -> None:
    tab_to(page, target)
    page.keyboard.type(words)


def test_time_is_pledged_by_keyboard_with_four_answers_on_three_screens(
    desktop: Page, mailbox: Mailbox
) -> None:
    desktop.goto("/zeit/zusagen/")
    press(desktop, desktop.get_by_role("checkbox", name="Sport"), "Space")
    press(desktop, desktop.get_by_role("button", name="Weiter"), "Enter")
    press(desktop, desktop.get_by_role("checkbox", name="Montag, Abend"), "Space")
    press(desktop, desktop.get_by_role("button", name="Weiter"), "Enter")
    type_into(desktop, desktop.get_by_label("Ihr Vorname"), "Tabea")
    type_into(desktop, desktop.get_by_label("Ihre E-Mail-Adresse"), "tabea@example.org")
    press(desktop, desktop.get_by_role("button", name="Zeit zusagen"), "Enter")

    expect(desktop).to_have_url("/zeit/zusagen/gesendet/")
    desktop.goto(link(mailbox.wait("tabea@example.org", "Bitte bestätigen"), "/zusage/bestaetigen/"))
    press(desktop, desktop.get_by_role("button", name="Ja, ich schenke Zeit"), "Enter")
    expect(desktop.get_by_role("heading", level=1)).to_have_text("Danke! Ihre Zusage ist bestätigt")


def test_money_is_given_by_keyboard_with_one_typed_field_on_three_screens(desktop: Page) -> None:
    desktop.goto("/spenden/")
    press(desktop, desktop.get_by_role("button", name="Weiter"), "Enter")
    type_into(desktop, desktop.get_by_label("Ihre E-Mail-Adresse"), "theo.taste@example.org")
    press(desktop, desktop.get_by_role("button", name="25 € spenden"), "Enter")

    expect(desktop.get_by_text("Verwendungszweck").first).to_be_visible()
    expect(desktop.get_by_alt_text("QR-Code")).to_be_visible()


def test_the_first_tab_leads_past_the_menu(desktop: Page) -> None:
    desktop.goto("/zeit/")
    desktop.keyboard.press("Tab")
    expect(desktop.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    desktop.keyboard.press("Enter")
    expect(desktop.locator("#inhalt")).to_be_focused()


def test_the_menu_opens_without_script(phone_without_script: Page) -> None:
    page = phone_without_script
    page.goto("/")
    page.get_by_text("Menü", exact=True).click()
    page.locator(".menu__panel").get_by_role("link", name="Hilfe finden").click()
    expect(page).to_have_url("/hilfe/")


def test_time_is_pledged_without_script(phone_without_script: Page, mailbox: Mailbox) -> None:
    page = phone_without_script
    page.goto("/zeit/zusagen/")
    page.get_by_role("checkbox", name="Wo ich gebraucht werde").check()
    page.get_by_role("button", name="Weiter").click()
    page.get_by_text("Genaue Uhrzeiten angeben").click()
    page.get_by_label("Freitag von").fill("16:00")
    page.get_by_label("Freitag bis").fill("18:30")
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_text("freitags 16–18:30 Uhr")).to_be_visible()
    say_who(page, "Nora", "nora@example.org")
    confirm_pledge(page, mailbox, "nora@example.org")


def test_money_is_given_without_script(phone_without_script: Page) -> None:
    page = phone_without_script
    page.goto("/spenden/")
    page.get_by_role("radio", name="Anderer Betrag").check()
    page.get_by_label("Ihr Betrag in Euro").fill("1 250,–")
    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("radio", name="PayPal").check()
    page.get_by_label("Ihre E-Mail-Adresse").fill("otto.ohne@example.org")
    page.get_by_label("Ich bin mindestens 18 Jahre alt").check()
    page.get_by_role("group", name="Läuft zwischen Ihnen").get_by_label("Nein").check()
    page.get_by_role("button", name="1.250 € spenden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Testzahlung – es fließt kein Geld")


def test_what_was_typed_comes_back_with_the_error(phone_without_script: Page) -> None:
    page = phone_without_script
    page.goto("/kontakt/")
    page.locator("main textarea").fill("Ich habe eine Frage zum Ferienprogramm.")
    page.locator("main input[type=email]").fill("keine-adresse")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main textarea")).to_have_value("Ich habe eine Frage zum Ferienprogramm.")
    expect(page.locator("main input[type=email]")).to_have_value("keine-adresse")


def test_going_back_keeps_what_was_typed_without_script(phone_without_script: Page) -> None:
    page = phone_without_script
    page.goto("/zeit/zusagen/")
    page.get_by_text("Sport", exact=True).click()
    page.get_by_role("button", name="Weiter").click()
    page.locator("label", has_text="Montag, Abend").click()
    page.get_by_role("button", name="Weiter").click()
    page.get_by_label("Ihr Vorname").fill("Zoë")
    page.get_by_label("Ihre E-Mail-Adresse").fill("zoe.zurueck@example.org")
    page.get_by_role("button", name="Zurück").click()
    page.get_by_role("button", name="Zurück").click()
    for _screen in range(2):
        page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_label("Ihr Vorname")).to_have_value("Zoë")
    expect(page.get_by_label("Ihre E-Mail-Adresse")).to_have_value("zoe.zurueck@example.org")

    page.goto("/spenden/")
    page.get_by_role("button", name="Weiter").click()
    page.get_by_label("Ihre E-Mail-Adresse").fill("zoe.zurueck@example.org")
    page.get_by_role("button", name="Zurück").click()
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_label("Ihre E-Mail-Adresse")).to_have_value("zoe.zurueck@example.org")
