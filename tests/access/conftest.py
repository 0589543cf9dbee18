"""One scene for all tests of a module, and one walk of every visitor for all tests of a run."""

from collections.abc import Callable

import pytest

from tests.access.fixtures import scene, scene_of_module
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.walks import Seen, walk

__all__ = ["scene", "scene_of_module"]
Walks = dict[Who, dict[str, Seen]]


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
