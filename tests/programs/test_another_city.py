"""The smallest city of docs/another-city.md is complete: it loads and it shows."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from programs.models import City, DistrictFigure, Fund, Provider

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).parents[2] / "docs" / "another-city.md"


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


def test_nothing_of_dueren_is_in_the_pages_of_another_city(
    root: Path, client: Client, settings: Settings
) -> None:
    settings.CITY = "musterstadt"
    call_command("load_city", "musterstadt", root=root, verbosity=0)
    for address in ("/zeit/", "/hilfe/", "/hilfe/familienhilfe/"):
        assert "Düren" not in client.get(address).content.decode()
