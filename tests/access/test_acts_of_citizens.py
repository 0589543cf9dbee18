"""Every act on a personal page: what ends or withdraws something asks the mailbox where the link was old.

A new act needs an entry here: does it end something that cannot be taken up again, and if not, why.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from tests.access.doors import DOORS
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.walks import address_of
from tests.access.writes import recorded_writes
from tests.kept import taken_back
from volunteers.models import GuardianConsent, Placement

pytestmark = pytest.mark.django_db

ENDING = {
    "my_page_erase": "my_page_erase_step",
    "pledge_withdraw": "pledge_withdraw_step",
    "placement_leave": "placement_leave_step",
    "my_gifts_end": "my_gifts_end_step",
    "my_gifts_change": "my_gifts_change_step",
    "my_receipt_address": "my_receipt_address_step",
}
"""Act and the page of its mailed step. The last two end nothing, but what they change leaves the house."""

HELD_AT_ONCE = "guardian_withdraw"
"""Protects a child: the dates rest at once, the end waits for the mailbox."""

AN_HOUR_AT_MOST = "the mailed step itself"
AN_ANSWER = "answers what was asked, by the link of the question"
UNDONE_THERE = "is taken back on the same page"
PROTECTS = "only takes away what others see or may do"
SETTLES_AN_ADDRESS = "asked by both addresses, with a step of its own"

NO_STEP = {
    **dict.fromkeys(ENDING.values(), AN_HOUR_AT_MOST),
    "my_settings": UNDONE_THERE,
    "unsubscribe": UNDONE_THERE,
    "unsubscribe_undo": UNDONE_THERE,
    "my_links": PROTECTS,
    "my_page_ask": "has a link mailed to the mailbox",
    "my_address": SETTLES_AN_ADDRESS,
    "my_address_confirm": SETTLES_AN_ADDRESS,
    "my_address_stop": SETTLES_AN_ADDRESS,
    "my_person": UNDONE_THERE,
    "my_gifts_unnamed": PROTECTS,
    "monthly_mend": "pays what is owed, ends nothing",
    "pledge_confirm": AN_ANSWER,
    "pledge_confirm_again": AN_ANSWER,
    "offer_answer": AN_ANSWER,
    "stand_in_answer": AN_ANSWER,
    "placement_steps": AN_ANSWER,
    "commitment_sign": AN_ANSWER,
    "guardian": AN_ANSWER,
    "pledge_change": UNDONE_THERE,
    "pledge_pause": UNDONE_THERE,
    "pledge_resume": UNDONE_THERE,
    "pledge_absence": UNDONE_THERE,
    "pledge_absence_delete": UNDONE_THERE,
    "date_skip": UNDONE_THERE,
    "date_come": UNDONE_THERE,
    "placement_stay": "says that somebody is still there",
    "placement_heads": UNDONE_THERE,
}
OLD = timedelta(minutes=60)


def acts() -> set[str]:
    """Return the addresses at which whoever has a link, and nobody without, may do something."""
    return {
        name
        for name, door in DOORS.items()
        if door.post[Who.CITIZEN] not in (404, 405)
        and door.post[Who.ANONYMOUS] == door.post[Who.OPERATOR] == 404
    }


def test_every_act_says_whether_it_asks_the_mailbox() -> None:
    assert acts() == {*ENDING, HELD_AT_ONCE, *NO_STEP}


def test_the_decision_names_each_that_ends_something() -> None:
    decision = Path("docs/decisions/0014-one-citizen.md").read_text(encoding="utf-8")
    assert [name for name in (*ENDING, HELD_AT_ONCE) if f"`{name}`" not in decision] == []


@pytest.mark.parametrize("name", ENDING)
def test_by_an_older_link_it_does_no_more_than_ask_the_mailbox(name: str, scene: Scene) -> None:
    with taken_back(), recorded_writes() as writes:
        answer = Client().post(
            address_of(name, replace(scene, now=scene.now - OLD), Who.CITIZEN), DOORS[name].answers(scene)
        )
    assert (answer.status_code, answer["Location"]) == (303, "/meins/bestaetigen/")
    assert set(writes) == {"outbox_message"}


@pytest.mark.parametrize("name", ENDING)
def test_by_a_fresh_link_it_does_not_ask(name: str, scene: Scene) -> None:
    with taken_back(), recorded_writes() as writes:
        answer = Client().post(address_of(name, scene, Who.CITIZEN), DOORS[name].answers(scene))
    assert answer.get("Location") != "/meins/bestaetigen/"
    assert set(writes) != {"outbox_message"}


def test_a_consent_rests_by_an_older_link_and_ends_nothing(scene: Scene) -> None:
    GuardianConsent.objects.filter(pk=scene.consent.pk).update(
        given_at=scene.now, name="Eva Muster", declaration=scene.consent_text
    )
    older = replace(scene, now=scene.now - OLD)
    assert Client().post(address_of(HELD_AT_ONCE, older, Who.CITIZEN)).status_code == 303
    row = Placement.objects.get(pk=scene.consent.placement_id)
    assert (row.status, row.consents.get(withdrawn_at=None).waits) == ("awaiting_clearance", True)
