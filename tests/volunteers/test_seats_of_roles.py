"""A date has seats for each role of its task: one that is full takes nobody in the place of another."""

from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.sweeps import run
from programs.models import Opportunity, Role, Shift, ShiftRole
from programs.services.roles import Need, add_role, change_role, remove_role
from programs.services.shifts import follow_series
from tests.factories import make_coordinator, make_opportunity, make_role, make_shift
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import Assignment, Placement, StandInQuestion
from volunteers.services.absences import come_after_all, skip_date
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.stand_in_answers import Yes, accept_stand_in

pytestmark = pytest.mark.django_db
TASK = {"clearance_required": False, "contact_with_minors": False}


@pytest.fixture
def pouring(now: datetime) -> Role:
    """One pours, two clean up, every Tuesday."""
    task = make_opportunity("Elterncafé", places=1, slots=[(1, 900, 960)], **TASK)
    Role.objects.filter(opportunity=task).update(name="Ausschenken")
    make_role(task, "Aufräumen", places=2, **TASK)
    follow_series(task, now=now)
    return Role.objects.select_related("opportunity__provider").get(name="Ausschenken")


@pytest.fixture
def cleaning(pouring: Role) -> Role:
    return Role.objects.get(name="Aufräumen")


def comes(role: Role, now: datetime, name: str) -> Placement:
    pledge = make_pledge(now, first_name=name, email=f"{name.lower()}@example.org")
    return make_placement(pledge, role.opportunity, now, "active", role=role, from_on=date(2026, 3, 2))


def seats(of: Role) -> list[tuple[int, int]]:
    rows = ShiftRole.objects.filter(role=of).order_by("shift__starts_at")
    return list(rows.values_list("places_taken", "places"))


class TestSeats:
    def test_are_taken_in_the_role_of_whoever_comes(
        self, pouring: Role, cleaning: Role, now: datetime
    ) -> None:
        comes(pouring, now, "Anna")
        comes(cleaning, now, "Bert")
        assert assign_coming_shifts(now) == 16
        assert (seats(pouring), seats(cleaning)) == ([(1, 1)] * 8, [(1, 2)] * 8)

    def test_a_full_role_is_full_although_another_has_seats(
        self, pouring: Role, cleaning: Role, now: datetime
    ) -> None:
        ShiftRole.objects.filter(role=pouring).update(places_taken=1)
        anna, bert = comes(pouring, now, "Anna"), comes(cleaning, now, "Bert")
        assert assign_coming_shifts(now) == 8
        assert set(anna.assignments.values_list("status", "released_for")) == {("released", "full")}
        assert set(bert.assignments.values_list("status", flat=True)) == {"confirmed"}
        first = ShiftRole.objects.filter(role=pouring).order_by("shift__starts_at")[0]
        ShiftRole.objects.filter(pk=first.pk).update(places_taken=0)
        assert run("volunteers.assign_shifts", now) == 1
        assert anna.assignments.get(shift=first.shift_id).status == "confirmed"

    def test_whoever_stands_in_takes_the_seat_of_the_role_that_lacks_somebody(
        self, pouring: Role, cleaning: Role, now: datetime
    ) -> None:
        anna = comes(pouring, now, "Anna")
        assign_coming_shifts(now)
        make_pledge(now, first_name="Carla", email="carla@example.org")
        away = anna.assignments.select_related("shift").order_by("shift__starts_at")[1]
        assert skip_date(away, now=now)
        assert run("volunteers.find_stand_ins", now + timedelta(minutes=2)) == 1
        ShiftRole.objects.filter(shift=away.shift_id, role=cleaning).update(places_taken=2)
        asked = StandInQuestion.objects.select_related("pledge").get()
        assert accept_stand_in(asked, now=now + timedelta(hours=1)) == Yes.TAKEN
        assert Assignment.objects.get(placement=None).role == pouring
        assert seats(pouring)[:3] == [(1, 1)] * 3
        assert not come_after_all(Assignment.objects.get(pk=away.pk), now=now + timedelta(hours=2))

    def test_nobody_is_searched_for_a_role_whose_seats_are_taken(
        self, pouring: Role, cleaning: Role, now: datetime
    ) -> None:
        anna = comes(pouring, now, "Anna")
        assign_coming_shifts(now)
        make_pledge(now, first_name="Carla", email="carla@example.org")
        away = anna.assignments.order_by("shift__starts_at")[1]
        assert skip_date(away, now=now)
        ShiftRole.objects.filter(shift=away.shift_id, role=pouring).update(places_taken=1)
        assert run("volunteers.find_stand_ins", now + timedelta(minutes=2)) == 0
        assert not StandInQuestion.objects.exists()


