"""Places and seats counted to the last: taken, kept for somebody, given back, and never beyond either end."""

from datetime import datetime, timedelta

import pytest

from programs.models import Opportunity, Provider, Role, Shift, ShiftRole
from programs.selectors.visibility import roles_with_place
from programs.services.places import (
    free_places_locked,
    give_back_held_places,
    give_back_place,
    hold_more_places,
    hold_places,
    lock_unheld_roles,
    take_held_place,
    take_place,
)
from programs.services.seats import (
    follow_places,
    free_seats,
    give_back_seat,
    lock_seats,
    make_seats,
    take_held_seats,
    take_seat,
)
from tests.factories import make_opportunity, make_role, make_shift, role_of, seats_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def role() -> Role:
    return role_of(make_opportunity(places=4))


def counts(role: Role) -> tuple[int, int]:
    """Return how many places are taken and how many are held."""
    return Role.objects.values_list("places_taken", "places_held").get(pk=role.pk)


def set_to(role: Role, taken: int, held: int) -> None:
    Role.objects.filter(pk=role.pk).update(places_taken=taken, places_held=held)


class TestPlaces:
    @pytest.mark.parametrize(
        ("taken", "held", "count", "is_free"),
        [
            (0, 0, 4, True),
            (0, 0, 5, False),
            (2, 1, 1, True),
            (2, 1, 2, False),
            (0, 4, 1, False),
            (3, 1, 1, False),
        ],
    )
    def test_are_given_to_all_of_a_group_or_none(
        self, role: Role, taken: int, held: int, count: int, is_free: bool
    ) -> None:
        set_to(role, taken, held)
        assert Role.objects.filter(roles_with_place(count)).exists() is is_free
        assert hold_more_places(role.pk, count) is is_free
        assert counts(role) == (taken, held + count * is_free)
        set_to(role, taken, held)
        assert take_place(role.pk, count) is is_free
        assert counts(role) == (taken + count * is_free, held)

    def test_kept_for_somebody_become_theirs(self, role: Role) -> None:
        set_to(role, 1, 2)
        take_held_place(role.pk, 2)
        assert counts(role) == (3, 0)
        take_held_place(role.pk)
        assert counts(role) == (3, 0)

    @pytest.mark.parametrize(("held", "count", "left"), [(2, 2, 0), (2, 1, 1), (1, 2, 1), (0, 1, 0)])
    def test_kept_are_given_back_as_many_as_there_are(
        self, role: Role, held: int, count: int, left: int
    ) -> None:
        set_to(role, 1, held)
        give_back_held_places(role.pk, count)
        assert counts(role) == (1, left)

    @pytest.mark.parametrize(("taken", "count", "left"), [(2, 2, 0), (2, 1, 1), (1, 2, 1), (0, 1, 0)])
    def test_taken_are_given_back_as_many_as_there_are(
        self, role: Role, taken: int, count: int, left: int
    ) -> None:
        set_to(role, taken, 1)
        give_back_place(role.pk, count)
        assert counts(role) == (left, 1)

    def test_several_tasks_are_kept_at_once_each_its_number(self) -> None:
        one, two, three = (role_of(make_opportunity(places=4)) for _number in range(3))
        hold_places({one.pk: 1, two.pk: 2, three.pk: 1})
        assert [counts(each) for each in (one, two, three)] == [(0, 1), (0, 2), (0, 1)]

    def test_free_are_those_of_public_tasks(self, role: Role) -> None:
        set_to(role, 1, 2)
        states = ("draft", "in_review", "paused", "closed", "published")
        hidden = [role_of(make_opportunity(status=status)) for status in states]
        Provider.objects.filter(pk=hidden[-1].opportunity.provider_id).update(is_verified=False)
        assert free_places_locked([role.pk, *(each.pk for each in hidden), 0]) == {role.pk: 1}
        assert [take_place(each.pk) for each in hidden] == [False] * 5
        assert [hold_more_places(each.pk, 1) for each in hidden] == [False] * 5
        assert lock_unheld_roles([role.pk, hidden[0].pk, 0]) == {role.pk, hidden[0].pk}


