"""A task is copied, looked at while it is written, and hung on a wall."""

from datetime import date
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.test import Client

from programs.models import Opportunity
from tests.factories import make_coordinator, make_district, make_opportunity, make_provider, role_of

pytestmark = pytest.mark.django_db
NEW = "/koordination/angebote/neu/"


@pytest.fixture
def own() -> Opportunity:
    task = make_opportunity(
        "Vorlesen",
        provider=make_provider("Lesefreunde e.V."),
        task="Sie lesen vor.\n\n- leise\n- laut",
        site="Bücherei",
        slots=[(1, 900, 990)],
        places=3,
        languages=["tr"],
        starts_on=date(2025, 1, 1),
    )
    role_of(task).skills.append("reading")
    return task


@pytest.fixture
def client(own: Opportunity) -> Client:
    client = Client()
    client.force_login(make_coordinator(own.provider))
    return client


def poster_of(task: Opportunity) -> str:
    return f"/koordination/angebote/{task.pk}/aushang.pdf"


def test_a_new_one_begins_like_another_with_a_period_of_its_own(client: Client, own: Opportunity) -> None:
    answer = client.get(f"{NEW}?vorlage={own.pk}")
    form = answer.context["form"]
    shown = {name: form[name].value() for name in ("title", "task", "site", "places", "languages", "day_0")}
    assert shown == {
        "title": "Vorlesen",
        "task": "Sie lesen vor.\n\n- leise\n- laut",
        "site": "Bücherei",
        "places": 3,
        "languages": ["tr"],
        "day_0": 1,
    }
    assert (form["starts_on"].value(), form["ends_on"].value()) == (None, None)
    assert form["provider"].value() == own.provider_id
    assert Opportunity.objects.count() == 1


@pytest.mark.parametrize("asked", ["", "x", "-1", "9" * 20])
def test_what_names_no_task_begins_empty(client: Client, asked: str) -> None:
    assert client.get(f"{NEW}?vorlage={asked}").context["form"]["title"].value() is None


def test_nobody_copies_what_they_may_not_see(client: Client) -> None:
    foreign = make_opportunity("Fremdes")
    assert client.get(f"{NEW}?vorlage={foreign.pk}").status_code == 404
    assert client.get(poster_of(foreign)).status_code == 404


def looked_at(client: Client, **typed: str) -> tuple[int, str]:
    answer = client.post(NEW, {"vorschau": "1", **typed})
    html = answer.content.decode()
    return answer.status_code, html.partition('id="vorschau"')[2].partition("</section>")[0]


def test_the_preview_says_what_is_known_and_stores_nothing(client: Client) -> None:
    district = make_district("Gürzenich")
    status, seen = looked_at(
        client,
        title="Kochen & Essen",
        task="Sie kochen.\n\n- Suppe\n- Brot",
        field="leisure",
        district=district.slug,
        site="Küche",
        day_0="2",
        from_0="15:00",
        to_0="16:30",
    )
    assert status == 200
    for words in (
        "Kochen &amp; Essen",
        "<li>Suppe</li>",
        "mittwochs 15–16:30",
        "Gürzenich · Küche",
        "Freizeit",
    ):
        assert words in seen.replace("\u00a0", " "), words
    assert "So nicht möglich" not in seen
    status, seen = looked_at(client)
    assert (status, "Noch ohne Titel" in seen, "Noch ohne Zeiten" in seen) == (200, True, True)
    status, seen = looked_at(client, task="Für Mia Schmidt, 7 Jahre, geboren am 3.4.2019", day_0="77")
    assert (status, "So nicht möglich:" in seen) == (200, True)
    assert Opportunity.objects.count() == 1


def test_the_look_of_a_change_changes_nothing(client: Client, own: Opportunity) -> None:
    answers: dict[str, Any] = {"vorschau": "1", "title": "Anders"}
    answer = client.post(f"/koordination/angebote/{own.pk}/bearbeiten/", answers)
    assert answer.status_code == 200
    assert "Anders" in answer.content.decode().partition('id="vorschau"')[2]
    own.refresh_from_db()
    assert own.title == "Vorlesen"


def test_a_poster_is_one_page_that_leads_to_the_task(client: Client, own: Opportunity) -> None:
    answer = client.get(poster_of(own))
    made = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="aushang-{own.slug}.pdf"'
    assert b"pdfuaid:part>1<" in made
    (page,) = pypdf.PdfReader(BytesIO(made)).pages
    assert "Vorlesen" in page.extract_text()
    for values in ({"status": "paused"}, {"status": "draft"}):
        Opportunity.objects.filter(pk=own.pk).update(**values)
        assert client.get(poster_of(own)).status_code == 404
