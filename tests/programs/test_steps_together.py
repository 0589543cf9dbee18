"""Several tasks take the same step: what refuses one stops no other, and none is released in passing."""

from html import unescape

import pytest
from django.test import Client

from programs.models import Opportunity, Provider
from tests.factories import make_coordinator, make_opportunity, make_provider
from tests.lists.rows import client_of

pytestmark = pytest.mark.django_db
LIST = "/koordination/angebote/"


@pytest.fixture
def house() -> Provider:
    return make_provider("Haus")


@pytest.fixture
def client(house: Provider) -> Client:
    return client_of(make_coordinator(house))


def shown(client: Client, step: str, tasks: list[Opportunity], **typed: str) -> str:
    ticked = {"chosen": [task.pk for task in tasks], **typed}
    answer = client.post(f"{LIST}gemeinsam/{step}/", ticked, follow=True)
    return " ".join(unescape(answer.content.decode()).split())


def statuses() -> dict[str, str]:
    return dict(Opportunity.objects.values_list("title", "status"))


def test_are_paused_and_gone_on_with(client: Client, house: Provider) -> None:
    tasks = [make_opportunity("Vorlesen", provider=house), make_opportunity("Kochen", provider=house)]
    tasks.append(make_opportunity("Basteln", provider=house, status="draft"))
    tasks.append(make_opportunity("Anderswo", provider=make_provider("Fremd")))
    listed = client.get(LIST).content.decode()
    assert listed.count('name="chosen"') == 3
    assert [step in listed for step in ("gemeinsam/pausieren/", "gemeinsam/fortsetzen/")] == [True, False]

    page = shown(client, "pausieren", tasks)
    assert "2 von 4 sind dabei.</strong> Es geht keine E-Mail hinaus." in page
    assert "Basteln, Haus (0 von 1 vergeben): steht auf „Entwurf“" in page
    assert "Anderswo" not in page
    assert statuses()["Vorlesen"] == "published"
    told = shown(client, "pausieren", tasks, sure="1")
    assert "Bei 2 Angeboten ist es getan. 2 von 4 blieben, wie sie waren. Basteln, Haus" in told
    found = statuses()
    assert found == {"Vorlesen": "paused", "Kochen": "paused", "Basteln": "draft", "Anderswo": "published"}

    assert "Bei 2 Angeboten ist es getan." in shown(client, "fortsetzen", tasks[:2], sure="1")
    assert statuses()["Kochen"] == "published"


def test_end_for_good_and_tell_of_their_places(client: Client, house: Provider) -> None:
    task = make_opportunity("Vorlesen", provider=house, places=3)
    look = shown(client, "beenden", [task])
    assert "Vorlesen, Haus (0 von 3 vergeben)" in look
    assert "Wer dort dabei ist, bekommt kurz danach die Nachricht, dass es endet." in look
    assert "Es geht keine E-Mail hinaus." not in look
    assert "Bei 1 Angebot ist es getan." in shown(client, "beenden", [task], sure="1")
    assert statuses() == {"Vorlesen": "closed"}
    assert "Bei keinem der ausgewählten Angebote geht das." in shown(client, "beenden", [task])


@pytest.mark.parametrize("step", ["freigeben", "zurueckgeben", "loeschen"])
def test_no_text_is_released_and_nothing_else_is_invented(client: Client, house: Provider, step: str) -> None:
    task = make_opportunity("Vorlesen", provider=house, status="in_review")
    answer = client.post(f"{LIST}gemeinsam/{step}/", {"chosen": [task.pk], "sure": "1"})
    assert (answer.status_code, statuses()) == (404, {"Vorlesen": "in_review"})
