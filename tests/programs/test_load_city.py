"""`manage.py load_city`: the data of a city become rows that people may edit."""

import json
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from programs.gateways.city_files import DATA_ROOT
from programs.models import City, District, DistrictFigure, Fund, Program, Provider

pytestmark = pytest.mark.django_db

CORE_SLUGS = {
    "gegen-kinderarmut",
    "soziale-dienste",
    "familienzentren",
    "jugendhilfe-im-strafverfahren",
    "streetwork",
    "jugend-staerken-bruecken",
}
Change = Callable[[Any], None]


def load(root: Path = DATA_ROOT, *, demo: bool = False, city: str = "dueren") -> str:
    out = StringIO()
    flag = "--demo-values" if demo else "--no-demo-values"
    call_command("load_city", city, flag, root=root, stdout=out)
    return out.getvalue()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(DATA_ROOT / "dueren", tmp_path / "dueren")
    return tmp_path


def change(root: Path, name: str, edit: Change) -> None:
    path = root / "dueren" / name
    data = json.loads(path.read_text())
    edit(data)
    path.write_text(json.dumps(data))


def entry(rows: list[dict[str, Any]], key: str) -> dict[str, Any]:
    return next(row for row in rows if row["key"] == key)


def test_all_of_dueren_comes_in() -> None:
    load()
    assert City.objects.get().name == "Düren"
    assert District.objects.count() == 22
    assert Provider.objects.count() == 17
    assert Program.objects.count() == 38
    assert Fund.objects.filter(is_general=True).get().slug == "kinderfonds"


def test_a_figure_has_its_year_and_its_source() -> None:
    load()
    figure = DistrictFigure.objects.get(district__slug="birkesdorf", kind="population")
    assert (figure.value, figure.year) == (8728, 2022)
    assert figure.source.startswith("Wikipedia (de)")
    assert not DistrictFigure.objects.filter(source="").exists()


def test_no_child_poverty_figure_is_made_up_for_a_district() -> None:
    load()
    assert not DistrictFigure.objects.filter(kind="child_poverty_percent").exists()


def test_every_district_has_a_shape_a_point_and_a_tile_of_its_own() -> None:
    load()
    tiles = {(d.tile_column, d.tile_row) for d in District.objects.all()}
    assert len(tiles) == 22
    assert all(d.geometry["type"] == "Polygon" for d in District.objects.all())


def test_the_six_systems_of_the_youth_office_have_their_own_text() -> None:
    load()
    core = Program.objects.filter(is_core_system=True)
    assert {program.slug for program in core} == CORE_SLUGS
    assert "WIR BRAUCHEN SIE" in core.get(slug="gegen-kinderarmut").page_text
    assert all(program.page_text for program in core)


def test_what_somebody_said_of_parts_stays(root: Path) -> None:
    load(root)
    other = Program.objects.get(slug="streetwork")
    Program.objects.filter(slug="fz-mitte").update(part_of=other)
    load(root)
    assert Program.objects.get(slug="fz-mitte").part_of == other
    assert Program.objects.get(slug="fz-mitte-sued").part_of == Program.objects.get(slug="familienzentren")


def test_an_area_named_otherwise_is_mapped_and_an_unclear_one_is_left_as_a_label() -> None:
    load()
    bridges = Program.objects.get(slug="jugend-staerken-bruecken")
    assert [d.slug for d in bridges.districts.all()] == ["nord-dueren", "ost-dueren"]
    unclear = Program.objects.get(slug="satellitenviertel")
    assert (unclear.area_label, unclear.districts.count(), unclear.is_city_wide) == (
        "Satellitenviertel",
        0,
        False,
    )


def test_no_contact_counts_as_checked_and_what_has_ended_is_not_listed() -> None:
    load()
    assert not Program.objects.exclude(contact_checked_on=None).exists()
    assert list(Program.objects.filter(is_listed=False).values_list("slug", "has_ended")) == [
        ("just-nord", True)
    ]


