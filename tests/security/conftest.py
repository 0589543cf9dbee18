"""What the tests of this folder share."""

import pytest

from foundation.clock import utc_now
from tests.access.scene import Scene, make_scene


@pytest.fixture
def scene(db: None) -> Scene:
    """One row of everything."""
    return make_scene(utc_now())
