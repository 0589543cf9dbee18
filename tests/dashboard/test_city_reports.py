"""Reports for the city: made in one step, kept as they were, for the youth office alone."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from django.test import Client

from accounts.models import User
from figures.models import CityReport
from figures.services.counting import count
from foundation.models import Event
from programs.models import District, DistrictFigure, Membership, Provider
from tests.dashboard.test_report import gift, place, pledge
from tests.factories import (
    make_district,
    make_fund,
    make_opportunity,
    make_provider,
    make_user,
    make_youth_office,
)
from tests.figures.nights import let_a_night_pass
from volunteers.models import Placement, Volunteer

pytestmark = pytest.mark.django_db
REPORTS = "/koordination/berichte/"
HEAD = [
    "Stadtteil",
    "offene Plätze",
    "Menschen mit Zeitzusage",
    "Menschen im Einsatz",
    "geschenkte Stunden",
    "Spenden",
]


@pytest.fixture
def office() -> User:
    return make_user(Membership.Role.COORDINATOR, make_youth_office())


@pytest.fixture
def city(client: Client, office: User, now: datetime) -> tuple[District, District]:
    """Nord: 6 people help 1.5 hours each, 14 of 20 places are free, 50.10 € came; Süd: 3 people pledged."""
    north, south = make_district(name="Nord"), make_district(name="Süd")
    task = make_opportunity(
        district=north, places=20, places_taken=6, field="sport", clearance_required=False
    )
    fund = make_fund(district=north)
    for number in range(6):
        place(number, task, now, minutes=90)
    for number in range(10, 13):
        pledge(number, south, now)
    for number in range(5):
        gift(number, fund, now, 1002)
    let_a_night_pass(now)
    client.force_login(office)
    return north, south


def make(client: Client, **wanted: object) -> CityReport:
    answer = client.post(REPORTS, {"period": "365", **wanted})
    assert answer.status_code == 302, answer.content.decode()
    report = CityReport.objects.latest("pk")
    assert answer["Location"] == f"{REPORTS}{report.pk}/"
    return report


def table(client: Client, report: CityReport) -> list[list[str]]:
    answer = client.get(f"{REPORTS}{report.pk}/csv/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "no-store, private"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def sheet_of(client: Client, report: CityReport) -> list[list[str]]:
    """Return the rows of the XLSX file; numbers are written as numbers."""
    file = client.get(f"{REPORTS}{report.pk}/xlsx/").content
    rows = re.findall(
        r"<row[^>]*>(.*?)</row>", zipfile.ZipFile(io.BytesIO(file)).read("xl/worksheets/sheet1.xml").decode()
    )
    assert b"<f>" not in file
    return [re.findall(r"<(?:v|t)[^>]*>([^<]*)</", row) for row in rows]


def test_the_two_tables_tell_the_same(client: Client, city: tuple[District, District], now: datetime) -> None:
    DistrictFigure.objects.create(
        district=city[0], kind="under_18_percent", value=Decimal("17.50"), year=2021, source="erfunden"
    )
    report = make(client)
    rows = [row for row in table(client, report) if row]
    assert rows[1][15:17] == ["17,5", "2021"]
    assert [row for row in sheet_of(client, report) if row] == rows


def test_a_report_tells_what_is_published_and_says_how_it_was_counted(
    client: Client, city: tuple[District, District], now: datetime
) -> None:
    report = make(client)
    rows = table(client, report)
    assert rows[0][:6] == HEAD
    assert {row[0]: row[1:6] for row in rows[1:4]} == {
        "Nord": ["15", "5", "5", "5", "50"],
        "Süd": ["0", "unter 5", "unter 5", "zu klein", "zu klein"],
        "Zusammen": ["15", "5", "5", "5", "50"],
    }
    assert [row[11:13] for row in rows[1:4]] == [["20", "5"], ["0", "0"], ["20", "5"]]
    told = "\n".join(row[0] for row in rows[5:])
    assert f"gezählt bis zum Ende des {now.day}. " in told
    assert "unter 5 Menschen zeigen wir keine Zahl" in told
    assert "Dienstgebrauch" not in told


def test_the_page_shows_the_components_of_the_other_pages_and_leads_to_the_rows_behind(
    client: Client, city: tuple[District, District]
) -> None:
    body = client.get(f"{REPORTS}{make(client).pk}/").content.decode()
    assert "In Nord fehlen bis zu 15 Menschen" in body
    row = re.search(r">Nord.*?</tr>", body[body.index('id="tabelle"') :], re.DOTALL)
    assert row is not None
    cells = re.findall(r'data-label="([^"]*)">\s*([^<\s]+)', row[0])
    assert cells[:5] == list(zip(HEAD[1:], ["15", "5", "5", "5", "50"], strict=True))
    assert "/koordination/angebote/?status=published&amp;q=Nord" in body
    assert 'id="karte"' in body
    assert "Nur für den Dienstgebrauch" not in body


def test_the_map_of_a_report_shows_what_is_chosen_and_its_period_stands(
    client: Client, city: tuple[District, District]
) -> None:
    here = f"{REPORTS}{make(client).pk}/"
    body = client.get(here).content.decode()
    assert ('name="measure"' in body, 'name="period"' in body) == (True, False)
    for asked, shown in (("", "offene Plätze"), ("hours", "geschenkte Stunden"), ("x", "offene Plätze")):
        assert f'<h2 id="karte">Karte: {shown}</h2>' in client.get(here, {"measure": asked}).content.decode()


def test_a_report_stays_as_it_was_and_the_next_one_tells_the_difference(
    client: Client, city: tuple[District, District], now: datetime
) -> None:
    north, _south = city
    first = make(client)
    before = table(client, first)
    later = now + timedelta(days=40)
    for number in range(20, 31):
        pledge(number, north, later)
    let_a_night_pass(later)
    assert table(client, first) == before
    second = make(client, earlier=first.pk)
    body = client.get(f"{REPORTS}{second.pk}/").content.decode()
    day = f"{now.day}. "
    assert f"+10 gegenüber dem Bericht bis zum {day}" in body
    assert {row[0]: (row[2], row[7]) for row in table(client, second)[1:3]} == {
        "Nord": ("15", "10"),
        "Süd": ("unter 5", ""),
    }


def test_chosen_districts_are_counted_together_and_no_other(
    client: Client, city: tuple[District, District]
) -> None:
    rows = table(client, make(client, districts=[city[1].pk]))
    assert [row[0] for row in rows[1:3]] == ["Süd", "Zusammen"]
    assert rows[2][1:6] == ["0", "unter 5", "unter 5", "zu klein", "zu klein"]


def test_a_field_alone_is_for_the_office_and_every_file_says_so(
    client: Client, city: tuple[District, District]
) -> None:
    report = make(client, field="sport")
    assert not report.is_for_everybody
    notice = "Nur für den Dienstgebrauch"
    assert notice in client.get(f"{REPORTS}{report.pk}/").content.decode()
    assert any(row and notice in row[0] for row in table(client, report))
    assert notice in text_of(client, report)


def text_of(client: Client, report: CityReport) -> str:
    answer = client.get(f"{REPORTS}{report.pk}/pdf/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_document_is_for_archives_and_for_those_who_listen(
    client: Client, city: tuple[District, District]
) -> None:
    report = make(client)
    told = text_of(client, report)
    for words in (
        "Hilfe und Bedarf nach Stadtteil",
        "In Nord fehlen bis zu 15 Menschen",
        "So ist gezählt",
        "50 €",
    ):
        assert words in told
    file = client.get(f"{REPORTS}{report.pk}/pdf/").content
    assert file == client.get(f"{REPORTS}{report.pk}/pdf/").content
    root = pypdf.PdfReader(io.BytesIO(file)).trailer["/Root"].get_object()
    claims = root["/Metadata"].get_object().get_data()  # type: ignore[index]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in claims
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in claims
    assert_archived(root)


def assert_archived(root: Any) -> None:
    """What ISO 19005-2 and 14289-1 ask of the file beside its words: colours, language, title and tags."""
    (intent,) = root["/OutputIntents"]
    intent = intent.get_object()
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_object()["/N"] == 3
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("de-DE", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    parts = list(parts_of(root["/StructTreeRoot"]))
    assert {"/H1", "/Table", "/TH", "/Figure", "/P"} <= {part.get("/S") for part in parts}
    assert [part for part in parts if part.get("/S") == "/Figure" and not part.get("/Alt")] == []


def parts_of(node: Any) -> Iterator[Any]:
    """Yield every tag below `node`."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        part = kid.get_object()
        if isinstance(part, dict):
            yield part
            yield from parts_of(part)


