"""A search for a stand-in shows on "Meine Seite" of whoever is asked, and in "Heute"."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.clock import local_day, utc_now
from foundation.sweeps import run
from foundation.times_of_week import WeeklyTime
from programs.models import Membership, Shift
from programs.services.shifts import follow_series
from tests.factories import make_opportunity, make_provider, make_user, make_youth_office
from tests.today.reading import check, page
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import StandInQuestion, StandInSearch, TimePledge
from volunteers.services.absences import skip_date
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.stand_in_answers import decline_stand_in

pytestmark = pytest.mark.django_db
HEADING = "Wir haben eine Frage an Sie"


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def search(now: datetime) -> StandInSearch:
    """Anna stays away from the date in three days; Berta is asked to stand in for her."""
    day = local_day(now) + timedelta(days=3)
    task = make_opportunity(
        "Vorlesen",
        provider=make_provider("Lesefreunde"),
        slots=[(day.weekday(), 600, 660)],
        starts_on=day,
        clearance_required=False,
    )
    follow_series(task, now=now)
    anna = make_pledge(now, email="anna@example.org", first_name="Anna")
    placement = make_placement(anna, task, now, "active", from_on=day)
    TimePledge.objects.filter(pk=anna.pk).update(status="placed")
    assign_coming_shifts(now, placement=placement)
    make_pledge(
        now, email="berta@example.org", first_name="Berta", times=[WeeklyTime(day.weekday(), 0, 1440)]
    )
    assert skip_date(placement.assignments.earliest("shift__starts_at"), now=now)
    assert run("volunteers.find_stand_ins", now + timedelta(minutes=1)) == 1
    return StandInSearch.objects.get()


def my_page(client: Client, name: str) -> str:
    pledge = TimePledge.objects.select_related("volunteer__mailbox").get(volunteer__first_name=name)
    address = reverse("my_page", args=[my_page_token(pledge.volunteer.mailbox, utc_now())])
    return client.get(address).content.decode()


class TestMyPage:
    def test_asks_whoever_is_asked_and_leads_to_the_answer(
        self, client: Client, search: StandInSearch
    ) -> None:
        shown = my_page(client, "Berta")
        assert HEADING in shown
        assert "Ersatz für einen Tag gesucht" in shown
        assert "10–11 Uhr" in shown.replace("\u00a0", " ")
        assert HEADING not in my_page(client, "Anna")
        [address] = re.findall(r'href="[^"]*8000([^"]*)">Vorlesen</a>', shown)
        assert "Ja, ich springe ein" in client.get(address).content.decode()
        client.post(address, {"answer": "accept"})
        assert StandInQuestion.objects.get().status == "accepted"
        assert HEADING not in my_page(client, "Berta")

    @pytest.mark.parametrize("why", ["answered", "too late", "found", "cancelled", "begun"])
    def test_asks_nothing_that_helps_nobody_any_more(
        self, client: Client, search: StandInSearch, now: datetime, why: str
    ) -> None:
        question = StandInQuestion.objects.get()
        if why == "answered":
            decline_stand_in(question, now=now)
        elif why == "too late":
            StandInQuestion.objects.update(expires_at=now - timedelta(seconds=1))
        elif why == "found":
            StandInSearch.objects.update(status="found")
        elif why == "cancelled":
            Shift.objects.update(is_cancelled=True)
        else:
            Shift.objects.filter(pk=search.absent.shift_id).update(starts_at=now - timedelta(minutes=1))
        assert HEADING not in my_page(client, "Berta")


class TestToday:
    def test_shows_own_searches_and_how_they_stand_and_never_who_was_asked(
        self, search: StandInSearch, now: datetime
    ) -> None:
        own = search.absent.shift.opportunity.provider
        people = {
            role: make_user(role, own) for role in (Membership.Role.COORDINATOR, Membership.Role.TREASURER)
        }
        stranger = make_user(Membership.Role.COORDINATOR, make_provider("Fremd"))
        make_youth_office()
        coordinator = people[Membership.Role.COORDINATOR]
        check(coordinator, "ersatz", [search.pk])
        check(stranger, "ersatz", [])
        assert "Ersatz gesucht" not in page(people[Membership.Role.TREASURER])
        shown = page(coordinator, "/koordination/?art=ersatz")
        assert "1 Mensch gefragt, 1 noch ohne Antwort" in shown
        assert "Berta" not in shown
        decline_stand_in(StandInQuestion.objects.get(), now=now)
        assert "1 Mensch gefragt, 0 noch ohne Antwort" in page(coordinator, "/koordination/?art=ersatz")
        StandInSearch.objects.update(status="exhausted")
        assert "niemand gefunden, niemand mehr zu fragen" in page(coordinator, "/koordination/?art=ersatz")

    @pytest.mark.parametrize("status", ["found", "ended"])
    def test_lets_go_what_is_over(self, search: StandInSearch, status: str) -> None:
        coordinator = make_user(Membership.Role.COORDINATOR, search.absent.shift.opportunity.provider)
        StandInSearch.objects.update(status=status)
        check(coordinator, "ersatz", [])
