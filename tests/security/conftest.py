"""What the tests of this folder share: one row of everything, made once for a module."""

from tests.access.fixtures import scene, scene_of_module
from tests.roles import as_it_runs, made, parted

__all__ = ["as_it_runs", "made", "parted", "scene", "scene_of_module"]
