"""What each cell of a list of tasks may say, read on a fixed day: names, numbers, days, and their edges."""

from datetime import date

import pytest

from foundation.tables.table import FileRefused, Line, Table, table_of
from programs.domain.imports import ReadRow
from programs.forms.imports.tasks import read_tasks
from programs.models import Activity, Provider
from tests.factories import make_activity, make_district, make_program, make_provider

pytestmark = pytest.mark.django_db

TODAY, UNTIL = date(2026, 3, 2), date(2026, 9, 1)
USUAL = {
    "Kennung": "A-1",
    "Titel": "Vorlesen",
    "Beschreibung": "Sie lesen einer Gruppe vor.",
    "Bereich": "Bildung",
    "Stadtteil": "Nord",
    "Einsatzort": "Stadtbücherei",
    "Tätigkeit": "Vorlesen in Gruppen",
    "Zeiten": "Di 15-16",
}


@pytest.fixture
def activity() -> Activity:
    return make_activity("Vorlesen in Gruppen", slug="vorlesen", minimum_age=17)


@pytest.fixture
def house(activity: Activity) -> Provider:
    make_district("Nord", slug="nord-eins", short_name="NO")
    return make_provider("Lesefreunde")


def rows_of(house: Provider, *lines: dict[str, str]) -> list[ReadRow]:
    heads = list(dict.fromkeys(head for line in lines for head in line))
    table = table_of(enumerate([heads, *([line.get(head, "") for head in heads] for line in lines)], 1))
    return read_tasks(table, kind="tasks", provider=house, source="Liste", valid_until=UNTIL, today=TODAY)


def typed(house: Provider, **cells: str) -> dict[str, list[str]]:
    """Return what one line would have typed into the form."""
    (row,) = rows_of(house, {"Mindestalter": "17", **USUAL, **cells})
    assert row.faults == ()
    found: dict[str, list[str]] = row.values["typed"]
    return found


def faults(house: Provider, **cells: str) -> list[tuple[str, str, str]]:
    (row,) = rows_of(house, {"Mindestalter": "17", **USUAL, **cells})
    return [(fault.column, fault.value, fault.reason) for fault in row.faults]


def test_a_line_is_typed_as_somebody_would(house: Provider, activity: Activity) -> None:
    assert typed(house, **{"Erster Tag": "1.4.2026", "Letzter Tag": "30.6.26", "Plätze": "4"}) == {
        "provider": [str(house.pk)],
        "title": ["Vorlesen"],
        "task": ["Sie lesen einer Gruppe vor."],
        "site": ["Stadtbücherei"],
        "activity_question": [""],
        "places": ["4"],
        "minimum_age": ["17"],
        "field": ["education"],
        "district": ["nord-eins"],
        "site_kind": [""],
        "program": [""],
        "activity": [str(activity.pk)],
        "starts_on": ["2026-04-01"],
        "ends_on": ["2026-06-30"],
        "skills": [],
        "languages": [],
        "age_bands": [],
        "repeat_0": ["weekly"],
        "day_0": ["1"],
        "from_0": ["15:00"],
        "to_0": ["16:00"],
    }