def test_what_the_city_must_confirm_is_listed() -> None:
    load()
    points = City.objects.get().unconfirmed
    assert len(points) == 11
    assert points[5] == (
        "Echte Bankkonten und Gläubiger-Identifikationsnummern; je Träger ein eigenes Konto bei Stripe"
    )


def test_outside_the_demo_there_is_no_target_and_no_account() -> None:
    load()
    assert not Fund.objects.exclude(target_cents=None).exists()
    assert not Provider.objects.exclude(iban="").exists()
    assert not Provider.objects.exclude(stripe_account="").exists()


def test_in_the_demo_targets_are_marked_as_examples_and_accounts_as_tests() -> None:
    load(demo=True)
    satchel = Fund.objects.get(slug="duerener-ranzen")
    assert (satchel.unit_cents, satchel.unit_label, satchel.has_example_figures) == (2500, "ein Ranzen", True)
    assert not Fund.objects.filter(has_example_figures=False).exists()
    with_account = Provider.objects.exclude(iban="")
    assert with_account.count() == 3
    assert all("Test-IBAN" in provider.note for provider in with_account)
    assert all("Testkonto" in provider.account_holder_name for provider in with_account)
    with_stripe = Provider.objects.exclude(stripe_account="").values_list("slug", "stripe_account")
    assert dict(with_stripe) == {"freiwilligenzentrum": "freiwillige", "stadt-dueren": "default"}
    assert Fund.objects.get(slug="schwimmkurse").provider.stripe_account == ""


def test_example_values_are_refused_in_production(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="keine Beispielwerte"):
        load(demo=True)
    assert not City.objects.exists()


def test_a_second_run_changes_nothing() -> None:
    load(demo=True)
    before = list(Program.objects.values()), list(Provider.objects.values()), list(Fund.objects.values())
    report = load(demo=True)
    assert before == (
        list(Program.objects.values()),
        list(Provider.objects.values()),
        list(Fund.objects.values()),
    )
    assert "Angebote: 0 neu, 0 geändert, 38 unverändert, 0 Felder" in report


def test_newer_data_reach_what_nobody_has_touched(root: Path) -> None:
    load(root)
    change(root, "programmes.json", lambda d: entry(d["programmes"], "streetwork").update(site="Markt"))
    report = load(root)
    assert Program.objects.get(slug="streetwork").site == "Markt"
    assert "Angebote: 0 neu, 1 geändert, 37 unverändert, 0 Felder" in report


def test_what_staff_changed_stays_while_the_other_fields_follow(root: Path) -> None:
    load(root)
    Program.objects.filter(slug="streetwork").update(site="Büro am Bahnhof")
    change(
        root,
        "programmes.json",
        lambda d: entry(d["programmes"], "streetwork").update(site="Markt", as_of="2026"),
    )
    report = load(root)
    streetwork = Program.objects.get(slug="streetwork")
    assert (streetwork.site, streetwork.as_of) == ("Büro am Bahnhof", "2026")
    assert "1 Felder von Hand geändert und behalten" in report
    load(root)
    assert Program.objects.get(slug="streetwork").site == "Büro am Bahnhof"


def test_a_field_set_back_to_what_was_loaded_follows_again(root: Path) -> None:
    load(root)
    loaded_site = Program.objects.get(slug="streetwork").site
    Program.objects.filter(slug="streetwork").update(site="Büro am Bahnhof")
    change(root, "programmes.json", lambda d: entry(d["programmes"], "streetwork").update(site="Markt"))
    load(root)
    Program.objects.filter(slug="streetwork").update(site=loaded_site)
    load(root)
    assert Program.objects.get(slug="streetwork").site == "Markt"


def test_a_newer_text_of_a_fund_is_a_new_version(root: Path) -> None:
    load(root)
    change(root, "funds.json", lambda d: entry(d["funds"], "kinderfonds").update(purpose="Neu."))
    load(root)
    assert Fund.objects.get(slug="kinderfonds").text_version == 2
    assert set(Fund.objects.exclude(slug="kinderfonds").values_list("text_version", flat=True)) == {1}


