"""How many places are taken is told in heads, and only as far as enough contacts stand behind it."""

from datetime import datetime, timedelta

import pytest

from figures.selectors import published, sheets
from programs.models import Opportunity
from tests.factories import make_district, make_opportunity, make_provider
from tests.figures.nights import let_a_night_pass
from tests.volunteers.pledging import make_placement, make_pledge, take_places
from volunteers.models import Placement
from volunteers.services.placement_endings import leave_placement

pytestmark = pytest.mark.django_db


def told(task: Opportunity) -> tuple[int, int] | None:
    return published.places().get(task.district_id)


@pytest.mark.parametrize(
    ("groups", "taken"),
    [
        ([(1, 5)], 0),  # one group of five is one contact
        ([(4, 20)], 0),
        ([(4, 1)], 0),
        ([(5, 1)], 5),
        ([(1, 8), (4, 1)], 10),  # twelve heads of five contacts
        ([(5, 1), (1, 8)], 5),  # the sixth contact is told with the tenth
        ([(5, 1), (4, 8)], 5),
        ([(5, 1), (5, 8)], 45),
    ],
)
def test_a_group_is_one_contact_and_all_its_heads(
    groups: list[tuple[int, int]], taken: int, now: datetime
) -> None:
    task = make_opportunity(district=make_district("Nord"), places=90, clearance_required=False)
    for days, (contacts, heads) in enumerate(groups):
        take_places(task, contacts, now + timedelta(days=days), heads=heads)
    let_a_night_pass(now + timedelta(days=9))
    assert told(task) == (90, taken)
    exact = sum(contacts * heads for contacts, heads in groups)
    staff = sheets.staff_sheet("alle", provider_id=task.provider_id, field="")
    assert staff.places == {task.district_id: (90, exact)}


def test_one_person_with_places_of_five_tasks_is_one_contact(now: datetime) -> None:
    north, provider = make_district("Nord"), make_provider()
    pledge = make_pledge(now)
    for number in range(5):
        task = make_opportunity(
            f"Aufgabe {number}", district=north, provider=provider, places=2, clearance_required=False
        )
        make_placement(pledge, task, now, "active", from_on=now.date())
    let_a_night_pass(now)
    assert told(task) == (10, 0)


def test_who_is_gone_and_what_is_not_public_has_no_taken_places(now: datetime) -> None:
    north = make_district("Nord")
    task = make_opportunity("Eins", district=north, places=9, clearance_required=False)
    hidden = make_opportunity("Zwei", district=north, places=9, clearance_required=False)
    take_places(task, 5, now)
    take_places(hidden, 5, now)
    Opportunity.objects.filter(pk=hidden.pk).update(status="paused")
    let_a_night_pass(now)
    assert told(task) == (9, 5)
    gone = Placement.objects.filter(opportunity=task).first()
    assert gone is not None
    assert leave_placement(gone, now=now)
    let_a_night_pass(now + timedelta(days=1))
    assert told(task) == (9, 0)
