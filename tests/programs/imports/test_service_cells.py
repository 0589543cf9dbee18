"""What a service of another directory may say (HSDS 3), entry by entry: what is kept and what is refused."""

import json
from typing import Any

import pytest

from foundation.tables.table import FileRefused
from programs.domain.imports import ReadRow
from programs.forms.imports.directory import read_services
from tests.factories import make_district, make_provider

pytestmark = pytest.mark.django_db


def read(*services: Any, source: str = "Kreis") -> list[ReadRow]:
    return read_services(json.dumps(services).encode(), kind="services", source=source)


def values(**told: Any) -> dict[str, Any]:
    (row,) = read({"id": "a", "name": "Treff", **told})
    assert row.faults == ()
    return dict(row.values)


def faults(**told: Any) -> list[tuple[str, str, str]]:
    (row,) = read({"id": "a", "name": "Treff", **told})
    return [(fault.column, fault.value, fault.reason) for fault in row.faults]


def test_little_is_enough() -> None:
    assert values() == {
        "name": "Treff",
        "description": "Treff",
        "operator": "",
        "provider": None,
        "public_contact": "",
        "site": "",
        "area_label": "",
        "districts": [],
        "age_from": None,
        "age_to": None,
        "as_of": "",
        "source": "Kreis",
    }


@pytest.mark.parametrize(
    ("told", "name", "value"),
    [
        ({"description": " Ein Treff. "}, "description", "Ein Treff."),
        ({"url": "https://haus.example"}, "source", "Kreis; https://haus.example"),
        # telephones before the address for mails, each once
        (
            {
                "email": "a@haus.example",
                "phones": [{"number": "02421 1"}, {"number": "02421 2"}, {"number": "02421 1"}],
            },
            "public_contact",
            "Tel. 02421 1, Tel. 02421 2, a@haus.example",
        ),
        ({"phones": [{"number": 5}, {}, "x", None]}, "public_contact", ""),
        ({"phones": {"number": "02421 1"}}, "public_contact", ""),
        # when somebody last made sure of it, else the day of the last change
        ({"assured_date": "2026-10-01", "last_modified": "2026-11-02T10:00:00Z"}, "as_of", "2026-10-01"),
        ({"last_modified": "2026-11-02T10:00:00Z"}, "as_of", "2026-11-02"),
        # the first place that has an address
        (
            {
                "service_at_locations": [
                    {"location": None},
                    {"location": {"addresses": []}},
                    {
                        "location": {
                            "addresses": [{"address_1": "Markt 1", "city": "Düren"}, {"city": "Köln"}]
                        }
                    },
                ]
            },
            "site",
            "Markt 1, Düren",
        ),
        (
            {
                "service_at_locations": [
                    {"location": {"addresses": [{"postal_code": "52349", "city": "Düren"}]}}
                ]
            },
            "site",
            "52349 Düren",
        ),
        ({"service_areas": [{"name": "Mond"}, {"name": ""}, {"name": "Mars"}]}, "area_label", "Mond, Mars"),
        ({"organization": {"name": "Haus"}}, "operator", "Haus"),
        ({"organization": "Haus"}, "operator", ""),
        # half a year is no age of its own
        ({"minimum_age": 0, "maximum_age": 120}, "age_to", 120),
        ({"minimum_age": 2.9}, "age_from", 2),
        ({"minimum_age": 6, "maximum_age": 6}, "age_from", 6),
        ({"minimum_age": None}, "age_from", None),
        ({"status": "active"}, "name", "Treff"),
        ({"status": None}, "name", "Treff"),
    ],
)
def test_what_is_kept_of_it(told: dict[str, Any], name: str, value: Any) -> None:
    assert values(**told)[name] == value


def test_a_stadtteil_and_a_body_that_are_known_here_are_joined() -> None:
    nord, house = make_district("Nord", short_name="NO"), make_provider("Haus für Alle e.V.")
    kept = values(
        organization={"name": "haus fuer alle e.v."}, service_areas=[{"name": "no"}, {"name": "Mond"}]
    )
    assert (kept["provider"], kept["operator"]) == (house.pk, "")
    assert (kept["districts"], kept["area_label"]) == ([nord.pk], "")


