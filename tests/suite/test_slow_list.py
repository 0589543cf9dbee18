"""The list of slow tests: read by people, held to what exists, and never a reason to fail."""

from pathlib import Path

import pytest

from workshop.runner.commands.check import CHECKS
from workshop.runner.slow_tests import LIST, faults, listed, unlisted

TEXT = """# a comment

tests/a/test_a.py::test_long | a real worker is killed
tests/a/test_a.py::TestDoor::test_open|a browser opens
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "tests/a").mkdir(parents=True)
    (tmp_path / "tests/a/test_a.py").write_text(
        "def test_long(): ...\n\nclass TestDoor:\n    def test_open(self): ...\n", encoding="utf-8"
    )
    return tmp_path


def test_is_read_line_by_line() -> None:
    assert listed(TEXT) == {
        "tests/a/test_a.py::test_long": "a real worker is killed",
        "tests/a/test_a.py::TestDoor::test_open": "a browser opens",
    }


def test_what_exists_and_says_why_is_no_fault(root: Path) -> None:
    assert faults(listed(TEXT), root) == []


@pytest.mark.parametrize(
    "name",
    [
        "tests/a/test_gone.py::test_long",
        "tests/a/test_a.py::test_gone",
        "tests/a/test_a.py::test_open",
        "tests/a/test_a.py::TestDoor::test_long",
        "tests/a/test_a.py::TestGone::test_open",
        "tests/a/test_a.py",
    ],
)
def test_what_is_gone_is_named(root: Path, name: str) -> None:
    assert faults({name: "once slow"}, root) == [f"{name}: there is no such test."]


def test_a_line_without_a_reason_is_named(root: Path) -> None:
    name = "tests/a/test_a.py::test_long"
    assert faults(listed(f"{name} |  "), root) == [f"{name}: no reason is given."]
    assert faults(listed(name), root) == [f"{name}: no reason is given."]


def test_only_what_takes_longer_and_is_not_listed_is_reported_slowest_first() -> None:
    seconds = {
        "t.py::test_quick": 3.0,
        "t.py::test_long": 3.1,
        "t.py::test_case[a]": 4.0,
        "t.py::test_case[b::c]": 9.5,
        "t.py::test_known[x]": 60.0,
    }
    assert unlisted(seconds, {"t.py::test_known"}) == [("t.py::test_case", 9.5), ("t.py::test_long", 3.1)]


def test_the_check_reads_the_committed_list() -> None:
    command, environment = CHECKS["slow tests"]
    assert command[1:] == ["-m", "workshop.runner.slow_tests"]
    assert environment == {}
    assert LIST.is_file()
