"""Figures of districts in a file: preview, faults by row, a second person, history, undo."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from openpyxl import Workbook

from accounts.models import User
from foundation.clock import utc_now
from foundation.history import lines_of
from foundation.sweeps import run as run_sweep
from programs.models import DataImport, District, DistrictFigure, Provider
from tests.factories import make_coordinator, make_district, make_provider, make_user, make_youth_office
from tests.programs.imports.files import HERE, done, fates, faults, shown, signed_in, step, upload, uploaded
from tests.today.reading import listed, numbers

pytestmark = pytest.mark.django_db

GOOD = """Stadtteil;Angabe;Wert;Jahr;Quelle
Nord;Einwohnerinnen und Einwohner;1.234;2025;
süd;Anteil unter 18 Jahren;17,5 %;2024;Statistik
NORD;area_km2;4,25;2025;
"""


@pytest.fixture
def office() -> list[User]:
    house = make_youth_office()
    make_district("Nord", slug="nord")
    make_district("Süd", slug="sued")
    return [make_coordinator(house, email=f"amt-{number}@example.org") for number in (1, 2)]


def there() -> list[tuple[str, str, int | None, Decimal, str]]:
    rows = DistrictFigure.objects.order_by("district__name", "kind", "year")
    return list(rows.values_list("district__name", "kind", "year", "value", "source"))


BROUGHT = [
    ("Nord", "area_km2", 2025, Decimal("4.25"), "Melderegister 2025"),
    ("Nord", "population", 2025, Decimal(1234), "Melderegister 2025"),
    ("Süd", "under_18_percent", 2024, Decimal("17.5"), "Statistik"),
]


def test_nothing_changes_until_a_second_person_has_looked(office: list[User]) -> None:
    first, second = office
    run = uploaded(first, "zahlen", GOOD, source="Melderegister 2025")
    page = shown(first, run)
    assert "Nord: Einwohnerinnen und Einwohner 2025 – 1.234 (Quelle: Melderegister 2025) neu" in page
    assert "Süd: Anteil unter 18 Jahren 2024 – 17,5 % (Quelle: Statistik) neu" in page
    assert "liste.csv" in page
    assert there() == []
    done(first, run, "einlesen")
    assert (run.status, there()) == ("waiting", [])
    assert (numbers(first).get("dateien", 0), numbers(second)["dateien"]) == (0, 1)
    assert listed(second, "dateien").keys == [f"dateien-{run.pk}"]
    refused = step(first, run, "freigeben")
    assert (refused.status_code, there()) == (422, [])
    assert "Vier Augen" in refused.content.decode()
    done(second, run, "freigeben")
    assert (run.status, run.released_by, run.rows, there()) == ("applied", second, [], BROUGHT)
    assert fates(run) == [(2, "new"), (3, "new"), (4, "new")]
    told = [(event.from_status, event.to_status, event.actor_user) for event in lines_of(run).order_by("id")]
    assert told == [
        ("preview", "waiting", first.pk),
        ("waiting", "applying", second.pk),
        ("applying", "applied", second.pk),
    ]


def test_the_database_itself_refuses_the_same_person(office: list[User]) -> None:
    run = uploaded(office[0], "zahlen", GOOD)
    with pytest.raises(IntegrityError, match="import_two_people"), transaction.atomic():
        DataImport.objects.filter(pk=run.pk).update(released_by=office[0])


def test_the_same_file_again_has_nothing_to_do(office: list[User]) -> None:
    first, second = office
    for _time in range(2):
        run = uploaded(first, "zahlen", GOOD, source="Melderegister 2025")
        answer = step(first, run, "einlesen")
        step(second, run, "freigeben")
    run.refresh_from_db()
    assert (answer.status_code, run.status, there()) == (422, "preview", BROUGHT)
    assert "steht nichts, was sich ändern würde" in answer.content.decode()


def test_what_is_changed_is_shown_beside_what_is_there_and_comes_back(office: list[User]) -> None:
    first, second = office
    district = District.objects.get(slug="nord")
    old = district.figures.create(kind="population", value=1000, year=2025, source="Alt")
    run = uploaded(first, "zahlen", GOOD, source="Melderegister 2025")
    told = "2025 1.000 (Quelle: Alt) 1.234 (Quelle: Melderegister 2025) geändert"
    assert told in shown(first, run)
    done(first, run, "einlesen")
    done(second, run, "freigeben")
    assert there() == BROUGHT
    done(second, run, "zuruecknehmen")
    assert there() == [("Nord", "population", 2025, Decimal(1000), "Alt")]
    assert DistrictFigure.objects.get() == old
    assert fates(run) == [(2, "taken_back"), (3, "taken_back"), (4, "taken_back")]
    assert step(second, run, "zuruecknehmen").status_code == 422


def test_what_somebody_changed_since_stays_and_is_named(office: list[User]) -> None:
    first, second = office
    run = uploaded(first, "zahlen", GOOD, source="Melderegister 2025")
    done(first, run, "einlesen")
    done(second, run, "freigeben")
    DistrictFigure.objects.filter(kind="population").update(value=1300)
    DistrictFigure.objects.filter(kind="area_km2").delete()
    done(first, run, "zuruecknehmen")
    assert there() == [("Nord", "population", 2025, Decimal(1300), "Melderegister 2025")]
    assert fates(run) == [(2, "stays"), (3, "taken_back"), (4, "stays")]
    page = shown(first, run)
    assert "bleibt Das wurde seitdem geändert." in page
    assert "bleibt Das gibt es nicht mehr." in page


def test_every_fault_names_line_column_and_value_and_good_rows_come_in(office: list[User]) -> None:
    first, second = office
    text = """Stadtteil;Angabe;Wert;Jahr;Quelle
