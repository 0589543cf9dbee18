"""`./dev check`: what can be told without running the product."""

import os
import re
import subprocess
import sys
from pathlib import Path

from workshop.runner.configuration import PRODUCTION_SAMPLE
from workshop.runner.console import Refusal, Stopwatch, say, tail
from workshop.runner.place import ROOT, RUN
from workshop.runner.processes import spawn

PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-logo'])"
# Nothing listens there: a check that asks a database for something is told at once that there is none.
NO_DATABASE = {"DATABASE_URL": "postgresql://postgres@%2Fnonexistent/app"}

Checks = dict[str, tuple[list[str], dict[str, str]]]
CHECKS: Checks = {
    "platform/ is a folder, not a package": (["test", "!", "-e", "platform/__init__.py"], {}),
    "ruff check": ([PYTHON, "-m", "ruff", "check"], {}),
    "ruff format": ([PYTHON, "-m", "ruff", "format", "--check"], {}),
    "import rules": ([PYTHON, "-c", LINT_IMPORTS], {}),
    "migrations complete": ([*MANAGE, "makemigrations", "--check", "--dry-run"], NO_DATABASE),
    "check --deploy": ([*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION_SAMPLE),
    "slow tests": ([PYTHON, "-m", "workshop.runner.slow_tests"], {}),
    "mypy": ([PYTHON, "-m", "mypy", "."], NO_DATABASE),
}


def main(arguments: list[str]) -> int:
    """Raises Refusal that names the failed checks."""
    if arguments:
        raise Refusal("./dev check takes no arguments.")
    check()
    return 0


def check(checks: Checks = CHECKS) -> None:
    """Run all checks side by side, say how each one ended and show what the failed ones found."""
    watch = Stopwatch()
    say("Checking …")
    running = {title: start(title, *how) for title, how in checks.items()}
    failed = [title for title, process in running.items() if not passed(title, process)]
    if failed:
        raise Refusal(f"Failed: {', '.join(failed)}.")
    say(f"All checks passed in {watch}.")


def start(title: str, command: list[str], extra: dict[str, str]) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "DEMO": "0", "PRODUCTION": "0", **extra}
    return spawn(command, log=log_of(title), env=environment, cwd=ROOT)


def passed(title: str, process: "subprocess.Popen[bytes]") -> bool:
    failed = process.wait() != 0
    say(f"  {'FAILED' if failed else 'ok    '}  {title}")
    if failed:
        say(tail(log_of(title), 60))
    return not failed


def log_of(title: str) -> Path:
    return RUN / "log" / "check" / f"{re.sub(r'[^a-z]+', '-', title.lower()).strip('-')}.log"
