"""`./dev mutate`: what it takes, what it refuses, and a whole run that tells good tests from poor ones."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from workshop.runner import mutation_run
from workshop.runner.commands import mutate
from workshop.runner.console import Refusal
from workshop.runner.forks import FELL_OVER, run_in_fork
from workshop.runner.measuring import Measured
from workshop.runner.mutants import Mutant
from workshop.runner.mutation_run import forget, is_ours, parts_of
from workshop.runner.place import ROOT
from workshop.runner.trials import Trial

DECLARED = {"programs": ["tests/programs"], "programs/access.py": ["tests/access"], "base/outbox": ["t"]}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "[--seed S] [--seconds T]: the following arguments are required: path."),
        (["base", "--max", "0"], "./dev mutate PATH … [--max N] [--seed S] [--seconds T]: --max must be at"),
        (["base", "--max", "x"], "invalid int value: 'x'."),
        (["base", "--loud"], "unrecognized arguments: --loud."),
        (["nowhere"], "There is no nowhere in this checkout."),
        (["../"], "There is no ../ in this checkout."),
        (["docs"], "No tests are declared for docs; pyproject.toml knows: "),
    ],
)
def test_what_makes_no_sense_is_one_sentence(arguments: list[str], sentence: str) -> None:
    with pytest.raises(Refusal) as refusal:
        mutate.main(arguments)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        ("programs/access.py", ["tests/access"]),
        ("programs/domain", ["tests/programs"]),
        ("programs", ["tests/programs"]),
        ("base/outbox/", ["t"]),
    ],
)
def test_the_narrowest_folder_that_is_declared_counts(path: str, tests: list[str]) -> None:
    assert mutate.chosen(path, DECLARED) == (Path(path), tests)


def test_every_declared_folder_and_every_declared_test_exists() -> None:
    declared = mutate.tests_by_folder()
    named = [*mutate.declarations(), *declared, *(test for tests in declared.values() for test in tests)]
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_a_sample_is_bounded_and_the_same_for_the_same_seed() -> None:
    path = Path("programs/domain/shift_times.py")
    first = mutate.sample(path, 12, seed=7)
    assert len(first) == 12
    assert mutate.sample(path, 12, seed=7) == first
    assert mutate.sample(path, 12, seed=8) != first
    assert [(each.path, each.line) for each in first] == sorted((each.path, each.line) for each in first)


def test_a_file_without_decisions_is_refused() -> None:
    with pytest.raises(Refusal, match=r"There is nothing to mutate in workshop/__init__.py"):
        mutate.sample(Path("workshop/__init__.py"), 5, seed=1)


def test_the_environment_in_the_checkout_is_not_its_own_code(tmp_path: Path) -> None:
    assert is_ours(tmp_path / "base/outbox/models.py", tmp_path)
    assert is_ours(tmp_path, tmp_path)
    assert not is_ours(tmp_path / ".venv/lib/django/__init__.py", tmp_path)
    assert not is_ours(tmp_path.parent / "elsewhere.py", tmp_path)


def test_parts_are_what_the_checkout_does_not_hold() -> None:
    names = ["django.db", "outbox.models", "wirbrauchensie", "tests.access.doors", "json", "__main__"]
    assert parts_of(names) == ["django.db", "json"]


@pytest.mark.parametrize(("code", "patience", "told"), [(0, 20, 0), (3, 20, 3)])
def test_a_fork_tells_how_it_ended(tmp_path: Path, code: int, patience: float, told: int) -> None:
    assert run_in_fork(lambda: code, tmp_path / "log", patience) == told


def test_a_fork_that_falls_over_says_why_in_its_log(tmp_path: Path) -> None:
    def fall() -> int:
        raise KeyError("no such test")

    assert run_in_fork(fall, tmp_path / "log", 20) == FELL_OVER
    assert (tmp_path / "log").read_text().endswith("KeyError: 'no such test'\n")


def test_the_main_program_is_still_found_when_the_checkout_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules = {"__main__": ModuleType("__main__"), "ours": ModuleType("ours"), "other": ModuleType("other")}
    for name, folder in (("__main__", tmp_path), ("ours", tmp_path), ("other", tmp_path.parent)):
        modules[name].__file__ = str(folder / f"{name}.py")
        monkeypatch.setitem(sys.modules, name, modules[name])
    forget(tmp_path)
    assert [name for name in modules if name in sys.modules] == ["__main__", "other"]


def test_a_fork_that_does_not_end_is_killed(tmp_path: Path) -> None:
    def sleep() -> int:
        return subprocess.call([sys.executable, "-c", "import time; time.sleep(600)"])

    assert run_in_fork(sleep, tmp_path / "log", 0.5) is None


PRODUCT = Path("programs/domain/ages.py")


class Bench:
    """Tests that notice every fault but those on line 8, and a warm process that reaches only line 9."""

    def __init__(self, measured: Measured) -> None:
        self.measured = measured
        self.tried: list[tuple[str, int, tuple[str, ...], float]] = []

    def prepare(self, paths: set[Path]) -> Measured:
        assert PRODUCT in paths
        return self.measured

    def quick_verdicts(self, trials: list[Trial]) -> list[str]:
        self.tried += [("quick", each.mutant.line, each.tests, each.patience) for each in trials]
        return ["killed" if each.mutant.line == 9 else "elsewhere" for each in trials]

    def verdict(self, trial: Trial) -> str:
        self.tried.append(("anew", trial.mutant.line, trial.tests, trial.patience))
        return "survived" if trial.mutant.line == 8 else "killed"


def test_every_fault_meets_the_tests_that_run_its_statement(capsys: pytest.CaptureFixture[str]) -> None:
    """A fault at import meets those of its file and its importers; without a test it survives untried."""
    seconds = {"t::one": 1.0, "t::two": 2.0, "t::other": 4.0, "t::looking": 2.5}
    seconds["tests/citizens/test_link_kinds.py::test"] = 9.0
    lines = {str(PRODUCT): {1: [""], 8: ["", "t::two"], 9: ["t::one"], 6: ["t::one", "t::two"]}}
    own = {
        "programs/selectors/directory.py": {1: [""], 2: ["t::other"]},
        "tests/programs/test_words.py": {1: [""], 2: ["t::looking"]},
    }
    bench = Bench(Measured(seconds, {}, {test: [] for test in seconds}, {**lines, **own}))
    mutants = [Mutant(PRODUCT, line, f"- {line} + 0", "") for line in (8, 9, 6, 2)]
    found = mutate.survivors(mutants, bench, 9.5)  # type: ignore[arg-type]
    assert found == [mutants[0], mutants[3]]
    assert bench.tried == [
        ("quick", 9, ("t::one",), 35.0),
        ("quick", 6, ("t::one", "t::two"), 45.0),
        (
            "anew",
            8,
            ("t::one", "t::two", "t::looking", "t::other", "tests/citizens/test_link_kinds.py::test"),
            122.5,
        ),
        ("anew", 6, ("t::one", "t::two"), 45.0),
    ]
    assert capsys.readouterr().out == f"{PRODUCT}:8: - 8 + 0\n{PRODUCT}:2: - 2 + 0  (no test runs this)\n"


def test_each_path_has_its_own_figures() -> None:
    mutants = [Mutant(Path("a.py"), line, "", str(line)) for line in (1, 2, 3)]
    others = [Mutant(Path("b.py"), 1, "", "1")]
    assert mutate.result(Path("a.py"), mutants, [mutants[1], *others]) == {
        "path": "a.py",
        "mutants": 3,
        "killed": 2,
        "survived": 1,
        "percent": 66.7,
    }


def test_the_copy_is_sound_again_after_every_fault(tmp_path: Path) -> None:
    """A bench whose "tests" are a file that must read `1`; no pytest is needed to see what is left behind."""

    class Reading(mutation_run.Bench):
        def fork(self, act: Callable[[], int], patience: float, log: Path | None = None) -> int | None:
            text = (self.tree / "rule.py").read_text(encoding="utf-8")
            return {"LEAST = 1\n": 0, "LEAST = 3\n": 5}.get(text, 1)

    rule = tmp_path / "rule.py"
    rule.write_text("LEAST = 1\n", encoding="utf-8")
    before = rule.stat().st_mtime_ns
    bench = Reading(tmp_path, [], {}, tmp_path / "log")

    def verdict(text: str) -> str:
        return bench.verdict(Trial(Mutant(Path("rule.py"), 1, "", text), ("t::one",), 1, True))

    assert verdict("LEAST = 2\n") == "killed"
    assert (rule.read_text(encoding="utf-8"), rule.stat().st_mtime_ns) == ("LEAST = 1\n", before)
    assert verdict("LEAST = 1\n") == "survived"
    assert verdict("LEAST = 3\n") == "survived"  # none of its tests was left to run
