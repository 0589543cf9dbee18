"""The tables of legal moves speak of the statuses there are: no word is misspelt, forgotten or left over."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest
from django.apps import apps

from foundation.moves import Moves
from tests.processes import ROOT


def tables() -> Iterator[tuple[str, Moves]]:
    for config in apps.get_app_configs():
        if not config.path.startswith(str(ROOT)) or f"{ROOT}/.venv" in config.path:
            continue
        domain = f"{config.name}.domain"
        try:
            package = import_module(domain)
        except ModuleNotFoundError:
            continue
        for found in walk_packages(package.__path__, f"{domain}."):
            module = import_module(found.name)
            yield from (
                (f"{found.name}.{name}", table)
                for name, table in vars(module).items()
                if name.endswith("_MOVES")
            )


def statuses() -> list[set[str]]:
    """Return the values of every column that takes fixed words."""
    fields = [field for model in apps.get_models() for field in model._meta.fields if field.flatchoices]
    return [{value for value, _label in field.flatchoices} for field in fields]


TABLES = dict(tables())


def test_no_table_is_overlooked() -> None:
    assert len(TABLES) >= 17
    assert "volunteers.domain.states.OFFER_MOVES" in TABLES


@pytest.mark.parametrize("name", TABLES)
def test_every_status_of_one_column_has_its_line_and_leads_to_others(name: str) -> None:
    table = TABLES[name]
    assert {*table} in statuses()
    assert {word for moves in table.values() for word in moves} <= {*table}
    assert [status for status, moves in table.items() if status in moves] == []
