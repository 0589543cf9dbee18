"""What the tests of this folder share: one row of everything, made once for a module."""

from tests.access.fixtures import scene, scene_of_module

__all__ = ["scene", "scene_of_module"]
