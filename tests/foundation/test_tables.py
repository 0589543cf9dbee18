"""Tables as people send them: signs, encodings, numbers, workbooks, and files that were made to harm."""

import re
import zipfile
from datetime import date, time
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from foundation.tables.reading import read_table
from foundation.tables.table import FileRefused, Table, folded
from foundation.tables.values import german_day, german_number, percent, yes_or_no


def cells(table: Table) -> list[tuple[int, dict[str, str]]]:
    return [(line.number, dict(line.cells)) for line in table.lines]


def workbook(*rows: list[Any], **formats: str) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for where, written in formats.items():
        sheet[where].number_format = written
    stored = BytesIO()
    book.save(stored)
    return stored.getvalue()


def packed(**members: bytes) -> bytes:
    stored = BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return stored.getvalue()


def repacked(book: bytes, part: str, content: bytes) -> bytes:
    """Return the workbook with another content of one of its parts."""
    stored = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(book)) as before,
        zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(name, content if name == part else before.read(name))
    return stored.getvalue()


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_signs_and_encodings_of_csv(sign: str, encoding: str) -> None:
    text = f'Straße{sign}Größe\r\n"Am Weg{sign} 1"{sign}groß\r\n\r\nGasse{sign}klein\r\n'
    assert cells(read_table(text.encode(encoding))) == [
        (2, {"strasse": f"Am Weg{sign} 1", "groesse": "groß"}),
        (4, {"strasse": "Gasse", "groesse": "klein"}),
    ]


def test_a_line_is_called_by_the_number_of_its_first_line() -> None:
    table = read_table(b'\nA;B\n"zwei\nZeilen";1\nx;2\n')
    assert cells(table) == [(3, {"a": "zwei\nZeilen", "b": "1"}), (5, {"a": "x", "b": "2"})]


