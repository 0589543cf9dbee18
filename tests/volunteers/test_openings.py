"""Where nothing was found and one answer more would open many more tasks, exactly that is asked."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.clock import utc_now
from foundation.sweeps import run
from tests.factories import TUESDAY_AFTERNOON, make_district, make_opportunity
from tests.volunteers.pledging import mails, make_pledge, make_sent_offer
from volunteers.models import TimePledge

pytestmark = pytest.mark.django_db
TURKISH = "Sprechen Sie Türkisch? Mit dieser Antwort kämen 3 Aufgaben mehr für Sie infrage."


def open_tasks(count: int, **asks: Any) -> None:
    for _number in range(count):
        make_opportunity(**{"slots": [TUESDAY_AFTERNOON], "clearance_required": False, **asks})


def page(pledge: TimePledge) -> str:
    address = reverse("my_page", args=[my_page_token(pledge.volunteer.mailbox, utc_now())])
    return Client().get(address).content.decode()


def not_found(**values: Any) -> TimePledge:
    """Somebody for whom nothing was found in the time that was promised."""
    pledge = make_pledge(utc_now() - timedelta(days=30), **values)
    TimePledge.objects.filter(pk=pledge.pk).update(escalated_at=utc_now())
    pledge.refresh_from_db()
    return pledge


def test_the_answer_that_opens_most_is_asked_and_leads_to_its_control() -> None:
    open_tasks(3, languages=["tr"])
    open_tasks(2, skills=["music"])
    pledge = not_found()
    shown = page(pledge)
    assert TURKISH in shown
    assert "Können Sie das" not in shown
    change = shown.split(TURKISH)[1].split('href="')[1].split('"')[0]
    address, control = change.split("#")
    assert f'id="{control}"' in Client().get(address).content.decode()
    assert control.startswith("id_languages_")


def test_the_mail_that_says_nothing_was_found_asks_the_same() -> None:
    open_tasks(3, languages=["tr"])
    pledge = make_pledge(utc_now() - timedelta(days=30))
    assert run("volunteers.escalate_unanswered", utc_now()) == 1
    mail = mails("pledge_still_looking").get()
    for body in (mail.body_text, mail.body_html):
        assert f"{TURKISH} Antworten können Sie auf" in body
        assert "weitere Zeiten oder Felder" not in body
    assert pledge.volunteer.mailbox.email == mail.to_email


def test_what_opens_few_or_was_answered_no_or_needs_two_answers_is_not_asked() -> None:
    open_tasks(2, languages=["tr"])
    open_tasks(4, skills=["music"])
    for _number in range(4):
        make_opportunity(slots=[(6, 540, 600)], languages=["ar"], clearance_required=False)
    pledge = not_found(lacking_skills=["music"])
    assert "Mit dieser Antwort" not in page(pledge)
    pledge.lacking_skills = []
    pledge.save()
    assert "Mit dieser Antwort kämen 4 Aufgaben mehr" in page(pledge)


def test_whoever_waits_in_time_or_is_asked_something_already_is_left_alone() -> None:
    open_tasks(3, languages=["tr"])
    assert "Mit dieser Antwort" not in page(make_pledge(utc_now(), email="neu@example.org"))
    pledge = not_found()
    make_sent_offer(pledge, make_opportunity(slots=[(2, 540, 600)], clearance_required=False), utc_now())
    assert "Mit dieser Antwort" not in page(pledge)


FAR = {"latitude": 50.8500, "longitude": 6.4820}  # 5.0 km north of the home below
HOME: dict[str, Any] = {"latitude": 50.8050, "longitude": 6.4820}


@pytest.mark.parametrize(
    ("tasks", "said", "question", "control"),
    [
        pytest.param(
            {"slots": [(3, 16 * 60, 17 * 60)]},
            {},
            "Hätten Sie auch donnerstags 15–18 Uhr Zeit?",
            "id_times_3_afternoon",
            id="one half-day more",
        ),
        pytest.param(
            {"slots": [(1, 16 * 60, 19 * 60)]},
            {"hours_per_week": 4},
            "Hätten Sie auch dienstags 18–21 Uhr Zeit?",
            "id_times_1_evening",
            id="a half-day that joins the one before",
        ),
        pytest.param(
            {"age_bands": ["3-5"]},
            {"age_bands": ["6-9"]},
            "Wäre Ihnen auch dieses Alter der Kinder recht: 3 bis 5 Jahre?",
            "id_age_bands_1",
            id="another age",
        ),
        pytest.param(
            {"slots": [(1, 15 * 60, 18 * 60)]},
            {"hours_per_week": 2},
            "Hätten Sie in der Woche auch 3\N{NO-BREAK SPACE}Stunden Zeit?",
            "id_hours_per_week",
            id="the least hours that are enough",
        ),
    ],
)
def test_whatever_the_form_asks_and_a_gate_uses_is_asked(
    tasks: dict[str, Any], said: dict[str, Any], question: str, control: str
) -> None:
    open_tasks(3, **tasks)
    shown = page(not_found(**said))
    assert f"{question} Mit dieser Antwort kämen 3 Aufgaben mehr für Sie infrage." in shown
    change = shown.split(question)[1].split('href="')[1].split('"')[0]
    address, found = change.split("#")
    assert found == control
    assert f'id="{control}"' in Client().get(address).content.decode()


def test_the_least_distance_that_opens_many_is_asked_and_none_of_who_names_no_home() -> None:
    open_tasks(3, **FAR)
    home = make_district(**HOME)
    pledge = not_found(home_district=home, max_distance_km=2)
    assert "Dürfte der Weg auch 10 km weit sein? Mit dieser Antwort kämen 3 Aufgaben" in page(pledge)
    pledge.home_district = None
    pledge.save()
    assert "Mit dieser Antwort" not in page(pledge)


def test_of_two_answers_the_one_that_opens_more_is_asked() -> None:
    open_tasks(3, languages=["tr"])
    open_tasks(4, slots=[(3, 16 * 60, 17 * 60)])
    shown = page(not_found())
    assert "donnerstags 15–18 Uhr Zeit? Mit dieser Antwort kämen 4 Aufgaben mehr" in shown
    assert TURKISH not in shown