class TestChangedRoles:
    def test_a_new_one_has_seats_on_every_coming_date_and_on_none_that_was(
        self, pouring: Role, now: datetime
    ) -> None:
        task = pouring.opportunity
        was = make_shift(task, now - timedelta(days=7))
        editor = make_coordinator(task.provider)
        new = Need(places=4, name="Begrüßen", activity=pouring.activity)
        assert add_role(task, new, editor=editor, now=now) == []
        greeting = Role.objects.get(name="Begrüßen")
        assert seats(greeting) == [(0, 4)] * 8
        assert not was.seats.filter(role=greeting).exists()
        assert remove_role(greeting, editor=editor, now=now) == []
        assert ShiftRole.objects.filter(shift__starts_at__gt=now).count() == 16

    def test_its_dates_follow_its_places_and_those_of_others_stay(
        self, pouring: Role, cleaning: Role, now: datetime
    ) -> None:
        need = Need(places=5, name="Aufräumen", activity=cleaning.activity)
        editor = make_coordinator(pouring.opportunity.provider)
        assert change_role(cleaning, need, editor=editor, now=now) == []
        assert (seats(pouring), seats(cleaning)) == ([(0, 1)] * 8, [(0, 5)] * 8)


class TestTheDatabase:
    def test_refuses_a_seat_more_than_there_are(self, pouring: Role) -> None:
        with pytest.raises(IntegrityError, match="seats_never_overbooked"), transaction.atomic():
            ShiftRole.objects.filter(role=pouring).update(places_taken=2)

    def test_refuses_somebody_without_seats_of_their_role(self, pouring: Role, now: datetime) -> None:
        anna = comes(pouring, now, "Anna")
        shift = Shift.objects.filter(opportunity=pouring.opportunity)[0]
        shift.seats.all().delete()
        with pytest.raises(IntegrityError, match="assignment_has_seats_of_its_role"), transaction.atomic():
            Assignment.objects.create(placement=anna, shift=shift, status_changed_at=now)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_migration_keeps_every_place_of_every_date_and_everybody_expected(
    pouring: Role, cleaning: Role, now: datetime
) -> None:
    """One task with two roles, and one with one role whose dates have other places than it has by now."""
    single: Opportunity = make_opportunity(places=3, slots=[], clearance_required=False)
    odd = make_shift(single, now + timedelta(days=1))
    for each, name in ((pouring, "Anna"), (cleaning, "Bert"), (single.roles.get(), "Carla")):
        comes(each, now, name)
    assign_coming_shifts(now)
    Role.objects.filter(pk=cleaning.pk).update(places=1)
    everybody = sorted(Assignment.objects.values_list("pk", "shift", "role", "status"))
    first: str = import_module("programs.migrations.0019_seats_of_roles").FILL
    then: str = import_module("volunteers.migrations.0029_seats_of_roles").COUNT
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("ALTER TABLE programs_shift ADD places int DEFAULT 3, ADD places_taken int DEFAULT 1")
        cursor.execute("UPDATE programs_shift SET places = 7 WHERE id = %s", [odd.pk])
        ShiftRole.objects.all().delete()
        cursor.execute(first.replace("SET CONSTRAINTS ALL IMMEDIATE;", ""))
        cursor.execute(then)
    assert seats(pouring) == [(1, 1)] * 8
    assert seats(cleaning) == [(1, 1)] * 8
    assert seats(single.roles.get()) == [(1, 7)]
    assert sorted(Assignment.objects.values_list("pk", "shift", "role", "status")) == everybody
