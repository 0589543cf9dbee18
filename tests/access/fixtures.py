"""One scene for all tests of a module, for the folders that look at one row of everything."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from pytest_django import DjangoDbBlocker

from foundation.clock import utc_now
from tests.access.scene import Scene, make_scene
from tests.kept import kept


@pytest.fixture(scope="module")
def scene_of_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with kept(lambda: make_scene(utc_now()), django_db_blocker) as scene:
        yield scene


@pytest.fixture
def scene(db: None, scene_of_module: Scene) -> Scene:
    """One row of everything; the objects are the test's own, as the rows are."""
    return deepcopy(scene_of_module)
