"""The smallest city of docs/another-city.md is complete: it loads and it shows."""

import ast
import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from programs.models import City, DistrictFigure, Fund, Provider
from volunteers.forms.fields import PhoneField

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "another-city.md"
TEXTS = {".html", ".txt", ".typ", ".xml"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "musterstadt"
    folder.mkdir()
    files = re.findall(r"^`([\w.]+)`.*?\n\n```json\n(.*?)```", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    for name, text in files:
        (folder / name).write_text(text)
    return tmp_path


def test_the_smallest_city_of_the_document_loads(root: Path, client: Client, settings: Settings) -> None:
    settings.CITY = "musterstadt"
    call_command("load_city", "musterstadt", root=root, verbosity=0)
    assert City.objects.get().unconfirmed == ["Echte Bankkonten"]
    assert Provider.objects.get().is_youth_office
    assert DistrictFigure.objects.get().value == 12_000
    assert Fund.objects.get().is_general
    page = client.get("/hilfe/familienhilfe/").content.decode()
    assert "<li>kostenlos</li>" in page
    assert "WIR BRAUCHEN SIE, Musterstadt" in page


OF_DUEREN = re.compile(r"D(ü|ue)ren|02421|5235[0-9]|52349|Jülich|\bRur\b", re.IGNORECASE)
EVERYBODYS = [
    "/",
    "/zeit/",
    "/zeit/zusagen/",
    "/zeit/zusagen/wann/?fields_wanted=sport",
    "/hilfe/",
    "/hilfe/familienhilfe/",
    "/kind-in-gefahr/",
    "/spenden/",
    "/spendenzwecke/",
    "/wo-wir-stehen/",
    "/meins/",
    "/kontakt/",
    "/impressum/",
    "/datenschutz/",
    "/api/",
    "/app.webmanifest",
    "/barrierefreiheit/",
    "/leichte-sprache/",
    "/gibt-es-nicht/",
]


def test_nothing_of_dueren_is_in_the_pages_of_another_city(
    root: Path, client: Client, settings: Settings
) -> None:
    settings.CITY = "musterstadt"
    call_command("load_city", "musterstadt", root=root, verbosity=0)
    found = {address: OF_DUEREN.search(client.get(address).content.decode()) for address in EVERYBODYS}
    assert {address: match[0] for address, match in found.items() if match} == {}


def test_nothing_of_dueren_is_in_a_template() -> None:
    files = [path for path in (ROOT / "templates").rglob("*.*") if path.suffix in TEXTS]
    assert len(files) > 300
    assert [path.name for path in files if OF_DUEREN.search(path.read_text(encoding="utf-8"))] == []


CODE = ("base", "donations", "figures", "platform", "programs", "volunteers")
NOT_SHOWN = {"migrations", "data", "lexicon.py", "settings.py"}
"""Old rows' words, what people write, and the name of the folder that is loaded where none is chosen."""


def texts_in(source: str) -> list[str]:
    """Return the strings of a module but for its docstrings."""
    nodes = list(ast.walk(ast.parse(source)))
    told = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]


def test_nothing_of_dueren_is_in_a_text_of_the_code() -> None:
    """Labels, help, errors, wording of mails and letters, and what the commands say."""
    files = [path for part in CODE for path in (ROOT / part).rglob("*.py") if not NOT_SHOWN & set(path.parts)]
    assert len(files) > 600
    sources = {path: path.read_text() for path in files}
    naming = {path: source for path, source in sources.items() if OF_DUEREN.search(source)}
    found = {
        path.name: [text for text in texts_in(naming[path]) if OF_DUEREN.search(text)] for path in naming
    }
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_what_a_module_says_is_found_and_its_docstring_is_not() -> None:
    source = '"""Wie in Düren."""\nSAID = _("zum Beispiel 02421 250")\n# Düren\nOTHER = f"{x} Düren"'
    assert texts_in(source) == ["zum Beispiel 02421 250", " Düren"]


def test_no_error_of_the_road_of_time_names_a_number_of_dueren() -> None:
    with pytest.raises(ValidationError) as told:
        PhoneField().clean("keine")
    assert not OF_DUEREN.search(" ".join(told.value.messages))
