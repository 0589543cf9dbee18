"""A date over midnight has two days: whoever is away on either of them cannot come."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from foundation.sweeps import run
from foundation.times_of_week import WeeklyTime
from foundation.units import MinuteOfDay
from programs.models import Closure, Opportunity, Shift
from programs.services.shifts import follow_series
from tests.factories import make_coordinator, make_opportunity, make_shift, retime
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.models import Placement, StandInQuestion
from volunteers.services.absences import add_absence, remove_absence, skip_date
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.calendar import person_calendar

pytestmark = pytest.mark.django_db
NIGHT = (1, 22 * 60, 30 * 60)
"""Tuesdays at ten in the evening until Wednesdays at six."""

ALL_NIGHT = (
    WeeklyTime(1, MinuteOfDay(20 * 60), MinuteOfDay(24 * 60)),
    WeeklyTime(2, MinuteOfDay(0), MinuteOfDay(8 * 60)),
)


@pytest.fixture
def task(now: datetime) -> Opportunity:
    found = make_opportunity("Nachtwache", slots=[NIGHT], clearance_required=False, contact_with_minors=False)
    follow_series(found, now=now)
    return found


@pytest.fixture
def placement(task: Opportunity, now: datetime) -> Placement:
    made = make_placement(make_pledge(now), task, now, "active", from_on=date(2026, 3, 2))
    assign_coming_shifts(now, placement=made)
    return made


def statuses(placement: Placement) -> list[str]:
    return list(placement.assignments.order_by("shift__starts_at").values_list("status", flat=True)[:3])


def away(placement: Placement, first: int, last: int, now: datetime) -> int:
    days = {"from_on": date(2026, 3, first), "until_on": date(2026, 3, last)}
    assert add_absence(placement.pledge, **days, now=now)
    return placement.pledge.exceptions.latest("pk").pk


@pytest.mark.parametrize("days", [(4, 4), (3, 3), (4, 9), (1, 3)])
def test_an_absence_on_one_of_its_days_excuses_from_it_alone(
    days: tuple[int, int], placement: Placement, now: datetime
) -> None:
    key = away(placement, *days, now)
    assert statuses(placement) == ["excused", "confirmed", "confirmed"]
    assert mails("assignment_excused").count() == 1
    remove_absence(placement.pledge, key, now=now)
    assert statuses(placement) == ["confirmed", "confirmed", "confirmed"]


@pytest.mark.parametrize("days", [(5, 9), (2, 2)])
def test_one_beside_its_days_does_not(days: tuple[int, int], placement: Placement, now: datetime) -> None:
    away(placement, *days, now)
    assert statuses(placement) == ["confirmed", "confirmed", "confirmed"]


def test_it_stays_excused_while_another_absence_covers_its_second_day(
    placement: Placement, now: datetime
) -> None:
    first, second = away(placement, 3, 3, now), away(placement, 4, 5, now)
    remove_absence(placement.pledge, first, now=now)
    assert statuses(placement)[0] == "excused"
    remove_absence(placement.pledge, second, now=now)
    assert statuses(placement)[0] == "confirmed"


def test_nobody_is_assigned_reminded_or_told_a_date_of_whose_second_day_they_are_away(
    task: Opportunity, now: datetime
) -> None:
    made = make_placement(make_pledge(now), task, now, "active", from_on=date(2026, 3, 2))
    away(made, 4, 4, now)
    assign_coming_shifts(now, placement=made)
    days = made.assignments.order_by("shift__starts_at").values_list("shift__starts_at", flat=True)
    assert days[0] == datetime(2026, 3, 10, 21, tzinfo=UTC)
    assert "EXDATE;TZID=Europe/Berlin:20260303T220000" in person_calendar(made.volunteer, now)
    assert run("volunteers.remind_first_shift", datetime(2026, 3, 2, 22, tzinfo=UTC)) == 0


def test_a_date_moved_into_the_night_before_an_absence_excuses(
    task: Opportunity, placement: Placement, now: datetime
) -> None:
    retime(task, [(1, 18 * 60, 20 * 60)], now)
    away(placement, 4, 4, now)
    assert statuses(placement)[0] == "confirmed"
    retime(task, [NIGHT], now)
    assert statuses(placement) == ["excused", "confirmed", "confirmed"]


def test_nobody_is_asked_to_stand_in_whose_absence_touches_the_morning(
    placement: Placement, now: datetime
) -> None:
    for name, day in (("Berta", 4), ("Carla", 5)):
        pledge = make_pledge(now, email=f"{name}@example.org", first_name=name, times=ALL_NIGHT)
        pledge.exceptions.create(from_on=date(2026, 3, day), until_on=date(2026, 3, day))
    assert skip_date(placement.assignments.earliest("shift__starts_at"), now=now)
    run("volunteers.find_stand_ins", now + timedelta(minutes=1))
    assert [each.pledge.volunteer.first_name for each in StandInQuestion.objects.all()] == ["Carla"]


def test_a_released_date_is_not_taken_up_during_an_absence(
    placement: Placement, task: Opportunity, now: datetime
) -> None:
    first = placement.assignments.earliest("shift__starts_at")
    placement.assignments.filter(pk=first.pk).update(status="released", released_for="full", span=None)
    first.shift.seats.update(places_taken=0)
    away(placement, 4, 4, now)
    assign_coming_shifts(now)
    assert statuses(placement) == ["released", "confirmed", "confirmed"]


def test_who_closes_a_day_reads_which_night_before_takes_place(client: Client) -> None:
    task = make_opportunity("Nachtwache", slots=[])
    night = make_shift(task, datetime(2099, 7, 6, 20, tzinfo=UTC), minutes=480)
    client.force_login(make_coordinator(task.provider))
    address = reverse("coordination_closure_new", args=[task.pk])
    page = client.post(address, {"from_on": "2099-07-07", "reason": "closed"}, follow=True).content.decode()
    assert "22–6 Uhr findet statt, obwohl er in diese Tage reicht" in page
    assert not Shift.objects.get(pk=night.pk).is_cancelled
    page = client.post(address, {"from_on": "2099-07-06", "reason": "closed"}, follow=True).content.decode()
    assert "in diese Tage reicht" not in page
    assert (Shift.objects.get(pk=night.pk).is_cancelled, Closure.objects.count()) == (True, 2)