@pytest.mark.parametrize(
    ("head", "cell", "field", "value"),
    [
        *(("Stadtteil", cell, "district", ["nord-eins"]) for cell in ("NORD", "no", "Nord-Eins", " nord ")),
        *(("Bereich", cell, "field", ["health"]) for cell in ("Gesundheit", "GESUNDHEIT", "health")),
        ("Art des Ortes", "Schule, OGS", "site_kind", ["schule_ogs"]),
        ("Art des Ortes", "kita", "site_kind", ["kita"]),
        ("Art des Ortes", "", "site_kind", [""]),
        ("Plätze", "", "places", ["1"]),
        ("Plätze", "500", "places", ["500"]),
        ("Erster Tag", "", "starts_on", ["2026-03-02"]),
        ("Beginnt am", "2026-05-04", "starts_on", ["2026-05-04"]),
        ("Endet am", "4.5.2026", "ends_on", ["2026-05-04"]),
        ("Letzter Tag", "", "ends_on", [""]),
        ("Fähigkeiten", "vorlesen; Auto fahren", "skills", ["reading", "driving"]),
        ("Fähigkeiten", " ,; ", "skills", []),
        ("Sprachen", "türkisch\nArabisch", "languages", ["tr", "ar"]),
        ("Alter der Kinder", "6 bis 9 Jahre", "age_bands", ["6-9"]),
        ("Zeiten", "auf Abruf", "on_call", ["on"]),
        ("Zeiten", "", "on_call", ["on"]),
        *(("Vor jedem Termin erinnern", cell, "reminds_each", ["on"]) for cell in ("ja", "J", "x", "1")),
        ("Erwachsene Person dabei", "wahr", "staff_is_there", ["on"]),
        ("Nicht an Feiertagen", "ja", "skips_public_holidays", ["on"]),
    ],
)
def test_a_cell_fills_its_field(house: Provider, head: str, cell: str, field: str, value: list[str]) -> None:
    assert typed(house, **{head: cell})[field] == value


@pytest.mark.parametrize("cell", ["", "nein", "N", "0", "-", "–", "falsch"])
def test_a_no_ticks_nothing(house: Provider, cell: str) -> None:
    assert "staff_is_there" not in typed(house, **{"Erwachsene Person dabei": cell})


def test_an_activity_is_named_as_in_the_form_or_by_its_key_or_none(house: Provider) -> None:
    asked = {"Frage an das Jugendamt": "Am Feuer.", "Mindestalter": "16"}
    assert [typed(house, Tätigkeit=cell, **asked)["activity"] for cell in ("passt zu keiner", "Keine")] == [
        ["none"],
        ["none"],
    ]
    assert typed(house, Tätigkeit="VORLESEN")["activity"] == typed(house)["activity"]


def test_a_program_is_one_of_the_house_that_goes_on(house: Provider) -> None:
    own = make_program("Lesetreff", provider=house)
    make_program("Vorbei", provider=house, has_ended=True)
    make_program("Fremd", provider=make_provider())
    assert typed(house, Angebot="lesetreff")["program"] == [str(own.pk)]
    for name in ("Vorbei", "Fremd", "Nichts"):
        assert faults(house, Angebot=name) == [("Angebot", name, "Das gibt es hier nicht.")]


def test_several_times_stand_in_one_cell(house: Provider) -> None:
    said = typed(
        house, Zeiten="Di 15-16; jeden letzten Fr im Monat 22:15-2\n5.12.2026 10–12;6.12.2026 10-12:45"
    )
    assert {name: value for name, value in said.items() if name[-2:] in ("_0", "_1")} == {
        "repeat_0": ["weekly"],
        "day_0": ["1"],
        "from_0": ["15:00"],
        "to_0": ["16:00"],
        "repeat_1": ["-1"],
        "day_1": ["4"],
        "from_1": ["22:15"],
        "to_1": ["02:00"],
        "date_0": ["2026-12-05"],
        "begin_0": ["10:00"],
        "end_0": ["12:00"],
        "date_1": ["2026-12-06"],
        "begin_1": ["10:00"],
        "end_1": ["12:45"],
    }
    assert "on_call" not in said


