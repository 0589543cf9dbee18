"""From the home page to the first date: the road of somebody who gives time."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Page, expect

from foundation.clock import LOCAL_ZONE, local_day
from foundation.times_of_week import WeeklyTime
from programs.models import Opportunity, Shift
from programs.services.shifts import roll_out_due
from tests.browser.backstage import Backstage
from tests.browser.mailbox import Mailbox, link, text
from tests.browser.steps import (
    COORDINATOR,
    SAFEGUARDING_OFFICER,
    confirm_pledge,
    publish,
    run_now,
    say_who,
    sign_in,
)
from tests.factories import make_shift
from tests.volunteers.pledging import make_pledge
from volunteers.models import DateNotice, HoursEntry, Offer, Placement
from volunteers.services.assignments import assign_coming_shifts

pytestmark = [pytest.mark.browser]

ANSWER, OWN_PAGES, CALENDAR, LETTER = "/anfrage/", "/meins/", "/kalender.ics", "/schreiben/"


def test_leads_from_the_home_page_to_a_reminder_of_the_first_date(
    phone: Page, desktop: Page, phone_without_script: Page, backstage: Backstage, mailbox: Mailbox
) -> None:
    title, email = "Musik machen im Stadtteilhaus", "mia.klang@example.org"
    first_date = (timezone.now() + timedelta(hours=30)).replace(second=0, microsecond=0)
    task = backstage(publish, title, slug="musik-machen", field="culture", places=2)
    backstage(make_shift, task, first_date)

    find_task(phone, title)
    pledge_for_task(phone, "Mia", email)
    confirm_pledge(phone, mailbox, email)
    accept_offer(phone, mailbox, email, title)
    confirm_placement(desktop, title)
    ask_for_certificate(phone, mailbox, email, title)
    inspect_certificate(desktop, title)
    receive_dates(phone, mailbox, email, title, first_date)
    receive_reminder(mailbox, email, title)

    backstage(let_the_night_bring_dates)
    move_the_dates(phone_without_script, task)
    hear_of_it(mailbox, backstage, email, title)
    stay_away_once(phone, mailbox, email, title)
    placement = backstage(Placement.objects.get, opportunity=task)
    backstage(let_three_dates_pass, placement)
    note_who_came(phone_without_script, placement)
    assert backstage(minutes_given, placement) == [90, 90, 90]
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_a_no_leads_to_the_next_person_and_old_links_do_no_harm(
    phone: Page, backstage: Backstage, mailbox: Mailbox
) -> None:
    title, first, second = "Vorlesen im Advent", "fritz.erst@example.org", "zita.dann@example.org"
    thursday = WeeklyTime(3, 15 * 60, 17 * 60)
    slots = [(thursday.weekday, thursday.start_minute, thursday.end_minute)]
    task = backstage(publish, title, slug="vorlesen-im-advent", field="leisure", places=1, slots=slots)
    now = timezone.now()
    for minutes_ago, email in ((2, first), (1, second)):
        moment = now - timedelta(minutes=minutes_ago)
        backstage(make_pledge, moment, email=email, times=[thursday], wanted=task)
    run_now("volunteers.match")

    asked = link(mailbox.wait(first, f"Passt das zu Ihnen? {title}"), ANSWER)
    forgotten_tab = phone.context.new_page()
    forgotten_tab.goto(asked)
    phone.goto(asked)
    assert mailbox.to(second, title) == []
    phone.get_by_role("radio", name="später gern").check()
    phone.get_by_role("button", name="Nein, dieses Mal nicht").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Danke für Ihre Antwort")
    run_now("volunteers.match")

    asked_next = link(mailbox.wait(second, f"Passt das zu Ihnen? {title}"), ANSWER)
    forgotten_tab.get_by_role("button", name="Ja, ich helfe gern").click()
    expect(forgotten_tab.get_by_role("heading", level=1)).to_have_text("Danke für Ihre Antwort")
    phone.goto(asked_next)
    phone.get_by_role("button", name="Ja, ich helfe gern").click()
    phone.goto(asked_next)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Danke für Ihr Ja, Maria!")
    assert backstage(answers, task) == [(first, "declined"), (second, "accepted")]
    assert backstage(Placement.objects.filter(opportunity=task).count) == 1


def test_a_task_asks_what_it_needs_and_says_what_hinders(
    phone: Page, backstage: Backstage, mailbox: Mailbox
) -> None:
    title, email = "Vorlesen auf Türkisch", "lea.lernt@example.org"
    needs = {"skills": ["reading"], "languages": ["tr"], "slots": [(6, 13 * 60, 16 * 60)]}
    backstage(publish, title, slug="vorlesen-auf-tuerkisch", field="education", **needs)

    phone.goto("/zeit/vorlesen-auf-tuerkisch/")
    phone.get_by_role("link", name="Hier möchte ich helfen").click()
    answer(phone, "Können Sie vorlesen?", "Noch nicht, ich möchte es lernen")
    answer(phone, "Sprechen Sie Türkisch?", "Nein")
    phone.get_by_role("button", name="Weiter").click()
    expect(phone.get_by_text("Sprache Türkisch")).to_be_visible()
    expect(phone.get_by_label("Wie viel Zeit in der Woche?")).to_have_value("3")
    phone.get_by_role("button", name="Weiter").click()
    expect(phone.get_by_role("button", name="Trotzdem Zeit zusagen")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    phone.get_by_role("button", name="Sprache Türkisch").click()
    answer(phone, "Sprechen Sie Türkisch?", "Ja")
    phone.get_by_role("button", name="Weiter").click()
    phone.get_by_role("button", name="Weiter").click()
    expect(phone.get_by_text("Es fehlt noch")).to_have_count(0)
    say_who(phone, "Lea", email)
    confirm_pledge(phone, mailbox, email)
    assert "Vorlesen lernen möchten" in text(mailbox.wait(email, f"Passt das zu Ihnen? {title}"))
    phone.goto(link(mailbox.wait(email, "Danke"), OWN_PAGES))
    expect(phone.get_by_role("heading", name=title)).to_be_visible()
    expect(phone.get_by_text("Es fehlt noch")).to_have_count(0)


def answer(page: Page, question: str, words: str) -> None:
    """Choose an answer to a question about the task."""
    page.get_by_role("group", name=question).get_by_role("radio", name=words).check()


def answers(task: Opportunity) -> list[tuple[str, str]]:
    offers = Offer.objects.filter(opportunity=task).order_by("pk")
    return list(offers.values_list("pledge__volunteer__mailbox__email", "status"))


def find_task(page: Page, title: str) -> None:
    """Home page, list, filter, detail page."""
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Zeit schenken").first.click()
    page.get_by_label("Handlungsfeld").select_option("culture")
    page.get_by_role("button", name="Anzeigen").click()
    expect(page.get_by_text("1 Angebot mit freien Plätzen")).to_be_visible()
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_text("dienstags 15–16:30 Uhr", exact=True)).to_be_visible()
    expect(page.get_by_text("erweitertes Führungszeugnis").first).to_be_visible()
    expect(page.get_by_text("insgesamt 2, noch Plätze frei")).to_be_visible()


def pledge_for_task(page: Page, first_name: str, email: str) -> None:
    """The task has answered what and when already; nothing is asked that it knows."""
    page.get_by_role("link", name="Hier möchte ich helfen").click()
    expect(page.get_by_role("checkbox", name="Dienstag, Nachmittag")).to_be_checked()
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_text("dienstags 15–18 Uhr")).to_be_visible()
    say_who(page, first_name, email)


def accept_offer(page: Page, mailbox: Mailbox, email: str, title: str) -> None:
    """The matcher asks by itself, with its reasons; the link shows the question, the button answers it."""
    mail = mailbox.wait(email, f"Passt das zu Ihnen? {title}")
    assert "Wir denken an Sie, weil Sie sich diese Aufgabe ausgesucht haben" in text(mail)
    page.goto(link(mail, ANSWER))
    expect(page.get_by_text("dienstags Zeit haben")).to_be_visible()
    yes = page.get_by_role("button", name="Ja, ich helfe gern")
    assert is_on_first_screen(page, "Ja, ich helfe gern", "Leider nicht")
    yes.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke für Ihr Ja, Mia!")


def is_on_first_screen(page: Page, *names: str) -> bool:
    """Whether the buttons of these names are seen without scrolling."""
    boxes = [page.locator(".kern-btn", has_text=name).first.bounding_box() for name in names]
    height = page.evaluate("innerHeight")
    return all(box is not None and box["y"] + box["height"] <= height for box in boxes)


def confirm_placement(page: Page, title: str) -> None:
    """The coordinator finds it in the morning list and says yes."""
    sign_in(page, COORDINATOR)
    page.get_by_role("link", name="Zusagen bestätigen").click()
    page.locator("li.panel", has_text=title).get_by_role("button", name="Bestätigen").click()
    expect(page.get_by_text("Danke! Die Person ist benachrichtigt.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/koordination/\?art=zusagen(#|$)"))
    page.context.clear_cookies()


def ask_for_certificate(page: Page, mailbox: Mailbox, email: str, title: str) -> None:
    """The letter for the Bürgerbüro, before any date is given."""
    mail = mailbox.wait(email, f"Fast geschafft: {title}")
    page.goto(link(mail, LETTER))
    expect(page.get_by_text("§ 30a").first).to_be_visible()
    expect(page.get_by_text(title).first).to_be_visible()


def inspect_certificate(page: Page, title: str) -> None:
    """Only the safeguarding officer of the provider notes that the certificate was seen."""
    sign_in(page, SAFEGUARDING_OFFICER)
    page.goto("/koordination/einsichtnahmen/")
    page.get_by_role("row", name=title).get_by_role("link").click()
    page.get_by_label("Datum des Führungszeugnisses").fill(str(local_day(timezone.now())))
    page.get_by_role("button", name="Eingesehen, kein einschlägiger Eintrag").click()
    expect(page.get_by_text("Danke. Die Person ist benachrichtigt.")).to_be_visible()


def receive_dates(page: Page, mailbox: Mailbox, email: str, title: str, first_date: datetime) -> None:
    """The confirmation brings the dates as a calendar file, and "Meine Seite" shows them."""
    mail = mailbox.wait(email, f"Sie sind dabei: {title}")
    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "application/ics"
    assert starts(attached, title) == {(1, "15:00"), local(first_date)}
    fetched = page.request.get(link(mail, CALENDAR))
    assert fetched.headers["content-type"] == "text/calendar; charset=utf-8"
    assert Calendar.from_ical(fetched.body()).walk("VEVENT")[0]["summary"] == title
    page.goto(link(mail, OWN_PAGES))
    expect(page.get_by_role("heading", name="Ihre Einsätze")).to_be_visible()
    expect(page.get_by_role("article").filter(has_text=title).first).to_be_visible()


def starts(attached: EmailMessage, title: str) -> set[tuple[int, str]]:
    """Return weekday and local time of each event in a calendar file; all are about `title`."""
    events = Calendar.from_ical(attached.get_content()).walk("VEVENT")
    assert {event["summary"] for event in events} == {title}
    return {local(event.decoded("dtstart")) for event in events}


def local(moment: datetime) -> tuple[int, str]:
    moment = moment.astimezone(LOCAL_ZONE)
    return moment.weekday(), f"{moment:%H:%M}"


def receive_reminder(mailbox: Mailbox, email: str, title: str) -> None:
    """One reminder, however often the sweep runs."""
    run_now("volunteers.remind_first_shift")
    mail = mailbox.wait(email, f"geht es los: {title}")
    assert "bald ist Ihr erster Termin" in text(mail)
    run_now("volunteers.remind_first_shift")
    run_now("outbox.send_due")
    assert mailbox.wait(email, f"geht es los: {title}") is mail


def let_the_night_bring_dates() -> None:
    """The series is rolled out, and whoever takes part is expected on its dates."""
    now = timezone.now()
    roll_out_due(now)
    assign_coming_shifts(now)


def move_the_dates(page: Page, task: Opportunity) -> None:
    """From now on an hour later, by a coordinator whose browser runs no script; nobody has to release it."""
    sign_in(page, COORDINATOR)
    page.goto(f"/koordination/angebote/{task.pk}/bearbeiten/")
    page.locator("[name=from_0]").fill("16:00")
    page.locator("[name=to_0]").fill("17:30")
    page.get_by_role("button", name="Speichern").click()
    expect(page).to_have_url(f"/koordination/angebote/{task.pk}/")
    expect(page.get_by_text("dienstags 16–17:30 Uhr").first).to_be_visible()


def hear_of_it(mailbox: Mailbox, backstage: Backstage, email: str, title: str) -> None:
    """One mail about all dates once the minute of settling is over, with a file that replaces the old one."""
    a_minute_ago = timezone.now() - timedelta(minutes=1)
    backstage(DateNotice.objects.update, noted_at=a_minute_ago, touched_at=a_minute_ago)
    run_now("volunteers.tell_of_changed_dates")
    mail = mailbox.wait(email, "Geändert ab")
    assert "16–17:30 Uhr" in text(mail)
    (attached,) = mail.iter_attachments()
    assert (1, "16:00") in starts(attached, title)
    assert (1, "15:00") not in starts(attached, title)


def stay_away_once(page: Page, mailbox: Mailbox, email: str, title: str) -> None:
    """One date is given back on "Meine Seite", and the placement stays."""
    page.goto(link(mailbox.wait(email, f"Sie sind dabei: {title}"), OWN_PAGES))
    page.get_by_role("button", name="Da kann ich nicht").last.click()
    expect(page.get_by_text("An diesem Termin kommen Sie nicht")).to_be_visible()
    expect(page.get_by_role("button", name="Ich komme doch")).to_be_visible()


def let_three_dates_pass(placement: Placement) -> None:
    """As if four weeks had gone by: three dates on which somebody was expected."""
    coming = placement.assignments.filter(status="confirmed").order_by("shift__starts_at")
    for weeks, key in enumerate(coming.values_list("shift", flat=True)[:3], start=1):
        begin = timezone.now() - timedelta(weeks=weeks)
        end = begin + timedelta(minutes=90)
        Shift.objects.filter(pk=key).update(starts_at=begin, ends_at=end)


def note_who_came(page: Page, placement: Placement) -> None:
    """Twice there and once missed, then corrected: the hours follow."""
    page.goto(f"/koordination/einsaetze/{placement.pk}/")
    corrections = page.locator("summary", has_text="Korrigieren")
    for noted, outcome in enumerate(("War da", "War da", "Gefehlt"), start=1):
        page.get_by_role("button", name=outcome).first.click()
        expect(corrections).to_have_count(noted)
    expect(page.get_by_text("3 Stunden", exact=True)).to_be_visible()
    corrections.last.click()
    page.get_by_role("button", name="da gewesen").click()
    expect(page.get_by_text("4,5 Stunden", exact=True)).to_be_visible()


def minutes_given(placement: Placement) -> list[int]:
    return list(HoursEntry.objects.filter(assignment__placement=placement).values_list("minutes", flat=True))
