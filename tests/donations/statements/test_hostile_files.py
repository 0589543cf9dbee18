"""`read_statement` on files made to hurt: refused in one line, without using up memory."""

import random
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.donations.statements.written import (
    URN,
    archive,
    camt,
    entries,
    entry,
    item,
    mt940,
    peak_megabytes,
    said,
    text,
)

GOOD = camt(entry("25.00", "CRDT", item(text("Spende"))))
LINE = ":61:2603020302C25,00NTRFNONREF"
BOMB = (
    '<!DOCTYPE Document [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]>'
)
OUTSIDE = '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("doctype", "word"),
    [
        (BOMB, "&e;"),
        (OUTSIDE, "&x;"),
        ("<!DOCTYPE Document>", ""),
        ('<!DOCTYPE D SYSTEM "http://127.0.0.1/x">', ""),
    ],
)
def test_a_document_type_is_refused(tmp_path: Path, doctype: str, word: str) -> None:
    content = camt(entry("25.00", "CRDT", item(text(f"Spende {word}"))), doctype=doctype)
    assert "root:" not in str(said(tmp_path, content))
    assert "error" in said(tmp_path, content)


def test_a_document_type_in_another_encoding_is_refused_too(tmp_path: Path) -> None:
    content = camt(entry(), doctype=OUTSIDE).replace("UTF-8", "UTF-16").encode("utf-16")
    assert said(tmp_path, content) == {"error": "a document type is not allowed"}


def test_an_entity_in_an_attribute_of_the_root_is_refused(tmp_path: Path) -> None:
    content = camt(entry(), doctype=BOMB, root=f'<Document xmlns="{URN}.08" a="&e;">')
    assert "error" in said(tmp_path, content)


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8-sig"])
def test_encodings_that_the_document_names_are_read(tmp_path: Path, encoding: str) -> None:
    name = {"utf-8-sig": "UTF-8", "latin-1": "ISO-8859-1"}.get(encoding, encoding)
    content = camt(entry("5", "CRDT", item(text("Düren")))).replace("UTF-8", name).encode(encoding)
    assert entries(tmp_path, content)[0]["remittance"] == "Düren"


@pytest.mark.parametrize(
    "root",
    [
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08">',
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.01">',
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.99">',
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03">',
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08x">',
        '<Document xmlns="http://example.org/camt.053.001.08">',
    ],
)
def test_another_namespace_is_refused(tmp_path: Path, root: str) -> None:
    assert said(tmp_path, camt(entry(), root=root))["error"].startswith("not a camt.053 statement")


def test_statements_in_a_namespace_within_are_not_ours(tmp_path: Path) -> None:
    assert "error" in said(tmp_path, GOOD.replace("<BkToCstmrStmt>", '<BkToCstmrStmt xmlns="urn:x">'))
    assert "error" in said(tmp_path, GOOD.replace("<Stmt>", '<Stmt xmlns="urn:x">'))


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 100, b"%PDF-1.7", b"<html></html>", b"<", b"PK", b"PK\x03\x04xx", b"\xff\xfe"]
)
def test_what_is_no_statement_is_refused(tmp_path: Path, content: bytes) -> None:
    assert "error" in said(tmp_path, content)


def test_a_missing_file_is_an_error_in_one_line(tmp_path: Path) -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("read_statement", str(tmp_path / "nowhere"), stdout=out)
    assert end.value.code == 1
    assert '{"error": "' in out.getvalue()


def test_a_file_that_ends_anywhere_before_its_end_is_refused(tmp_path: Path) -> None:
    for length in range(40, len(GOOD) - 1, 17):
        assert "error" in said(tmp_path, GOOD[:length]), length


def test_all_files_of_an_archive_are_read_in_order(tmp_path: Path) -> None:
    content = archive(
        a_xml=GOOD.encode(), b_sta=mt940(":61:2603020302C7,00NTRFNONREF", closing="C260302EUR107,00").encode()
    )
    assert [each["amount"] for each in entries(tmp_path, content)] == ["25.00", "7.00"]


