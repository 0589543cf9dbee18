"""What the cells of a table of figures may say: every kind, its limits, whose year and source count."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from foundation.tables.table import FileRefused, Line, Table, table_of
from programs.domain.imports import ReadRow
from programs.forms.imports.cells import covered, safe_name
from programs.forms.imports.figures import read_figures
from programs.forms.imports.upload import FiguresForm
from programs.models import District, DistrictFigure
from programs.wording.figures import figure_text
from tests.factories import make_district

LONG = ("Stadtteil", "Angabe", "Wert", "Jahr", "Quelle")


@pytest.fixture
def nord(db: None) -> District:
    return make_district("Nord", slug="nord", short_name="NO")


def read(*lines: Sequence[str], year: int | None = 2025, source: str = "Melderegister") -> list[ReadRow]:
    return read_figures(table_of(enumerate(lines, 1)), year=year, source=source, this_year=2026)


def one(kind: str, value: str, year: str = "", source: str = "") -> ReadRow:
    (row,) = read(LONG, ("Nord", kind, value, year, source))
    return row


def told(row: ReadRow) -> list[tuple[str, str, str]]:
    return [(fault.column, fault.value, fault.reason) for fault in row.faults]


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("Einwohnerinnen und Einwohner", "1.234", ("population", "1234.00")),
        ("Bevölkerung", "5.000.000", ("population", "5000000.00")),
        ("population", "12,0", ("population", "12.00")),
        ("Einwohner", "0", ("population", "0.00")),
        ("Anteil unter 18 Jahren", "12,5 %", ("under_18_percent", "12.50")),
        ("unter 18", "100", ("under_18_percent", "100.00")),
        ("Migrationshintergrund", "0,004 v. H.", ("migration_percent", "0.00")),
        ("Kinderarmut", "99,995 Prozent", ("child_poverty_percent", "100.00")),
        ("Durchschnittsalter", "120", ("mean_age", "120.00")),
        ("Fläche in km²", "10.000", ("area_km2", "10000.00")),
        ("FLÄCHE", "3.1415", ("area_km2", "3.14")),
        ("Fläche km²", "3,145", ("area_km2", "3.15")),
        ("Fläche", "3,155", ("area_km2", "3.16")),
    ],
)
def test_every_kind_by_its_names_up_to_what_can_be(
    nord: District, kind: str, value: str, kept: tuple[str, str]
) -> None:
    row = one(kind, value)
    assert told(row) == []
    assert (row.fate, row.values["kind"], row.values["value"]) == ("new", *kept)
    assert (row.values["district"], row.values["year"], row.values["source"]) == (
        nord.pk,
        2025,
        "Melderegister",
    )


NO_NUMBER = "Das ist keine Zahl. Bitte so: 1.234,5."


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("Einwohner", "5.000.001", "Das liegt nicht zwischen 0 und 5000000."),
        ("Einwohner", "-1", "Das liegt nicht zwischen 0 und 5000000."),
        ("Einwohner", "12,5", "Menschen werden in ganzen Zahlen gezählt."),
        ("unter 18", "100,01 %", "Das liegt nicht zwischen 0 und 100."),
        ("Durchschnittsalter", "120,1", "Das liegt nicht zwischen 0 und 120."),
        ("Fläche", "10.000,01", "Das liegt nicht zwischen 0 und 10000."),
        ("Durchschnittsalter", "43 %", NO_NUMBER),
        ("unter 18", "12,5 %%", NO_NUMBER),
        ("unter 18", "", NO_NUMBER),
        ("Einwohner", "1.23", "Menschen werden in ganzen Zahlen gezählt."),
        ("Einwohner", "1.2345,6", NO_NUMBER),
        ("Einwohner", "NaN", NO_NUMBER),
        ("Einwohner", "1e3", NO_NUMBER),
        ("Einwohner", "١٢", NO_NUMBER),
    ],
)
def test_what_cannot_be_is_named_with_what_stands_there(
    nord: District, kind: str, value: str, reason: str
) -> None:
    assert told(one(kind, value)) == [("Wert", value, reason)]


@pytest.mark.parametrize(
    ("year", "found"),
    [
        ("", 2025),
        ("1990", 1990),
        ("2026", 2026),
        ("1989", "Das Jahr muss zwischen 1990 und 2026 liegen."),
        ("2027", "Das Jahr muss zwischen 1990 und 2026 liegen."),
        ("2020/21", "Das ist kein Jahr."),
        ("9" * 4400, "Das ist kein Jahr."),
    ],
)
def test_a_year_has_been(nord: District, year: str, found: int | str) -> None:
    row = one("Einwohner", "5", year)
    assert (told(row)[0][2] if row.faults else row.values["year"]) == found


def test_without_a_year_anywhere_it_is_missing(nord: District) -> None:
    (row,) = read(LONG, ("Nord", "Einwohner", "5", "", ""), year=None)
    assert told(row) == [("Jahr", "", "Das ist kein Jahr.")]


@pytest.mark.parametrize(
    ("source", "default", "found"),
    [
        ("Zensus", "Melderegister", "Zensus"),
        ("", "Melderegister", "Melderegister"),
        ("x" * 400, "", "x" * 400),
        ("x" * 401, "", ("Quelle", "x" * 59 + "…", "Das sind mehr als 400 Zeichen.")),
        ("", "", ("Quelle", "", "Hier fehlt etwas.")),
    ],
)
def test_a_line_names_its_own_source_or_has_that_of_the_file(
    nord: District, source: str, default: str, found: str | tuple[str, str, str]
) -> None:
    (row,) = read(LONG, ("Nord", "Einwohner", "5", "", source), source=default)
    assert (told(row)[0] if row.faults else row.values["source"]) == found


def test_a_source_that_betrays_a_child_is_not_repeated(nord: District) -> None:
    row = one("Einwohner", "5", source="Emma Müller, geboren am 3.4.2018")
    assert [(column, value) for column, value, _reason in told(row)] == [("Quelle", "")]
    assert "Emma" not in str(row)


def test_what_stands_there_already_is_the_same_or_changes(nord: District) -> None:
    DistrictFigure.objects.create(
        district=nord, kind="population", year=2025, value=Decimal(1234), source="Melderegister"
    )
    same = one("Einwohner", "1.234,00")
    value, source = one("Einwohner", "1.235"), one("Einwohner", "1.234", source="Zensus")
    assert [row.fate for row in (same, value, source)] == ["same", "changed", "changed"]
    assert (value.label, value.before, value.after) == (
        "Nord: Einwohnerinnen und Einwohner 2025",
        "1.234 (Quelle: Melderegister)",
        "1.235 (Quelle: Melderegister)",
    )
    assert [one("Einwohner", "1.234", year).fate for year in ("2024", "2026")] == ["new", "new"]


def test_the_same_figure_twice_is_a_fault_of_the_later_line(nord: District) -> None:
    rows = read(
        LONG,
        ("Nord", "Einwohner", "viele", "", ""),
        ("Nord", "Einwohner", "5", "", ""),
        ("NO", "Bevölkerung", "6", "2025", ""),
        ("nord", "Einwohner", "6", "2024", ""),
        ("Süd", "Einwohner", "6", "2024", ""),
    )
    assert [row.fate for row in rows] == ["faulty", "new", "faulty", "new", "faulty"]
    assert told(rows[2]) == [("Stadtteil", "Nord", "Diese Angabe steht weiter oben schon einmal.")]
    assert told(rows[4]) == [("Stadtteil", "Süd", "Diesen Stadtteil gibt es hier nicht.")]


def test_an_unknown_kind_is_told_what_there_is(nord: District) -> None:
    assert told(one("Hunde", "5")) == [
        (
            "Angabe",
            "Hunde",
            "Diese Angabe kennen wir nicht. Möglich: Einwohnerinnen und Einwohner, Anteil unter 18 Jahren,"
            " Durchschnittsalter, Anteil mit Migrationshintergrund, Fläche, Anteil Kinder in Armut.",
        )
    ]


def test_a_wide_table_has_a_row_for_each_cell_that_is_not_empty(nord: District) -> None:
    rows = read(
        ("Stadtteil", "Fläche", "Bemerkung", "Kinderarmut", "Jahr"),
        ("Nord", "3,1", "klein", "12 %", "2024"),
        ("Nord", "", "leer", "viel", ""),
        ("Mond", "", "", "", ""),
    )
    assert [(row.line, row.fate, row.values.get("kind")) for row in rows] == [
        (2, "new", "area_km2"),
        (2, "new", "child_poverty_percent"),
        (3, "faulty", None),
    ]
    assert told(rows[2]) == [("Kinderarmut", "viel", NO_NUMBER)]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([("Angabe", "Wert"), ("Einwohner", "5")], "Diese Spalten fehlen: Stadtteil, Angabe, Wert."),
        ([("Stadtteil", "Angabe"), ("Nord", "Einwohner")], "Diese Spalten fehlen: Stadtteil, Angabe, Wert."),
        ([("Stadtteil", "Hunde"), ("Nord", "5")], "Diese Spalten fehlen: Stadtteil, Angabe, Wert."),
        ([("Stadtteil", "Fläche"), ("Nord", "")], "In dieser Tabelle steht keine einzige Zahl."),
    ],
)
def test_a_table_that_tells_no_figure_is_refused(
    nord: District, lines: list[Sequence[str]], why: str
) -> None:
    with pytest.raises(FileRefused, match=why):
        read(*lines)


def test_a_wide_table_has_at_most_two_thousand_figures(nord: District) -> None:
    def table(lines: int) -> Table:
        cells = {"stadtteil": "Mond", "flaeche": "1", "einwohner": "1"}
        return Table(("Stadtteil", "Fläche", "Einwohner"), (Line(1, cells),) * lines)

    said = {"year": 2025, "source": "Z", "this_year": 2026}
    assert len(read_figures(table(1000), **said)) == 2000
    with pytest.raises(FileRefused, match="mehr als 2000 Zahlen"):
        read_figures(table(1001), **said)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("population", "0.00", "0 (Quelle: Q)"),
        ("population", "1234567.00", "1.234.567 (Quelle: Q)"),
        ("mean_age", "43.50", "43,5 (Quelle: Q)"),
        ("area_km2", "3.10", "3,1\u00a0km² (Quelle: Q)"),
        ("under_18_percent", "12.00", "12\u00a0% (Quelle: Q)"),
        ("child_poverty_percent", "0.05", "0,05\u00a0% (Quelle: Q)"),
        ("area_km2", "100.00", "100\u00a0km² (Quelle: Q)"),
    ],
)
def test_a_figure_in_words(kind: str, value: str, words: str) -> None:
    with translation.override("de"):
        assert figure_text(kind, Decimal(value), "Q") == words


class TestTheFormOfTheFile:
    @pytest.mark.parametrize(("year", "is_taken"), [(None, True), (1990, True), (1989, False), (9999, False)])
    def test_the_year_of_all_has_been(self, year: int | None, is_taken: bool) -> None:
        form = FiguresForm({"source": "Melderegister", "year": "" if year is None else str(year)}, {})
        form.full_clean()
        assert ("year" not in form.errors) is is_taken

    def test_a_year_to_come_is_not_there_yet(self) -> None:
        form = FiguresForm()
        form.cleaned_data = {"year": date.max.year}
        with pytest.raises(ValidationError) as refused:
            form.clean_year()
        assert refused.value.messages == ["Dieses Jahr ist noch nicht da."]


class TestWhatIsShownOfACell:
    def test_sixty_letters_at_most(self) -> None:
        assert covered("x" * 60) == "x" * 60
        assert covered("x" * 61) == "x" * 59 + "…"

    def test_of_a_child_its_length_alone(self) -> None:
        assert covered("Emma Müller, geboren am 3.4.2018") == "▒" * 32
        assert covered("x" * 60 + " Emma Müller, geboren am 3.4.2018") == "▒" * 60

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("liste.csv", "liste.csv"),
            ("Liste der OGS (2026) + neu.xlsx", "Liste der OGS (2026) + neu.xlsx"),
            ("../../etc/passwd", ".._.._etc_passwd"),
            ("a<b>&c.csv", "a_b__c.csv"),
            ("x" * 130 + ".csv", "x" * 116 + ".csv"),
            ("Emma_Müller_geboren_am_3.4.2018.csv", ""),
            ("Familie-Yilmaz.csv", ""),
        ],
    )
    def test_the_name_of_a_file_is_plain_and_tells_of_nobody(self, name: str, kept: str) -> None:
        assert safe_name(name) == kept
