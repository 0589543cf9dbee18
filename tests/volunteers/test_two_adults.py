"""Where the activity asks for two adults a date is unsafe until two are confirmed, and it is said."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from foundation.clock import utc_now
from programs.models import Opportunity, Shift
from tests.factories import (
    decide_anew,
    make_activity,
    make_coordinator,
    make_opportunity,
    make_provider,
    make_shift,
    role_of,
)
from tests.today.reading import listed, numbers
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def task() -> Opportunity:
    activity = make_activity("Gruppe", two_adults=True, clearance_required=False)
    return make_opportunity("Spielen", activity=activity, places=9, slots=[])


@pytest.fixture
def shift(task: Opportunity) -> Shift:
    soon = (utc_now() + timedelta(days=3)).replace(hour=14)
    return make_shift(task, soon, places=9)


@pytest.fixture
def coordinator(task: Opportunity) -> User:
    return make_coordinator(task.provider)


def comes(shift: Shift, name: str, *, is_adult: bool = True, status: str = "confirmed") -> Assignment:
    now = utc_now()
    pledge = make_pledge(now, email=f"{name}@example.org", first_name=name.title())
    pledge.volunteer.is_adult = is_adult
    pledge.volunteer.save()
    placement = make_placement(pledge, shift.opportunity, now, "active", from_on=now.date())
    shift.seats.update(places_taken=shift.assignments.count() + 1)
    return Assignment.objects.create(placement=placement, shift=shift, status=status, status_changed_at=now)


def page(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(address).content.decode()


def of_task(user: User, task: Opportunity) -> str:
    return page(user, f"/koordination/angebote/{task.pk}/")


def waits(user: User, shift: Shift) -> bool:
    """Whether it stands in the list behind its number in "Heute", which counts what is listed."""
    behind = listed(user, "unsicher")
    assert numbers(user).get("unsicher", 0) == behind.said == len(behind.keys)
    return f"unsicher-{shift.pk}" in behind.keys


def test_a_date_is_unsafe_until_two_adults_are_confirmed(
    task: Opportunity, shift: Shift, coordinator: User
) -> None:
    said = of_task(coordinator, task)
    assert "es fehlen 2 erwachsene Personen" in said
    assert '<h2 id="zwei-erwachsene">Zwei Erwachsene</h2>' in said
    assert "Das Jugendamt verlangt für diese Tätigkeit zwei Erwachsene bei jedem Termin" in said
    assert "Eine Person aus Ihrem Haus zählt schon." not in said
    assert not waits(coordinator, shift)
    comes(shift, "maria")
    assert "es fehlt 1 erwachsene Person" in of_task(coordinator, task)
    assert waits(coordinator, shift)
    comes(shift, "ali")
    assert "unsicher" not in of_task(coordinator, task)
    assert not waits(coordinator, shift)


def test_minors_never_count_and_neither_does_who_stays_away(
    task: Opportunity, shift: Shift, coordinator: User
) -> None:
    comes(shift, "maria")
    comes(shift, "ali", is_adult=False)
    comes(shift, "rosa", status="excused")
    assert "es fehlt 1 erwachsene Person" in of_task(coordinator, task)
    assert waits(coordinator, shift)


def test_one_may_be_of_the_provider_but_never_both(
    task: Opportunity, shift: Shift, coordinator: User
) -> None:
    Opportunity.objects.update(staff_is_there=True)
    said = of_task(coordinator, task)
    assert "es fehlt 1 erwachsene Person" in said
    assert "zählen nicht mit. Eine Person aus Ihrem Haus zählt schon." in said
    comes(shift, "maria")
    assert "unsicher" not in of_task(coordinator, task)


@pytest.mark.parametrize("change", [{"is_cancelled": True}, {"starts_at": "past"}])
def test_what_does_not_take_place_any_more_is_not_told(
    task: Opportunity, shift: Shift, coordinator: User, change: dict[str, object]
) -> None:
    comes(shift, "maria")
    if change.get("starts_at"):
        change = {"starts_at": utc_now() - timedelta(hours=2)}
    Shift.objects.update(**change)
    assert "unsicher" not in of_task(coordinator, task)
    assert not waits(coordinator, shift)


def test_where_one_adult_is_enough_nothing_is_said(
    shift: Shift, task: Opportunity, coordinator: User
) -> None:
    comes(shift, "maria")
    activity = role_of(task).activity
    assert activity is not None
    decide_anew(activity, two_adults=False)
    assert "unsicher" not in of_task(coordinator, task)
    assert not waits(coordinator, shift)


def test_a_minor_alone_is_told_in_other_words(shift: Shift, task: Opportunity, coordinator: User) -> None:
    activity = role_of(task).activity
    assert activity is not None
    decide_anew(activity, two_adults=False)
    comes(shift, "ali", is_adult=False)
    said = of_task(coordinator, task)
    assert '<h2 id="zwei-erwachsene">Nie allein</h2>' in said
    assert "Freiwillige unter 18 sind nie allein" in said
    assert "Das Jugendamt verlangt" not in said


def test_nobody_elses_dates_are_told(shift: Shift, now: datetime) -> None:
    comes(shift, "maria")
    assert not waits(make_coordinator(make_provider()), shift)


def test_the_next_eight_are_shown(task: Opportunity, coordinator: User) -> None:
    for day in range(12):
        make_shift(task, utc_now() + timedelta(days=day + 1))
    assert of_task(coordinator, task).count("es fehlen 2 erwachsene Personen") == 8
