"""Whose daily work a house is on a day: who is away, who stands in, whose house is left alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from foundation.sweeps import run
from programs.access import houses_of
from programs.models import Absence, Membership, Provider
from programs.selectors.duty import coming_absences, is_away, left_alone, looked_after_by_others, who_covers
from programs.services.absences import enter_absence
from tests.factories import make_provider, make_user, make_youth_office

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
COORDINATOR, TREASURER = Membership.Role.COORDINATOR, Membership.Role.TREASURER


@pytest.fixture
def house() -> Provider:
    return make_provider("Haus der Familie")


def person(
    house: Provider, name: str = "", role: Membership.Role = COORDINATOR, *, deputy: bool = False
) -> User:
    user = make_user(role, house, name=name)
    Membership.objects.filter(user=user).update(is_deputy=deputy)
    return user


def away(user: User, first: int = 0, last: int = 0) -> Absence:
    return enter_absence(user, TODAY + first * DAY, TODAY + last * DAY)


@pytest.mark.parametrize(
    ("first", "last", "is_gone", "is_coming"),
    [
        (0, 0, True, True),
        (-1, 1, True, True),
        (-5, 0, True, True),
        (0, 5, True, True),
        (-5, -1, False, False),
        (1, 5, False, True),
    ],
)
def test_both_days_count(house: Provider, first: int, last: int, is_gone: bool, is_coming: bool) -> None:
    user = person(house)
    noted = away(user, first, last)
    assert is_away(user, TODAY) is is_gone
    assert list(coming_absences(user, TODAY)) == ([noted] if is_coming else [])
    assert not is_away(person(house), TODAY)


def test_the_same_days_are_noted_once_and_forgotten_a_month_later(house: Provider) -> None:
    user, other = person(house), person(house)
    assert away(user, -40, -30) == away(user, -40, -30)
    away(user, -40, -31), away(other, -40, -31)
    away(other, 1, 2)
    assert run("programs.purge_absences", datetime(2026, 3, 2, 9, tzinfo=UTC)) == 2
    kept = Absence.objects.values_list("user", "until_on")
    assert set(kept) == {(user.pk, TODAY - 30 * DAY), (other.pk, TODAY + 2 * DAY)}
    # 23:30 UTC is the next day in Düren.
    assert run("programs.purge_absences", datetime(2026, 3, 2, 23, 30, tzinfo=UTC)) == 1
    assert Absence.objects.get().user == other


class TestADeputy:
    def test_is_one_while_somebody_who_owns_the_work_is_there(self, house: Provider) -> None:
        owner, deputy = person(house), person(house, deputy=True)
        assert list(looked_after_by_others(deputy, COORDINATOR, TODAY)) == [house]
        assert list(looked_after_by_others(owner, COORDINATOR, TODAY)) == []
        assert list(looked_after_by_others(deputy, TREASURER, TODAY)) == []
        away(owner)
        assert list(looked_after_by_others(deputy, COORDINATOR, TODAY)) == []
        assert list(looked_after_by_others(deputy, COORDINATOR, TODAY + DAY)) == [house]

    def test_is_none_where_the_owner_has_no_access_or_another_role(self, house: Provider) -> None:
        owner, deputy = person(house), person(house, deputy=True)
        person(house, role=TREASURER)
        User.objects.filter(pk=owner.pk).update(is_active=False)
        assert list(looked_after_by_others(deputy, COORDINATOR, TODAY)) == []

    def test_of_one_house_may_own_another(self, house: Provider) -> None:
        deputy, own = person(house, deputy=True), make_provider()
        person(house)
        Membership.objects.create(user=deputy, provider=own, role=COORDINATOR)
        assert list(looked_after_by_others(deputy, COORDINATOR, TODAY)) == [house]


def test_a_house_is_left_alone_once_all_of_it_are_away(house: Provider) -> None:
    owner, deputy = person(house), person(house, deputy=True)
    person(house, role=TREASURER)
    make_provider("Ohne Menschen")
    away(owner)
    assert list(left_alone(COORDINATOR, TODAY)) == []
    away(deputy, -3, 0)
    assert list(left_alone(COORDINATOR, TODAY)) == [house]
    assert list(left_alone(COORDINATOR, TODAY + DAY)) == []
    assert list(left_alone(TREASURER, TODAY)) == []
    # Nobody is away from a house where nobody has access.
    User.objects.update(is_active=False)
    assert list(left_alone(COORDINATOR, TODAY)) == []


def test_who_is_there_in_the_same_role_covers(house: Provider) -> None:
    me, bea, ali = person(house, "Ich"), person(house, "Bea"), person(house, "Ali", deputy=True)
    person(house, "Kasse", TREASURER)
    person(make_provider(), "Fremd")
    User.objects.filter(pk=person(house, "Weg").pk).update(is_active=False)
    other = make_provider()
    for each in (me, bea):
        Membership.objects.create(user=each, provider=other, role=TREASURER)
    assert who_covers(me, TODAY) == [ali, bea]
    away(ali)
    assert who_covers(me, TODAY) == [bea]
    assert who_covers(bea, TODAY) == [me]


def test_the_youth_office_looks_after_houses_where_nobody_coordinates(house: Provider) -> None:
    office = make_youth_office()
    officer, owner = person(office), person(house)
    person(make_provider("Nur Kasse"), role=TREASURER)
    names = {each.name for each in houses_of(officer)}
    assert names == {office.name, "Nur Kasse"}
    assert list(houses_of(owner)) == [house]
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert {each.name for each in houses_of(officer)} == {*names, house.name}
    assert list(houses_of(AnonymousUser())) == []
