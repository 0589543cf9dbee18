"""A list as a file: what its page shows and no more, nothing that a spreadsheet would run, and on record."""

import csv
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from lxml import etree

from accounts.models import User
from foundation.clock import local_day, utc_now
from foundation.lists.exporting import csv_of, xlsx_of
from foundation.models import Event
from programs.models import Provider
from tests.factories import make_coordinator, make_opportunity, make_provider, make_youth_office
from tests.lists.rows import OFFERS, PLACEMENTS, PLEDGES, client_of, many_pledges
from tests.volunteers.pledging import make_pledge, make_sent_offer
from volunteers.models import Volunteer
from volunteers.services.answers import accept_offer

pytestmark = pytest.mark.django_db
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def today() -> datetime:
    return utc_now()


@pytest.fixture
def own() -> Provider:
    return make_provider("Haus der Familie")


@pytest.fixture
def coordinator(own: Provider) -> User:
    return make_coordinator(own)


def table(client: Client, address: str, **query: str) -> list[list[str]]:
    answer = client.get(f"{address}liste.csv", query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    text = answer.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:]), delimiter=";"))


def cells(packed: bytes) -> Iterator[list[tuple[str, str]]]:
    """Yield (kind, value) of the cells of each row of the only sheet, as a spreadsheet reads them."""
    with ZipFile(BytesIO(packed)) as book:
        sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert sheet.findall(f".//{SHEET}f") == []
    for row in sheet.iter(f"{SHEET}row"):
        yield [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row]


def test_holds_what_the_page_shows_of_what_is_asked_for(today: datetime, own: Provider) -> None:
    for first, hours in (("Adile", 2), ("Bogdan", 7), ("Carla", 3)):
        make_pledge(
            today, first_name=first, email=f"{first}@example.org", hours_per_week=hours, fields=["sport"]
        )
    Volunteer.objects.filter(first_name="Bogdan").update(last_name="Kanarienfeder", phone="02421 4711")
    office = client_of(make_coordinator(make_youth_office()))
    heads, *lines = table(office, PLEDGES, sort="-hours", status="open", page="7")
    assert heads == [
        "Person",
        "Handlungsfelder",
        "Stand",
        "Stunden je Woche",
        "Zeiten",
        "Wo",
        "Anfragen",
        "Antwort versprochen bis",
    ]
    assert [line[0] for line in lines] == ["Bogdan K.", "Carla", "Adile"]
    due = f"{Volunteer.objects.get(first_name='Bogdan').pledges.get().answer_due_on:%d.%m.%Y}"
    assert lines[0][1:4] == ["Sport", "wir suchen etwas Passendes", "7"]
    assert lines[0][4].replace("\u00a0", " ") == "dienstags 15–18 Uhr"
    assert lines[0][5:] == ["in der ganzen Stadt", "", due]
    everything = str(lines)
    assert not [each for each in ("Kanarienfeder", "4711", "example.org") if each in everything]
    assert [line[0] for line in table(office, PLEDGES, q="kanarienfeder")[1:]] == ["Bogdan K."]


def test_a_provider_takes_away_nobody_it_is_not_told_of(
    today: datetime, own: Provider, coordinator: User
) -> None:
    task = make_opportunity("Vorlesen", provider=own, places=9, clearance_required=False)
    elsewhere = make_opportunity("Bei anderen", places=9, clearance_required=False)
    reasons = [{"code": "free_on", "values": [0]}]
    for first, where, says_yes in (
        ("Adile", task, True),
        ("Bogdan", task, False),
        ("Carla", elsewhere, True),
    ):
        pledge = make_pledge(today, first_name=first, email=f"{first}@example.org", wanted=elsewhere)
        question = make_sent_offer(pledge, where, today, reasons=reasons)
        if says_yes:
            accept_offer(question, now=today)
    client = client_of(coordinator)
    asked = table(client, OFFERS, sort="status")[1:]
    assert [(line[0], line[1], line[2]) for line in asked] == [
        ("Adile", "Vorlesen", "montags frei"),
        ("noch nicht genannt", "Vorlesen", ""),
    ]
    assert [line[0] for line in table(client, PLEDGES)[1:]] == ["Adile"]
    day = f"{local_day(today):%d.%m.%Y}"
    assert table(client, PLACEMENTS)[1:] == [["Adile", "Vorlesen", "wartet auf den Träger", day]]
    assert "Bei anderen" not in str(table(client, PLEDGES))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_file_is_a_line_of_the_history_that_tells_no_content(
    kind: str, today: datetime, coordinator: User
) -> None:
    office = make_coordinator(make_youth_office())
    for first in ("Adile", "Bogdan", "Carla"):
        make_pledge(today, first_name=first, email=f"{first}@example.org")
    client = client_of(office)
    before = Event.objects.count()
    answer = client.get(f"{PLEDGES}liste.{kind}", {"q": "Adile"})
    assert answer["Content-Disposition"] == f'attachment; filename="zeitzusagen.{kind}"'
    (line,) = Event.objects.order_by("-pk")[: Event.objects.count() - before]
    assert (line.kind, line.app_label, line.model, line.object_id) == ("read", "accounts", "user", office.pk)
    assert (line.actor_user, line.actor_role, line.route) == (
        office.pk,
        "youth_office",
        "coordination_pledges_file",
    )
    assert line.changes == {"file": [None, f"zeitzusagen.{kind}"], "rows": [None, 1]}


@pytest.mark.parametrize("kind", ["pdf", "CSV", "html", "csv-"])
def test_other_kinds_are_not_there_and_on_no_record(kind: str, coordinator: User) -> None:
    client, before = client_of(coordinator), Event.objects.count()
    assert client.get(f"{PLEDGES}liste.{kind}").status_code == 404
    assert Event.objects.count() == before


FORMULAS = ["=1+1", "+49 2421", "-1", "@SUM(A1)", "\tx", "\rx", " =1+1", "＝1+1", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("typed", FORMULAS)
def test_nothing_that_somebody_typed_becomes_a_formula(typed: str) -> None:
    line = list(csv.reader(StringIO("".join(csv_of(["Wer"], [[typed, "A; b\nc"]]))), delimiter=";"))[1]
    assert line[0] == f"'{typed}" or line[0] == f"'{typed}".replace("\r", "\n")
    assert line[1] == "A; b\nc"
    (_head, (cell,)) = list(cells(xlsx_of("liste", ["Wer"], [[typed]]).read()))
    assert cell[0] in ("inlineStr", "s")
    assert cell[1].startswith("'")


def test_numbers_and_days_stay_what_they_are_in_a_sheet(today: datetime) -> None:
    make_pledge(today, first_name="Adile", hours_per_week=7)
    client = client_of(make_coordinator(make_youth_office()))
    answer = client.get(f"{PLEDGES}liste.xlsx")
    head, row = list(cells(answer.getvalue()))
    assert [kind for kind, _value in head] == ["inlineStr"] * 8
    assert row[0] == ("inlineStr", "Adile")
    assert row[3] == ("n", "7")
    assert row[7][0] == "n"
    assert 40_000 < float(row[7][1]) < 70_000


def test_many_rows_are_all_in_the_file_and_read_in_portions(
    today: datetime, django_assert_max_num_queries: Any
) -> None:
    many_pledges(make_pledge(today), 1_020, today)
    client = client_of(make_coordinator(make_youth_office()))
    with django_assert_max_num_queries(25):
        lines = table(client, PLEDGES, sort="person")
    assert len(lines) == 1 + 1_021
    assert len({line[0] for line in lines[1:]}) == 1_021