def test_the_document_tells_every_measure_per_thousand_children_as_the_page_does(
    client: Client, city: tuple[District, District]
) -> None:
    for kind, value, year in (("population", 1000, 2023), ("under_18_percent", 10, 2022)):
        DistrictFigure.objects.create(
            district=city[0], kind=kind, value=Decimal(value), year=year, source="erfunden"
        )
    told = text_of(client, make(client))
    row = "Nord 150 (2022) 50 (2022) 50 (2022) 50 (2022) 500 € (2022)"
    assert row in told.split("Je 1.000 Kinder", 1)[1].replace("\u00a0", " ")
    assert "Süd keine Angabe keine Angabe keine Angabe keine Angabe keine Angabe" in told


def test_the_tables_tell_every_measure_per_thousand_children_with_year_and_source(
    client: Client, city: tuple[District, District]
) -> None:
    """Of Nord, of Süd with too few people to tell, and of a report from before sources were kept."""
    for district in city:
        for kind, value, year in (("population", 1000, 2023), ("under_18_percent", 10, 2022)):
            DistrictFigure.objects.create(
                district=district, kind=kind, value=Decimal(value), year=year, source=f"Amt {year}"
            )
    report = make(client)
    rows = table(client, report)
    assert rows[0][19:] == [
        "offene Plätze je 1.000 Kinder",
        "Zusagen je 1.000 Kinder",
        "Menschen im Einsatz je 1.000 Kinder",
        "Stunden je 1.000 Kinder",
        "Spenden je 1.000 Kinder",
        "Kinder, Jahr",
        "Kinder, Quelle",
    ]
    assert {row[0]: row[19:] for row in rows[1:4]} == {
        "Nord": ["150", "50", "50", "50", "500", "2022", "Amt 2023; Amt 2022"],
        "Süd": ["0", "zu klein", "zu klein", "zu klein", "zu klein", "2022", "Amt 2023; Amt 2022"],
        "Zusammen": [""] * 7,
    }
    assert sheet_of(client, report)[1][19:] == rows[1][19:]
    for line in report.content["lines"]:
        line["population"] = line["population"] and line["population"][:2]
        line["under_18"] = line["under_18"] and line["under_18"][:2]
    report.save()
    assert table(client, report)[1][19:] == ["150", "50", "50", "50", "500", "2022", ""]


