"""Who loses a role while a page is open does nothing with its button any more."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.clock import local_day, utc_now
from programs.models import Membership, Notice, Opportunity, Provider
from programs.services.publishing import mark_of_task
from tests.factories import make_notice, make_opportunity, make_provider, make_user, make_youth_office
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import Clearance, Placement

pytestmark = pytest.mark.django_db
OFFICER, COORDINATOR = Membership.Role.SAFEGUARDING_OFFICER, Membership.Role.COORDINATOR
Act = tuple[Membership.Role, Provider, str, str, dict[str, Any], Callable[[], Any]]
"""Role, house, page, the button's address, what it sends, and what it would change."""


@pytest.fixture
def today() -> datetime:
    return utc_now()


@pytest.fixture
def office() -> Provider:
    return make_youth_office()


@pytest.fixture
def waiting(today: datetime) -> Placement:
    return make_placement(make_pledge(today), make_opportunity("Vorlesen"), today, "awaiting_clearance")


def _inspection(waiting: Placement) -> Act:
    page = reverse("coordination_clearance", args=[waiting.pk])
    said = {"certificate_on": local_day(utc_now()).isoformat()}
    return OFFICER, waiting.opportunity.provider, page, page, said, Clearance.objects.count


def _refusal(waiting: Placement) -> Act:
    page = reverse("coordination_clearance", args=[waiting.pk])
    there = reverse("coordination_clearance_refuse", args=[waiting.pk])
    return OFFICER, waiting.opportunity.provider, page, there, {"ask_no_more": "on"}, _status_of(waiting)


def _status_of(row: Placement | Opportunity | Notice) -> Callable[[], str]:
    return lambda: type(row).objects.values_list("status", flat=True).get(pk=row.pk)


def _release() -> Act:
    task = make_opportunity("Malen", status="in_review")
    page = reverse("coordination_opportunity", args=[task.pk])
    said = {"text_read": mark_of_task(task), "hints_read": "on"}
    return COORDINATOR, task.provider, page, f"{page}freigeben/", said, _status_of(task)


def _takedown(office: Provider) -> Act:
    task = make_opportunity("Kochen")
    page = reverse("coordination_takedown", args=["task", task.pk])
    return OFFICER, office, page, page, {}, lambda: Opportunity.objects.get(pk=task.pk).title


def _stop(office: Provider) -> Act:
    house = make_provider("Haus am Markt")
    page = reverse("coordination_provider_stop", args=[house.pk])
    verified = lambda: Provider.objects.get(pk=house.pk).is_verified  # noqa: E731
    return COORDINATOR, office, page, page, {"reasons": "Das Schutzkonzept fehlt."}, verified


def _decision(office: Provider) -> Act:
    found = make_notice("task", make_opportunity("Singen").pk, utc_now())
    page = reverse("coordination_notice", args=[found.pk])
    said = {"outcome": "taken_out", "reasons": "Der Text nennt ein Kind."}
    return COORDINATOR, office, page, page, said, _status_of(found)


@pytest.mark.parametrize("lost", ["the role", "the account"])
@pytest.mark.parametrize("what", ["inspection", "refusal", "release", "takedown", "stop", "decision"])
def test_a_button_pressed_without_the_role_changes_nothing(
    what: str, lost: str, waiting: Placement, office: Provider
) -> None:
    acts: dict[str, Callable[[], Act]] = {
        "inspection": lambda: _inspection(waiting),
        "refusal": lambda: _refusal(waiting),
        "release": _release,
        "takedown": lambda: _takedown(office),
        "stop": lambda: _stop(office),
        "decision": lambda: _decision(office),
    }
    role, house, page, button, said, state = acts[what]()
    person, other = make_user(role, house), make_user(role, house)
    client = Client()
    client.force_login(person)
    assert client.get(page).status_code == 200
    before = state()
    if lost == "the role":
        Membership.objects.filter(user=person).delete()
    else:
        User.objects.filter(pk=person.pk).update(is_active=False)
    answer = client.post(button, said)
    expected = 403 if lost == "the role" else 302
    assert (answer.status_code, state()) == (expected, before)
    assert lost == "the role" or "/konto/login/" in answer["Location"]
    client.force_login(other)
    assert client.post(button, said).status_code in (302, 303)
    assert state() != before
