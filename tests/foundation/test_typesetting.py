import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
import typst

from foundation.typesetting import NotDisplayable, typeset
from tests.processes import ROOT

NOW = datetime(2026, 11, 27, 9, 30, 0, 5, tzinfo=UTC)
HOSTILE = '#panic("x") $x^2$ *fett* _kursiv_ @quelle <marke> \\ // weg /* weg */ `roh` = Titel "Zitat"'

HEAD = """#set document(title: "Probe")
#set text(lang: "de")
#let given = json(bytes(sys.inputs.data))
"""


@pytest.fixture
def templates(tmp_path: Path, settings: object) -> Path:
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    folder = tmp_path / "templates" / "documents"
    folder.mkdir(parents=True)
    return folder


def words(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def write(folder: Path, body: str) -> None:
    start = (
        '#set document(title: "Probe")\n#set text(lang: "de")\n#let given = json(bytes(sys.inputs.data))\n'
    )
    (folder / "probe.typ").write_text(start + body, encoding="utf-8")


def test_what_people_typed_stays_text(templates: Path) -> None:
    write(templates, "Vorher #given.text Nachher")
    assert f"Vorher {HOSTILE} Nachher" in words(typeset("probe", {"text": HOSTILE}, now=NOW))


def test_a_line_break_in_what_people_typed_begins_no_markup(templates: Path) -> None:
    write(templates, "#given.text")
    assert words(typeset("probe", {"text": "eins\n= zwei\n\n- drei"}, now=NOW)) == "eins = zwei - drei"


def test_the_file_is_for_archives_and_for_reading_aloud(templates: Path) -> None:
    write(templates, "Text")
    root = pypdf.PdfReader(io.BytesIO(typeset("probe", {}, now=NOW))).trailer["/Root"]
    about = root["/Metadata"].get_data().decode()
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  (a boolean of the file, not of Python)
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "de"
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in about
    assert "<pdfuaid:part>1</pdfuaid:part>" in about


def test_the_same_words_at_the_same_moment_are_the_same_bytes(templates: Path) -> None:
    write(templates, "#given.text")
    assert typeset("probe", {"text": "a"}, now=NOW) == typeset("probe", {"text": "a"}, now=NOW)
    assert typeset("probe", {"text": "a"}, now=NOW) != typeset("probe", {"text": "b"}, now=NOW)


@pytest.mark.parametrize("text", ["Şükrü Łódźki", "Νίκος", "Иван", "Nguyễn Thị", "25,50 € – „so“ …"])
def test_the_letters_of_europe_can_be_set(text: str, templates: Path) -> None:
    write(templates, "#given.text")
    assert words(typeset("probe", {"text": text}, now=NOW)) == text


@pytest.mark.parametrize("text", ["Lesen 😀", "王芳"])
def test_what_no_typeface_has_is_refused_by_name(text: str, templates: Path) -> None:
    write(templates, "#given.text")
    with pytest.raises(NotDisplayable):
        typeset("probe", {"text": text}, now=NOW)


def test_a_faulty_template_is_an_error_of_its_own(templates: Path) -> None:
    write(templates, "#given.nothing")
    with pytest.raises(typst.TypstError):
        typeset("probe", {}, now=NOW)


def test_a_document_reads_no_file_outside_its_folder(templates: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("geheim", encoding="utf-8")
    write(templates, '#read("../../secret.txt")')
    with pytest.raises(typst.TypstError):
        typeset("probe", {}, now=NOW)


def test_what_stands_in_a_table_has_a_head() -> None:
    """A table without header cells is refused by ISO 14289-1, 7.5; pairs of label and value are a grid."""
    for template in sorted((ROOT / "templates" / "documents").glob("*.typ")):
        for table in re.split(r"\btable\(", template.read_text())[1:]:
            assert "table.header(" in table, template.name
