"""Who keeps children safe, in a browser: the officer, a guardian, the second person, whoever reports a text.

The inspection itself is a part of the road of time (`test_time_road.py`).
"""

from datetime import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from citizens.services.mailboxes import mailbox_for
from programs.models import Notice, Opportunity
from tests.browser.backstage import Backstage
from tests.browser.mailbox import Mailbox
from tests.browser.steps import COORDINATOR, SAFEGUARDING_OFFICER, YOUTH_OFFICE, publish, sign_in
from tests.factories import make_activity
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import GuardianConsent, Placement, Volunteer
from volunteers.services.links import guardian_url

pytestmark = [pytest.mark.browser]
SLOTS = [(5, 9 * 60, 11 * 60)]
Status = Placement.Status


def young_helper(now: datetime, title: str) -> Placement:
    """Somebody of 17 who waits for a certificate and for a guardian."""
    task = publish(
        title, slug="tiere-fuettern", field="leisure", slots=SLOTS, activity=make_activity("Tiere")
    )
    pledge = make_pledge(now, email="jule@example.org", first_name="Juleika")
    placement = make_placement(pledge, task, now, Status.AWAITING_CLEARANCE)
    Volunteer.objects.filter(pk=placement.volunteer_id).update(is_adult=False)
    GuardianConsent.objects.create(
        placement=placement, mailbox=mailbox_for("mutter@example.org", now), asked_at=now
    )
    return placement


def consent_of(placement: Placement) -> tuple[str, bool]:
    row = GuardianConsent.objects.get(placement=placement)
    return row.name, row.withdrawn_at is not None


def test_a_guardian_agrees_and_takes_it_back(phone: Page, desktop: Page, backstage: Backstage) -> None:
    now, title = timezone.now(), "Tiere füttern"
    placement = backstage(young_helper, now, title)
    phone.goto(backstage(lambda: guardian_url(GuardianConsent.objects.get(placement=placement), now)))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Juleika möchte mithelfen")
    phone.get_by_role("button", name="Ich stimme zu").click()
    expect(phone.get_by_role("link", name="Bitte setzen Sie das Häkchen")).to_be_visible()
    phone.locator("input[name=name]").fill("Eva Beispiel")
    phone.locator("input[name=agreed]").check()
    phone.get_by_role("button", name="Ich stimme zu").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Danke, Sie haben zugestimmt")
    assert backstage(consent_of, placement) == ("Eva Beispiel", False)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390

    sign_in(desktop, SAFEGUARDING_OFFICER)
    desktop.goto("/koordination/einsichtnahmen/")
    expect(desktop.get_by_role("row", name=title)).to_be_visible()

    phone.get_by_role("button", name="Einverständnis zurückziehen").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Sie sind nicht einverstanden")
    assert backstage(consent_of, placement) == ("Eva Beispiel", True)
    desktop.reload()
    expect(desktop.get_by_role("row", name=title)).to_have_count(0)


def test_a_second_person_answers_word_by_word(phone: Page, desktop: Page, backstage: Backstage) -> None:
    task = backstage(
        publish, "Basteln", slug="basteln-zu-zweit", field="culture", status=Opportunity.Status.DRAFT
    )
    sign_in(desktop, COORDINATOR)
    desktop.goto(f"/koordination/angebote/{task.pk}/bearbeiten/")
    desktop.get_by_label("Titel").fill("Basteln im Knorzelbau")
    desktop.get_by_role("button", name="Speichern").click()
    desktop.get_by_role("button", name="Zur Freigabe geben").click()
    expect(desktop.get_by_text("Wartet auf eine zweite Person")).to_be_visible()
    expect(desktop.get_by_role("button", name="Freigeben")).to_have_count(0)

    sign_in(phone, SAFEGUARDING_OFFICER)
    phone.goto(f"/koordination/angebote/{task.pk}/")
    expect(phone.locator("mark").filter(has_text="Knorzelbau").first).to_be_visible()
    phone.get_by_role("button", name="Freigeben").click()
    assert backstage(status_of, task) == "in_review"
    phone.get_by_role("checkbox", name="Knorzelbau").check()
    phone.get_by_role("button", name="Freigeben").click()
    expect(phone.get_by_text("Veröffentlicht").first).to_be_visible()
    assert backstage(status_of, task) == "published"


def status_of(task: Opportunity) -> str:
    return Opportunity.objects.get(pk=task.pk).status


def test_a_notice_is_answered_with_reasons(
    phone: Page, desktop: Page, backstage: Backstage, mailbox: Mailbox
) -> None:
    task = backstage(publish, "Kuchen verkaufen", slug="kuchen-verkaufen", field="leisure", slots=SLOTS)
    phone.goto("/zeit/kuchen-verkaufen/")
    phone.get_by_role("link", name="Inhalt melden").click()
    phone.get_by_role("radio", name="Angaben stimmen nicht").check()
    phone.get_by_label("Bitte erklären Sie es kurz").fill("Den Basar gibt es nicht mehr.")
    phone.get_by_label("Ihre E-Mail-Adresse").fill("ada.liest@example.org")
    phone.get_by_role("button", name="Meldung senden").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Danke, Ihre Meldung ist da.")

    sign_in(desktop, YOUTH_OFFICE)
    notice = backstage(lambda: Notice.objects.get(row_id=task.pk, about="task"))
    desktop.goto(f"/koordination/meldungen/{notice.pk}/")
    desktop.get_by_role("radio", name="Der Inhalt ist nicht mehr öffentlich").check()
    desktop.get_by_label("Ihre Gründe").fill("Der Basar fällt aus, Regel 3 der Nutzung.")
    desktop.get_by_role("button", name="Entscheiden").click()
    phone.goto("/zeit/kuchen-verkaufen/")
    expect(phone.get_by_role("heading", name="Kuchen verkaufen")).to_have_count(0)
    answer = mailbox.wait("ada.liest@example.org", "Über Ihre Meldung").get_body(("plain",))
    assert answer is not None
    assert "Regel 3 der Nutzung" in answer.get_content()