Nord;Einwohnerinnen und Einwohner;1.234;2025;Melderegister
Mond;Einwohnerinnen und Einwohner;5;2025;Melderegister
Nord;Einkommen;5;2025;Melderegister
Nord;Fläche;viel;2025;Melderegister
Nord;Fläche;-1;2025;Melderegister
Nord;Anteil unter 18 Jahren;101;2025;Melderegister
Nord;Durchschnittsalter;41;früher;Melderegister
Nord;Durchschnittsalter;41;3000;Melderegister
Nord;Einwohnerinnen und Einwohner;7;2025;Melderegister
Nord;Einwohnerinnen und Einwohner;7,5;2024;Melderegister
Nord;Fläche;;;
Nord;Fläche;4;2025;Die Mutter von Emma Müller, geboren am 3.4.2018
"""
    run = uploaded(first, "zahlen", text, source="Melderegister")
    assert faults(run) == [
        (3, "Stadtteil", "Mond"),
        (4, "Angabe", "Einkommen"),
        (5, "Wert", "viel"),
        (6, "Wert", "-1"),
        (7, "Wert", "101"),
        (8, "Jahr", "früher"),
        (9, "Jahr", "3000"),
        (10, "Stadtteil", "Nord"),
        (11, "Wert", "7,5"),
        (12, "Wert", ""),
        (12, "Jahr", ""),
        (13, "Quelle", ""),
    ]
    page = shown(first, run)
    assert "Zeile 3 Stadtteil Mond Diesen Stadtteil gibt es hier nicht." in page
    assert "1 neu, 11 mit Fehlern" in page
    stored = str(run.rows)
    assert ("Emma" in stored, "Müller" in stored, "3.4.2018" in stored) == (False, False, False)
    done(first, run, "einlesen")
    done(second, run, "freigeben")
    assert there() == [("Nord", "population", 2025, Decimal(1234), "Melderegister")]


def test_numbers_beyond_all_measure_are_faults_of_their_rows(office: list[User]) -> None:
    endless = "9" * 45
    text = f"""Stadtteil;Angabe;Wert;Jahr
