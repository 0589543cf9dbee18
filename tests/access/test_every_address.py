"""Every address of the platform as every kind of visitor, by GET and by POST."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.doors import DOORS, ON_RECORD, doors_for
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.walks import Seen, address_of
from tests.access.writes import recorded_writes
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
