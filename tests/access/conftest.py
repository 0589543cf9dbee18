"""One scene for all tests of a module, and one walk of every visitor for all tests of a run."""

from collections.abc import Callable, Iterator
from copy import deepcopy

import pytest
from pytest_django import DjangoDbBlocker

from foundation.clock import utc_now
from tests.access.people import Who
from tests.access.scene import Scene, make_scene
from tests.access.walks import Seen, walk
from tests.kept import kept

Walks = dict[Who, dict[str, Seen]]


@pytest.fixture(scope="module")
def scene_of_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with kept(lambda: make_scene(utc_now()), django_db_blocker) as scene:
        yield scene


@pytest.fixture
def scene(db: None, scene_of_module: Scene) -> Scene:
    """One row of everything; the objects are the test's own, as the rows are."""
    return deepcopy(scene_of_module)


@pytest.fixture(scope="session")
def walks() -> Walks:
    return {}


@pytest.fixture
def seen(scene: Scene, walks: Walks) -> Callable[[Who], dict[str, Seen]]:
    """`seen(who)` tells what each address shows to `who`; everybody walks once."""

    def of(who: Who) -> dict[str, Seen]:
        if who not in walks:
            walks[who] = walk(who, scene)
        return walks[who]

    return of
