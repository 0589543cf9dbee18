"""What the sound run tells: which test runs which line, and how long each test takes.

A plugin for one run of pytest. Coverage's context is the test that runs; what a fixture of a module or of
the run does belongs to all tests that ask for it; what an import runs belongs to nobody (`AT_IMPORT`).
"""

import json
import time
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

AT_IMPORT = ""
DONE_BEFORE = {"django_db_setup", "django_db_modify_db_settings"}  # no faulty run does that again
Contexts = dict[int, list[str]]


@dataclass
class Measured:
    """Seconds of each test without its wide fixtures, seconds of each of those, which ones a test asks for,
    and the contexts of every line by file."""

    seconds: dict[str, float] = field(default_factory=dict)
    fixtures: dict[str, float] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, Contexts] = field(default_factory=dict)

    def contexts(self, path: Path, lines: Iterable[int]) -> set[str]:
        found = self.lines.get(str(path), {})
        return {context for line in lines for context in found.get(line, [])}

    @classmethod
    def read(cls, text: str) -> "Measured":
        """Return what `json.dumps(asdict(measured))` told; lines are numbers again."""
        told = json.loads(text)
        told["lines"] = {
            path: {int(line): contexts for line, contexts in lines.items()}
            for path, lines in told["lines"].items()
        }
        return cls(**told)

    def tests(self, contexts: set[str]) -> set[str]:
        """Return the tests behind these contexts: they themselves, and who asks for such a fixture."""
        return {test for test, asked in self.asked.items() if not contexts.isdisjoint([test, *asked])}

    def tests_of(self, paths: Iterable[Path]) -> set[str]:
        """Return the tests that run anything in these files."""
        found: set[str] = set()
        for path in paths:
            found |= self.contexts(path, self.lines.get(str(path), {}))
        return self.tests(found)

    def tests_in(self, files: Container[str]) -> list[str]:
        return [test for test in self.seconds if file_of(test) in files]

    def cost(self, test: str, paid: Iterable[str] = ()) -> float:
        """Return the seconds of a test when the fixtures `paid` are there already."""
        return self.seconds[test] + sum(self.fixtures[each] for each in {*self.asked[test]} - {*paid})

    def affordable(self, tests: Iterable[str], budget: float, *, first: Container[str] = ()) -> list[str]:
        """Return the quickest of these tests that fit into `budget` seconds, at least one if there is any.

        Those in `first` have precedence. They come file by file, so that the fixtures of a module are made
        once; the file of the first one first.
        """
        chosen: list[str] = []
        paid: set[str] = set()
        spent = 0.0
        for test in sorted(tests, key=lambda each: (each not in first, self.cost(each), each)):
            spent += self.cost(test, paid)
            if spent > budget and chosen:
                break
            chosen.append(test)
            paid |= {*self.asked[test]}
        files = list(dict.fromkeys(file_of(test) for test in chosen))
        return sorted(chosen, key=lambda each: files.index(file_of(each)))


def file_of(test: str) -> str:
    return test.partition("::")[0]


class Measuring:
    """The plugin; `start` before pytest does, so that the import of every file is seen."""

    def __init__(self, tree: Path, paths: Iterable[Path]) -> None:
        self.tree, self.paths = tree, list(paths)
        self.measured = Measured()
        self.running: list[str] = []
        self.spent: list[float] = []
        self.coverage: Coverage

    def start(self) -> None:
        files = [str(self.tree / path) for path in self.paths]
        self.coverage = Coverage(data_file=None, config_file=False, include=files, messages=False)
        self.coverage.start()

    def finish(self) -> Measured:
        self.coverage.stop()
        data = self.coverage.get_data()
        for path in self.paths:
            self.measured.lines[str(path)] = data.contexts_by_lineno(str(self.tree / path))
        return self.measured

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.measured.asked[item.nodeid] = wide_fixtures(item)
        return (yield from self.within(item.nodeid, self.measured.seconds))

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        return (yield from self.within(name_of(fixturedef), self.measured.fixtures))

    def within(self, context: str, seconds: dict[str, float]) -> Iterator[None]:
        """Count time and lines to this context until what it wraps is done, and to nobody else."""
        began, self.running, self.spent = time.monotonic(), [*self.running, context], [*self.spent, 0.0]
        self.coverage.switch_context(context)
        try:
            return (yield)
        finally:
            took = time.monotonic() - began
            seconds[context] = seconds.get(context, 0.0) + took - self.spent.pop()
            if self.spent:
                self.spent[-1] += took
            self.running.pop()
            self.coverage.switch_context(self.running[-1] if self.running else AT_IMPORT)


def wide_fixtures(item: pytest.Item) -> list[str]:
    """Return the fixtures a test asks for that others share with it."""
    known: dict[str, Any] = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009  # no public door
    last = [known[name][-1] for name in getattr(item, "fixturenames", []) if known.get(name)]
    return [name_of(each) for each in last if each.scope != "function" and each.argname not in DONE_BEFORE]


def name_of(fixture: "pytest.FixtureDef[Any]") -> str:
    return f"fixture {fixture.baseid}::{fixture.argname}"