def test_districts_that_staff_assigned_stay(root: Path) -> None:
    load(root)
    playground = Program.objects.get(slug="abenteuerspielplatz")
    playground.districts.set([District.objects.get(slug="roelsdorf")])
    load(root)
    assert [d.slug for d in playground.districts.all()] == ["roelsdorf"]


def test_an_added_and_a_dropped_entry_are_reported(root: Path) -> None:
    load(root)

    def edit(data: Any) -> None:
        data["providers"] = [row for row in data["providers"] if row["key"] != "kbf"]
        data["providers"].append(
            {"key": "neu", "name": "Neuer Verein", "kind": "club", "source": "Vereinsregister"}
        )

    change(root, "providers.json", edit)
    report = load(root)
    assert (
        "Träger: 1 neu, 0 geändert, 16 unverändert, 0 Felder von Hand geändert und behalten, 1 nicht"
        in report
    )
    assert Provider.objects.filter(slug="kbf").exists()


@pytest.mark.parametrize(
    ("name", "edit", "message"),
    [
        ("programmes.json", lambda d: d.pop("source"), "woher die Angaben stammen"),
        ("programmes.json", lambda d: d.update(programmes={}), "muss eine Liste"),
        (
            "programmes.json",
            lambda d: d["programmes"][0].update(provider="niemand"),
            "»gegen-kinderarmut«: den Schlüssel »niemand« gibt es nicht",
        ),
        (
            "programmes.json",
            lambda d: d["programmes"][0].update(topics=["gold"]),
            "»gegen-kinderarmut«, topics:",
        ),
        ("programmes.json", lambda d: d["programmes"][0].update(age_from="jung"), "age_from:"),
        ("programmes.json", lambda d: d["programmes"][0].update(colour="red"), "unbekannte Angabe colour"),
        *(
            (
                "providers.json",
                lambda d, key=key: d["providers"][0].update({key: "DE02120300000000202051"}),
                f"unbekannte Angabe {key}",
            )
            for key in ("iban", "account_holder_name", "stripe_account")  # two people say where money goes
        ),
        ("programmes.json", lambda d: d["programmes"][0].pop("name"), "es fehlt name"),
        ("programmes.json", lambda d: d["programmes"].append(d["programmes"][0]), "kommt zweimal vor"),
        ("programmes.json", lambda d: d["programmes"][0].update(key="../x"), "muss aus Kleinbuchstaben"),
        (
            "pages.json",
            lambda d: d["pages"].update(geist="Text"),
            "»geist« gibt es in den Daten der Stadt nicht",
        ),
        ("tiles.json", lambda d: d["tiles"].pop("birgel"), "für »birgel« fehlt die Kachel"),
        (
            "districts.geojson",
            lambda d: d["features"][0].update(geometry={"type": "Point", "coordinates": [6, 50]}),
            "der Umriss muss ein Polygon",
        ),
        *(
            (
                "districts.geojson",
                lambda d, geometry=geometry: d["features"][0].update(geometry=geometry),
                f"districts.geojson, »arnoldsweiler«: {said}",
            )
            for geometry, said in (
                ({"type": "Polygon"}, "In der Fläche fehlen die Koordinaten."),
                ({"type": "MultiPolygon", "coordinates": []}, "In der Fläche fehlen die Koordinaten."),
                (
                    {"type": "Polygon", "coordinates": [[[6, 50], [6, 51], [7, 51]]]},
                    "Ein Ring braucht mindestens vier Punkte.",
                ),
                (
                    {"type": "Polygon", "coordinates": [[[6, 50], [6, 51], [7, "51"], [6, 50]]]},
                    "Ein Punkt ist kein Paar von Zahlen.",
                ),
            )
        ),
        (
            "districts.geojson",
            lambda d: d["features"][0]["properties"]["figures"][0].pop("source"),
            "»arnoldsweiler«: es fehlt source",
        ),
        ("districts.geojson", lambda d: d["features"].append("Mond"), "districts.geojson braucht »features«"),
        (
            "districts.geojson",
            lambda d: d["features"][0]["properties"].update(figures="viele"),
            "»arnoldsweiler«: »figures« muss eine Liste von Objekten sein",
        ),
        (
            "districts.geojson",
            lambda d: d["features"][0]["properties"]["figures"].append(12),
            "»arnoldsweiler«: »figures« muss eine Liste von Objekten sein",
        ),
        ("tiles.json", lambda d: d["tiles"].update(birgel=[1]), "für »birgel« fehlt die Kachel"),
        ("tiles.json", lambda d: d.update(tiles=[]), "tiles.json braucht »tiles«"),
        ("pages.json", lambda d: d["pages"].update(streetwork=5), "»pages« muss Texte nach dem Schlüssel"),
        ("programmes.json", lambda d: d["programmes"][0].update(key="a" * 81), "muss aus Kleinbuchstaben"),
        ("programmes.json", lambda d: d["programmes"][0].pop("key"), "Schlüssel None muss"),
        (
            "programmes.json",
            lambda d: d["programmes"][0].update(districts=["mond"]),
            "»gegen-kinderarmut«: den Schlüssel »mond« gibt es nicht",
        ),
        (
            "programmes.json",
            lambda d: d["programmes"][0].update(part_of="nichts"),
            "»gegen-kinderarmut«: den Schlüssel »nichts« gibt es nicht",
        ),
        (
            "funds.json",
            lambda d: entry(d["funds"], "kinderfonds").update(district="mond"),
            "»kinderfonds«: den Schlüssel »mond« gibt es nicht",
        ),
        (
            "funds.json",
            lambda d: entry(d["funds"], "kinderfonds").update(is_open="vielleicht"),
            "»kinderfonds«, is_open:",
        ),
        ("programmes.json", lambda d: d["programmes"][0].update(topics=5), "topics:"),
        (
            "providers.json",
            lambda d: d["providers"][0].update(is_verified=True),
            "Geprüft ist nur, wer ein Schutzkonzept und eine Ansprechperson",
        ),
        (
            "providers.json",
            lambda d: d["providers"][1].update(name=d["providers"][0]["name"]),
            "verträgt sich nicht mit vorhandenen Zeilen",
        ),
    ],
)
def test_faulty_data_are_refused_with_file_and_entry(
    root: Path, name: str, edit: Change, message: str
) -> None:
    change(root, name, edit)
    with pytest.raises(CommandError, match=message):
        load(root)
    assert not City.objects.exists()
    assert not Provider.objects.exists()


