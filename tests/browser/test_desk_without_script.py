"""A morning of those who coordinate is done in a browser that runs no script, at a desk."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from foundation.clock import local_day
from programs.models import District, Provider, Shift
from tests.browser.backstage import Backstage
from tests.browser.steps import YOUTH_OFFICE, sign_in
from tests.browser.test_monday import call_and_take_back, somebody_waits
from tests.factories import make_opportunity, make_shift
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import Assignment, Placement, Volunteer

pytestmark = [pytest.mark.browser]
TITLE, WAITING, NEWCOMER, HELPER = "Schach ohne Skript", "Ottokar", "Thusnelda", "Kunibert"
TEXT = "Bitte ein Brett mitbringen."


@transaction.atomic
def furnish() -> None:
    """Somebody said yes to a task of the youth office; somebody else is expected on its next date.

    The matcher of the running product finds nothing to do in it: no place is free, both were asked just now,
    and nobody sees half of it.
    """
    now = timezone.now()
    office = Provider.objects.get(is_youth_office=True)
    task = make_opportunity(
        TITLE,
        provider=office,
        district=District.objects.get(slug="innenstadt"),
        slug="schach-ohne-skript",
        slots=[],
        places=2,
        clearance_required=False,
    )
    date = make_shift(task, (now + timedelta(days=3)).replace(hour=10))
    for name, status in ((NEWCOMER, "awaiting_confirmation"), (HELPER, "active")):
        pledge = make_pledge(now, email=f"{name.lower()}@example.org", first_name=name)
        if status == "awaiting_confirmation":
            make_placement(pledge, task, now, status)
        else:
            placement = make_placement(pledge, task, now, status, from_on=local_day(now))
            Assignment.objects.create(placement=placement, shift=date, status_changed_at=now)
        Volunteer.objects.filter(pk=pledge.volunteer_id).update(last_asked_at=now)


def test_a_morning_is_done_without_script(desktop_without_script: Page, backstage: Backstage) -> None:
    page = desktop_without_script
    somebody_waits(backstage, WAITING)
    backstage(furnish)
    sign_in(page, YOUTH_OFFICE)

    confirm(page)
    assert backstage(lambda: Placement.objects.get(volunteer__first_name=NEWCOMER).status) == "active"
    call_and_take_back(page, WAITING)
    write_to_one_of_two(page)
    cancel_the_date(page)
    assert backstage(lambda: Shift.objects.get(opportunity__title=TITLE).is_cancelled)


def confirm(page: Page) -> None:
    """Say yes to somebody where they stand in "Heute"."""
    page.goto("/koordination/?art=zusagen")
    row = page.get_by_role("listitem").filter(has_text=NEWCOMER)
    row.get_by_role("button", name="Bestätigen").click()
    expect(page.get_by_text("Danke! Die Person ist benachrichtigt.")).to_be_visible()
    expect(row.get_by_role("button", name="Bestätigen")).to_have_count(0)


def write_to_one_of_two(page: Page) -> None:
    """Narrow the list, tick one, see what will be sent and send it."""
    page.goto("/koordination/einsaetze/")
    page.get_by_label("Suche").fill(TITLE)
    page.get_by_role("button", name="Anzeigen").click()
    expect(page.locator("input[name=chosen]")).to_have_count(2)
    page.get_by_role("row").filter(has_text=HELPER).get_by_role("checkbox").check()
    page.get_by_role("button", name="Ausgewählten schreiben").click()
    page.get_by_label("Ihre Nachricht").fill(TEXT)
    page.get_by_role("button", name="Ansehen, was geschieht").click()
    expect(page.get_by_text("1 von 1 ist dabei. 1 E-Mail geht hinaus.")).to_be_visible()
    expect(page.get_by_text(f"E-Mail an {HELPER.lower()}@example.org")).to_be_visible()
    expect(page.get_by_text(TEXT)).to_be_visible()
    page.get_by_role("button", name="Jetzt senden").click()
    expect(page.get_by_text("Gesendet an 1 Menschen.")).to_be_visible()


def cancel_the_date(page: Page) -> None:
    """Say why, read what people will read, and cancel."""
    page.goto("/koordination/termine/")
    page.get_by_label("Suche").fill(TITLE)
    page.get_by_role("button", name="Anzeigen").click()
    page.locator("input[name=chosen]").check()
    page.get_by_role("button", name="Ausgewählte absagen").click()
    page.get_by_role("radio", name="Krankheit beim Träger").check()
    page.get_by_role("button", name="Ansehen, was gesendet wird").click()
    expect(page.get_by_text("fällt aus (Krankheit beim Träger)")).to_be_visible()
    page.get_by_role("button", name="Jetzt absagen").click()
    expect(page.get_by_text("Ein Termin ist abgesagt.")).to_be_visible()
