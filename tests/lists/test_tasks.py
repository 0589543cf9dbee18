"""The list of tasks in the same component: found by title, place, provider and district, and taken away."""

import csv
from datetime import datetime
from io import StringIO

import pytest
from django.test import Client

from foundation.clock import utc_now
from programs.models import TextDraft
from tests.factories import (
    make_coordinator,
    make_district,
    make_fund,
    make_opportunity,
    make_program,
    make_provider,
    make_role,
    make_youth_office,
)
from tests.lists.rows import client_of, heads, names, page

pytestmark = pytest.mark.django_db
TASKS = "/koordination/angebote/"


@pytest.fixture
def today() -> datetime:
    return utc_now()


def test_tasks_are_found_ordered_and_taken_away_by_those_who_run_them() -> None:
    own, north, south = make_provider("Müllers Haus"), make_district("Gürzenich"), make_district("Süd")
    task = {"provider": own, "slots": [(1, 900, 990)]}
    make_opportunity("Straßenfest", district=north, site="Café Öre", places=9, places_taken=4, **task)
    make_opportunity("Vorlesen", district=south, site="Bücherei", places=2, places_taken=1, **task)
    make_opportunity("Kochen", district=south, site="Küche", status="closed", **task)
    make_opportunity("Fremdes", district=north)
    client = client_of(make_coordinator(own))

    assert sorted(names(page(client, TASKS))) == ["Straßenfest", "Vorlesen"]
    for typed, found in (
        ("strassenfest", ["Straßenfest"]),
        ("cafe ore", ["Straßenfest"]),
        ("guerzenich", ["Straßenfest"]),
        ("mullers vorlesen", ["Vorlesen"]),
        ("Vorlseen", ["Vorlesen"]),
        ("kochen", []),
        ("fremdes", []),
    ):
        assert names(page(client, TASKS, q=typed)) == found, typed
    assert names(page(client, TASKS, status="closed", q="kuche")) == ["Kochen"]
    assert names(page(client, TASKS, district=south.slug)) == ["Vorlesen"]
    turns = {label: turn for label, (turn, _order) in heads(page(client, TASKS)).items()}
    assert names(page(client, TASKS + turns["Vergeben"])) == ["Vorlesen", "Straßenfest"]
    assert "" not in turns.values()

    answer = client.get(f"{TASKS}liste.csv", {"sort": "-title"})
    head, first, second = list(csv.reader(StringIO(answer.getvalue().decode()[1:]), delimiter=";"))
    assert head == ["Titel", "Stand", "Träger", "Wann und wo", "Vergeben"]
    assert [cell.replace("\u00a0", " ") for cell in second] == [
        "Straßenfest",
        "veröffentlicht",
        "Müllers Haus",
        "dienstags 15–16:30 Uhr · Gürzenich",
        "4 von 9",
    ]
    assert first[0] == "Vorlesen"


def test_texts_that_wait_are_listed_to_those_who_may_read_them(today: datetime) -> None:
    own, foreign = make_provider("Haus"), make_provider()
    purpose = make_fund("Schulranzen", provider=own)
    for row, provider, more in (
        (purpose, own, {}),
        (make_program("Elterncafé", provider=own), own, {"about": "program"}),
        (make_fund("Fremdes", provider=foreign), foreign, {}),
        (make_fund("Ferien", provider=own), own, {"status": "discarded"}),
    ):
        values = {"about": "purpose", "texts": {} if "status" in more else {"name": "neu"}, **more}
        TextDraft.objects.create(row_id=row.pk, provider=provider, status_changed_at=today, **values)
    coordinator, office = client_of(make_coordinator(own)), client_of(make_coordinator(make_youth_office()))

    def listed(client: Client, **query: str) -> list[str]:
        file = client.get("/koordination/texte/liste.csv", query).getvalue().decode()[1:]
        return [line[1] for line in csv.reader(StringIO(file), delimiter=";")][1:]

    assert sorted(listed(coordinator)) == ["Elterncafé", "Schulranzen"]
    assert sorted(listed(office)) == ["Elterncafé", "Fremdes", "Schulranzen"]
    for query, found in (
        ({"q": "elterncafe"}, ["Elterncafé"]),
        ({"q": "Schulranzn"}, ["Schulranzen"]),
        ({"q": "fremdes"}, []),
        ({"about": "purpose"}, ["Schulranzen"]),
        ({"status": "discarded"}, ["Ferien"]),
        ({"status": "alle", "sort": "name"}, ["Elterncafé", "Ferien", "Schulranzen"]),
        ({"sort": "-name"}, ["Schulranzen", "Elterncafé"]),
    ):
        assert listed(coordinator, **query) == found, query
    html = page(coordinator, "/koordination/texte/")
    assert ("2 Texte" in html, "" in [turn for turn, _order in heads(html).values()]) == (True, False)


def test_tasks_are_put_in_order_by_what_all_their_roles_hold() -> None:
    own = make_provider()
    make_opportunity("Straßenfest", provider=own, places=9, places_taken=4)
    make_opportunity("Vorlesen", provider=own, site="Hof", places=2, places_taken=1)
    make_opportunity("Malen", provider=own, site="Hof", places=3, places_taken=1)
    several = make_opportunity("Backen", provider=own, site="Hof", places=3, places_taken=2)
    make_role(several, "Anleiten", places=6, places_taken=3)
    client = client_of(make_coordinator(own))
    assert names(page(client, TASKS, sort="-taken")) == ["Backen", "Straßenfest", "Malen", "Vorlesen"]
    assert names(page(client, TASKS, sort="taken", q="hof")) == ["Vorlesen", "Malen", "Backen"]
    lines = csv.reader(
        StringIO(client.get(f"{TASKS}liste.csv?sort=taken").getvalue().decode()[1:]), delimiter=";"
    )
    assert [line[-1] for line in lines] == ["Vergeben", "1 von 2", "1 von 3", "4 von 9", "5 von 9"]