Nord;Einwohnerinnen und Einwohner;{endless};2025
Nord;Anteil unter 18 Jahren;{endless} %;2025
Nord;Fläche;-{endless},5;2025
Nord;Durchschnittsalter;41,{"9" * 45};2024
"""
    run = uploaded(office[0], "zahlen", text)
    assert faults(run) == [
        (2, "Wert", endless),
        (3, "Wert", f"{endless} %"),
        (4, "Wert", f"-{endless},5"),
    ]
    assert "Nord: Durchschnittsalter 2024 – 42" in shown(office[0], run)


def test_a_value_that_tells_of_a_child_is_covered(office: list[User]) -> None:
    text = "Stadtteil;Angabe;Wert;Jahr\nNord;Fläche;Emma Müller, geboren am 3.4.2018;2025\n"
    run = uploaded(office[0], "zahlen", text)
    ((_line, column, value),) = faults(run)
    assert column == "Wert"
    assert value == "▒" * len("Emma Müller, geboren am 3.4.2018")


def test_who_wants_all_or_nothing_gets_nothing_with_a_fault(office: list[User]) -> None:
    first, second = office
    text = f"{GOOD}Mond;Fläche;4;2025;\n"
    run = uploaded(first, "zahlen", text, source="Melderegister", all_or_nothing="on")
    assert "nur ganz einlesen" in shown(first, run)
    answer = step(first, run, "einlesen")
    run.refresh_from_db()
    assert (answer.status_code, run.status, there()) == (422, "preview", [])
    whole = uploaded(first, "zahlen", GOOD, source="Melderegister 2025", all_or_nothing="on")
    done(first, whole, "einlesen")
    done(second, whole, "freigeben")
    assert there() == BROUGHT


def test_a_workbook_with_a_column_for_each_figure(office: list[User]) -> None:
    first, second = office
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Stadtteil", "Einwohner", "Unter 18", "Bemerkung"])
    sheet.append(["Nord", 1234, 0.175, "egal"])
    sheet.append(["Süd", None, 0.2, None])
    sheet["C2"].number_format = sheet["C3"].number_format = "0.0%"
    stored = BytesIO()
    book.save(stored)
    run = uploaded(first, "zahlen", stored.getvalue(), name="zahlen.xlsx", source="Amt", year="2025")
    done(first, run, "einlesen")
    done(second, run, "freigeben")
    assert there() == [
        ("Nord", "population", 2025, Decimal(1234), "Amt"),
        ("Nord", "under_18_percent", 2025, Decimal("17.5"), "Amt"),
        ("Süd", "under_18_percent", 2025, Decimal(20), "Amt"),
    ]


@pytest.mark.parametrize(
    ("content", "said", "why"),
    [
        ("Name;Wert\nNord;4\n", {}, "Diese Spalten fehlen: Stadtteil, Angabe, Wert."),
        ("", {}, "Diese Datei ist leer."),
        (GOOD, {"source": ""}, "Woher stammen die Angaben?"),
        (GOOD, {"source": "Die Mutter von Emma Müller, geboren am 3.4.2018"}, "kein Kind und keine Familie"),
        (GOOD, {"year": "3000"}, "Dieses Jahr ist noch nicht da."),
        ("Stadtteil;Einwohner\nNord;\n", {}, "keine einzige Zahl"),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_kept(
    content: str, said: dict[str, str], why: str, office: list[User]
) -> None:
    answer = upload(office[0], "zahlen", content, **said)
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert not DataImport.objects.exists()


def test_the_name_of_a_file_that_tells_of_a_child_is_not_kept(office: list[User]) -> None:
    run = uploaded(office[0], "zahlen", GOOD, name="Emma Müller, geboren am 3.4.2018.csv")
    assert run.file_name == ""


def test_previews_end_after_a_day_and_what_waits_after_a_month(office: list[User]) -> None:
    old, waiting, fresh = (uploaded(office[0], "zahlen", GOOD) for _each in range(3))
    done(office[0], waiting, "einlesen")
    now = utc_now()
    DataImport.objects.filter(pk=old.pk).update(status_changed_at=now - timedelta(hours=24))
    assert run_sweep("programs.purge_imports", now) == 1
    assert set(DataImport.objects.all()) == {waiting, fresh}
    DataImport.objects.filter(pk=waiting.pk).update(status_changed_at=now - timedelta(days=30))
    assert run_sweep("programs.purge_imports", now) == 1
    assert set(DataImport.objects.all()) == {fresh}


def test_of_an_interrupted_file_the_rest_is_forgotten_after_a_month(office: list[User]) -> None:
    run = uploaded(office[0], "zahlen", GOOD)
    began = utc_now()
    DataImport.objects.filter(pk=run.pk).update(
        status="applying", released_by=office[1], status_changed_at=began
    )
    run.imported.create(number=1, line=2, fate="same")
    assert run_sweep("programs.purge_imports", began + timedelta(days=29)) == 0
    assert run_sweep("programs.purge_imports", began + timedelta(days=30)) == 1
    run.refresh_from_db()
    assert (run.status, run.rows, fates(run)) == ("applied", [], [(2, "same")])
    assert not DistrictFigure.objects.exists()
    assert lines_of(run).latest("pk").actor_role == "programs.purge_imports"


def test_what_is_discarded_leaves_no_rows(office: list[User]) -> None:
    run = done(office[0], uploaded(office[0], "zahlen", GOOD), "verwerfen")
    assert (run.status, run.rows) == ("discarded", [])
    for name in ("einlesen", "freigeben", "verwerfen", "zuruecknehmen"):
        assert step(office[1], run, name).status_code == 422
    assert there() == []


def test_only_the_youth_office_brings_in_figures(office: list[User]) -> None:
    run = uploaded(office[0], "zahlen", GOOD)
    coordinator = make_coordinator(make_provider())
    for person in (coordinator, make_user()):
        assert upload(person, "zahlen", GOOD).status_code in (403, 404)
        assert signed_in(person).get(f"{HERE}{run.pk}/").status_code in (403, 404)
        assert step(person, run, "einlesen").status_code in (403, 404)
    run.refresh_from_db()
    assert run.status == "preview"


def test_a_later_load_of_the_city_leaves_what_was_brought_in(city: None) -> None:
    person = make_coordinator(Provider.objects.get(is_youth_office=True))
    other = make_user(is_superuser=True, is_staff=True)
    figure = DistrictFigure.objects.filter(kind="population").select_related("district")[0]
    text = f"Stadtteil;Angabe;Wert;Jahr\n{figure.district.name};population;77;{figure.year}\n"
    text += f"{figure.district.name};population;78;1999\n"
    run = uploaded(person, "zahlen", text, source="Neu")
    done(person, run, "einlesen")
    done(other, run, "freigeben")
    call_command("load_city", "dueren", verbosity=0)
    rows = figure.district.figures.filter(kind="population", source="Neu").order_by("year")
    assert list(rows.values_list("value", "year")) == [(78, 1999), (77, figure.year)]


def test_an_interrupted_file_is_gone_on_with(office: list[User]) -> None:
    run = uploaded(office[0], "zahlen", GOOD, source="Melderegister 2025")
    DataImport.objects.filter(pk=run.pk).update(status="applying", released_by=office[1])
    DistrictFigure.objects.create(
        district=District.objects.get(slug="nord"), kind="population", value=1234, year=2025, source="Hand"
    )
    run.imported.create(number=1, line=2, fate="new", object_id=DistrictFigure.objects.get().pk)
    done(office[0], run, "einlesen")
    assert fates(run) == [(2, "new"), (3, "new"), (4, "new")]
    assert [row[-1] for row in there()] == ["Melderegister 2025", "Hand", "Statistik"]