class TestSeats:
    @pytest.fixture
    def shift(self, now: datetime) -> Shift:
        return make_shift(make_opportunity(places=3), now + timedelta(days=1), minutes=60)

    def test_are_taken_by_all_of_a_group_or_none(self, shift: Shift) -> None:
        role = role_of(shift.opportunity)
        assert [take_seat(shift.pk, role.pk, count) for count in (4, 2, 2, 1, 1)] == [
            *(False, True, False, True, False),
        ]
        assert seats_of(shift.pk).places_taken == 3
        assert seats_of(shift.pk).is_full
        give_back_seat(shift.pk, role.pk, 2)
        give_back_seat(shift.pk, role.pk, 2)
        assert (seats_of(shift.pk).places_taken, seats_of(shift.pk).is_full) == (1, False)
        give_back_seat(shift.pk, role.pk)
        give_back_seat(shift.pk, role.pk)
        assert seats_of(shift.pk).places_taken == 0

    def test_of_another_role_or_date_stay_as_they_are(self, shift: Shift, now: datetime) -> None:
        role, other = role_of(shift.opportunity), make_shift(shift.opportunity, now + timedelta(days=2))
        Role.objects.filter(pk=role.pk).update(name="Vorlesen")
        second = make_role(shift.opportunity, "Aufbauen", places=2)
        assert take_seat(shift.pk, second.pk, 2)
        taken = {(each.shift_id, each.role_id): each.places_taken for each in ShiftRole.objects.all()}
        assert taken == {
            (shift.pk, role.pk): 0,
            (shift.pk, second.pk): 2,
            (other.pk, role.pk): 0,
            (other.pk, second.pk): 0,
        }
        assert shift.places == 5

    def test_are_held_in_the_order_of_their_dates_and_taken_then(self, shift: Shift, now: datetime) -> None:
        later = make_shift(shift.opportunity, now + timedelta(days=2))
        first, second = seats_of(shift.pk), seats_of(later.pk)
        ShiftRole.objects.filter(pk=second.pk).update(places_taken=1)
        assert [each.pk for each in lock_seats(ShiftRole.objects.order_by("-pk"))] == [first.pk, second.pk]
        assert free_seats([second.pk, first.pk]) == {first.pk: 3, second.pk: 2}
        take_held_seats({first.pk: 3, second.pk: 1})
        assert free_seats([first.pk, second.pk]) == {first.pk: 0, second.pk: 1}
        take_held_seats({})

    @pytest.mark.parametrize(
        ("places", "taken", "seats"), [(5, 0, 5), (2, 0, 2), (2, 3, 3), (0, 1, 1), (0, 0, 0)]
    )
    def test_follow_the_places_of_the_role_but_never_below_who_comes(
        self, shift: Shift, now: datetime, places: int, taken: int, seats: int
    ) -> None:
        ShiftRole.objects.update(places_taken=taken)
        Role.objects.update(places=places)
        follow_places(shift.opportunity, now)
        assert seats_of(shift.pk).places == seats

    @pytest.mark.parametrize(("minutes", "is_over"), [(-60, True), (-59, False)])
    def test_of_a_date_that_is_over_stay(self, now: datetime, minutes: int, is_over: bool) -> None:
        shift = make_shift(make_opportunity(places=3), now + timedelta(minutes=minutes), minutes=60)
        Role.objects.update(places=7)
        follow_places(shift.opportunity, now)
        assert seats_of(shift.pk).places == (3 if is_over else 7)
        ShiftRole.objects.all().delete()
        make_seats([shift.opportunity_id], now)
        assert ShiftRole.objects.count() == (0 if is_over else 1)

    def test_of_other_tasks_are_left_alone(self, shift: Shift, now: datetime) -> None:
        other = make_shift(make_opportunity(places=3), now + timedelta(days=1))
        Role.objects.update(places=7)
        follow_places(Opportunity.objects.get(pk=shift.opportunity_id), now)
        assert (seats_of(shift.pk).places, seats_of(other.pk).places) == (7, 3)
        make_seats([], now)
