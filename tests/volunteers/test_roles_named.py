"""Where a task has several roles, whatever tells of it says which; where it has one, nothing does."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.clock import local_day, utc_now
from foundation.sweeps import run
from outbox.models import Message
from programs.models import Role
from programs.services.closures import close_days
from tests.factories import make_coordinator, make_opportunity, make_role, make_shift
from tests.today.reading import HERE
from tests.volunteers.pledging import mails, make_placement, make_pledge
from tests.volunteers.test_stand_ins import ALWAYS
from volunteers.models import Assignment, Placement, StandInQuestion
from volunteers.services.absences import skip_date
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.calendar import person_calendar, placement_calendar
from volunteers.services.placement_endings import leave_placement
from volunteers.services.stand_in_answers import accept_stand_in

pytestmark = pytest.mark.django_db
TASK = {"clearance_required": False, "contact_with_minors": False}
NAMED = "Elterncafé (Ausschenken)"


@pytest.fixture
def now() -> datetime:
    """Noon, so that a date two days ahead is in the morning mail whatever the hour."""
    return utc_now()


@pytest.fixture(params=[True, False], ids=["two roles", "one role"])
def pouring(request: pytest.FixtureRequest, now: datetime) -> Role:
    """Anna pours in a day and a half and in three days; with two roles somebody else would clean up."""
    task = make_opportunity("Elterncafé", places=1, slots=[], **TASK)
    if request.param:
        Role.objects.filter(opportunity=task).update(name="Ausschenken")
        make_role(task, "Aufräumen", places=2, **TASK)
    for hours in (36, 72):
        make_shift(task, now + timedelta(hours=hours), minutes=60)
    role = Role.objects.select_related("opportunity__provider").filter(opportunity=task)[0]
    pledge = make_pledge(now, first_name="Anna", email="anna@example.org", times=ALWAYS)
    make_placement(pledge, task, now - timedelta(days=9), "active", role=role, from_on=local_day(now))
    assign_coming_shifts(now)
    return role


@pytest.fixture
def says(pouring: Role) -> str:
    return NAMED if pouring.name else "Elterncafé"


def of(template: str) -> Message:
    return mails(template).get()


def all_of(message: Message) -> list[str]:
    """What of a mail says what it is about: its subject and both bodies."""
    return [message.subject, message.body_text, message.body_html]


def is_named(message: Message, says: str) -> bool:
    """Whether the subject ends with it, and both bodies have it, alone and not with more in brackets."""
    return message.subject.endswith(says) and all(
        says in each and says + " (" not in each for each in all_of(message)
    )


def test_the_mails_of_a_date(pouring: Role, says: str, now: datetime) -> None:
    run("volunteers.remind_first_shift", now)
    assert is_named(of("shift_reminder"), says)

    make_pledge(now, first_name="Berta", email="berta@example.org", times=ALWAYS)
    away = Assignment.objects.select_related("shift").latest("shift__starts_at")
    assert skip_date(away, now=now)
    assert is_named(of("assignment_excused"), says)
    assert run("volunteers.find_stand_ins", now + timedelta(minutes=2)) == 1
    assert is_named(of("stand_in"), says)
    question = StandInQuestion.objects.select_related("pledge").get()
    accept_stand_in(question, now=now + timedelta(minutes=3))
    assert is_named(of("stand_in_confirmed"), says)
    assert is_named(of("stand_in_found"), says)
    assert f"SUMMARY:{says}\r\n" in of("stand_in_confirmed").attachment_body
    berta = question.pledge.volunteer
    assert f"SUMMARY:{says}\r\n" in person_calendar(berta, now)

    close_days(pouring.opportunity, from_on=local_day(now), until_on=None, reason="other", now=now)
    run("volunteers.tell_of_changed_dates", now + timedelta(minutes=2))
    assert all(is_named(each, says) for each in mails("dates_changed"))
    assert mails("dates_changed").count() == 2


def test_the_calendar_and_the_end(pouring: Role, says: str, now: datetime) -> None:
    placement = Placement.objects.get()
    assert placement_calendar(placement, now).count(f"SUMMARY:{says}\r\n") == 2
    assert leave_placement(placement, now=now)
    assert is_named(of("placement_left"), says)
    assert is_named(of("placement_ended"), says)


def test_the_pages_of_the_person_and_of_those_who_coordinate(
    client: Client, pouring: Role, says: str, now: datetime
) -> None:
    away = Assignment.objects.select_related("shift").latest("shift__starts_at")
    make_pledge(now, first_name="Berta", email="berta@example.org", times=ALWAYS)
    skip_date(away, now=now)
    run("volunteers.find_stand_ins", now + timedelta(minutes=2))
    question = StandInQuestion.objects.select_related("pledge__volunteer__mailbox").get()
    mine = client.get(reverse("my_page", args=[my_page_token(question.pledge.volunteer.mailbox, now)]))
    assert f">{says}</a></h4>" in mine.content.decode()
    accept_stand_in(question, now=now + timedelta(minutes=3))
    mine = client.get(reverse("my_page", args=[my_page_token(question.pledge.volunteer.mailbox, now)]))
    assert f"<span>{says}<br>" in mine.content.decode()

    client.force_login(make_coordinator(pouring.opportunity.provider))
    roster = "".join(
        client.get(
            "/koordination/plan/", {"tag": str(local_day(now) + timedelta(days=days))}
        ).content.decode()
        for days in (1, 3)
    )
    more = " · Ausschenken" if pouring.name else ""
    assert f"Anna{more} (entschuldigt)" in roster
    assert f"Berta{more}" in roster
    assert ("Aufräumen: 2" in roster) is bool(pouring.name)
    page = " ".join(client.get(f"/koordination/angebote/{pouring.opportunity_id}/").content.decode().split())
    assert ("es fehlt jemand</span> Aufräumen" in page) is bool(pouring.name)
    assert ("Berta springt ein (Ausschenken)" in page) is bool(pouring.name)
    today = client.get(HERE, {"art": "termine"}).content.decode()
    assert ("Elterncafé (Aufräumen)" in today) is bool(pouring.name)
