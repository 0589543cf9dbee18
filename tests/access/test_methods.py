"""Methods that nothing here has, TRACE among them, are refused at every address."""

from itertools import cycle

import pytest

from foundation.middleware import METHODS
from tests.access.doors import doors_for
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.walks import address_of

pytestmark = pytest.mark.django_db


WHO = (Who.ANONYMOUS, Who.YOUTH_OFFICE, Who.OPERATOR)


def test_a_method_nobody_uses_is_refused_everywhere(scene: Scene) -> None:
    """Each address by one visitor and one method in turn: refused before anybody asks who comes."""
    clients = {who: scene.client(who) for who in WHO}
    names = sorted({name for who in WHO for name in doors_for(who)})
    turns = zip(names, cycle(WHO), cycle(("TRACE", "CONNECT", "PROPFIND", "GETT")), strict=False)
    for name, who, method in turns:
        answer = clients[who].generic(method, address_of(name, scene, who))
        assert (answer.status_code, answer["Allow"]) == (405, ", ".join(METHODS)), (name, who, method)
