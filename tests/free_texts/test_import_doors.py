"""What tells of one child comes in by no file and no program, new or changed; what may tell is asked."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from foundation.clock import local_day, utc_now
from foundation.lists.exporting import xlsx_of
from programs.models import DataImport, Membership, Opportunity, Program, Provider, TextDraft
from programs.services.api_tokens import make_token
from programs.services.publishing import findings_in
from programs.services.text_drafts import mark_of_texts, release_texts
from tests.factories import (
    make_activity,
    make_coordinator,
    make_district,
    make_provider,
    make_user,
    make_youth_office,
)
from tests.programs.imports.files import done, uploaded
from tests.searching import tables_with

pytestmark = pytest.mark.django_db
TELLING = {
    "leonie": "Wir suchen für Leonie aus der 2c jemanden zum Lesen.",
    "yıldırım": "Bitte holen Sie den Sohn von Frau Yıldırım dienstags ab.",
    "тимур": "Тимур, 9 лет, braucht Hilfe in Mathe.",
    "l e n a": "Für l e n a (8), die gern malt.",
    "trisomie": "Das einzige Kind der Gruppe mit Trisomie 21 kommt dienstags.",
    "zweitausendsiebzehn": "Geboren am dritten März zweitausendsiebzehn, liest noch nicht.",
    "p. k.": "Für P. K., acht, nach der Trennung der Eltern.",
    "özdemir": "Die Özdemir-Kinder brauchen Hilfe bei den Hausaufgaben.",
    "mama von": "Die Mama von Ali sucht jemanden für die Fahrt zur Therapie.",
    "rurstraße": "Abgeholt wird ein Mädchen, sieben, in der Rurstraße 9.",
    "pflegetochter": "Unsere Pflegetochter (6) spricht seit dem Unfall nicht.",
    "klein-xaver": "Klein-Xaver, 6 Jahre, hat Asthma und kommt aus Aleppo.",
}
"""By a piece of each text, in lower case, by which it is found wherever it stands."""
HEADS = [
    "Kennung",
    "Titel",
    "Beschreibung",
    "Bereich",
    "Stadtteil",
    "Einsatzort",
    "Tätigkeit",
    "Zeiten",
    "Plätze",
]
CALM = "Sie lesen einer Gruppe vor."


@pytest.fixture
def house() -> Provider:
    make_district("Nord", slug="nord")
    make_activity("Vorlesen", slug="vorlesen")
    return make_provider("Lesefreunde")


@pytest.fixture
def person(house: Provider) -> User:
    return make_coordinator(house)


def lines(*texts: str) -> list[list[str]]:
    rest = ["Bildung", "Nord", "Stadtbücherei", "vorlesen", "Di 15-16", "2"]
    return [[f"A-{number}", "Vorlesen", text, *rest] for number, text in enumerate(texts)]


def csv_of(*texts: str) -> str:
    return "\n".join(";".join(row) for row in [HEADS, *lines(*texts)]) + "\n"


def brought(person: User, house: Provider, content: str | bytes, name: str = "liste.csv") -> DataImport:
    until = (local_day(utc_now()) + timedelta(days=90)).isoformat()
    said = {"provider": str(house.pk), "source": "Liste der OGS", "valid_until": until}
    return done(person, uploaded(person, "aufgaben", content, name=name, **said), "einlesen")


def silent(texts: dict[str, str]) -> list[str]:
    """Return which of the texts stand somewhere although nobody would be asked about them."""
    asked = {each.task for each in Opportunity.objects.all() if findings_in(each, local_day(utc_now()))}
    return [piece for piece, text in texts.items() if text not in asked and tables_with(piece)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_new_line_of_a_file(kind: str, house: Provider, person: User) -> None:
    texts = [CALM, *TELLING.values()]
    content = csv_of(*texts) if kind == "csv" else xlsx_of("Aufgaben", HEADS, lines(*texts)).getvalue()
    brought(person, house, content, f"liste.{kind}")
    assert CALM in Opportunity.objects.values_list("task", flat=True)
    assert silent(TELLING) == []


def test_no_line_that_changes_what_came_before(house: Provider, person: User) -> None:
    brought(person, house, csv_of(*(f"{CALM} {number}." for number in range(len(TELLING) + 1))))
    assert Opportunity.objects.count() == len(TELLING) + 1
    brought(person, house, csv_of(*TELLING.values(), "Sie lesen vor."))
    assert "Sie lesen vor." in Opportunity.objects.values_list("task", flat=True)
    assert silent(TELLING) == []


@pytest.mark.parametrize("column", ["Titel", "Einsatzort", "Kennung", "Zeiten", "Stadtteil", "Plätze"])
def test_no_other_column(column: str, house: Provider, person: User) -> None:
    """Nor what is wrong with a line, which is kept with the preview."""
    name = "Xaverinchen-Quölz-6-Jahre-alt" if column == "Kennung" else "Xaverinchen Quölz, 6 Jahre"
    rows = lines(CALM, CALM)
    rows[1][HEADS.index(column)] = name
    until = (local_day(utc_now()) + timedelta(days=90)).isoformat()
    said = {"provider": str(house.pk), "source": "Liste der OGS", "valid_until": until}
    content = "\n".join(";".join(row) for row in [HEADS, *rows])
    run = uploaded(person, "aufgaben", content, name="Xaverinchen Quölz, 6 Jahre.csv", **said)
    assert tables_with("xaverinchen") == []
    done(person, run, "einlesen")
    assert (Opportunity.objects.count(), tables_with("xaverinchen")) == (1, [])


def test_no_service_of_another_directory(house: Provider) -> None:
    office = make_youth_office()
    first, second = make_coordinator(office), make_coordinator(office)
    services = [
        {"id": f"s-{number}", "name": f"Angebot {number}", "description": text, "status": "active"}
        for number, text in enumerate([CALM, *TELLING.values()])
    ]
    content = json.dumps({"contents": services})
    done(first, uploaded(first, "verzeichnis", content, name="hsds.json", source="Kreis"), "einlesen")
    assert Program.objects.filter(description=CALM).exists()
    for draft in TextDraft.objects.all():
        release_texts(draft, by=second, text_read=mark_of_texts(draft), hints_read=False, now=utc_now())
    public = Program.objects.filter(is_listed=True).values_list("description", flat=True)
    assert [text for text in TELLING.values() if text in public] == []
    kept = set(Program.objects.filter(is_listed=False).values_list("description", flat=True))
    unknown = [piece for piece, text in TELLING.items() if text not in kept and tables_with(piece)]
    assert (CALM in public, unknown) == (True, [])


class TestAProgram:
    """The same by the programming interface, new and changed, with what is kept of its answers."""

    @pytest.fixture
    def key(self, house: Provider) -> str:
        owner = make_user(Membership.Role.OWNER, house)
        return make_token(house, "Dienstplan", ["tasks:read", "tasks:write"], by=owner, now=utc_now())[1]

    def send(self, key: str, method: str, path: str, text: str, once: str) -> int:
        said: dict[str, Any] = {
            "title": "Vorlesen",
            "task": text,
            "field": "education",
            "district": "nord",
            "site": "Stadtbücherei",
            "starts_on": str(local_day(utc_now()) + timedelta(days=7)),
            "activity": "vorlesen",
            "places": 3,
        }
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": once}
        answer = Client().generic(
            method, f"/api/v1/own/tasks/{path}", json.dumps(said), "application/json", headers=headers
        )
        assert answer.status_code != 400 or text != CALM, answer.content
        return answer.status_code

    def test_writes_none(self, key: str) -> None:
        for number, text in enumerate([CALM, *TELLING.values()]):
            assert self.send(key, "POST", "", text, f"schluessel-{number}") in (201, 400), text
        assert CALM in Opportunity.objects.values_list("task", flat=True)
        assert silent(TELLING) == []

    def test_changes_nothing_into_one(self, key: str) -> None:
        assert self.send(key, "POST", "", CALM, "das-erste-mal") == 201
        task = Opportunity.objects.get()
        for number, (piece, text) in enumerate(TELLING.items()):
            assert self.send(key, "PUT", f"{task.pk}/", text, f"schluessel-{number}") in (200, 400), piece
            assert silent({piece: text}) == []
