"""Runs chosen tests against one fault after the other, in forks of one process that has collected all tests.

Where the fault lies inside a function the fork gives the living function its faulty code and tests at once:
nothing is imported, collected or migrated again. What the import of a module decides cannot be exchanged so.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from workshop.runner.forks import run_in_fork
from workshop.runner.live_code import changed_function, exchange, living
from workshop.runner.mutants import Mutant

ON_ITS_OWN_DATABASE = "tests.kept_database"
KILLED, SURVIVED, ELSEWHERE = "killed", "survived", "elsewhere"
NOBODY_LIVES_THERE = 71


@dataclass(frozen=True)
class Trial:
    """A fault, the tests that may notice it in their order, the seconds after which they hang, and whether it
    lies in what the import of the file runs."""

    mutant: Mutant
    tests: tuple[str, ...]
    patience: float
    at_import: bool


class KeptDatabase:
    """Lets the tests use the database of the sound run as it is."""

    def pytest_collection(self, session: pytest.Session) -> None:
        session.config.pluginmanager.import_plugin(ON_ITS_OWN_DATABASE)


class Chosen(KeptDatabase):
    """Runs these tests alone, in this order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.order = {test: index for index, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (each for each in items if each.nodeid in self.order), key=lambda each: self.order[each.nodeid]
        )


class Trials(KeptDatabase):
    """Instead of running the tests it has collected, this run tries the faults; `tell` gets each verdict.

    `restore` brings the rows back after a run that had to be killed.
    """

    def __init__(
        self,
        tree: Path,
        log: Path,
        trials: Sequence[Trial],
        tell: Callable[[str], None],
        restore: Callable[[], None],
    ) -> None:
        self.tree, self.log, self.trials, self.tell, self.restore = tree, log, trials, tell, restore
        self.failed = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        self.functions = living()
        for trial in self.trials:
            self.tell(self.verdict(trial))
        return True

    def verdict(self, trial: Trial) -> str:
        file = str(self.tree / trial.mutant.path)
        sound = Path(file).read_text(encoding="utf-8")
        codes = changed_function(sound, trial.mutant.text, file)
        if codes is None:
            return ELSEWHERE
        code = run_in_fork(
            lambda: self.run(trial.tests) if exchange(self.functions, *codes) else NOBODY_LIVES_THERE,
            self.log,
            trial.patience,
        )
        if code == NOBODY_LIVES_THERE:
            return ELSEWHERE
        if code is None:
            self.restore()
        return SURVIVED if code == os.EX_OK else KILLED

    def run(self, tests: Sequence[str]) -> int:
        """In the fork: return 1 at the first failure, when all that was made for more tests is taken down."""
        items = [self.items[test] for test in tests]
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                getattr(item.session, "_setupstate").teardown_exact(None)  # noqa: B009  # no public door
                return 1
        return os.EX_OK

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed
