"""Every address of the platform as every kind of visitor, by GET and by POST."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from programs.models import Membership
from tests.access.doors import DOORS, ON_RECORD, Door, doors_for
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.walks import Seen, address_of
from tests.access.writes import recorded_writes
from tests.factories import make_user
from tests.kept import taken_back

pytestmark = pytest.mark.django_db


def named_addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[str | None]:
    """Yield the name of every address but the administration's, which has a test of its own."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name
        elif pattern.namespace != "admin":
            yield from named_addresses(pattern.url_patterns)


def test_every_address_has_a_name_and_says_who_may_come_in() -> None:
    assert set(named_addresses(get_resolver().url_patterns)) == set(DOORS)


@pytest.mark.parametrize("who", Who)
def test_opening_an_address_shows_it_to_the_right_people_and_changes_nothing(
    who: Who, seen: Callable[[Who], dict[str, Seen]]
) -> None:
    expected = {
        name: (door.get[who], ["foundation_event"] if who in ON_RECORD.get(name, ()) else [])
        for name, door in doors_for(who).items()
    }
    assert {name: (answer.status, answer.writes) for name, answer in seen(who).items()} == expected


@pytest.mark.parametrize("who", Who)
def test_sending_to_an_address_works_for_the_right_people_and_changes_nothing_for_others(
    who: Who, scene: Scene
) -> None:
    expected = {name: (door.post[who], who in door.changes) for name, door in doors_for(who).items()}
    client, found = scene.client(who), {}
    for name, door in doors_for(who).items():
        with taken_back(), recorded_writes() as writes:
            answer = client.post(address_of(name, scene, who), door.answers(scene))
            found[name] = (answer.status_code, bool(writes))
    assert found == expected


OF_ONE_ACCOUNT = {"list_view_drop"}
"""What belongs to who made it: for a deputy it is somebody else's."""


def test_a_deputy_gets_what_whoever_they_stand_in_for_gets(scene: Scene) -> None:
    """Tried where a coordinator gets anything else than somebody signed in without a role."""
    own = Membership.objects.get(user=scene.people[Who.COORDINATOR]).provider
    deputy, client = make_user(Membership.Role.COORDINATOR, own), Client()
    Membership.objects.filter(user=deputy).update(is_deputy=True)
    client.force_login(deputy)
    opened, sent = _staff_only(lambda door: door.get), _staff_only(lambda door: door.post)
    assert len(opened) > 40
    assert len(sent) > 40
    wrong = []
    for method, names in ((client.get, opened), (client.post, sent)):
        for name in names - OF_ONE_ACCOUNT:
            door, is_read = DOORS[name], method == client.get
            with taken_back(), recorded_writes() as writes:
                data = {} if is_read else door.answers(scene)
                answer = method(address_of(name, scene, Who.COORDINATOR), data)
            if is_read:
                expected = (door.get[Who.COORDINATOR], Who.COORDINATOR in ON_RECORD.get(name, ()))
            else:
                expected = (door.post[Who.COORDINATOR], Who.COORDINATOR in door.changes)
            if (answer.status_code, bool(writes)) != expected:
                wrong.append((method.__name__, name, answer.status_code, bool(writes), expected))
    assert wrong == []


def _staff_only(statuses: Callable[[Door], Mapping[Who, int]]) -> set[str]:
    return {
        name for name, door in DOORS.items() if statuses(door)[Who.COORDINATOR] != statuses(door)[Who.NO_ROLE]
    }
