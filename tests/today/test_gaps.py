""" "Heute": a date with too few people is decided where it stands; what children need is never waved away."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import F

from accounts.models import User
from foundation.clock import local_day, utc_now
from foundation.formats import date_long, time_range
from programs.models import Opportunity, Shift
from tests.factories import (
    make_activity,
    make_coordinator,
    make_opportunity,
    make_provider,
    make_role,
    make_shift,
    make_youth_office,
)
from tests.today.reading import HERE, Listed, check, listed, numbers, page, signed_in
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import AcceptedGap, Assignment

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
KIND = f"{HERE}?art=termine"


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def task() -> Opportunity:
    return make_opportunity("Vorlesen", places=3, slots=[], clearance_required=False)


@pytest.fixture
def date(task: Opportunity, now: datetime) -> Shift:
    return make_shift(task, now + timedelta(days=3), places=3)


@pytest.fixture
def user(task: Opportunity) -> User:
    return make_coordinator(task.provider)


def comes(date: Shift, name: str, *, is_adult: bool = True, **values: Any) -> Assignment:
    now = utc_now()
    pledge = make_pledge(now, email=f"{name}-{date.pk}@example.org", first_name=name.title())
    pledge.volunteer.is_adult = is_adult
    pledge.volunteer.save()
    placement = make_placement(pledge, date.opportunity, now, "active", from_on=local_day(now), **values)
    coming = Assignment.objects.create(
        placement=placement, shift=date, status="confirmed", status_changed_at=now
    )
    date.seats.filter(role=coming.role_id).update(places_taken=F("places_taken") + 1)
    return coming


def act(user: User, date: Shift, name: str, **answers: Any) -> str:
    address = f"/koordination/angebote/{date.opportunity_id}/termine/{date.pk}/{name}/"
    answer = signed_in(user).post(address, {"back": HERE, **answers}, follow=True)
    assert (answer.status_code, answer.redirect_chain) == (200, [(HERE, 303)])
    return answer.content.decode()


def accept(user: User, date: Shift, coming: int) -> str:
    return act(user, date, "so-lassen", coming=coming)


def offered(html: str) -> list[str]:
    return re.findall(r"/termine/(\d+)/so-lassen/", html)


def test_a_date_stays_with_those_who_come(user: User, task: Opportunity, date: Shift, now: datetime) -> None:
    comes(date, "maria")
    comes(date, "jana")
    later = make_shift(task, now + timedelta(days=5), places=3)
    comes(later, "ada")
    check(user, "termine", [date.pk, later.pk])
    html = page(user, KIND)
    assert offered(html) == [str(date.pk), str(later.pk)]
    assert f'name="back" value="{KIND}#termine-{later.pk}"' in html
    client = signed_in(user)
    address = f"/koordination/angebote/{task.pk}/termine/{date.pk}/so-lassen/"
    answer = client.post(address, {"coming": "2", "back": f"{KIND}#termine-{later.pk}"})
    assert (answer.status_code, answer["Location"]) == (303, f"{KIND}#termine-{later.pk}")
    assert "Der Termin bleibt so." in client.get(KIND).content.decode()
    check(user, "termine", [later.pk])
    assert list(AcceptedGap.objects.values_list("seats__shift", "people", "by")) == [(date.pk, 2, user.pk)]


def test_it_stands_there_again_as_soon_as_fewer_come(user: User, date: Shift) -> None:
    first = comes(date, "maria")
    comes(date, "jana")
    accept(user, date, 2)
    Assignment.objects.filter(pk=first.pk).update(status="excused")
    check(user, "termine", [date.pk])
    assert "Der Termin bleibt so." in accept(user, date, 1)
    assert "termine" not in numbers(user)
    assert list(AcceptedGap.objects.values_list("seats__shift", "people")) == [(date.pk, 1)]


def test_it_is_taken_back_within_ten_minutes_by_whom_said_it(user: User, date: Shift, now: datetime) -> None:
    comes(date, "maria")
    accept(user, date, 1)
    said = f"Vorlesen, {date_long(date.starts_at)}: bleibt so"
    assert said in page(user)
    other = make_coordinator(date.opportunity.provider)
    assert said not in page(other)
    assert "nicht mehr zurücknehmen" in act(other, date, "doch-nicht")
    assert "termine" not in numbers(user)
    assert "steht wieder bei denen" in act(user, date, "doch-nicht")
    check(user, "termine", [date.pk])
    assert AcceptedGap.objects.count() == 0
    assert "nicht mehr zurücknehmen" in act(user, date, "doch-nicht")
    accept(user, date, 1)
    AcceptedGap.objects.update(at=utc_now() - 10 * MINUTE)
    assert "Eben erledigt" not in page(user)
    assert "nicht mehr zurücknehmen" in act(user, date, "doch-nicht")
    assert (numbers(user), AcceptedGap.objects.count()) == ({}, 1)


def test_each_role_has_its_own_number(user: User, task: Opportunity, date: Shift) -> None:
    """Whoever is enough for one role is not for another."""
    cook = make_activity("Kochen", clearance_required=False)
    kitchen = make_role(task, "Küche", activity=cook, places=2)
    reader = date.seats.get(role__name="").role
    comes(date, "maria", role=reader)
    cooking = comes(date, "jana", role=kitchen)
    accept(user, date, 2)
    assert sorted(AcceptedGap.objects.values_list("seats__role", "people")) == sorted(
        [(reader.pk, 1), (kitchen.pk, 1)]
    )
    assert page(user).count("bleibt so ·") == 1
    comes(date, "ada", role=reader)
    assert "termine" not in numbers(user)
    Assignment.objects.filter(pk=cooking.pk).update(status="excused")
    check(user, "termine", [date.pk])
    assert "Vorlesen (Küche)" in page(user)


def test_where_nobody_comes_it_is_not_left_so(user: User, date: Shift) -> None:
    assert offered(page(user)) == []
    assert "Zu diesem Termin kommt niemand." in accept(user, date, 0)
    check(user, "termine", [date.pk])


@pytest.mark.parametrize(("adults", "minors"), [(1, 0), (1, 1), (0, 2)])
def test_two_adults_are_never_waved_away(now: datetime, adults: int, minors: int) -> None:
    activity = make_activity("Gruppe", two_adults=True, clearance_required=False)
    task = make_opportunity("Spielen", activity=activity, places=5, slots=[])
    date = make_shift(task, (now + timedelta(days=3)).replace(hour=14), places=5)
    user = make_coordinator(task.provider)
    for number in range(adults + minors):
        comes(date, f"mensch{number}", is_adult=number < adults)
    html = page(user, KIND)
    assert (offered(html), html.count("Absagen …")) == ([], 1)
    assert "Bei diesem Termin fehlen noch Erwachsene." in accept(user, date, adults + minors)
    assert AcceptedGap.objects.count() == 0
    check(user, "termine", [date.pk])
    check(user, "unsicher", [date.pk])
    for number in range(adults, 2):
        comes(date, f"weiter{number}")
    assert offered(page(user, KIND)) == [str(date.pk)]
    assert "Der Termin bleibt so." in accept(user, date, 2 + minors)
    assert numbers(user) == {}
    Assignment.objects.filter(shift=date).latest("pk").delete()
    assert numbers(user) == {"termine": 1, "unsicher": 1}


def test_who_saw_more_people_looks_again(user: User, date: Shift) -> None:
    comes(date, "maria")
    assert "Inzwischen hat noch jemand abgesagt." in accept(user, date, 2)
    check(user, "termine", [date.pk])
    for name in ("jana", "ada"):
        comes(date, name)
    assert "Hier fehlt inzwischen niemand mehr." in accept(user, date, 1)
    assert AcceptedGap.objects.count() == 0


@pytest.mark.parametrize("change", ["is_cancelled", "is_over", "is_paused"])
def test_what_is_no_gap_any_more_stays(user: User, date: Shift, now: datetime, change: str) -> None:
    comes(date, "maria")
    if change == "is_cancelled":
        Shift.objects.update(is_cancelled=True)
    elif change == "is_over":
        Shift.objects.update(starts_at=now - 2 * MINUTE, ends_at=now - MINUTE)
    else:
        Opportunity.objects.update(status=Opportunity.Status.PAUSED)
    assert "Hier fehlt inzwischen niemand mehr." in accept(user, date, 1)
    assert AcceptedGap.objects.count() == 0


@pytest.mark.parametrize("name", ["so-lassen", "doch-nicht"])
def test_dates_of_other_houses_and_other_tasks_are_not_there(user: User, date: Shift, name: str) -> None:
    comes(date, "maria")
    fremd = make_coordinator(make_provider("Fremder"))
    own = make_opportunity(provider=fremd.memberships.get().provider)
    for task in (date.opportunity_id, own.pk):
        address = f"/koordination/angebote/{task}/termine/{date.pk}/{name}/"
        assert signed_in(fremd).post(address, {"coming": "1"}).status_code == 404
    assert AcceptedGap.objects.count() == 0


@pytest.mark.parametrize("coming", ["", "x", "²", "-1", "9" * 5000])
def test_a_number_that_is_none_breaks_nothing(user: User, date: Shift, coming: str) -> None:
    comes(date, "maria")
    act(user, date, "so-lassen", coming=coming)
    assert AcceptedGap.objects.count() == 1


def test_it_is_cancelled_from_the_row_in_two_steps(user: User, date: Shift) -> None:
    comes(date, "maria")
    comes(date, "jana")
    html = page(user)
    times = time_range(date.starts_at, date.ends_at)
    named = f"Vorlesen, {date_long(date.starts_at)}, {times}"
    assert f'Absagen …<span class="visually-hidden">: {named}</span>' in html
    client = signed_in(user)
    back = f"{HERE}#liste"
    first = client.post("/koordination/termine/absagen/", {"chosen": [date.pk], "back": back})
    asked = first.content.decode()
    assert (first.status_code, f'name="back" value="{back}"' in asked) == (200, True)
    date.refresh_from_db()
    assert not date.is_cancelled
    last = client.post(
        "/koordination/termine/absagen/",
        {"chosen": [date.pk], "back": back, "sure": "1", "reason": "illness"},
    )
    assert (last.status_code, last["Location"]) == (303, back)
    date.refresh_from_db()
    assert (date.is_cancelled, numbers(user)) == (True, {})


def test_the_office_leaves_so_where_nobody_coordinates(date: Shift) -> None:
    comes(date, "maria")
    office = make_coordinator(make_youth_office())
    assert listed(office, "termine") == Listed(1, [f"termine-{date.pk}"])
    assert "Der Termin bleibt so." in accept(office, date, 1)
    assert "termine" not in numbers(office)
