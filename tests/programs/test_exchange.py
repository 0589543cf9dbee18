"""Tasks as a table for agencies, and the directory as HSDS 3.0, held against the schemas as published."""

import csv
import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from programs.models import City, HelpTelephone, Program, Provider
from tests.factories import make_district, make_opportunity, make_program, make_provider
from tests.processes import ROOT

pytestmark = pytest.mark.django_db
CSV, HSDS = "/zeit/aufgaben.csv", "/offene-daten/hsds/"
SCHEMAS = {
    path.name: json.loads(path.read_text()) for path in (ROOT / "tests/vendor/hsds-3.0").glob("*.json")
}
REGISTRY: Registry[Any] = Registry().with_resources(
    (name, Resource.from_contents(schema, default_specification=DRAFT202012))
    for name, schema in SCHEMAS.items()
)
SERVICE = Draft202012Validator({"$ref": "service.json"}, registry=REGISTRY, format_checker=FormatChecker())


def unknown_names(told: dict[str, Any], schema: str, at: str = "service") -> list[str]:
    """Return what stands in `told` and is no property of `schema`; the schemas would let it pass."""
    found = []
    for name, value in told.items():
        known = SCHEMAS[schema]["properties"].get(name)
        if known is None:
            found.append(f"{at}.{name}")
            continue
        inner = known.get("$ref") or known.get("items", {}).get("$ref")
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                found += unknown_names(each, inner, f"{at}.{name}")
    return found


def get(address: str = "services", **query: Any) -> Any:
    answer = Client().get(f"{HSDS}{address}", query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=300"}
    assert list(answer.cookies) == []
    return json.loads(answer.content)


@pytest.fixture
def house() -> Provider:
    City.objects.create(
        source_key=settings.CITY, name="Düren", state="Nordrhein-Westfalen", official_key="05358008"
    )
    return make_provider("Haus", slug="haus", public_contact="02421 999999", coordination_email="g@x.example")


@pytest.fixture
def meeting(house: Provider) -> Program:
    return make_program(
        "Treff <für> alle",
        slug="treff",
        provider=house,
        districts=[make_district("Nord"), make_district("Süd")],
        site="Hauptstraße 5a, 52349 Düren",
        age_from=6,
        age_to=12,
        topics=["culture", "leisure"],
        public_contact="Tel. 02421 123456, treff@haus.example (laut Faltblatt 2024)",
        contact_checked_on=date(2026, 10, 1),
    )


def test_every_service_is_what_the_specification_says(meeting: Program, house: Provider) -> None:
    make_program("Überall", provider=house, is_city_wide=True, site="Bücherei")
    make_program("Ohne Träger", site="Hauptstraße, Düren", public_contact="nach Absprache")
    for full in ("true", "false"):
        told = get(full=full)["contents"]
        assert len(told) == 3
        for service in told:
            SERVICE.validate(service)
            assert unknown_names(service, "service.json") == []
            SERVICE.validate(get(f"services/{service['id']}"))


def test_a_service_tells_what_its_page_tells(meeting: Program) -> None:
    (short,) = get()["contents"]
    assert short["name"] == "Treff <für> alle"
    assert (short["status"], short["email"]) == ("active", "treff@haus.example")
    assert (short["minimum_age"], short["maximum_age"], short["assured_date"]) == (6, 12, "2026-10-01")
    assert short["url"].endswith("/hilfe/treff/")
    assert (short["organization"]["name"], short["organization"]["description"]) == ("Haus", "Freier Träger")
    assert short["organization_id"] == short["organization"]["id"]
    assert "phones" not in short

    full = get(f"services/{short['id']}")
    assert short.items() <= full.items()
    assert [phone["number"] for phone in full["phones"]] == ["02421 123456"]
    assert {area["name"] for area in full["service_areas"]} == {"Nord", "Süd"}
    terms = [each["taxonomy_term"] for each in full["attributes"]]
    assert [(term["code"], term["name"]) for term in terms] == [
        ("culture", "Kultur, Musik und Lesen"),
        ("leisure", "Freizeit und Treffpunkte"),
    ]
    assert [each["taxonomy_term_id"] for each in full["attributes"]] == [term["id"] for term in terms]
    assert len({term["taxonomy_id"] for term in terms}) == 1
    (at,) = full["service_at_locations"]
    (address,) = at["location"]["addresses"]
    assert (address["address_1"], address["postal_code"], address["city"], address["country"]) == (
        "Hauptstraße 5a",
        "52349",
        "Düren",
        "DE",
    )
    assert "g@x.example" not in json.dumps(full)


def test_where_something_is_missing_it_is_left_out(house: Provider) -> None:
    make_program("Überall", provider=house, is_city_wide=True, site="Bücherei")
    (told,) = get(full="true")["contents"]
    assert {"email", "minimum_age", "maximum_age", "assured_date"}.isdisjoint(told)
    assert [phone["number"] for phone in told["phones"]] == ["02421 999999"]
    assert [area["name"] for area in told["service_areas"]] == ["Düren"]
    assert told["service_at_locations"][0]["location"]["addresses"] == []
    assert get("") == {
        "version": "3.0",
        "profile": "https://docs.openreferral.org/en/3.0/",
        "openapi_url": "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/openapi.json",
    }


def test_what_families_may_not_be_sent_to_is_told_to_nobody(meeting: Program, house: Provider) -> None:
    (shown,) = get()["contents"]
    make_program("Beendet", has_ended=True)
    make_program("Verborgen", is_listed=False)
    make_program("Gestoppt", provider=make_provider(stop_reasons="Prüfung läuft."))
    assert [each["name"] for each in get()["contents"]] == ["Treff <für> alle"]
    Program.objects.filter(pk=meeting.pk).update(is_listed=False)
    assert get()["contents"] == []
    assert Client().get(f"{HSDS}services/{shown['id']}").status_code == 404


def test_pages_and_what_is_asked_for_hold_together(meeting: Program, house: Provider) -> None:
    organization = get()["contents"][0]["organization_id"]
    for number in range(4):
        make_program(f"Chor {number}", provider=house if number else None)
    page = get(page=2, per_page=2)
    contents = page.pop("contents")
    assert (len(contents), page) == (
        2,
        {
            "total_items": 5,
            "total_pages": 3,
            "page_number": 2,
            "size": 2,
            "first_page": False,
            "last_page": False,
            "empty": False,
        },
    )
    asked = get(search="Chor", organization_id=organization)
    assert [each["name"] for each in asked["contents"]] == ["Chor 1", "Chor 2", "Chor 3"]
    pages = [get(page=number, per_page=2)["contents"] for number in (1, 2, 3)]
    assert len({each["id"] for page in pages for each in page}) == 5
    for query in (
        {"page": "0"},
        {"page": "x"},
        {"per_page": "101"},
        {"per_page": "-1"},
        {"organization_id": "1"},
        {"full": "perhaps"},
        {"search": "x" * 81},
    ):
        refused = Client().get(f"{HSDS}services", query)
        assert (refused.status_code, list(json.loads(refused.content)["errors"])) == (400, list(query))
    assert Client().get(f"{HSDS}services", {"page": "4", "per_page": "2"}).status_code == 404


def test_a_telephone_that_helps_is_a_service_with_its_hours(meeting: Program, house: Provider) -> None:
    shared = {"source": "Impressum", "as_of": "Stand 2026", "audience": "parents"}
    own = {"name": "Elterntelefon", "number": "0800 1110550", "hours": "Mo bis Fr 9 bis 17 Uhr"}
    HelpTelephone.objects.create(position=1, source_key="elterntelefon", **own, **shared)
    other = {"name": "Ohne Zeiten", "number": "02421 1", "position": 2}
    HelpTelephone.objects.create(source_key="ohne-zeiten", **other, **shared)
    HelpTelephone.objects.create(name="Verborgen", number="02421 2", is_listed=False, **shared)
    short, full = (get(full=each)["contents"] for each in ("false", "true"))
    assert [each["name"] for each in full] == ["Treff <für> alle", "Elterntelefon", "Ohne Zeiten"]
    for service in (*short, *full):
        SERVICE.validate(service)
        assert unknown_names(service, "service.json") == []
        assert get(f"services/{service['id']}") == next(each for each in full if each["id"] == service["id"])
    told = full[1]
    assert (told["description"], told["status"]) == ("für Eltern", "active")
    assert [(each["number"], each["service_id"]) for each in told["phones"]] == [("0800 1110550", told["id"])]
    assert [(each["description"], each["service_id"]) for each in told["schedules"]] == [
        ("Mo bis Fr 9 bis 17 Uhr", told["id"])
    ]
    assert full[2]["schedules"] == []
    assert {"phones", "schedules"}.isdisjoint(short[1])
    assert [each["name"] for each in get(search="telefon")["contents"]] == ["Elterntelefon"]
    of_a_house = get(organization_id=full[0]["organization_id"])["contents"]
    assert [each["name"] for each in of_a_house] == ["Treff <für> alle"]
    page = get(page=2, per_page=2)
    assert (page["total_items"], [each["name"] for each in page["contents"]]) == (3, ["Ohne Zeiten"])


def test_rows_do_not_matter_to_the_queries(
    meeting: Program, house: Provider, django_assert_max_num_queries: Any
) -> None:
    for _number in range(12):
        make_program(provider=house, districts=[make_district()])
        make_opportunity()
    get()
    for address, query in ((f"{HSDS}services", {"full": "true"}), (CSV, {})):
        with django_assert_max_num_queries(6):
            assert Client().get(address, query).status_code == 200


def table(**query: str) -> list[dict[str, str]]:
    answer = Client().get(CSV, query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer["Content-Disposition"] == 'attachment; filename="aufgaben.csv"'
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text), delimiter=";"))


