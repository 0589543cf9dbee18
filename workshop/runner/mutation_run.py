"""Runs the tests of a folder against faulty code, in a copy of this checkout with a database of its own.

Every run is a fork of this process, which has imported the locked parts already: half the time.
"""

import importlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from workshop.runner.console import Refusal, tail
from workshop.runner.forks import run_in_fork
from workshop.runner.measuring import Measured, Measuring
from workshop.runner.mutants import Mutant
from workshop.runner.mutation_database import TestDatabase
from workshop.runner.place import ROOT
from workshop.runner.trials import KILLED, SURVIVED, Chosen, Trial, Trials

NOT_COPIED = shutil.ignore_patterns(
    ".git", ".run", ".venv*", "__pycache__", "node_modules", ".*_cache", ".hypothesis", "staticfiles"
)
PYTEST = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
NOTHING_LEFT = 5
LONGEST = 3600.0  # seconds that the sound tests of a folder may take under measurement
AT_MOST = 24 * LONGEST


@dataclass(frozen=True)
class Bench:
    """The copy, the tests that count, and what they need to know."""

    tree: Path
    tests: list[str]
    environment: Mapping[str, str]
    log: Path

    @property
    def database(self) -> TestDatabase:
        return TestDatabase(self.environment["DATABASE_URL"])

    def prepare(self, paths: Iterable[Path]) -> Measured:
        """Copy the checkout and return what the sound tests do in these files.

        Raises Refusal when they fail: then no fault can be told from what is broken anyway.
        """
        shutil.rmtree(self.tree, ignore_errors=True)
        shutil.copytree(ROOT, self.tree, ignore=NOT_COPIED, symlinks=True)
        measuring = Measuring(self.tree, paths)
        report, parts = self.tree.with_name("measured"), self.tree.with_name("parts")

        def measure() -> int:
            measuring.start()
            code = pytest_main(["--create-db", *self.tests], [measuring])
            parts.write_text("\n".join(sys.modules), encoding="utf-8")
            report.write_text(json.dumps(asdict(measuring.finish())), encoding="utf-8")
            return code

        if self.fork(measure, LONGEST) != os.EX_OK:
            raise Refusal(f"The tests fail without any fault; {self.log} ends with:\n{tail(self.log, 40)}")
        self.database.restore()
        warm(parts_of(parts.read_text(encoding="utf-8").split()))
        return Measured.read(report.read_text(encoding="utf-8"))

    def quick_verdicts(self, trials: Sequence[Trial]) -> list[str]:
        """Return the verdicts of one warm process that has collected the tests of all these faults."""
        told = self.tree.with_name("verdicts")
        told.write_text("", encoding="utf-8")

        def tell(verdict: str) -> None:
            with told.open("a", encoding="utf-8") as file:
                file.write(f"{verdict}\n")

        plugin = Trials(self.tree, self.log, trials, tell, self.database.restore)
        files = files_of(test for trial in trials for test in trial.tests)
        log = self.log.with_name("warm-log")
        self.fork(lambda: pytest_main(["--capture=no", "--reuse-db", *files], [plugin]), AT_MOST, log)
        verdicts = told.read_text(encoding="utf-8").split()
        if len(verdicts) != len(trials):
            raise Refusal(f"The trials broke off after {len(verdicts)}; {log} ends with:\n{tail(log, 40)}")
        return verdicts

    def verdict(self, trial: Trial) -> str:
        """Import everything anew with this fault, then test; not coming to an end is noticed too."""
        with self.broken(trial.mutant):
            arguments = ["--reuse-db", *files_of(trial.tests)]
            code = self.fork(lambda: pytest_main(arguments, [Chosen(trial.tests)]), trial.patience)
        if code is None:
            self.database.restore()
        return SURVIVED if code in (os.EX_OK, NOTHING_LEFT) else KILLED

    @contextmanager
    def broken(self, mutant: Mutant) -> Iterator[None]:
        """Put the fault into the copy and take it out again, as if it had never been there."""
        target = self.tree / mutant.path
        sound, made = target.read_bytes(), target.stat()
        target.write_text(mutant.text, encoding="utf-8")
        try:
            yield
        finally:
            target.write_bytes(sound)
            os.utime(target, ns=(made.st_atime_ns, made.st_mtime_ns))

    def fork(self, act: Callable[[], int], patience: float, log: Path | None = None) -> int | None:
        """Leave the checkout for its copy and return what `act` returns, None after `patience` seconds."""

        def within() -> int:
            os.environ.update(self.environment)
            os.chdir(self.tree)
            forget(ROOT)
            own = [str(self.tree), str(self.tree / "platform"), str(self.tree / "base")]
            sys.path[:] = [*own, *(path for path in sys.path if not is_ours(Path(path), ROOT))]
            sys.dont_write_bytecode = True
            return act()

        return run_in_fork(within, log or self.log, patience)


def pytest_main(arguments: list[str], plugins: list[object]) -> int:
    return int(importlib.import_module("pytest").main([*PYTEST, *arguments], plugins=plugins))


def files_of(tests: Iterable[str]) -> list[str]:
    return sorted({test.partition("::")[0] for test in tests})


def is_ours(path: Path, root: Path) -> bool:
    """Whether this belongs to the checkout itself, not to its environment."""
    path = path.resolve()
    return path == root or (
        path.is_relative_to(root) and not path.relative_to(root).parts[0].startswith(".venv")
    )


def forget(root: Path) -> None:
    """Let everything of this checkout be imported anew; who looks up the main program still finds it."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", [])), None)
        if file and name != "__main__" and is_ours(Path(file), root):
            del sys.modules[name]


def parts_of(names: Iterable[str]) -> list[str]:
    """Return the modules that are not this checkout's: those of the environment and of Python."""
    ours = {path.name for folder in (ROOT, ROOT / "platform", ROOT / "base") for path in folder.iterdir()}
    return [name for name in names if name.partition(".")[0] not in {*ours, "__main__", "conftest"}]


def warm(names: Iterable[str]) -> None:
    """Import what can be imported without this project's settings; the rest waits for the fork."""
    for name in names:
        known = set(sys.modules)
        try:
            importlib.import_module(name)
        except Exception:  # whatever a part says without settings, it says again in the fork
            for half_done in set(sys.modules) - known:
                del sys.modules[half_done]