def test_without_a_figure_about_children_the_tables_say_so(
    client: Client, city: tuple[District, District]
) -> None:
    assert table(client, make(client))[1][19:] == [*["keine Angabe"] * 5, "", ""]


def test_a_calendar_year_ends_with_its_last_day(
    client: Client, city: tuple[District, District], now: datetime
) -> None:
    north, _south = city
    year = now.year
    for number in range(40, 46):
        pledge(number, north, now.replace(year=year + 1, month=1, day=3))
    count(now.replace(year=year + 1, month=2, day=1))
    told = {
        period: table(client, make(client, period=period))[1][2]
        for period in (str(year), str(year + 1), "alle")
    }
    assert told == {str(year): "5", str(year + 1): "5", "alle": "10"}
    assert CityReport.objects.latest("pk").counted_on == date(year + 1, 1, 31)


def test_what_cannot_be_told_is_refused_in_words_and_nothing_is_kept(
    client: Client, city: tuple[District, District], now: datetime
) -> None:
    first = str(make(client).pk)
    refused: list[tuple[dict[str, object], str]] = [
        ({"period": ""}, "Zeitraum"),
        ({"period": "1492"}, "Zeitraum: Bitte wählen Sie aus, was angeboten wird."),
        ({"period": "365", "districts": ["0"]}, "Stadtteile"),
        ({"period": "365", "earlier": "999999"}, "Vergleichen mit"),
        ({"period": str(now.year), "field": "sport"}, "nur für alle Handlungsfelder zusammen"),
        ({"period": "30", "earlier": first}, "Dieser Bericht zählt etwas anderes"),
        ({"period": "365", "field": "sport", "earlier": first}, "Dieser Bericht zählt etwas anderes"),
        ({"period": "365\x00", "field": "\x00"}, "Zeitraum"),
    ]
    for wanted, says in refused:
        answer = client.post(REPORTS, wanted)
        assert (answer.status_code, says in answer.content.decode()) == (422, True), wanted
    assert CityReport.objects.count() == 1


def test_years_can_be_compared_with_one_another(
    client: Client, city: tuple[District, District], now: datetime
) -> None:
    this_year = make(client, period=str(now.year))
    count(now.replace(year=now.year + 1, month=3, day=1))
    rows = table(client, make(client, period=str(now.year + 1), earlier=this_year.pk))
    assert rows[1][2] == "unter 5"
    assert any("zum Bericht bis zum" in row[0] for row in rows if row)


def test_before_the_first_night_there_is_nothing_to_report(client: Client, office: User) -> None:
    client.force_login(office)
    body = client.get(REPORTS).content.decode()
    assert "Gezählt wird jede Nacht" in body
    assert client.post(REPORTS, {"period": "365"}).status_code == 422
    assert not CityReport.objects.exists()