def test_agencies_get_the_open_tasks_as_a_table(house: Provider) -> None:
    north = make_district("Nord", slug="nord")
    make_opportunity("Verborgen", status="draft")
    make_opportunity("Voll", places=1, places_taken=1)
    make_opportunity("Chor", field="culture", district=make_district("Süd", slug="sued"))
    task = make_opportunity(
        '=1+1; "Lesen"',
        slug="lesen",
        provider=house,
        district=north,
        field="education",
        site="Bücherei",
        clearance_required=False,
        slots=[(1, 900, 990)],
        ends_on=date(2099, 5, 31),
    )
    (row,) = table(district="nord")
    assert (row["Titel"], row["Organisation"], row["Kennung"]) == ('\'=1+1; "Lesen"', "Haus", str(task.pk))
    assert (row["Einsatzort"], row["Stadtteil"], row["Ort"]) == ("Bücherei", "Nord", "Düren")
    assert (row["Bereich"], row["Endet am"], row["Führungszeugnis"]) == ("Bildung", "31.05.2099", "nein")
    assert row["Zeiten"].replace("\u00a0", " ") == "dienstags 15–16:30 Uhr"
    assert row["Internetadresse"].endswith("/zeit/lesen/")
    assert {each["Titel"] for each in table()} == {'\'=1+1; "Lesen"', "Chor"}
    assert [each["Titel"] for each in table(field="culture")] == ["Chor"]
    assert table(day="6") == []
    listed = Client().get("/zeit/?district=nord&page=1").content.decode()
    assert 'href="/zeit/aufgaben.csv?district=nord"' in listed
