"""One row of everything that can wait: a deputy sees of it what an owner does, or nothing."""

import pytest

from foundation.clock import local_day, utc_now
from programs.models import Absence, Membership, Provider
from tests.access.people import Who
from tests.access.scene import Scene
from tests.factories import make_user
from tests.today.reading import numbers

pytestmark = pytest.mark.django_db
Role = Membership.Role


def house_of(scene: Scene, *, at_office: bool) -> Provider:
    if not at_office:
        return scene.provider
    return Membership.objects.get(user=scene.people[Who.YOUTH_OFFICE]).provider


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SAFEGUARDING_OFFICER, Role.TREASURER])
@pytest.mark.parametrize("at_office", [False, True])
def test_of_everything_there_is_a_deputy_sees_what_its_owner_does_or_nothing(
    scene: Scene, role: Role, at_office: bool
) -> None:
    house, today = house_of(scene, at_office=at_office), local_day(utc_now())
    owner, deputy = make_user(role, house), make_user(role, house)
    Membership.objects.filter(user=deputy).update(is_deputy=True)
    work = numbers(owner)
    assert numbers(deputy) == {}
    for membership in Membership.objects.filter(role=role, provider=house, is_deputy=False):
        Absence.objects.create(user=membership.user, from_on=today, until_on=today)
    assert numbers(deputy) == work
    assert bool(work) == ((role, at_office) != (Role.TREASURER, True))
