from tests.access.fixtures import scene, scene_of_module

__all__ = ["scene", "scene_of_module"]