def test_a_broken_or_missing_file_is_named(root: Path) -> None:
    (root / "dueren" / "funds.json").write_text("{")
    with pytest.raises(CommandError, match=r"funds\.json ist kein JSON"):
        load(root)
    (root / "dueren" / "funds.json").unlink()
    with pytest.raises(CommandError, match=r"Die Datei funds\.json fehlt"):
        load(root)


@pytest.mark.parametrize("city", ["atlantis", "../dueren", "Dueren"])
def test_an_unknown_city_is_refused(root: Path, city: str) -> None:
    with pytest.raises(CommandError):
        load(root, city=city)
    assert not City.objects.exists()


def test_a_second_city_does_not_slip_into_the_first(root: Path) -> None:
    load(root)
    (root / "dueren").rename(root / "juelich")
    with pytest.raises(CommandError, match="gehört schon zu »Düren«"):
        load(root, city="juelich")
    assert City.objects.get().source_key == "dueren"


@pytest.mark.parametrize("iban", ["DE02120300000000202052", "DE0212030000000020205", "XX12", 25])
def test_an_iban_that_cannot_be_is_refused_with_its_provider_named(root: Path, iban: object) -> None:
    change(root, "demo.json", lambda d: d["providers"][0].update(iban=iban))
    key = json.loads((root / "dueren" / "demo.json").read_text())["providers"][0]["key"]
    name = entry(json.loads((root / "dueren" / "providers.json").read_text())["providers"], key)["name"]
    with pytest.raises(CommandError) as refused:
        load(root, demo=True)
    assert name in str(refused.value)
    assert str(iban) in str(refused.value)
    assert not Provider.objects.exists()