def test_one_bad_file_refuses_its_whole_archive(tmp_path: Path) -> None:
    assert "error" in said(tmp_path, archive(a_xml=GOOD.encode(), b_txt=b"Guten Tag"))


def test_an_archive_that_bursts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written,
        written.open("a.xml", "w", force_zip64=True) as out,
    ):
        out.write(GOOD.partition("Spende")[0].encode())
        for _ in range(30):
            out.write(b"A" * 1_000_000)
    assert said(tmp_path, path.read_bytes())["error"].startswith("too large")


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    honest = archive(a_xml=GOOD.encode() + b" " * 30_000_000)
    size = (len(GOOD.encode()) + 30_000_000).to_bytes(4, "little")
    assert "error" in said(tmp_path, honest.replace(size, (1000).to_bytes(4, "little")))


def test_archives_that_are_cut_locked_nested_or_empty_are_refused(tmp_path: Path) -> None:
    whole = archive(a_xml=GOOD.encode())
    locked = bytearray(whole)
    for start in (whole.index(b"PK\x03\x04") + 6, whole.index(b"PK\x01\x02") + 8):
        locked[start] |= 1
    for content in (whole[:-30], bytes(locked), archive(a_zip=whole), archive()):
        assert "error" in said(tmp_path, content)


def test_no_damage_to_a_file_gets_past_the_reader(tmp_path: Path) -> None:
    """Bytes changed, cut, doubled at random: an answer or a refusal in JSON, never a traceback."""
    chance = random.Random(2026)
    whole = [
        GOOD.encode(),
        mt940(LINE, ":86:166?00X?20SVWZ+Spende?32Erika").encode(),
        archive(a_xml=GOOD.encode()),
    ]
    for _ in range(400):
        content = bytearray(chance.choice(whole))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(content))
            content[at : at + chance.randint(0, 6)] = chance.randbytes(chance.randint(0, 6))
        said(tmp_path, bytes(content))


DETAILS = item('<Amt Ccy="EUR">1.00</Amt>', text("Spende RF18 5390 0754 7034", "fuer Kinder in Dueren"))
LARGE = {
    "camt": lambda size: camt(*[entry("1.00", "CRDT", DETAILS)] * size),
    "batch": lambda size: camt(entry(f"{size}.00", "CRDT", *[DETAILS] * size)),
    "mt940": lambda size: mt940(
        *[":61:2603020302C1,00NTRFNONREF\r\n:86:166?00X?20EREF+E?21SVWZ+Spende?32Erika"] * size,
        closing=f"C260302EUR{size + 100},00",
    ),
}
MANY = 10_000


@pytest.fixture(scope="module")
def peak_of_nothing(tmp_path_factory: pytest.TempPathFactory) -> int:
    """The megabytes that reading a single entry takes: Python, Django, the readers."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "small").write_text(LARGE["camt"](1))
    return peak_megabytes(folder / "small", out=folder / "out")


@pytest.mark.parametrize("form", LARGE)
def test_a_hundred_thousand_entries_would_fit_into_three_hundred_megabytes(
    tmp_path: Path, form: str, peak_of_nothing: int
) -> None:
    """A tenth of them is read; what that takes more than one entry counts ten times."""
    path, out = tmp_path / "large", tmp_path / "out"
    path.write_text(LARGE[form](MANY))
    grown = peak_megabytes(path, out=out) - peak_of_nothing
    assert peak_of_nothing + 100_000 // MANY * grown <= 300
    assert out.read_text().count('"amount": "1.00"') == MANY


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    """Both would be read as the second: the lines of the first were lost."""
    path = tmp_path / "twice"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("a.xml", GOOD)
        with pytest.warns(UserWarning, match="Duplicate name"):
            written.writestr("a.xml", GOOD.replace("25.00", "30.00"))
    assert said(tmp_path, path.read_bytes()) == {"error": "two files of one name in the archive"}