KINDS_OF_PLACE = "Möglich: Kita, Hort, Kindertagespflege, Schule, OGS, Heim."
FIELDS = "Möglich: Bildung, Kultur, Freizeit, Gesundheit, Sport."
NO_ACTIVITY = (
    "Diese Tätigkeit gibt es nicht. Schreiben Sie ihren Namen wie im Formular, oder „passt zu keiner“ mit"
    " einer Frage an das Jugendamt."
)
HOW_TIMES = (
    "Bitte so: „Di 15:00–16:30; alle zwei Wochen Do 17:00–18:00; 5.12.2026 10:00–12:00“ oder „auf Abruf“."
)
NAME = "Nur Buchstaben, Ziffern und . _ : / + - sind möglich, ohne Leerzeichen."
NO_DAY = "Das ist kein Tag. Bitte so: 31.12.2026."
NEEDED = "Dieses Feld ist zwingend erforderlich."
TWO_YEARS = "Der Tag muss ab heute und in den nächsten zwei Jahren liegen."
BETRAYS = (
    "Der Text nennt vielleicht ein Kind oder eine Familie (Name, Geburtstag oder Anschrift). Hier wird"
    " kein Kind und keine Familie gespeichert; bitte schreiben Sie ihn ohne diese Angabe."
)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"Kennung": "A 1"}, ("Kennung", "A 1", NAME)),
        ({"Kennung": "Ä1"}, ("Kennung", "Ä1", NAME)),
        ({"Kennung": "x" * 81}, ("Kennung", "x" * 59 + "…", NAME)),
        ({"Bereich": "Kunst"}, ("Bereich", "Kunst", FIELDS)),
        ({"Stadtteil": ""}, ("Stadtteil", "", "Das gibt es hier nicht.")),
        ({"Art des Ortes": "Zelt"}, ("Art des Ortes", "Zelt", KINDS_OF_PLACE)),
        ({"Tätigkeit": "zaubern"}, ("Tätigkeit", "zaubern", NO_ACTIVITY)),
        ({"Zeiten": "Di 15"}, ("Zeiten", "Di 15", HOW_TIMES)),
        ({"Zeiten": "31.2.2026 9-10"}, ("Zeiten", "31.2.2026 9-10", HOW_TIMES)),
        ({"Zeiten": "Di 15-15:10"}, ("Zeiten", "Di 15-15:10", "Bitte nur volle Viertelstunden angeben.")),
        (
            {"Zeiten": "Di 15-16;Di 15:30-17"},
            ("Zeiten", "Di 15-16;Di 15:30-17", "Diese Zeit überschneidet sich mit einer anderen."),
        ),
        ({"Erster Tag": "morgen"}, ("Erster Tag", "morgen", NO_DAY)),
        ({"Letzter Tag": "31.2.2026"}, ("Letzter Tag", "31.2.2026", NO_DAY)),
        ({"Letzter Tag": "1.3.2026"}, ("Letzter Tag", "1.3.2026", "Der letzte Tag liegt vor dem ersten.")),
        ({"Letzter Tag": "2.3.2026"}, ("Zeiten", "Di 15-16", "Im angegebenen Zeitraum liegt kein Dienstag.")),
        ({"Gültig bis": "1.3.2026"}, ("Gültig bis", "1.3.2026", TWO_YEARS)),
        ({"Gültig bis": "3.3.2028"}, ("Gültig bis", "3.3.2028", TWO_YEARS)),
        ({"Gültig bis": "bald"}, ("Gültig bis", "bald", NO_DAY)),
        ({"Plätze": "0"}, ("Plätze", "0", "Dieser Wert muss größer oder gleich 1 sein.")),
        ({"Plätze": "501"}, ("Plätze", "501", "Dieser Wert muss kleiner oder gleich 500 sein.")),
        ({"Plätze": "viele"}, ("Plätze", "viele", "Bitte eine ganze Zahl eingeben.")),
        (
            {"Mindestalter": "16"},
            ("Mindestalter", "16", "Für diese Tätigkeit verlangt das Jugendamt mindestens 17 Jahre."),
        ),
        (
            {"Sprachen": "Türkisch, Elbisch"},
            ("Sprachen", "Elbisch", None),
        ),
        ({"Erwachsene Person dabei": "oft"}, ("Erwachsene Person dabei", "oft", "Bitte „ja“ oder „nein“.")),
        # what stands in a text is never repeated
        ({"Titel": ""}, ("Titel", "", NEEDED)),
        ({"Beschreibung": "Emre (8) lernt lesen."}, ("Beschreibung", "", BETRAYS)),
        (
            {"Tätigkeit": "keine", "Mindestalter": "16"},
            ("Frage an das Jugendamt", "", "Bitte beschreiben Sie, was an der Aufgabe anders ist."),
        ),
    ],
)
def test_a_cell_that_cannot_be_is_named_with_its_column(
    house: Provider, cells: dict[str, str], told: tuple[str, str, str | None]
) -> None:
    (found,) = faults(house, **cells)
    assert found[:2] == told[:2]
    assert told[2] is None or found[2] == told[2]


