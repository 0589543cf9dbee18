"""Providers that keep people waiting are reminded together: once a day, by the office, after a look."""

from datetime import datetime

import pytest
from django.test import Client

from foundation.clock import utc_now
from foundation.history import lines_of
from outbox.models import Message
from tests.factories import make_coordinator, make_opportunity, make_provider, make_youth_office
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.models import Placement

pytestmark = pytest.mark.django_db
HERE = "/koordination/einsaetze/erinnern/"


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def office() -> Client:
    client = Client()
    client.force_login(make_coordinator(make_youth_office()))
    return client


def waiting(now: datetime, first: str, status: str = "awaiting_confirmation") -> Placement:
    provider = make_provider(f"Haus {first}", coordination_email=f"{first.lower()}@haus.example")
    pledge = make_pledge(now, first_name=first, email=f"{first.lower()}@example.org")
    return make_placement(pledge, make_opportunity(f"Aufgabe {first}", provider=provider), now, status)


def test_what_goes_out_is_shown_before_it_goes(office: Client, now: datetime) -> None:
    chosen = [waiting(now, "Adile"), waiting(now, "Bogdan"), waiting(now, "Carla", "cancelled")]
    waiting(now, "Dora")
    before = Message.objects.count()
    seen = office.post(HERE, {"chosen": [each.pk for each in chosen]}).content.decode()
    assert "2 von 3 sind dabei.</strong> 2 E-Mails gehen hinaus." in seen
    goes, left = seen.split("Nicht dabei")
    for words in ("E-Mail an adile@haus.example: „", "Haus Bogdan: Bogdan", "Aufgabe Bogdan"):
        assert words in goes, words
    assert "Haus Carla: Carla, Aufgabe Carla: wartet nicht auf den Träger" in left
    assert ("Carla" in goes, "Dora" in seen, Message.objects.count()) == (False, False, before)

    answers = {"chosen": [each.pk for each in chosen], "sure": "1"}
    told = office.post(HERE, answers, follow=True).content.decode()
    assert "2 Erinnerungen sind geschrieben." in told
    told_to = {mail.to_email for mail in mails("placement_overdue")}
    assert told_to == {"adile@haus.example", "bogdan@haus.example"}
    assert lines_of(chosen[0]).filter(changes__has_key="reminded_by_hand").count() == 1
    chosen[0].refresh_from_db()
    assert (chosen[0].status, chosen[0].pressed) == ("awaiting_confirmation", 0)

    told = office.post(HERE, answers, follow=True).content.decode()
    assert "ist heute zu erinnern. 3 von 3 blieben, wie sie waren." in told
    assert told.count("heute schon erinnert") == 2
    seen = office.post(HERE, {"chosen": [each.pk for each in chosen]}, follow=True).content.decode()
    assert "Bei keinem der ausgewählten Einsätze ist heute zu erinnern." in seen
    assert mails("placement_overdue").count() == 2


@pytest.mark.parametrize("chosen", [[], ["x"], ["999999"], ["9" * 30]])
def test_nothing_chosen_reminds_nobody(office: Client, now: datetime, chosen: list[str]) -> None:
    waiting(now, "Adile")
    told = office.post(HERE, {"chosen": chosen, "sure": "1"}, follow=True).content.decode()
    assert "Bei keinem der ausgewählten Einsätze ist heute zu erinnern." in told
    assert mails("placement_overdue").count() == 0


def test_a_provider_reminds_nobody(now: datetime) -> None:
    placement = waiting(now, "Adile")
    client = Client()
    client.force_login(make_coordinator(placement.opportunity.provider))
    assert client.post(HERE, {"chosen": [placement.pk], "sure": "1"}).status_code == 403
    assert "Träger der Ausgewählten erinnern" not in client.get("/koordination/einsaetze/").content.decode()
    assert mails("placement_overdue").count() == 0
