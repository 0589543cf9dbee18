"""Methods that nothing here has, TRACE among them, are refused at every address."""

import pytest

from foundation.middleware import METHODS
from tests.access.doors import doors_for
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.walks import address_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", [Who.ANONYMOUS, Who.YOUTH_OFFICE, Who.OPERATOR])
def test_a_method_nobody_uses_is_refused_everywhere(scene: Scene, who: Who) -> None:
    client = scene.client(who)
    for name in doors_for(who):
        for method in ("TRACE", "CONNECT", "PROPFIND", "GETT"):
            answer = client.generic(method, address_of(name, scene, who))
            assert (answer.status_code, answer["Allow"]) == (405, ", ".join(METHODS)), (name, method)
