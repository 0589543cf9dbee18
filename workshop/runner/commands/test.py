"""`./dev test`: the checks, then every test against real servers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from workshop.runner.chromium import ensure_chromium
from workshop.runner.commands.check import check
from workshop.runner.configuration import is_on, needed_servers
from workshop.runner.console import Refusal, Stopwatch, say
from workshop.runner.instance import only_instance
from workshop.runner.place import ROOT, TESTS
from workshop.runner.processes import spawn
from workshop.runner.servers import ensure_servers

PYTEST = [sys.executable, "-m", "pytest", "-q"]
SIDE_BY_SIDE = ["--dist", "worksteal", "-n"]
# Rows and processes on three workers: on two cores one of them always waits for something. Then browsers on
# two. Each worker has a database, a broker number, ports and folders of its own; what measures time has the
# machine to itself.
GROUPS = {
    "tests side by side": [*SIDE_BY_SIDE, "3", "-m", "not browser and not alone"],
    "browser tests side by side": [*SIDE_BY_SIDE, "2", "-m", "browser and not alone", "tests/browser"],
    "tests that need the machine alone": ["-m", "alone", "tests/runner", "tests/stripe_double"],
}
WITH_BROWSER = "browser tests side by side"
NOTHING_SELECTED = 5


def main(arguments: list[str]) -> int:
    """With arguments: one pytest run with them. Raises Refusal that names all that failed."""
    watch = Stopwatch()
    chromium = ensure_chromium(is_on(os.environ, "CI"))
    with only_instance(TESTS, "test"), servers() as addresses:
        environment = {**os.environ, **addresses, **({"CHROMIUM": chromium} if chromium else {})}
        if arguments:
            return subprocess.run([*PYTEST, *arguments], cwd=ROOT, env=environment, check=False).returncode
        environment.setdefault("HYPOTHESIS_PROFILE", "ci")
        with preparing(environment):
            failed = failed_checks()
        failed += [title for title in groups(chromium) if not run_group(title, GROUPS[title], environment)]
    if failed:
        raise Refusal(f"Failed: {', '.join(failed)} (after {watch}).")
    say(f"Everything passed in {watch}.")
    return 0


@contextmanager
def preparing(environment: dict[str, str]) -> Iterator[None]:
    """Migrate the tests' database and compile the matcher meanwhile.

    If that fails, the first test tries again and says why.
    """
    python_path = os.pathsep.join(map(str, [ROOT, ROOT / "platform", ROOT / "base"]))
    process = spawn(
        [sys.executable, "-m", "tests.prepared"],
        log=TESTS / "log" / "prepared.log",
        env={**environment, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": python_path},
        cwd=ROOT,
    )
    yield
    process.wait()


def failed_checks() -> list[str]:
    """A wrong comma must not hide what the tests find, so the tests run all the same."""
    try:
        check()
    except Refusal as refusal:
        say(str(refusal))
        return ["checks"]
    return []


def groups(chromium: str | None) -> list[str]:
    """Without a browser its tests are left out."""
    return [title for title in GROUPS if chromium or title != WITH_BROWSER]


def run_group(title: str, group: list[str], environment: dict[str, str]) -> bool:
    say(f"\nRunning {title} …")
    code = subprocess.run([*PYTEST, *group], cwd=ROOT, env=environment, check=False).returncode
    return code in (0, NOTHING_SELECTED)


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """The configured servers, else embedded ones for as long as the tests take."""
    needed = needed_servers(os.environ)
    if not needed:
        yield {}
        return
    embedded = ensure_servers(TESTS, needed=needed, durable=False)
    try:
        yield embedded.environment(needed=needed)
    finally:
        embedded.stop()
