"""The proof of the units holds only as long as mypy reads it and complains about ignores it does not need."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MYPY = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]


def is_read(path: str) -> bool:
    """As mypy looks: every folder on the way, then the file."""
    parts = path.split("/")
    folders = ["/".join(parts[:depth]) + "/" for depth in range(1, len(parts))]
    return not any(re.search(pattern, each) for pattern in MYPY["exclude"] for each in [*folders, path])


def test_mypy_reads_the_misuses_of_units() -> None:
    assert (ROOT / "tests/typing/units.py").is_file()
    assert is_read("tests/typing/units.py")


def test_mypy_names_an_ignore_that_is_not_needed() -> None:
    assert MYPY["warn_unused_ignores"] is True
    overridden = [each for each in MYPY["overrides"] if "warn_unused_ignores" in each]
    assert overridden == []


@pytest.mark.parametrize("path", ["tests/conftest.py", "tests/donations/test_ledger.py", "tests/typing.py"])
def test_mypy_reads_no_other_test(path: str) -> None:
    assert not is_read(path)
