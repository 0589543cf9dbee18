"""The page of a task tells those who run it who picked it and what is missing, by the matcher's own gates."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from foundation.clock import utc_now
from programs.models import Opportunity
from tests.factories import make_coordinator, make_opportunity, make_youth_office
from tests.volunteers.pledging import make_placement, make_pledge, make_sent_offer
from volunteers.models import TimePledge
from volunteers.services.withdrawals import withdraw_pledge

pytestmark = pytest.mark.django_db
HEADING = "Wünscht sich diese Aufgabe"


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def task() -> Opportunity:
    return make_opportunity("Lesecafé", languages=["tr"], places=2, clearance_required=False)


def page(user: User, task: Opportunity) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(reverse("coordination_opportunity", args=[task.pk]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def office() -> User:
    return make_coordinator(make_youth_office())


def test_names_who_wishes_it_and_what_is_missing_to_the_youth_office(
    task: Opportunity, office: User, now: datetime
) -> None:
    make_pledge(now, wanted=task)
    make_pledge(now, wanted=task, email="b@example.org", first_name="Bülent", languages=["tr"])
    text = page(office, task)
    assert "Maria; es fehlt: Sprache Türkisch." in text
    assert "Bülent: Es steht nichts im Weg." in text


def test_tells_the_provider_the_same_without_a_name(task: Opportunity, now: datetime) -> None:
    make_pledge(now, wanted=task)
    text = page(make_coordinator(task.provider), task)
    assert "Jemand; es fehlt: Sprache Türkisch." in text
    assert "Maria" not in text
    assert "Wie jemand heißt, sehen Sie nach dem Ja" in text


def test_says_what_only_time_changes(task: Opportunity, office: User, now: datetime) -> None:
    pledge = make_pledge(now, wanted=task, languages=["tr"])
    make_sent_offer(pledge, task, now)
    assert "Maria Gerade im Weg: danach schon gefragt." in page(office, task)


def test_leaves_out_who_is_there_has_left_or_wants_something_else(
    task: Opportunity, office: User, now: datetime
) -> None:
    there = make_pledge(now, wanted=task)
    make_placement(there, task, now, "active", from_on=date(2026, 3, 2))
    withdraw_pledge(make_pledge(now, wanted=task, email="b@example.org", first_name="Bülent"), now=now)
    make_pledge(now, wanted=make_opportunity(), email="c@example.org", first_name="Cem")
    TimePledge.objects.filter(
        pk=make_pledge(now, wanted=task, email="d@example.org", first_name="Dörte").pk
    ).update(status="unconfirmed")
    text = page(office, task)
    assert HEADING not in text


def test_counts_those_beyond_the_first_twenty_in_the_same_queries(
    task: Opportunity, office: User, now: datetime
) -> None:
    taken = []
    for first, last in ((0, 1), (1, 22)):
        for number in range(first, last):
            make_pledge(now, wanted=task, email=f"p{number}@example.org", first_name="Ada")
        with CaptureQueriesContext(connection) as queries:
            text = page(office, task)
        taken.append(len(queries))
    assert taken[1] <= taken[0] + 1  # the count of all
    assert text.count("Ada; es fehlt") == 20
    assert "Und 2 weitere Personen." in text


def test_of_another_provider_does_not_exist(task: Opportunity, now: datetime) -> None:
    make_pledge(now, wanted=task)
    client = Client()
    client.force_login(make_coordinator(make_opportunity().provider))
    assert client.get(reverse("coordination_opportunity", args=[task.pk])).status_code == 404
