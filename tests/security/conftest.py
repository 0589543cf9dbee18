"""What the tests of this folder share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from foundation.clock import utc_now
from tests.access.scene import Scene, make_scene


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """The sign-in library counts in the memory of the process."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def scene(db: None) -> Scene:
    """One row of everything."""
    return make_scene(utc_now())
