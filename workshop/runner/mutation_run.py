"""Runs the tests of a folder against faulty code, in a copy of this checkout with a database of its own.

Every run is a fork of this process, which has imported the locked parts already: half the time.
"""

import importlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from workshop.runner.console import Refusal, tail
from workshop.runner.mutants import Mutant
from workshop.runner.place import ROOT
from workshop.runner.processes import kill_session

NOT_COPIED = shutil.ignore_patterns(
    ".git", ".run", ".venv*", "__pycache__", "node_modules", ".*_cache", ".hypothesis", "staticfiles"
)
PYTEST = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
PASSED = 0
FELL_OVER = 70


@dataclass(frozen=True)
class Bench:
    """The copy, the tests that count, and what they need to know."""

    tree: Path
    tests: list[str]
    environment: Mapping[str, str]
    log: Path

    def prepare(self) -> float:
        """Copy the checkout, import what can be imported before, and return how long the sound tests take.

        Raises Refusal when they fail: then no fault can be told from what is broken anyway.
        """
        shutil.rmtree(self.tree, ignore_errors=True)
        shutil.copytree(ROOT, self.tree, ignore=NOT_COPIED, symlinks=True)
        self.must_pass(["--create-db"])
        warm(parts_of(self.parts.read_text(encoding="utf-8").split()))
        began = time.monotonic()
        self.must_pass([])
        return time.monotonic() - began

    @property
    def parts(self) -> Path:
        """Where the first run leaves the names of everything it imported."""
        return self.tree.with_name("parts")

    def must_pass(self, options: list[str]) -> None:
        if self.run(options, patience=900) != PASSED:
            raise Refusal(f"The tests fail without any fault; {self.log} ends with:\n{tail(self.log, 40)}")

    def kills(self, mutant: Mutant, patience: float) -> bool:
        """Tell whether the tests notice this fault; not coming to an end is noticed too."""
        target = self.tree / mutant.path
        sound, made = target.read_bytes(), target.stat()
        target.write_text(mutant.text, encoding="utf-8")
        try:
            code = self.run([], patience)
        finally:
            target.write_bytes(sound)
            os.utime(target, ns=(made.st_atime_ns, made.st_mtime_ns))
        if code is None:
            self.must_pass(["--create-db"])
        return code != PASSED

    def run(self, options: list[str], patience: float) -> int | None:
        """Return pytest's exit code, None after `patience` seconds."""
        arguments = [*PYTEST, *(options or ["--reuse-db"]), *self.tests]
        if "--create-db" in options:
            arguments.append("--reuse-db")
        return run_in_fork(lambda: self.run_tests(arguments), self.log, patience)

    def run_tests(self, arguments: list[str]) -> int:
        """In the fork: leave the checkout for its copy, then test."""
        os.environ.update(self.environment)
        os.chdir(self.tree)
        forget(ROOT)
        own = [str(self.tree), str(self.tree / "platform"), str(self.tree / "base")]
        sys.path[:] = [*own, *(path for path in sys.path if not is_ours(Path(path), ROOT))]
        sys.dont_write_bytecode = True
        code = int(importlib.import_module("pytest").main(arguments))
        self.parts.write_text("\n".join(sys.modules), encoding="utf-8")
        return code


def is_ours(path: Path, root: Path) -> bool:
    """Whether this belongs to the checkout itself, not to its environment."""
    path = path.resolve()
    return path == root or (
        path.is_relative_to(root) and not path.relative_to(root).parts[0].startswith(".venv")
    )


def forget(root: Path) -> None:
    """Let everything of this checkout be imported anew."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", [])), None)
        if file and is_ours(Path(file), root):
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


def run_in_fork(act: Callable[[], int], log: Path, patience: float) -> int | None:
    """Return what `act` returns in a process group of its own, None when it was killed after `patience`."""
    child = os.fork()
    if child == 0:
        in_child(act, log)
    try:
        return exit_code(child, patience)
    finally:
        # Whatever is left: a run without end, or what it had started; also when we are interrupted.
        kill_session(child)


def exit_code(child: int, patience: float) -> int | None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    kill_session(child)
    os.waitpid(child, 0)
    return None


def in_child(act: Callable[[], int], log: Path) -> None:
    code = FELL_OVER
    try:
        os.setsid()
        with log.open("wb") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        code = act()
        sys.stdout.flush()
    finally:
        os._exit(code)
