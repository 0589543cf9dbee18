"""Putting many questions at once: what one changes holds for the next, whatever the chunk they fall into."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from foundation.clock import local_day
from foundation.models import Event
from foundation.sweeps import run
from foundation.times_of_week import WeeklyTime
from outbox.models import Message, Suppression
from programs.models import Opportunity
from tests.factories import make_opportunity, occupied, role_of
from tests.volunteers.pledging import link_in, mails, make_pledge
from volunteers.models import AvailabilityException, Offer, TimePledge, Volunteer

pytestmark = pytest.mark.django_db

MORE_THAN_A_CHUNK = 110
WEEK_LONG = [WeeklyTime(day, 8 * 60, 20 * 60) for day in range(7)]


def propose(pledge: TimePledge, opportunity: Opportunity, now: datetime) -> Offer:
    return Offer.objects.create(
        pledge=pledge, role=role_of(opportunity), status_changed_at=now, created_at=now
    )


def propose_to_many(count: int, opportunity: Opportunity, now: datetime) -> list[Offer]:
    """Propose to people who were confirmed in the reverse order of the proposals."""
    pledges = [make_pledge(now, email=f"person-{number}@example.org") for number in range(count)]
    return [propose(pledge, opportunity, now) for pledge in reversed(pledges)]


def make_busy_pledge(now: datetime) -> TimePledge:
    pledge = make_pledge(now, times=WEEK_LONG, hours_per_week=20)
    TimePledge.objects.filter(pk=pledge.pk).update(placements_wanted=3)
    return pledge


def statuses() -> list[str]:
    return list(Offer.objects.order_by("pk").values_list("status", flat=True))


def reasons() -> list[str]:
    moves = Event.objects.filter(model="offer", to_status="withdrawn").order_by("object_id")
    return list(moves.values_list("reason", flat=True))


def send(now: datetime) -> int | None:
    return run("volunteers.send_offers", now)


def test_places_go_to_the_first_proposals_over_all_chunks(now: datetime) -> None:
    opportunity = make_opportunity(places=103, places_taken=0)
    propose_to_many(MORE_THAN_A_CHUNK, opportunity, now)

    assert send(now) == 103

    opportunity.refresh_from_db()
    assert occupied(opportunity) == 103
    assert statuses() == ["sent"] * 103 + ["withdrawn"] * 7
    assert reasons() == ["no_place"] * 7
    assert mails("offer").count() == 103
    assert mails("offer").values("to_email").distinct().count() == 103
    asked = Offer.objects.filter(status="sent").values("pledge__volunteer")
    assert Volunteer.objects.filter(pk__in=asked, last_asked_at=now).count() == 103
    assert Volunteer.objects.filter(last_asked_at=None).count() == 7
    events = Event.objects.filter(model="offer", to_status="sent", from_status="proposed")
    assert (events.count(), set(events.values_list("actor_role", flat=True))) == (
        103,
        {"volunteers.send_offers"},
    )


def test_forty_questions_take_the_queries_of_two(now: datetime) -> None:
    queries = {}
    for count in (1, 2, 40):
        opportunity = make_opportunity(places=50)
        for number in range(count):
            pledge = make_pledge(now, email=f"person-{count}-{number}@example.org")
            propose(pledge, opportunity, now)
        with CaptureQueriesContext(connection) as captured:
            assert send(now) == count
        queries[count] = len(captured)

    assert queries[40] == queries[2] <= 45


def test_a_person_is_asked_no_more_than_the_budget_within_a_chunk(now: datetime) -> None:
    pledge = make_busy_pledge(now)
    for day in range(5):
        propose(pledge, make_opportunity(slots=[(day, 9 * 60, 10 * 60)]), now)

    assert send(now) == 2

    assert statuses() == ["sent", "sent", "withdrawn", "withdrawn", "withdrawn"]
    assert reasons() == ["contact_budget"] * 3
    assert sum(map(occupied, Opportunity.objects.all())) == 2


def test_two_questions_for_the_same_hour_are_not_put_together(now: datetime) -> None:
    pledge = make_busy_pledge(now)
    first, second = (make_opportunity(slots=[(2, 900, 960)]) for _ in range(2))
    propose(pledge, first, now)
    propose(pledge, second, now)

    assert send(now) == 1

    assert (statuses(), reasons()) == (["sent", "withdrawn"], ["no_room"])
    second.refresh_from_db()
    assert occupied(second) == 0


def test_a_refused_question_leaves_budget_and_place_to_the_next(now: datetime) -> None:
    """The first three find no place; the fourth is put all the same, and so is somebody else's."""
    pledge = make_busy_pledge(now)
    full = [make_opportunity(slots=[(day, 540, 600)], places=1, places_taken=1) for day in range(3)]
    free = make_opportunity(slots=[(3, 540, 600)])
    for opportunity in (*full, free):
        propose(pledge, opportunity, now)
    propose(make_pledge(now, email="jonas@example.org"), free, now)

    assert send(now) == 1

    assert statuses() == ["withdrawn"] * 3 + ["sent", "withdrawn"]
    assert reasons() == ["no_place"] * 4


