"""`./dev mutate`: what it takes, what it refuses, and a whole run that tells good tests from poor ones."""

import subprocess
import sys
from pathlib import Path

import pytest

from workshop.runner import mutation_run
from workshop.runner.commands import mutate
from workshop.runner.console import Refusal
from workshop.runner.mutants import Mutant
from workshop.runner.mutation_run import is_ours, parts_of, run_in_fork
from workshop.runner.place import ROOT

DECLARED = {"programs": ["tests/programs"], "programs/access.py": ["tests/access"], "base/outbox": ["t"]}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "./dev mutate PATH [--max N] [--seed S]: the following arguments are required: path."),
        (["base", "--max", "0"], "./dev mutate PATH [--max N] [--seed S]: --max must be at least 1."),
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
    named = [*declared, *(test for tests in declared.values() for test in tests)]
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_a_sample_is_bounded_and_the_same_for_the_same_seed() -> None:
    path = Path("programs/access.py")
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


def test_a_fork_that_does_not_end_is_killed(tmp_path: Path) -> None:
    def sleep() -> int:
        return subprocess.call([sys.executable, "-c", "import time; time.sleep(600)"])

    assert run_in_fork(sleep, tmp_path / "log", 0.5) is None


class Bench:
    """Tests that notice every fault but those on one line."""

    def prepare(self) -> float:
        return 0.1

    def kills(self, mutant: Mutant, patience: float) -> bool:
        assert patience == 61.0
        return mutant.line != 2


def test_a_survivor_is_one_line_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    mutants = [Mutant(Path("a.py"), line, f"- {line} + 0", "") for line in (1, 2, 3)]
    assert mutate.survivors(mutants, Bench()) == [mutants[1]]  # type: ignore[arg-type]
    assert capsys.readouterr().out == "a.py:2: - 2 + 0\n"


def test_the_copy_is_sound_again_after_every_fault(tmp_path: Path) -> None:
    """A bench whose "tests" are a file that must read `1`; no pytest is needed to see what is left behind."""

    class Reading(mutation_run.Bench):
        def run(self, options: list[str], patience: float) -> int | None:
            text = (self.tree / "rule.py").read_text(encoding="utf-8")
            return 0 if text == "LEAST = 1\n" else 1

    rule = tmp_path / "rule.py"
    rule.write_text("LEAST = 1\n", encoding="utf-8")
    before = rule.stat().st_mtime_ns
    bench = Reading(tmp_path, [], {}, tmp_path / "log")
    assert bench.kills(Mutant(Path("rule.py"), 1, "", "LEAST = 2\n"), patience=1)
    assert (rule.read_text(encoding="utf-8"), rule.stat().st_mtime_ns) == ("LEAST = 1\n", before)
    assert not bench.kills(Mutant(Path("rule.py"), 1, "", "LEAST = 1\n"), patience=1)
