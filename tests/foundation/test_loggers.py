"""A line of the log says where it comes from: under the name of its module, as operators search for it."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from tests.processes import ROOT

HOUSES = {ROOT / "base", ROOT / "platform", ROOT}


def modules_that_log() -> list[str]:
    """Every module of the product that has a log of its own."""
    folders = [Path(each.path) for each in apps.get_app_configs() if ".venv" not in each.path]
    found = {
        ".".join(file.relative_to(folder.parent).with_suffix("").parts)
        for folder in [*folders, ROOT / "platform" / "wirbrauchensie"]
        if folder.parent in HOUSES
        for file in folder.rglob("*.py")
        if "\nlog = structlog.get_logger(" in file.read_text("utf-8")
    }
    return sorted(found)


@pytest.mark.parametrize("name", modules_that_log())
def test_a_line_is_told_under_the_name_of_its_module(name: str, caplog: pytest.LogCaptureFixture) -> None:
    import_module(name).log.warning("told_by_a_test")
    assert [each.name for each in caplog.records] == [name]


def test_no_module_is_overlooked() -> None:
    assert len(modules_that_log()) >= 10
    assert "donations.services.online.ordered_refunds" in modules_that_log()
