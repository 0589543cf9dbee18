"""Methods that nothing here has, TRACE among them, are refused at every address."""

from itertools import cycle

import pytest

from foundation.middleware import METHODS
from tests.access.doors import doors_for
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.walks import address_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", [Who.ANONYMOUS, Who.YOUTH_OFFICE, Who.OPERATOR])
def test_a_method_nobody_uses_is_refused_everywhere(scene: Scene, who: Who) -> None:
    """Each address by one of them in turn: they are refused before anybody knows whose address it is."""
    client = scene.client(who)
    for name, method in zip(doors_for(who), cycle(("TRACE", "CONNECT", "PROPFIND", "GETT")), strict=False):
        answer = client.generic(method, address_of(name, scene, who))
        assert (answer.status_code, answer["Allow"]) == (405, ", ".join(METHODS)), (name, method)