NO_ID = "Die Kennung fehlt oder enthält andere Zeichen."


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"id": ""}, ("id", "", NO_ID)),
        ({"id": 5}, ("id", "", NO_ID)),
        ({"id": "ä"}, ("id", "ä", NO_ID)),
        ({"id": "x" * 81}, ("id", "x" * 59 + "…", NO_ID)),
        ({"status": "inactive"}, ("status", "inactive", "Nur was aktiv ist, wird gelesen.")),
        ({"minimum_age": -1}, ("minimum_age", "-1", "Das ist kein Alter.")),
        ({"maximum_age": 120.5}, ("maximum_age", "120.5", "Das ist kein Alter.")),
        ({"maximum_age": 121}, ("maximum_age", "121", "Das ist kein Alter.")),
        ({"minimum_age": True}, ("minimum_age", "True", "Das ist kein Alter.")),
        ({"minimum_age": "6"}, ("minimum_age", "6", "Das ist kein Alter.")),
        (
            {"minimum_age": 7, "maximum_age": 6},
            ("maximum_age", "6", "Das Höchstalter liegt unter dem Mindestalter."),
        ),
        ({"description": None, "name": " "}, ("name", "", "Dieses Feld darf nicht leer sein.")),
    ],
)
def test_what_is_refused_is_named(told: dict[str, Any], found: tuple[str, str, str]) -> None:
    assert found in faults(**told)


@pytest.mark.parametrize("origin", ["A-z.0_9:/+-", "x" * 80])
def test_the_name_of_an_entry_may_be_long(origin: str) -> None:
    (row,) = read({"id": origin, "name": "Treff"})
    assert (row.fate, row.key is None) == ("new", False)


@pytest.mark.parametrize(
    "told",
    [
        {"name": "Treff für Emre (8)"},
        {"description": "Emre (8) kommt."},
        {"organization": {"name": "Familie Yilmaz"}},
        {"service_areas": [{"name": "bei Familie Yilmaz"}]},
    ],
)
def test_of_a_child_no_letter_is_kept(told: dict[str, Any]) -> None:
    (row,) = read({"id": "a", "name": "Treff", **told})
    assert row.fate == "faulty"
    assert not [word for word in ("Emre", "Yilmaz") if word in str(row)]


@pytest.mark.parametrize(
    "content",
    [
        [{"id": "a", "name": "Treff"}],
        {"id": "a", "name": "Treff"},
        {"contents": [{"id": "a", "name": "Treff"}], "total_items": 1},
        {"services": [{"id": "a", "name": "Treff"}]},
    ],
)
def test_a_list_a_page_or_one_alone_is_read(content: Any) -> None:
    (row,) = read_services(json.dumps(content).encode(), kind="services", source="Kreis")
    assert (row.line, row.fate, row.label) == (1, "new", "Treff")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"contents": None}, "keine Liste von Angeboten nach HSDS 3"),
        ({"contents": {"id": "a"}}, "keine Liste von Angeboten nach HSDS 3"),
        ({"name": "Treff"}, "keine Liste von Angeboten nach HSDS 3"),
        ("Treff", "keine Liste von Angeboten nach HSDS 3"),
        ([[]], "keine Liste von Angeboten nach HSDS 3"),
        ([{"id": "a"}] * 501, "zwischen 1 und 500 Angeboten"),
    ],
)
def test_what_is_no_such_list_is_refused(content: Any, why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        read_services(json.dumps(content).encode(), kind="services", source="Kreis")


def test_the_same_entry_twice_is_a_fault_of_the_later_and_sources_have_names_of_their_own() -> None:
    first, again = read({"id": "a", "name": "Treff"}, {"id": "a", "name": "Treff"})
    assert (first.fate, again.fate) == ("new", "faulty")
    assert [fault.reason for fault in again.faults] == ["Diese Kennung steht weiter oben schon einmal."]
    (same,) = read({"id": "a", "name": "Anders"}, source=" kreis ")
    (other,) = read({"id": "a", "name": "Treff"}, source="Land")
    assert (same.key == first.key, other.key == first.key) == (True, False)
