"""What a run of pytest says and does here, seen from outside: cases in a folder, this suite's conftest."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import settings
from psycopg import connect

from tests.database import comment, fingerprint
from tests.processes import ROOT, database_address
from tests.profiles import EXAMPLES, one_in

CASES = """
import time

def test_right(): ...

def test_wrong():
    gift = 2500
    assert gift == 2600

def test_slow():
    time.sleep(3.1)
"""
PROFILE = """
from hypothesis import settings
from tests.profiles import load_profile
load_profile()
now = settings.default
print(now.max_examples, now.derandomize, now.deadline)
"""


def run(command: list[str], **changes: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "HYPOTHESIS_PROFILE")}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT), **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_failure_tells_how_to_run_it_alone_and_a_slow_test_is_reported_but_fails_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "test_cases.py").write_text(CASES, encoding="utf-8")
    place = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), str(tmp_path)]
    done = run(["-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "-p", "tests.conftest", *place])
    assert "assert 2500 == 2600" in done.stdout
    assert "./dev test test_cases.py::test_wrong\n" in done.stdout
    assert "test_cases.py::test_right" not in done.stdout
    title, line = [line for line in done.stdout.splitlines() if "slow" in line]
    assert "over 3 s and not in tests/slow.txt" in title
    assert line.split()[1:] == ["s", "test_cases.py::test_slow"]
    assert "1 failed, 2 passed" in done.stdout


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "50 False None"),
        ({"CI": "1"}, "150 True None"),
        ({"HYPOTHESIS_PROFILE": "ci"}, "150 True None"),
        ({"HYPOTHESIS_PROFILE": "few"}, "15 True None"),
        ({"HYPOTHESIS_PROFILE": "deep", "CI": "1"}, "3000 False None"),
    ],
)
def test_the_profile_is_chosen_by_the_environment(changes: dict[str, str], expected: str) -> None:
    assert run(["-c", PROFILE], **changes).stdout.strip() == expected


def test_a_profile_nobody_wrote_is_refused() -> None:
    done = run(["-c", PROFILE], HYPOTHESIS_PROFILE="thorough")
    assert done.returncode == 1
    assert "thorough" in done.stderr


def test_dear_examples_are_fewer_and_never_none() -> None:
    examples = settings.default.max_examples
    assert examples in EXAMPLES.values()
    assert one_in(5).max_examples == examples // 5
    assert one_in(100_000).max_examples == 5


@pytest.mark.django_db
def test_the_database_of_the_tests_is_a_copy_of_a_migrated_one(django_db_keepdb: bool) -> None:
    template = connection.settings_dict["TEST"].get("TEMPLATE")
    if django_db_keepdb:
        assert template is None
        return
    with connect(database_address("postgres"), autocommit=True) as server:
        assert comment(server, template) == fingerprint()
