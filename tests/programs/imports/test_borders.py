"""Borders of districts as GeoJSON: judged, released by a second person, taken back, typed nowhere."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from programs.models import DataImport, District
from tests.factories import make_coordinator, make_district, make_youth_office
from tests.programs.imports.files import done, fates, faults, shown, step, text_of, upload, uploaded

pytestmark = pytest.mark.django_db
Ring = list[list[float]]


@pytest.fixture
def office() -> list[User]:
    house = make_youth_office()
    make_district("Nord", slug="nord", latitude=50.82, geometry_note="Alt")
    make_district("Süd", slug="sued", latitude=50.78)
    return [make_coordinator(house, email=f"amt-{number}@example.org") for number in (1, 2)]


def square(south: float = 50.80, *, size: float = 0.02, west: float = 6.46) -> Ring:
    east, north = round(west + size, 6), round(south + size, 6)
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(name: str, *rings: Ring, **more: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": list(rings)}
    return {"type": "Feature", "properties": {"name": name}, "geometry": geometry, **more}


def collection(*features: dict[str, Any], **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features, **more})


GOOD = collection(feature("Nord", square(50.80)), feature("sued", square(50.78)))


def outlines() -> dict[str, tuple[Any, str]]:
    rows = District.objects.values_list("name", "geometry", "geometry_note")
    return {name: (geometry["coordinates"], note) for name, geometry, note in rows}


def test_borders_hold_when_a_second_person_has_looked_and_come_back(office: list[User]) -> None:
    first, second = office
    before = outlines()
    run = uploaded(first, "grenzen", GOOD, source="Katasteramt, 1.7.2026", name="grenzen.geojson")
    page = shown(first, run)
    assert "Nord 3,11 km², 5 Punkte (Quelle: Alt) 3,11 km², 5 Punkte (Quelle: Katasteramt, 1.7.2026)" in page
    assert "Neue Umrisse sind gefüllt" in page
    done(first, run, "einlesen")
    assert (run.status, outlines()) == ("waiting", before)
    assert step(first, run, "freigeben").status_code == 422
    assert outlines() == before
    done(second, run, "freigeben")
    note = "Katasteramt, 1.7.2026"
    assert outlines() == {"Nord": ([square(50.80)], note), "Süd": ([square(50.78)], note)}
    assert fates(run) == [(1, "changed"), (2, "changed")]
    District.objects.filter(slug="sued").update(geometry_note="Seitdem")
    done(first, run, "zuruecknehmen")
    assert fates(run) == [(1, "taken_back"), (2, "stays")]
    assert outlines() == {"Nord": before["Nord"], "Süd": ([square(50.78)], "Seitdem")}


def test_the_same_borders_again_change_nothing(office: list[User]) -> None:
    first, second = office
    run = uploaded(first, "grenzen", GOOD)
    done(first, run, "einlesen")
    done(second, run, "freigeben")
    assert step(first, uploaded(first, "grenzen", GOOD), "einlesen").status_code == 422


BOW_TIE = [[6.46, 50.80], [6.48, 50.82], [6.48, 50.80], [6.46, 50.82], [6.46, 50.80]]


@pytest.mark.parametrize(
    ("ring", "why"),
    [
        (BOW_TIE, "Die Grenze kreuzt sich selbst bei Länge 6,47, Breite 50,81."),
        (square()[:-1], "Ein Ring ist nicht geschlossen"),
        (square()[:3], "mindestens vier Punkte"),
        (square(48.0), "Die Fläche liegt nicht in der Stadt"),
        (
            [[5640000.0, 305000.0], [5640100.0, 305000.0], [5640100.0, 305100.0], [5640000.0, 305000.0]],
            "in Grad",
        ),
        ([["6.46", 50.8], *square()[1:]], "kein Paar von Zahlen"),
        ([[6.46, float("nan")], *square()[1:]], "kein Paar von Zahlen"),
        ([[10**400, 50.8], *square()[1:]], "kein Paar von Zahlen"),
        (square()[:-1] * 5001 + square()[:1], "mehr als 20000 Punkte"),
    ],
)
def test_an_outline_that_cannot_be_one_is_named(ring: Ring, why: str, office: list[User]) -> None:
    before = outlines()
    run = uploaded(office[0], "grenzen", collection(feature("Nord", ring)))
    assert faults(run) == [(1, "Grenze", "Nord")]
    assert why in shown(office[0], run)
    assert outlines() == before


def test_holes_lie_inside(office: list[User]) -> None:
    inside, outside = square(50.805, size=0.005, west=6.465), square(50.85, size=0.005)
    run = uploaded(office[0], "grenzen", collection(feature("Nord", square(), inside)))
    assert faults(run) == []
    run = uploaded(office[0], "grenzen", collection(feature("Nord", square(), outside)))
    assert "Die Ringe der Fläche passen nicht zueinander." in shown(office[0], run)


def test_districts_do_not_lie_over_one_another(office: list[User]) -> None:
    both = collection(feature("Nord", square(50.80)), feature("Süd", square(50.79)))
    run = uploaded(office[0], "grenzen", both)
    assert faults(run) == [(1, "Grenze", "Nord"), (2, "Grenze", "Süd")]
    assert "Die Fläche überschneidet sich mit Süd (50 %)." in shown(office[0], run)
    # Süd as it is lies from 50.77 to 50.79.
    run = uploaded(office[0], "grenzen", collection(feature("Nord", square(50.78))))
    assert faults(run) == [(1, "Grenze", "Nord")]
    run = uploaded(office[0], "grenzen", collection(feature("Nord", square(50.7899))))
    assert faults(run) == []


def test_whoever_is_refused_keeps_the_old_outline_beside_which_others_are_judged(office: list[User]) -> None:
    make_district("West", slug="west", latitude=50.90, longitude=6.40)
    make_district("Ost", slug="ost", latitude=50.80, longitude=6.60)
    # West would lie over Ost and is refused; so Süd would lie over the place West keeps.
    text = collection(
        feature("West", square(50.79, west=6.59)),
        feature("Nord", square(50.84)),
        feature("Süd", square(50.895, west=6.395)),
    )
    run = uploaded(office[0], "grenzen", text)
    assert faults(run) == [(1, "Grenze", "West"), (3, "Grenze", "Süd")]


def test_unknown_and_doubled_districts_are_named_and_children_covered(office: list[User]) -> None:
    text = collection(
        feature("Mond", square()),
        feature("Nord", square()),
        feature("nord", square()),
        feature("Emma Müller, geboren am 3.4.2018", square()),
    )
    run = uploaded(office[0], "grenzen", text)
    told = faults(run)
    assert told[:2] == [(1, "Stadtteil", "Mond"), (3, "Stadtteil", "Nord")]
    assert "3.4.2018" not in str(run.rows)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "kein GeoJSON."),
        ("[" * 100_000, "kein GeoJSON."),
        ("[]", "Liste „features“"),
        ('{"features": []}', "zwischen 1 und 500"),
        (collection(*[feature("Nord", square())] * 501), "zwischen 1 und 500"),
        (collection(feature("Nord", square()), crs={"properties": {"name": "EPSG:25832"}}), "WGS 84"),
    ],
)
def test_what_is_no_geojson_is_refused(content: str, why: str, office: list[User]) -> None:
    answer = upload(office[0], "grenzen", content)
    assert (answer.status_code, why in text_of(answer), DataImport.objects.count()) == (422, True, 0)


def test_nobody_types_a_border_in_the_administration(office: list[User]) -> None:
    before = outlines()
    client = Client()
    client.force_login(User.objects.create_superuser("verwaltung@example.org"))
    district = District.objects.get(slug="nord")
    typed = {
        "latitude": "50.8",
        "longitude": "6.48",
        "geometry": '{"type": "Polygon", "coordinates": []}',
        "tile_column": "1",
        "tile_row": "1",
        "need_weight": "111",
        "figures-TOTAL_FORMS": "0",
        "figures-INITIAL_FORMS": "0",
    }
    assert client.post(f"/verwaltung/programs/district/{district.pk}/change/", typed).status_code == 302
    district.refresh_from_db()
    assert (district.need_weight, outlines()) == (111, before)


def test_a_name_that_no_page_can_show_is_a_fault_of_its_row(office: list[User]) -> None:
    text = collection(feature("Mo\x00nd\ud800", square(50.80)), feature("Nord", square(50.80)))
    run = uploaded(office[0], "grenzen", text, name="grenzen.geojson")
    assert faults(run) == [(1, "Stadtteil", "Mond")]


def test_before_there_is_a_district_every_border_is_of_none(office: list[User]) -> None:
    District.objects.all().delete()
    run = uploaded(office[0], "grenzen", GOOD)
    assert faults(run) == [(1, "Stadtteil", "Nord"), (2, "Stadtteil", "sued")]
    assert step(office[0], run, "einlesen").status_code == 422
