"""What people do again and again on the way, and what the town needs before they come."""

from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page, expect

from foundation.sweeps import run_sweep
from programs.models import District, Opportunity, Provider
from tests.browser.mailbox import Mailbox, link
from tests.factories import Slot, make_opportunity
from workshop.demo.accounts import PASSWORD

TUESDAY_AFTERNOON: Slot = (1, 15 * 60, 16 * 60 + 30)
COORDINATOR = "koordination@demo.example"
SAFEGUARDING_OFFICER = "kinderschutz@demo.example"
YOUTH_OFFICE = "jugendamt@demo.example"
TREASURER = "kasse@demo.example"


def publish(title: str, *, slug: str, field: str, provider_key: str = "skf", **values: Any) -> Opportunity:
    """Put a task of a real provider before the citizens."""
    return make_opportunity(
        title,
        slug=slug,
        field=field,
        provider=Provider.objects.get(source_key=provider_key),
        district=District.objects.get(slug="innenstadt"),
        **{"starts_on": date(2026, 1, 5), "slots": [TUESDAY_AFTERNOON], **values},
    )


def run_now(sweep: str) -> None:
    """Ask the worker for a sweep, as beat does when its time comes."""
    run_sweep.delay(name=sweep)


def follow(link: Locator) -> None:
    """Press what leads to another page, and wait until all of that is there to be read.

    A press alone waits until the other page begins; `expect` waits on, but counting and measuring do not.
    """
    link.click()
    link.page.wait_for_load_state()


def sign_in(page: Page, email: str) -> None:
    """Sign in with a login of the demo."""
    page.goto("/konto/login/")
    page.get_by_label("E-Mail").fill(email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page).to_have_url("/koordination/")


def say_who(page: Page, first_name: str, email: str) -> None:
    """Answer the last screen of the pledge and send it."""
    page.get_by_label("Ihr Vorname").fill(first_name)
    page.get_by_label("Ihre E-Mail-Adresse").fill(email)
    page.get_by_role("button", name="Zeit zusagen").click()
    expect(page).to_have_url("/zeit/zusagen/gesendet/")


def confirm_pledge(page: Page, mailbox: Mailbox, email: str) -> None:
    """Open the link of the mail, which shows what was typed, and press the button that confirms it."""
    page.goto(link(mailbox.wait(email, "Bitte bestätigen"), "/zusage/bestaetigen/"))
    page.get_by_role("button", name="Ja, ich schenke Zeit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke! Ihre Zusage ist bestätigt")
