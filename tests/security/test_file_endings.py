"""A file is called as its form expects it and is what its name says; else 422, and nothing of it is kept."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from openpyxl import Workbook

from donations.models import StatementImport
from programs.models import DataImport, Fund, Membership
from tests.donations.statements.written import archive, camt, entry, item, mt940, text
from tests.factories import (
    make_coordinator,
    make_district,
    make_fund,
    make_provider,
    make_user,
    make_youth_office,
)
from tests.programs.imports.files import text_of, upload

pytestmark = pytest.mark.django_db

FIGURES = "Stadtteil;Angabe;Wert;Jahr\nNord;Einwohnerinnen und Einwohner;1.234;2025\n"
CAMT = camt(entry("25.00", "CRDT", item(text("Spende")))).encode()
MT940 = mt940(":61:2603020302C25,00NTRFNONREF//B1").encode()
OTHERWISE = "ihr Inhalt ist aber etwas anderes"


def workbook() -> bytes:
    book = Workbook()
    for line in FIGURES.splitlines():
        book.active.append(line.split(";"))
    stored = BytesIO()
    book.save(stored)
    return stored.getvalue()


@pytest.mark.parametrize(
    "name", ["liste", "liste.", "liste.exe", "liste.pdf", "liste.csv.html", ".csv", "xlsx"]
)
@pytest.mark.parametrize("kind", ["zahlen", "grenzen", "verzeichnis"])
def test_an_import_takes_what_is_called_so(kind: str, name: str) -> None:
    person = make_coordinator(make_youth_office())
    answer = upload(person, kind, FIGURES, name=name, source="Melderegister 2025")
    assert (answer.status_code, DataImport.objects.count()) == (422, 0)
    assert "Bitte wählen Sie eine Datei, deren Name so endet: ." in text_of(answer)
    assert 'value="Melderegister 2025"' in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("LISTE.CSV", FIGURES.encode(), 303),
        ("Liste.Xlsx", workbook(), 303),
        ("liste.csv", workbook(), 422),
        ("liste.xlsx", FIGURES.encode(), 422),
    ],
)
def test_an_import_is_what_its_name_says(name: str, content: bytes, status: int) -> None:
    make_district("Nord", slug="nord")
    answer = upload(make_coordinator(make_youth_office()), "zahlen", content, name=name)
    assert (answer.status_code, OTHERWISE in text_of(answer)) == (status, status == 422)


@pytest.fixture
def fund() -> Fund:
    house = make_provider("Haus", account_holder_name="Haus", iban="DE02120300000000202051")
    return make_fund("Turnschuhe", slug="turnschuhe", provider=house)


def hand_in(fund: Fund, name: str, content: bytes) -> HttpResponse:
    client = Client()
    client.force_login(make_user(Membership.Role.TREASURER, fund.provider))
    file = SimpleUploadedFile(name, content)
    return client.post("/koordination/spenden/kontoauszug/", {"provider": fund.provider_id, "file": file})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("auszug.xml", CAMT),
        ("20260302-202051-CAMT.TXT", CAMT),
        ("auszug.sta", MT940),
        ("auszug.940", MT940),
        ("umsMT940.TXT", MT940),
        ("auszuege.ZIP", archive(a_xml=CAMT)),
    ],
)
def test_a_statement_is_called_as_banks_call_them(fund: Fund, name: str, content: bytes) -> None:
    answer = hand_in(fund, name, content)
    assert (answer.status_code, StatementImport.objects.count()) == (303, 1)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("auszug", CAMT, "deren Name so endet: .xml, .camt, .sta"),
        ("auszug.pdf", CAMT, "deren Name so endet: .xml, .camt, .sta"),
        ("auszug.xml.exe", CAMT, "deren Name so endet: .xml, .camt, .sta"),
        ("auszug.xml", MT940, OTHERWISE),
        ("auszug.sta", CAMT, OTHERWISE),
        ("auszug.zip", CAMT, OTHERWISE),
        ("auszug.xml", archive(a_xml=CAMT), OTHERWISE),
        ("auszug.txt", archive(a_xml=CAMT), OTHERWISE),
        ("auszug.zip", archive(a_xml=CAMT, b_exe=CAMT), "kein lesbarer Kontoauszug"),
        ("auszug.zip", archive(a=CAMT), "kein lesbarer Kontoauszug"),
    ],
)
def test_another_file_is_no_statement(fund: Fund, name: str, content: bytes, why: str) -> None:
    answer = hand_in(fund, name, content)
    assert (answer.status_code, StatementImport.objects.count()) == (422, 0)
    assert why in text_of(answer)
