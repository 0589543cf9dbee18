"""The administration: to read, with services behind its actions."""

from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from foundation.clock import utc_now
from programs.models import Opportunity
from tests.factories import make_opportunity, make_shift, make_user, occupied
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import Assignment, HoursEntry, MatchRun, Offer, Placement
from volunteers.services.match_runs import run_matching

pytestmark = pytest.mark.django_db

NAMES = ["volunteer", "timepledge", "matchrun", "offer", "placement", "assignment", "hoursentry"]


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(make_user(is_superuser=True, is_staff=True))
    return client


def address(name: str) -> str:
    return reverse(f"admin:volunteers_{name}_changelist")


def make_rows(now: datetime) -> tuple[Offer, Placement]:
    opportunity = make_opportunity(clearance_required=False, places=5)
    pledge = make_pledge(now)
    run_matching(now)
    offer = Offer.objects.get()
    other = make_pledge(now, email="andere@example.org")
    placement = make_placement(other, opportunity, now, Placement.Status.AWAITING_CONFIRMATION)
    assignment = Assignment.objects.create(
        placement=placement, shift=make_shift(opportunity, now), status_changed_at=now
    )
    HoursEntry.objects.create(
        placement=placement,
        assignment=assignment,
        worked_on=date(2026, 3, 2),
        minutes=90,
        created_at=now,
    )
    assert pledge.offers.get() == offer
    return offer, placement


@pytest.mark.parametrize("name", NAMES)
def test_rows_can_be_read_and_not_written(name: str, operator: Client) -> None:
    make_rows(utc_now())
    assert operator.get(address(name)).status_code == 200
    assert operator.get(address(name) + "add/").status_code == 403


def test_run_shows_what_was_reached(operator: Client, now: datetime) -> None:
    MatchRun.objects.create(started_at=now, score=999, bound=1000)
    assert "99,900 %" in operator.get(address("matchrun")).content.decode()


def test_withdrawing_goes_through_the_service(operator: Client) -> None:
    offer, _placement = make_rows(utc_now())
    answers = {"action": "withdraw", "_selected_action": [offer.pk]}
    operator.post(address("offer"), answers)
    offer.refresh_from_db()
    assert offer.status == "withdrawn"
    assert occupied(Opportunity.objects.get()) == 1


def test_confirming_and_stopping_go_through_the_services(operator: Client) -> None:
    _offer, placement = make_rows(utc_now())
    operator.post(address("placement"), {"action": "confirm", "_selected_action": [placement.pk]})
    placement.refresh_from_db()
    assert placement.status == "active"
    operator.post(address("placement"), {"action": "stop", "_selected_action": [placement.pk]})
    placement.refresh_from_db()
    assert placement.status == "ended"
