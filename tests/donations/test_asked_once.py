# ruff: noqa: F811 - fixtures are imported
"""What becomes of a gift is asked of a second person once, in the single forms as in those for several."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse

from donations.models import Proposal
from donations.services.treasury.proposals import decline
from tests.donations.money_scene import (  # noqa: F401
    PLACE,
    Scene,
    scene,
    scene_of_module,
    signed_in,
    told_by,
)

pytestmark = pytest.mark.django_db
ANSWERS: dict[str, Any] = {
    "erstatten": {"amount": "1", "reason": "Widerruf"},
    "umwidmen": {"reason": "Brief vom 3. März"},
}
WAITS = "Darüber wartet schon ein Vorschlag auf eine zweite Person."


def propose(scene: Scene, what: str) -> HttpResponse:
    said = {**ANSWERS[what], "to_fund": scene.second.pk}
    return signed_in(scene.one).post(f"{PLACE}{scene.gift.pk}/{what}/", said)


def waiting(scene: Scene) -> list[str]:
    return list(scene.gift.proposals.filter(status="proposed").values_list("kind", flat=True))


@pytest.mark.parametrize("second", ANSWERS)
@pytest.mark.parametrize(("first", "kind"), [("erstatten", "refund"), ("umwidmen", "reallocation")])
def test_as_long_as_one_waits_nothing_else_is_proposed(
    scene: Scene, first: str, kind: str, second: str
) -> None:
    assert propose(scene, first).status_code == 303
    refused = propose(scene, second)
    assert (refused.status_code, waiting(scene)) == (422, [kind])
    assert refused.context["form"].non_field_errors() == [WAITS]
    decline(scene.gift.proposals.get().pk, by=scene.other, now=datetime(2026, 3, 9, 10, tzinfo=UTC))
    assert propose(scene, second).status_code == 303


def test_a_decline_is_not_taken_back_when_something_else_waits(scene: Scene) -> None:
    propose(scene, "erstatten")
    first = scene.gift.proposals.get()
    decide = f"{PLACE}vorschlag/{first.pk}/"
    client = signed_in(scene.other)
    assert told_by(client.post(decide, {"entscheidung": "ablehnen"})) == "Abgelehnt. Es wurde nichts gebucht."
    propose(scene, "umwidmen")
    told = told_by(client.post(decide, {"entscheidung": "doch-nicht-ablehnen"}))
    assert (told, waiting(scene)) == ("Das lässt sich nicht mehr zurücknehmen.", ["reallocation"])
    signed_in(scene.one).post(
        f"{PLACE}vorschlag/{Proposal.objects.latest('pk').pk}/", {"entscheidung": "ablehnen"}
    )
    client.post(decide, {"entscheidung": "doch-nicht-ablehnen"})
    assert waiting(scene) == ["refund"]