@pytest.mark.parametrize("until", ["2.3.2026", "2.3.2028"])
def test_a_line_is_valid_from_today_to_in_two_years(house: Provider, until: str) -> None:
    (row,) = rows_of(house, {**USUAL, "Mindestalter": "17", "Gültig bis": until})
    assert (row.fate, row.faults) == ("new", ())


def test_every_cell_that_is_wrong_is_told_at_once(house: Provider) -> None:
    wrong = {"Kennung": "A 1", "Bereich": "Kunst", "Stadtteil": "Mond", "Zeiten": "abends", "Plätze": "0"}
    found = faults(house, **wrong, **{"Gültig bis": "1.1.2020", "Fähigkeiten": "zaubern"})
    assert [column for column, _value, _reason in found] == [
        *("Kennung", "Gültig bis", "Bereich", "Stadtteil", "Fähigkeiten", "Zeiten", "Plätze"),
    ]


def test_a_row_with_faults_keeps_none_of_its_words(house: Provider) -> None:
    (row,) = rows_of(house, {**USUAL, "Bereich": "Kunst"})
    assert (row.fate, row.key, row.label, row.after, row.values) == ("faulty", None, "", "", {})


def test_the_same_name_twice_is_a_fault_of_the_later_line(house: Provider) -> None:
    usual = {**USUAL, "Mindestalter": "17"}
    first, second, other = rows_of(house, usual, {**usual, "Titel": "Malen"}, {**usual, "Kennung": "a-1"})
    assert [row.fate for row in (first, second, other)] == ["new", "faulty", "new"]
    assert [(fault.column, fault.value) for fault in second.faults] == [("Kennung", "A-1")]
    assert first.key != other.key


def test_a_line_without_a_name_is_known_by_all_it_says(house: Provider) -> None:
    usual = {**USUAL, "Mindestalter": "17", "Kennung": ""}
    first, same, other = rows_of(house, usual, dict(usual), {**usual, "Plätze": "2"})
    assert [row.fate for row in (first, same, other)] == ["new", "faulty", "new"]
    assert first.key != other.key


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        (("Titel",), "Diese Spalten fehlen: Titel."),
        (("Tätigkeit", "Beschreibung"), "Diese Spalten fehlen: Beschreibung, Tätigkeit."),
        (("Kennung", "Zeiten"), ""),
    ],
)
def test_which_columns_a_table_needs(house: Provider, left_out: tuple[str, ...], told: str) -> None:
    line = {head: cell for head, cell in USUAL.items() if head not in left_out}
    if told:
        with pytest.raises(FileRefused, match=told):
            rows_of(house, line)
    else:
        assert [row.fate for row in rows_of(house, {**line, "Mindestalter": "17"})] == ["new"]


@pytest.mark.parametrize("head", ["Titel", "Beschreibung", "Einsatzort", "Frage an das Jugendamt"])
def test_of_a_child_in_a_cell_no_letter_is_kept(house: Provider, head: str) -> None:
    (row,) = rows_of(house, {**USUAL, "Mindestalter": "17", head: "Emre (8) lernt mit Familie Yilmaz."})
    assert {(fault.column, fault.value, fault.reason) for fault in row.faults} == {(head, "", BETRAYS)}


def test_a_table_has_at_most_two_hundred_tasks(house: Provider) -> None:
    heads = ("Titel", "Beschreibung", "Bereich", "Stadtteil", "Einsatzort", "Taetigkeit")
    table = Table(heads, (Line(2, {head.lower(): "" for head in heads}),) * 201)
    with pytest.raises(FileRefused, match="mehr als 200 Aufgaben"):
        read_tasks(table, kind="tasks", provider=house, source="Liste", valid_until=UNTIL, today=TODAY)
