"""Before a task changes, everybody whom the change may concern is held, and nobody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connections, transaction

from programs.models import Opportunity
from programs.signals import need_changing
from tests.factories import make_opportunity, make_shift, role_of
from tests.volunteers.pledging import make_placement, make_pledge, make_sent_offer
from volunteers.models import Assignment, Offer
from volunteers.services.persons import lock_unheld_people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def task(now: datetime) -> Opportunity:
    return make_opportunity("Vorlesen", places=9, clearance_required=False)


def people_around(task: Opportunity, now: datetime) -> dict[int, str]:
    """Return, by key, people who have to do with the task each in one way, with that way."""
    other = make_opportunity("Malen", places=9, clearance_required=False)
    concerned = ("placed", "asked", "stands in")
    others = ("was placed", "said no", "gave the date back", "asked elsewhere", "stands in elsewhere")
    pledges = {
        way: make_pledge(now, email=f"{number}@example.org") for number, way in enumerate(concerned + others)
    }
    for way, status in (("placed", "active"), ("was placed", "ended")):
        make_placement(pledges[way], task, now, status, from_on=now.date())
    for way, asking in (("asked", task), ("said no", task), ("asked elsewhere", other)):
        make_sent_offer(pledges[way], asking, now)
    Offer.objects.filter(pledge=pledges["said no"]).update(status="declined", answered_at=now)
    date, elsewhere = (make_shift(each, now + timedelta(days=1)) for each in (task, other))
    for way, shift, status in (
        ("stands in", date, "confirmed"),
        ("gave the date back", date, "cancelled"),
        ("stands in elsewhere", elsewhere, "confirmed"),
    ):
        Assignment.objects.create(
            shift=shift,
            role=role_of(shift.opportunity),
            volunteer=pledges[way].volunteer,
            status=status,
            status_changed_at=now,
        )
    return {pledge.volunteer_id: way for way, pledge in pledges.items()}


def held_by_others(keys: list[int]) -> set[int]:
    """Return who of these is locked, as another connection sees it."""
    try:
        with transaction.atomic():
            return {*keys} - {*lock_unheld_people(keys)}
    finally:
        connections.close_all()


def test_who_is_placed_or_asked_or_stands_in_is_held(task: Opportunity, now: datetime) -> None:
    ways = people_around(task, now)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        need_changing.send(sender=Opportunity, opportunity_ids=[task.pk])
        held = pool.submit(held_by_others, list(ways)).result(timeout=60)
    assert {ways[key] for key in held} == {"placed", "asked", "stands in"}
