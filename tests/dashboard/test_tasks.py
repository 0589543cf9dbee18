"""One task among the figures: for who coordinates it and for the office, and never for everybody."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from programs.models import District, Opportunity, Provider
from tests.dashboard.test_picture import bars, finding, page
from tests.dashboard.test_presentation import cells_of
from tests.dashboard.test_report import place
from tests.factories import (
    make_coordinator,
    make_district,
    make_opportunity,
    make_provider,
    make_youth_office,
)
from tests.figures.nights import let_a_night_pass
from tests.lists.rows import client_of

pytestmark = pytest.mark.django_db
OPEN: dict[str, Any] = {"clearance_required": False}
STAFF, PUBLIC = "/koordination/stadtteile/", "/wo-wir-stehen/"


@pytest.fixture
def house() -> Provider:
    return make_provider("Haus")


@pytest.fixture
def north() -> District:
    return make_district("Nord", slug="nord")


@pytest.fixture
def task(house: Provider, north: District, now: datetime) -> Opportunity:
    """Vorlesen in Nord, 6 of 20 places: six people came, four of them two months ago, 1.5 hours each."""
    said: dict[str, Any] = {"places": 20, "places_taken": 6, "field": "sport", **OPEN}
    row = make_opportunity("Vorlesen", provider=house, district=north, **said)
    for number in range(6):
        place(number, row, now - timedelta(days=60 if number < 4 else 1), minutes=90)
    return row


@pytest.fixture
def town(task: Opportunity, house: Provider, north: District, now: datetime) -> dict[str, Opportunity]:
    """Beside it Kochen with three people of four, Singen full, and Radeln of another provider."""
    cooking = make_opportunity("Kochen", provider=house, district=north, places=4, places_taken=3, **OPEN)
    for number in range(10, 13):
        place(number, cooking, now)
    full = make_opportunity("Singen", provider=house, district=north, places=2, places_taken=2)
    south = make_district("Süd", slug="sued")
    foreign = make_opportunity("Radeln", provider=make_provider("Fremd"), district=south, places=9)
    let_a_night_pass(now)
    return {row.title: row for row in (task, cooking, full, foreign)}


@pytest.fixture
def own(house: Provider) -> Client:
    return client_of(make_coordinator(house))


@pytest.fixture
def office() -> Client:
    return client_of(make_coordinator(make_youth_office()))


def listed(html: str) -> list[tuple[str, ...]]:
    """Return of each task in the list: address, title, provider, district, places, taken, missing."""
    section = html.split('<h2 id="angebote">')[1]
    return re.findall(
        r'<th scope="row"><a href="([^"]*)">([^<]*)</a></th> <td[^>]*>([^<]*)</td> <td[^>]*>([^<]*)</td>'
        r" <td[^>]*>(\d+)</td> <td[^>]*>(\d+)</td> <td[^>]*>(\d+)</td>",
        section,
    )


def of(task: Opportunity, **more: Any) -> str:
    return "&".join(f"{name}={value}" for name, value in {"task": task.pk, **more}.items())


def test_the_tasks_that_lack_most_people_stand_below_and_narrow_the_picture(
    office: Client, own: Client, town: dict[str, Opportunity]
) -> None:
    task, cooking, foreign = town["Vorlesen"], town["Kochen"], town["Radeln"]
    rows = [
        (f"?task={task.pk}", "Vorlesen", "Haus", "Nord", "20", "6", "14"),
        (f"?task={foreign.pk}", "Radeln", "Fremd", "Süd", "9", "0", "9"),
        (f"?task={cooking.pk}", "Kochen", "Haus", "Nord", "4", "3", "1"),
    ]
    assert listed(page(office, STAFF)) == rows
    assert listed(page(own, STAFF)) == [rows[0], rows[2]]
    assert [row[1] for row in listed(page(office, STAFF, "field=sport"))] == ["Vorlesen"]
    by_provider = page(office, STAFF, f"provider={foreign.provider_id}")
    assert listed(by_provider) == [
        (f"?provider={foreign.provider_id}&amp;task={foreign.pk}", "Radeln", "Fremd", "Süd", "9", "0", "9")
    ]


def test_one_task_is_told_in_its_district_with_what_belongs_to_it(
    own: Client, office: Client, town: dict[str, Opportunity]
) -> None:
    task = town["Vorlesen"]
    here = f"/koordination/angebote/{task.pk}/"
    for client in (own, office):
        html = page(client, STAFF, of(task, period="alle"))
        assert finding(html) == "Bei „Vorlesen“ fehlen 14 Menschen"
        assert bars(html) == [(here, "Nord", "30.0", "30.0", "70.0", "14 fehlen", "20 Plätze, 6 besetzt")]
        cells = cells_of(html, "Nord")
        assert {name: text for name, text in cells.items() if "je 1.000" not in name} == {
            "offene Plätze": "14",
            "Menschen im Einsatz": "5",
            "geschenkte Stunden": "5",
            "Einwohner": "keine Angabe",
            "unter 18 Jahren": "keine Angabe",
            "Kinderarmut": "keine Angabe",
        }
        assert "Süd" not in html
        assert f'<option value="{task.pk}" selected>Vorlesen</option>' in html
        assert 'id="angebote"' not in html
        assert ('id="karte"' in html, 'name="measure"' in html) == (False, False)


def test_a_period_is_compared_and_few_people_are_not_told(own: Client, town: dict[str, Opportunity]) -> None:
    told = {
        period: cells_of(page(own, STAFF, of(town["Vorlesen"], period=period)), "Nord")
        for period in ("30", "90", "365")
    }
    assert {period: cells["Menschen im Einsatz"] for period, cells in told.items()} == {
        "30": "unter 5",
        "90": "5 (+5)",
        "365": "5 (+5)",
    }
    assert told["30"]["geschenkte Stunden"] == "zu klein"
    cooking = cells_of(page(own, STAFF, of(town["Kochen"], period="alle")), "Nord")
    assert (cooking["Menschen im Einsatz"], cooking["geschenkte Stunden"]) == ("unter 5", "zu klein")
    assert cooking["offene Plätze"] == "1"
    full = page(own, STAFF, of(town["Singen"]))
    assert finding(full) == "Bei „Singen“ sind alle Plätze besetzt"
    assert cells_of(full, "Nord")["Menschen im Einsatz"] == "0 (±0)"


def test_a_task_of_another_house_or_choice_is_passed_over(
    own: Client, office: Client, town: dict[str, Opportunity]
) -> None:
    foreign, task = town["Radeln"], town["Vorlesen"]
    whole = finding(page(own, STAFF))
    assert whole == "In Nord fehlen 15 Menschen"
    assert finding(page(own, STAFF, of(foreign))) == whole
    assert "Radeln" not in page(own, STAFF, of(foreign))
    others = (of(task, provider=foreign.provider_id), of(task, field="culture"), "task=x", f"task={'9' * 15}")
    for query in others:
        assert "Bei „" not in finding(page(office, STAFF, query)), query
    for status in ("paused", "closed"):
        Opportunity.objects.filter(pk=task.pk).update(status=status)
        assert "Vorlesen" not in page(own, STAFF, of(task)), status
    Provider.objects.filter(pk=task.provider_id).update(is_verified=False)
    assert "Bei „" not in page(office, STAFF, of(town["Kochen"]))


def test_nobody_else_reads_of_a_task(town: dict[str, Opportunity]) -> None:
    client = Client()
    for address in (PUBLIC, "/api/v1/participation/"):
        plain = client.get(address)
        asked = client.get(f"{address}?{of(town['Vorlesen'])}")
        assert (plain.status_code, asked.status_code) == (200, 200), address
        assert "Vorlesen" not in asked.content.decode()
        assert cut(asked.content.decode()) == cut(plain.content.decode())
    assert Client().get(f"{STAFF}?{of(town['Vorlesen'])}").status_code == 302


def cut(html: str) -> str:
    """Leave out where a page names its own address."""
    return re.sub(r'href="[^"]*"|value="[^"]*"|nonce="[^"]*"', "", html)


def test_many_people_and_tasks_cost_as_many_questions_as_few(
    own: Client, town: dict[str, Opportunity], house: Provider, north: District, now: datetime
) -> None:
    task = town["Vorlesen"]

    def questions(query: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            page(own, STAFF, query)
        return len(caught)

    page(own, STAFF, of(task))
    before = questions(of(task)), questions("")
    for number in range(30):
        row = make_opportunity(f"Aufgabe {number}", provider=house, district=north, places=3, **OPEN)
        place(100 + number, row, now)
        place(200 + number, task, now)
    let_a_night_pass(now)
    page(own, STAFF, of(task))
    assert (questions(of(task)), questions("")) == before
    assert len(listed(page(own, STAFF))) == 20