def test_each_reason_not_to_ask_is_judged_for_its_own_person(now: datetime) -> None:
    opportunity = make_opportunity(places=10)
    away, gone, closed, fine = (
        make_pledge(now, email=f"{name}@example.org") for name in ("away", "gone", "closed", "fine")
    )
    today = local_day(now)
    AvailabilityException.objects.create(pledge=away, from_on=today, until_on=today)
    AvailabilityException.objects.create(
        pledge=fine, from_on=today + timedelta(days=1), until_on=today + timedelta(days=9)
    )
    TimePledge.objects.filter(pk=gone.pk).update(status="withdrawn")
    for pledge in (away, gone, fine):
        propose(pledge, opportunity, now)
    paused = make_opportunity(status=Opportunity.Status.PAUSED)
    propose(closed, paused, now)

    assert send(now) == 1

    assert statuses() == ["withdrawn", "withdrawn", "sent", "withdrawn"]
    assert reasons() == ["not_looking", "not_looking", "no_place"]
    assert [mail.to_email for mail in mails("offer")] == ["fine@example.org"]


def test_each_gets_the_own_letter_and_an_unwanted_one_waits_for_nobody(now: datetime) -> None:
    opportunity = make_opportunity("Vorlesen in der Bücherei", places=5)
    Suppression.objects.create(email="STRASSE@example.org", reason="asked", created_at=now)
    for name in ("Anna", "Ömer", "Strasse"):
        pledge = make_pledge(now, first_name=name, email=f"{name.lower()}@example.org".replace("ö", "oe"))
        offer = propose(pledge, opportunity, now)
        offer.reasons = [{"code": "wanted", "values": []}]
        offer.save()

    assert send(now) == 3

    written = {mail.to_email: mail for mail in mails("offer")}
    assert {address: mail.status for address, mail in written.items()} == {
        "anna@example.org": Message.Status.QUEUED,
        "oemer@example.org": Message.Status.QUEUED,
        "strasse@example.org": Message.Status.SUPPRESSED,
    }
    body = written["oemer@example.org"].body_text
    assert "Guten Tag Ömer," in body
    assert "Vorlesen in der Bücherei" in body
    assert "Anna" not in body
    assert len({link_in(mail, "/anfrage/") for mail in written.values()}) == 3


def test_a_letter_that_cannot_be_written_puts_no_question_of_its_chunk(
    now: datetime, settings: Settings
) -> None:
    opportunity = make_opportunity(places=5)
    propose_to_many(2, opportunity, now)
    settings.PUBLIC_BASE_URL = None

    with pytest.raises(TypeError):
        send(now)

    opportunity.refresh_from_db()
    assert (statuses(), occupied(opportunity)) == (["proposed"] * 2, 0)
    assert not mails("offer").exists()
    assert not Event.objects.filter(model="offer").exists()
