"""Several questions are taken back at once: seen before, only one's own, only those that are open."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client

from foundation.clock import utc_now
from outbox.models import Message
from programs.models import Opportunity
from tests.factories import make_coordinator, make_opportunity, make_provider, make_youth_office
from tests.volunteers.pledging import make_pledge, make_sent_offer
from tests.words_of_pages import as_read
from volunteers.models import Offer
from volunteers.services.answers import decline_offer

pytestmark = pytest.mark.django_db
LIST = "/koordination/anfragen/"
TOGETHER = "/koordination/anfragen/zuruecknehmen/"


@pytest.fixture
def today() -> datetime:
    return utc_now()


@pytest.fixture
def task() -> Opportunity:
    return make_opportunity("Vorlesen", provider=make_provider("Haus"), places=9, clearance_required=False)


@pytest.fixture
def questions(task: Opportunity, today: datetime) -> list[Offer]:
    """Two open ones, one that was declined, and one of another provider."""
    names = ("Adile", "Bogdan", "Carla")
    asked = [make_sent_offer(pledge_of(name, today), task, today) for name in names]
    decline_offer(asked[2], reason=Offer.Decline.TIME, now=today)
    elsewhere = make_opportunity("Anderswo", places=9, clearance_required=False)
    return [*asked, make_sent_offer(pledge_of("Dora", today), elsewhere, today)]


def pledge_of(first: str, today: datetime) -> Any:
    return make_pledge(today, first_name=first, email=f"{first.lower()}@example.org")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def statuses() -> dict[str, str]:
    return dict(Offer.objects.values_list("pledge__volunteer__first_name", "status"))


def shown(answer: Any) -> str:
    return re.sub(r"\s+", " ", as_read(unescape(answer.content.decode())))


def test_they_are_shown_first_and_then_taken_back_with_their_places(
    task: Opportunity, questions: list[Offer], today: datetime
) -> None:
    client = signed_in(make_coordinator(task.provider))
    listed = client.get(LIST, {"status": "sent"}).content.decode()
    assert listed.count('name="chosen"') == 2
    mails, before = Message.objects.count(), statuses()
    form = {"chosen": [str(each.pk) for each in questions], "back": f"{LIST}?status=sent"}

    preview = client.post(TOGETHER, form)
    html = shown(preview)
    assert preview.status_code == 200
    assert "2 von 4 sind dabei." in html
    assert "Es geht keine E-Mail hinaus" in html
    assert re.findall(r'name="chosen" value="(\d+)"', html) == [
        str(each.pk) for each in sorted(questions[:2], key=lambda each: -each.pk)
    ]
    assert html.count("schon beantwortet oder verstrichen") == 1
    assert not [name for name in ("Adile", "Bogdan", "Dora", "Anderswo") if name in html]
    assert statuses() == before

    done = client.post(TOGETHER, {**form, "sure": "1"}, follow=True)
    assert done.redirect_chain == [(f"{LIST}?status=sent", 303)]
    assert "2 Anfragen sind zurückgenommen. 2 von 4 blieben, wie sie waren." in shown(done)
    assert statuses() == {"Adile": "withdrawn", "Bogdan": "withdrawn", "Carla": "declined", "Dora": "sent"}
    task.refresh_from_db()
    assert task.places_taken == 0
    assert Message.objects.count() == mails

    again = client.post(TOGETHER, {**form, "sure": "1"}, follow=True)
    assert "Keine der ausgewählten Anfragen ist noch offen." in shown(again)


def test_the_youth_office_sees_whom_it_is_about(questions: list[Offer]) -> None:
    office = signed_in(make_coordinator(make_youth_office()))
    html = shown(office.post(TOGETHER, {"chosen": [questions[0].pk, questions[3].pk]}))
    assert "Adile: Vorlesen" in html
    assert "Dora: Anderswo" in html


@pytest.mark.parametrize(
    ("sent_at", "day"),
    [
        (datetime(2026, 3, 2, 22, 59, tzinfo=UTC), "2. März 2026"),
        (datetime(2026, 3, 2, 23, 0, tzinfo=UTC), "3. März 2026"),
        (datetime(2026, 7, 2, 22, 0, tzinfo=UTC), "3. Juli 2026"),
    ],
)
def test_the_day_of_the_question_is_that_of_the_town(
    task: Opportunity, questions: list[Offer], sent_at: datetime, day: str
) -> None:
    Offer.objects.filter(pk=questions[0].pk).update(sent_at=sent_at)
    html = shown(signed_in(make_coordinator(task.provider)).post(TOGETHER, {"chosen": [questions[0].pk]}))
    assert f"Vorlesen, gefragt am {day}" in html


@pytest.mark.parametrize(
    "chosen", [[], ["nope"], ["-1"], ["9" * 400], ["١"], ["1; DROP"], ["\x00"], ["0"] * 300]
)
def test_what_makes_no_sense_changes_nothing(
    chosen: list[str], task: Opportunity, questions: list[Offer]
) -> None:
    client, before = signed_in(make_coordinator(task.provider)), statuses()
    answer = client.post(TOGETHER, {"chosen": chosen, "sure": "1", "back": "https://evil.example/"})
    assert (answer.status_code, answer["Location"]) == (303, LIST)
    assert statuses() == before
