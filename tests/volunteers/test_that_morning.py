"""On the day of a date itself: what was lost that morning holds before any sweep has seen it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.test import Client
from django.urls import reverse

from foundation.clock import local_day, local_moment, utc_now
from foundation.sweeps import run
from programs.models import Opportunity, Shift
from programs.services.providers import stop_provider
from tests.factories import make_coordinator, make_opportunity, make_shift
from tests.volunteers.pledging import mails, make_placement, make_pledge, make_sent_offer
from volunteers.models import Assignment, Clearance, Placement, StandInQuestion, StandInSearch
from volunteers.services.absences import skip_date
from volunteers.services.links import offer_url, stand_in_url
from volunteers.services.reminders import remind_of_dates

pytestmark = pytest.mark.django_db
SITE, DAY = "http://127.0.0.1:8000", timedelta(days=1)
RESTS = "macht Pause bis zur Einsichtnahme"


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def shift(now: datetime) -> Shift:
    """At noon in two days; what is looked at on its day is looked at from today."""
    task = make_opportunity("Vorlesen", places=4, slots=[])
    return make_shift(task, local_moment(local_day(now) + 2 * DAY, 12 * 60))


def comes(shift: Shift, name: str, now: datetime, *, counts_days: int = 900) -> Assignment:
    """Let somebody come whose certificate counts so many days more, today included."""
    pledge = make_pledge(now, email=f"{name}@example.org", first_name=name.title())
    seen_on = local_day(now) + timedelta(days=counts_days) - relativedelta(years=5)
    task = shift.opportunity
    Clearance.objects.create(volunteer=pledge.volunteer, opportunity=task, certificate_on=local_day(now))
    placement = make_placement(pledge, task, now - 9 * DAY, "active", from_on=local_day(now) - 9 * DAY)
    made = Assignment.objects.create(placement=placement, shift=shift, status_changed_at=now - 9 * DAY)
    Clearance.objects.filter(volunteer=pledge.volunteer).update(certificate_on=seen_on)
    return made


def plan(task: Opportunity, shift: Shift) -> str:
    client = Client()
    client.force_login(make_coordinator(task.provider))
    said = {"tag": str(local_day(shift.starts_at))}
    return " ".join(client.get(reverse("coordination_roster"), said).content.decode().split())


def test_whose_certificate_counts_to_the_day_before_is_neither_expected_nor_reminded(
    shift: Shift, now: datetime
) -> None:
    comes(shift, "maria", now, counts_days=2)
    comes(shift, "ali", now, counts_days=3)
    page = plan(shift.opportunity, shift)
    assert (f"Maria ({RESTS})" in page, f"Ali ({RESTS})" in page) == (True, False)
    assert remind_of_dates(shift.starts_at - timedelta(hours=30)) == 1
    assert mails("shift_reminder").get().to_email == "ali@example.org"
    midnight = local_moment(local_day(shift.starts_at), 0)
    assert run("volunteers.follow_clearances", midnight - timedelta(minutes=1)) == 0
    assert run("volunteers.follow_clearances", midnight) == 1
    states = Placement.objects.order_by("pk").values_list("status", flat=True)
    assert list(states) == ["awaiting_clearance", "active"]


class TestAProviderStopped:
    """Whoever has begun goes on and is reminded; nobody new comes, and nobody is looked for."""

    @pytest.fixture
    def stopped(self, shift: Shift, now: datetime) -> dict[str, Any]:
        maria, ali = comes(shift, "maria", now), comes(shift, "ali", now)
        assert skip_date(ali, now=now)
        search = StandInSearch.objects.get()
        bea = make_pledge(now, email="bea@example.org", first_name="Bea")
        Clearance.objects.create(
            volunteer=bea.volunteer, opportunity=shift.opportunity, certificate_on=local_day(now)
        )
        question = StandInQuestion.objects.create(
            search=search,
            pledge=bea,
            status="sent",
            status_changed_at=now,
            expires_at=shift.starts_at,
            sent_at=now,
            asked_for=shift.starts_at,
        )
        offer = make_sent_offer(
            make_pledge(now, email="cem@example.org", first_name="Cem"), shift.opportunity, now
        )
        assert stop_provider(shift.opportunity.provider, reasons="Das Konzept fehlt.", now=now)
        return {"maria": maria, "question": question, "offer": offer}

    def test_nobody_new_comes_by_a_link_that_was_open(self, stopped: dict[str, Any], now: datetime) -> None:
        for address in (stand_in_url(stopped["question"], now), offer_url(stopped["offer"], now)):
            Client().post(address.removeprefix(SITE), {"answer": "accept"})
        assert Assignment.objects.filter(volunteer__first_name="Bea").count() == 0
        assert Placement.objects.filter(volunteer__first_name="Cem").count() == 0
        assert set(StandInSearch.objects.values_list("status", flat=True)) == {"ended"}

    def test_who_has_begun_is_reminded_and_where_they_cannot_come_nobody_is_looked_for(
        self, stopped: dict[str, Any], shift: Shift, now: datetime
    ) -> None:
        assert remind_of_dates(shift.starts_at - timedelta(hours=30)) == 1
        page = plan(shift.opportunity, shift)
        assert ("Maria" in page, f"Maria ({RESTS})" in page) == (True, False)
        assert skip_date(stopped["maria"], now=now)
        assert not StandInSearch.objects.exclude(status="ended").exists()
        assert run("volunteers.find_stand_ins", now + timedelta(minutes=5)) == 0
