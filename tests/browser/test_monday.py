"""A coordinator's Monday among ten thousand people: who waits, who calls, who is placed, what is posted."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from foundation.times_of_week import WeeklyTime
from programs.models import Opportunity
from tests.browser.backstage import Backstage
from tests.browser.steps import YOUTH_OFFICE, publish, sign_in
from tests.volunteers.pledging import make_pledge
from volunteers.models import Placement, TimePledge, Volunteer

pytestmark = [pytest.mark.browser]
TITLE, WAITING = "Vorlesen am Montag", "Wartburga"


def somebody_waits(backstage: Backstage, who: str = WAITING) -> None:
    """Make somebody who was promised an answer until long ago."""
    backstage(make_somebody_wait, who)


@transaction.atomic
def make_somebody_wait(who: str) -> None:
    """Pledge, be asked this week already, and hear nothing for a month: the matcher sees it all at once."""
    now = timezone.now()
    at_night = [WeeklyTime(6, 21 * 60, 22 * 60)]  # when nothing is looked for
    pledge = make_pledge(now, email=f"{who.lower()}@example.org", first_name=who, times=at_night)
    Volunteer.objects.filter(pk=pledge.volunteer_id).update(last_asked_at=now)
    TimePledge.objects.filter(pk=pledge.pk).update(answer_due_at=now - timedelta(days=30))


@pytest.mark.usefixtures("ten_thousand")
def test_is_done_on_a_phone_and_at_a_desk(phone: Page, desktop: Page, backstage: Backstage) -> None:
    somebody_waits(backstage)
    for page in (phone, desktop):
        sign_in(page, YOUTH_OFFICE)

    call_and_take_back(phone)
    person = take_a_call(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    task = a_task_she_asked_for(backstage)
    place(desktop, person, task)
    assert backstage(Placement.objects.filter(opportunity=task).count) == 1
    print_and_post(desktop)
    copy_the_task(desktop, task)
    find_among_many(desktop)


def call_and_take_back(page: Page, who: str = WAITING) -> None:
    """Note a call by mistake, and take it back."""
    page.goto("/koordination/?art=anrufen")
    row = page.get_by_role("listitem").filter(has_text=who)
    row.get_by_text("Angerufen am").click()
    row.get_by_role("radio", name="nicht erreicht").check()
    row.get_by_role("button", name="Anruf notieren").click()
    expect(page.get_by_text("Der Anruf ist notiert.")).to_be_visible()
    expect(row.get_by_text("Angerufen am")).to_have_count(0)
    page.get_by_role("listitem").filter(has_text=f"Anruf bei {who}").get_by_role("button").click()
    expect(page.get_by_text("Der Anruf ist zurückgenommen.")).to_be_visible()


def take_a_call(page: Page) -> str:
    """Take a pledge down for somebody without an e-mail address; return where their page is."""
    page.goto("/koordination/zusagen/aufnehmen/")
    page.get_by_label("Vorname").fill("Hedwig")
    page.get_by_label("Nachname").fill("Montag")
    page.get_by_label("Straße und Hausnummer").fill("Weierstraße 7")
    page.get_by_label("Postleitzahl").fill("52349")
    page.get_by_role("checkbox", name="Bildung").check()
    page.locator("input[name=times][value='6-evening']").check()
    page.get_by_role("checkbox", name="Die Person weiß").check()
    page.get_by_role("button", name="Zusage aufnehmen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hedwig Montag")
    return page.url


def a_task_she_asked_for(backstage: Backstage) -> Opportunity:
    """Publish what she spoke of on the telephone; the matcher, who is quicker than we, asks her nothing."""
    caller = Volunteer.objects.filter(first_name="Hedwig", last_name="Montag")
    backstage(caller.update, last_asked_at=timezone.now())
    slots = [(6, 19 * 60, 20 * 60)]
    return backstage(publish, TITLE, slug="vorlesen-am-montag", field="education", places=2, slots=slots)


def place(page: Page, person: str, task: Opportunity) -> None:
    """Write down that she said yes to the task already."""
    page.goto(person)
    row = page.get_by_role("listitem").filter(has_text=task.title).first
    row.get_by_text("Hat schon Ja gesagt").click()
    row.get_by_role("button", name="Direkt eintragen").click()
    expect(page.get_by_text("Eingetragen. Jetzt bestätigt der Träger.")).to_be_visible()


def print_and_post(page: Page) -> None:
    """Take the letters as one file and note them as posted."""
    page.goto("/koordination/briefe/")
    expect(page.get_by_role("rowheader", name="Hedwig Montag").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Ausgewählte als PDF").click()
    assert download.value.suggested_filename == "briefe.pdf"
    page.get_by_role("button", name="Ausgewählte als verschickt vermerken").click()
    expect(page.get_by_text("verschickt vermerkt.")).to_be_visible()


def copy_the_task(page: Page, task: Opportunity) -> None:
    """Begin a new task like another one and see it while writing."""
    page.goto(f"/koordination/angebote/neu/?vorlage={task.pk}")
    page.get_by_label("Titel").fill("Vorlesen am Dienstag")
    expect(page.locator("#vorschau")).to_contain_text("Vorlesen am Dienstag")
    expect(page.get_by_label("Titel")).to_be_focused()


def find_among_many(page: Page) -> None:
    """Find somebody with a slip of the hand, and open the last page."""
    page.goto("/koordination/menschen/?q=Hedwig+Montagg")
    expect(page.get_by_role("link", name="Hedwig Montag").first).to_be_visible()
    page.goto("/koordination/menschen/?page=99999")
    expect(page.get_by_text("Es sind mehr als 10.000")).to_be_visible()