def test_an_apostrophe_of_our_own_exports_is_taken_off_again() -> None:
    assert cells(read_table(b"A;B\n'=1+1;'tis\n")) == [(2, {"a": "=1+1", "b": "'tis"})]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"A;B\n", "keine einzige Zeile"),
        (b"", "keine einzige Zeile"),
        (b"A;a\n1;2\n", "„a“ kommt zweimal vor"),
        (b"A;B\n1;2;3\n", "Zeile 2 stehen mehr Werte"),
        (b'A;B\n"1;2\n', "nicht lesbar"),
        (b"A\x00;B\n1;2\n", "keine Tabelle"),
        (b"A;B\n\x81;2\n", "Zeichen dieser Datei"),
        (b"A\n" + b"1\n" * 2001, "mehr als 2000 Zeilen"),
        (b"A\n" + b"x" * 5001, "mehr als 5000 Zeichen"),
        (b";".join(b"A%d" % number for number in range(61)) + b"\n1\n", "mehr als 60 Spalten"),
        (b"x" * (5 * 1024 * 1024 + 1), "größer als 5 MB"),
        (b"\xd0\xcf\x11\xe0 old", "alte oder verschlüsselte"),
        (b"PK\x03\x04 broken", "keine lesbare XLSX"),
        (packed(a=b"no workbook"), "keine lesbare XLSX"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        read_table(content)


def test_cells_of_a_workbook_are_what_somebody_sees_there() -> None:
    book = workbook(
        ["Zahl", "Anteil", "Tag", "Zeit", "Ja", "Formel", "Text"],
        [1234.5, 0.25, date(2026, 12, 31), time(15, 30), True, "=1+1", " Köln "],
        [],
        [1200, 0.07 * 3, date(2027, 1, 2), time(8), False, None, "'=2"],
        B2="0 %",
        B4="0.0%",
    )
    assert cells(read_table(book)) == [
        (
            2,
            {
                "zahl": "1234,5",
                "anteil": "25 %",
                "tag": "31.12.2026",
                "zeit": "15:30",
                "ja": "ja",
                "formel": "",
                "text": "Köln",
            },
        ),
        (
            4,
            {
                "zahl": "1200",
                "anteil": "21 %",
                "tag": "02.01.2027",
                "zeit": "08:00",
                "ja": "nein",
                "formel": "",
                "text": "=2",
            },
        ),
    ]


def test_of_a_formula_only_the_stored_result_is_read() -> None:
    book = workbook(["A"], ["=1+1"])
    sheet = zipfile.ZipFile(BytesIO(book)).read("xl/worksheets/sheet1.xml")
    with_result = sheet.replace(b"<v></v>", b"<v>7</v>").replace(b"<v />", b"<v>7</v>")
    assert with_result != sheet
    assert cells(read_table(repacked(book, "xl/worksheets/sheet1.xml", with_result))) == [(2, {"a": "7"})]


def test_a_workbook_that_bursts_is_refused_before_it_is_read() -> None:
    book = workbook(["A"], ["1"])
    bomb = repacked(book, "xl/worksheets/sheet1.xml", b" " * 30_000_000)
    assert len(bomb) < 50_000
    with pytest.raises(FileRefused, match="ausgepackt zu groß"):
        read_table(bomb)


def test_entities_of_a_workbook_are_not_expanded() -> None:
    book = workbook(["A"], ["1"])
    evil = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    with pytest.raises(FileRefused, match="keine lesbare XLSX"):
        read_table(repacked(book, "xl/worksheets/sheet1.xml", evil))


@pytest.mark.parametrize(
    ("number", "formatted", "seen"),
    [
        (4_006_381_333_931_120_000, "General", "4006381333931120000"),
        (1e20, "General", "100000000000000000000"),
        (-1e25, "0%", "-1000000000000000000000000000 %"),
        (1e300, "General", "1" + "0" * 300),
        (1e-300, "General", "0"),
    ],
)
def test_long_numbers_of_a_workbook_are_read_to_their_last_digit(
    number: float, formatted: str, seen: str
) -> None:
    table = read_table(workbook(["Nummer"], [number], A2=formatted))
    assert cells(table) == [(2, {"nummer": seen})]


def test_a_workbook_with_any_byte_wrong_is_read_or_refused() -> None:
    """Broken packing, unknown packing, broken XML in any part: never another error."""
    book, found = workbook(["Stadtteil", "Wert"], ["Nord", 1]), set()
    for place in range(0, len(book), 37):
        broken = bytearray(book)
        broken[place] ^= 0x5A
        try:
            found.add(type(read_table(bytes(broken))))
        except FileRefused as refused:
            found.add(str(refused))
    assert found >= {Table, "Diese Datei ist keine lesbare XLSX-Tabelle."}


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("content", [b"", b"<a", b"<a></b>", b"<a x=>", b"\xff\xfe", b"<a>" * 50_000])
def test_a_workbook_with_broken_parts_is_refused(part: str, content: bytes) -> None:
    with pytest.raises(FileRefused, match="keine lesbare XLSX-Tabelle"):
        read_table(repacked(workbook(["Wert"], [1]), part, content))


def test_a_cell_far_below_is_not_waited_for() -> None:
    book = workbook(["A"], ["1"])
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>A</t></is></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(FileRefused, match="über Zeile 8000 hinaus"):
        read_table(repacked(book, "xl/worksheets/sheet1.xml", far))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1234.5", "1234.5"),
        ("1.234", "1234"),
        ("12.345.678", "12345678"),
        ("1 234", "1234"),
        ("1\u00a0234,25", "1234.25"),
        (" 25 ", "25"),
        ("-3,5", "-3.5"),
    ],
)
def test_numbers_as_germans_write_them(text: str, number: str) -> None:
    assert german_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "abc", "12,", "1.234.5", "1,234.5", "12 34", "١٢", "1e3", "NaN", "#REF!"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text) or "^$"):
        german_number(text)


def test_percents_days_and_answers() -> None:
    assert [percent(text) for text in ("25 %", "25", "12,5%", "7 v. H.")] == [25, 25, Decimal("12.5"), 7]
    assert {german_day(text) for text in ("31.12.2026", "31.12.26", "2026-12-31", "31. 12. 2026")} == {
        date(2026, 12, 31)
    }
    for wrong in ("31.2.2026", "12/31/2026", "heute", ""):
        with pytest.raises(ValueError, match=r"^(day is out of range for month|12/31/2026|heute|)$"):
            german_day(wrong)
    assert [yes_or_no(text) for text in ("ja", "X", "", "nein")] == [True, True, False, False]
    with pytest.raises(ValueError, match="vielleicht"):
        yes_or_no("vielleicht")


def test_heads_are_found_however_they_are_written() -> None:
    assert {folded(head) for head in ("Träger ", "TRAEGER", "traeger")} == {"traeger"}