def test_a_report_survives_its_district_and_its_maker(
    client: Client, city: tuple[District, District], office: User
) -> None:
    report = make(client)
    city[1].delete()
    colleague = make_user(Membership.Role.COORDINATOR, Provider.objects.get(is_youth_office=True))
    office.delete()
    client.force_login(colleague)
    assert table(client, report)[2][0] == "Süd"
    assert client.get(f"{REPORTS}{report.pk}/").status_code == 200
    assert "Süd" in text_of(client, report)
    assert "unbekannt" in client.get(REPORTS).content.decode()


def test_another_file_or_report_is_not_found(client: Client, city: tuple[District, District]) -> None:
    report = make(client)
    for address in (f"{report.pk}/exe/", f"{report.pk + 1}/", f"{report.pk + 1}/pdf/"):
        assert client.get(f"{REPORTS}{address}").status_code == 404


def test_a_coordinator_of_a_provider_gets_nothing(client: Client, city: tuple[District, District]) -> None:
    report = make(client)
    client.force_login(make_user(Membership.Role.COORDINATOR, make_provider()))
    for address in ("", f"{report.pk}/", f"{report.pk}/csv/"):
        assert client.get(f"{REPORTS}{address}").status_code == 403
    assert client.post(REPORTS, {"period": "365"}).status_code == 403
    assert CityReport.objects.count() == 1


def behind(client: Client, report: CityReport, measure: str, where: str) -> tuple[int, list[list[str]]]:
    """Return how many rows the page names, and their cells."""
    answer = client.get(f"{REPORTS}{report.pk}/dahinter/{measure}/{where}/")
    assert answer.status_code == 200
    html = answer.content.decode().replace("\xa0", " ")
    said = re.search(r"Heute steh(?:t|en) ([\d.]+) Eintr", html)
    assert said is not None
    rows = re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", html, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return int(said[1]), [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def test_each_figure_about_people_leads_to_the_rows_behind_it_and_who_looked_is_on_record(
    client: Client, city: tuple[District, District], office: User, now: datetime
) -> None:
    north, south = city
    report = make(client)
    body = client.get(f"{REPORTS}{report.pk}/").content.decode()
    for district in city:
        for measure in ("pledged", "placed", "hours"):
            assert f'href="{REPORTS}{report.pk}/dahinter/{measure}/{district.slug}/"' in body
    day = f"{now.day}. März 2026"
    found, rows = behind(client, report, "placed", north.slug)
    assert (found, rows[0][0]) == (6, day)
    assert sorted(row[1] for row in rows) == [f"Person {number}" for number in range(6)]
    people = set(
        Volunteer.objects.filter(first_name__in=[row[1] for row in rows]).values_list("pk", flat=True)
    )
    noted = Event.objects.filter(kind="read", route="coordination_report_behind", actor_user=office.pk)
    assert set(noted.values_list("object_id", flat=True)) == people
    found, rows = behind(client, report, "hours", north.slug)
    assert (found, {row[3] for row in rows}) == (6, {"1,5 Stunden"})
    assert behind(client, report, "pledged", south.slug)[0] == 3
    assert behind(client, report, "placed", south.slug) == (0, [])
    assert behind(client, report, "pledged", "ohne") == (0, [])


def test_behind_a_figure_stand_the_rows_of_its_period_and_field_each_once(
    client: Client, city: tuple[District, District], now: datetime
) -> None:
    north, _south = city
    later = now + timedelta(days=40)
    pledge(30, north, later, fields=["sport", "culture"])
    let_a_night_pass(later)
    every, lately, health = make(client), make(client, period="30"), make(client, field="health")
    sport = make(client, field="sport")
    counted = {"every": every, "lately": lately, "health": health, "sport": sport}
    found = {name: behind(client, report, "pledged", north.slug)[0] for name, report in counted.items()}
    assert found == {"every": 7, "lately": 1, "health": 0, "sport": 7}
    Placement.objects.filter(volunteer__first_name="Person 0").update(status="cancelled")
    let_a_night_pass(later)
    assert behind(client, every, "placed", north.slug)[0] == 5


def test_behind_what_is_no_figure_about_people_is_nothing(
    client: Client, city: tuple[District, District]
) -> None:
    north, _south = city
    report = make(client)
    for measure, where in (
        ("gifts", north.slug),
        ("needs", north.slug),
        ("placed", "nirgends"),
        ("x", "ohne"),
    ):
        assert client.get(f"{REPORTS}{report.pk}/dahinter/{measure}/{where}/").status_code == 404
    client.force_login(make_user(Membership.Role.COORDINATOR, make_provider()))
    assert client.get(f"{REPORTS}{report.pk}/dahinter/placed/{north.slug}/").status_code == 403
