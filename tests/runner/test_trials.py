"""Measuring which test runs which line, and trying faults in forks: a run of pytest over a tiny product."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from workshop.runner.measuring import AT_IMPORT, Measured
from workshop.runner.place import ROOT

PRODUCT = """\
LEAST = 25


def is_small(cents):
    return cents < LEAST


def fee(cents):
    while cents < 0:
        cents = -cents
    if cents > 100:
        return 2
    return 1


def unused():
    return 7
"""
TESTS = """\
import product
import pytest


@pytest.fixture(scope="module")
def fees():
    return [product.fee(5), product.fee(500)]


def test_small():
    assert product.is_small(24)
    assert not product.is_small(25)


def test_low(fees):
    assert fees[0] == 1


def test_high(fees):
    assert fees[1] == 2


def test_below_nothing():
    assert product.fee(-5) == 1
"""
FAULTS = [
    (5, "cents < LEAST", "cents <= LEAST", "killed"),
    (11, "cents > 100", "cents >= 100", "survived"),
    (12, "return 2", "return 3", "killed"),
    (1, "LEAST = 25", "LEAST = 26", "elsewhere"),
    (10, "cents = -cents", "cents = cents", "killed"),
]
RUN = """\
import json, sys
from dataclasses import asdict
from pathlib import Path
import pytest
from workshop.runner.measuring import Measuring
from workshop.runner.mutants import Mutant
from workshop.runner.forks import run_in_fork
from workshop.runner.trials import Trial, Trials

tree, path = Path.cwd(), Path("product.py")
arguments = ["-q", "-x", "-p", "no:django", "-p", "no:cacheprovider", "--capture=no", "test_product.py"]
text = path.read_text()

def measure():
    plugin = Measuring(tree, [path])
    plugin.start()
    code = pytest.main(arguments, plugins=[plugin])
    Path("measured").write_text(json.dumps(asdict(plugin.finish())))
    return code

assert run_in_fork(measure, tree / "log", 60) == 0
tests = tuple(json.loads(Path("measured").read_text())["seconds"])
trials = [
    Trial(Mutant(path, line, "", text.replace(old, new)), tests, 0.7 if line == 10 else 60, False)
    for line, old, new, _verdict in json.loads(Path("faults").read_text())
]
told = []
plugin = Trials(tree, tree / "log", trials, told.append, lambda: told.append("restored"))
pytest.main(arguments, plugins=[plugin])
Path("told").write_text(json.dumps(told))
"""
FEES = "fixture test_product.py::fees"
SMALL, LOW, HIGH, BELOW = (
    f"test_product.py::test_{name}" for name in ("small", "low", "high", "below_nothing")
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    files = {
        "product.py": PRODUCT,
        "test_product.py": TESTS,
        "faults": json.dumps(FAULTS),
        "pytest.ini": "[pytest]\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    path = f"{ROOT}:{folder}"
    run = subprocess.run(
        [sys.executable, "-c", RUN], cwd=folder, env={"PYTHONPATH": path}, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


@pytest.fixture
def measured(place: Path) -> Measured:
    return Measured.read((place / "measured").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("line", "contexts", "tests"),
    [
        (1, {AT_IMPORT}, set()),
        (5, {SMALL}, {SMALL}),
        (10, {BELOW}, {BELOW}),
        (12, {FEES}, {LOW, HIGH}),
        (13, {FEES, BELOW}, {LOW, HIGH, BELOW}),
        (17, set(), set()),
    ],
)
def test_a_line_knows_its_tests(measured: Measured, line: int, contexts: set[str], tests: set[str]) -> None:
    found = measured.contexts(Path("product.py"), [line])
    assert (found, measured.tests(found)) == (contexts, tests)


def test_a_file_knows_its_tests(measured: Measured) -> None:
    assert measured.tests_of([Path("product.py")]) == {SMALL, LOW, HIGH, BELOW}
    assert measured.tests_of([Path("other.py")]) == set()


def test_time_is_told_of_tests_and_wide_fixtures(measured: Measured) -> None:
    assert {*measured.seconds} == {SMALL, LOW, HIGH, BELOW}
    assert {*measured.fixtures} == {FEES}
    assert measured.asked == {SMALL: [], LOW: [FEES], HIGH: [FEES], BELOW: []}


def test_a_fault_is_tried_until_the_first_test_that_notices(place: Path) -> None:
    """What never ends is killed, counts as noticed, and has its rows brought back."""
    verdicts = [verdict for _line, _old, _new, verdict in FAULTS]
    assert json.loads((place / "told").read_text(encoding="utf-8")) == [*verdicts[:-1], "restored", "killed"]


KNOWN = Measured(
    seconds={"a::quick": 1.0, "a::slow": 9.0, "b::one": 0.5, "b::two": 0.5, "c::only": 2.0},
    fixtures={"scene": 3.0},
    asked={"a::quick": [], "a::slow": [], "b::one": ["scene"], "b::two": ["scene"], "c::only": []},
)


@pytest.mark.parametrize(
    ("budget", "chosen"),
    [
        (0, ["a::quick"]),
        (3, ["a::quick", "c::only"]),
        (6.9, ["a::quick", "c::only", "b::one"]),
        (7, ["a::quick", "c::only", "b::one", "b::two"]),
        (16, ["a::quick", "a::slow", "c::only", "b::one", "b::two"]),
    ],
)
def test_the_quickest_tests_fit_a_fixture_is_paid_once_and_files_stay_together(
    budget: float, chosen: list[str]
) -> None:
    assert KNOWN.affordable(KNOWN.seconds, budget) == chosen


def test_what_comes_first_comes_first_however_long_it_takes() -> None:
    assert KNOWN.affordable(KNOWN.seconds, 10, first={"a::slow"}) == ["a::slow", "a::quick"]
    assert KNOWN.tests_in(["b", "c"]) == ["b::one", "b::two", "c::only"]


def test_no_test_is_no_choice() -> None:
    assert KNOWN.affordable([], 30) == []
