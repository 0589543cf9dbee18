"""Take the screenshots of the README from a running demo: `python docs/screenshots/make.py ADDRESS`.

Needs the packages of requirements-dev.txt and a Chromium. The pictures lie beside this file.
"""

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.append(str(Path(__file__).resolve().parents[2]))

from workshop.runner.chromium import find_chromium

FOLDER = Path(__file__).parent
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
# Printed by `manage.py demo_logins`.
LOGIN, PASSWORD = "jugendamt@demo.example", "Zeit-und-Geld-2026"


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        on_phone(open_page(browser, address, is_phone=True))
        at_desk(open_page(browser, address, is_phone=False))
        browser.close()


def open_page(browser: Browser, address: str, *, is_phone: bool) -> Page:
    context = browser.new_context(
        base_url=address,
        locale="de-DE",
        viewport=PHONE if is_phone else DESKTOP,  # type: ignore[arg-type]
        is_mobile=is_phone,
        has_touch=is_phone,
        color_scheme="light",
        reduced_motion="reduce",
    )
    return context.new_page()


def take(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png")


def on_phone(page: Page) -> None:
    """Both roads, and a question as the asked person sees it."""
    page.goto("/")
    take(page, "home-phone")
    page.goto("/zeit/zusagen/wann/?fields_wanted=education&times=1-afternoon&times=3-afternoon")
    take(page, "pledge-phone")
    page.goto("/spenden/")
    take(page, "donate-phone")
    open_question(page)
    take(page, "offer-phone")


def open_question(page: Page) -> None:
    """Open the newest question among the demo's mails that nobody has answered yet."""
    page.goto("/demo/post/")
    mails = page.get_by_role("link", name=re.compile("Passt das zu Ihnen"))
    for mail in mails.evaluate_all("links => links.map(link => link.href)"):
        page.goto(mail)
        page.get_by_role("link", name=re.compile("anfrage")).first.click()
        page.wait_for_load_state()
        if page.get_by_role("button", name="Ja, ich helfe gern").is_visible():
            return
    raise LookupError("The demo has no question that waits for an answer.")


def at_desk(page: Page) -> None:
    """The youth office in the morning."""
    page.goto("/konto/login/")
    page.get_by_label("E-Mail").fill(LOGIN)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.goto("/koordination/")
    take(page, "coordination-desktop")
    page.goto("/koordination/stadtteile/")
    page.locator("#befund").evaluate("finding => finding.scrollIntoView({ behavior: 'instant' })")
    take(page, "dashboard-desktop")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
