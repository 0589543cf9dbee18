"""The commands of `./dev`, the parts each one needs, and where each one is written."""

import importlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from workshop.runner import installation
from workshop.runner.console import Refusal, say
from workshop.runner.place import ENVIRONMENT


@dataclass(frozen=True)
class Command:
    """What it does, in one line, and the lock whose parts it needs."""

    summary: str
    lock: Path


COMMANDS = {
    "run": Command(
        "start everything and print where it is; PORT and HOST choose where", installation.RUN_LOCK
    ),
    "stop": Command("end what runs in this folder", installation.RUN_LOCK),
    "test": Command(
        "check, then all tests; with arguments: pytest with these arguments", installation.DEVELOPMENT_LOCK
    ),
    "check": Command(
        "style, types, import rules, migrations: fast and static", installation.DEVELOPMENT_LOCK
    ),
    "mutate": Command(
        "PATH [--max N] [--seed S]: which small faults in PATH its tests do not notice",
        installation.DEVELOPMENT_LOCK,
    ),
    "bench": Command("NAME [ARGUMENTS]: run benchmarks/NAME.py", installation.RUN_LOCK),
    "manage": Command(
        "COMMAND [ARGUMENTS]: Django's commands on the data of ./dev run", installation.RUN_LOCK
    ),
    "backup": Command(
        "FILE: the whole database into one file, also while the product runs", installation.RUN_LOCK
    ),
    "restore": Command(
        "FILE: put a backup in the place of the database; the old one is kept", installation.RUN_LOCK
    ),
    "sbom": Command("the list of parts (CycloneDX) on standard output", installation.DEVELOPMENT_LOCK),
    "servers": Command(
        'database and broker in the background: eval "$(./dev servers)"', installation.RUN_LOCK
    ),
}


def main() -> int:
    """Run one command; a refusal is one sentence and exit code 1."""
    name, *arguments = sys.argv[1:] or ["help"]
    if name in ("help", "--help", "-h"):
        return show_help()
    try:
        if name not in COMMANDS:
            raise Refusal(f"./dev knows no command {name!r}; ./dev help lists them.")
        if sys.platform != "linux":
            raise Refusal("./dev runs on Linux (on Windows inside WSL); elsewhere use docker compose.")
        enter_environment(ENVIRONMENT, COMMANDS[name].lock)
        return int(importlib.import_module(f"workshop.runner.commands.{name}").main(arguments))
    except Refusal as refusal:
        say(str(refusal))
        return 1
    except KeyboardInterrupt:
        return 130


def show_help() -> int:
    say("Usage: ./dev COMMAND [ARGUMENTS]\n")
    for name, command in COMMANDS.items():
        say(f"  {name:8} {command.summary}")
    return 0


def enter_environment(environment: Path, lock: Path) -> None:
    """Go on inside the project's own environment, with the parts of the lock installed."""
    if environment.exists() and environment.samefile(sys.prefix):
        return
    python = installation.ensure_environment(environment, lock)
    for name in ("PYTHONPATH", "PYTHONSAFEPATH"):
        os.environ.pop(name, None)
    os.execv(python, [str(python), "-m", "workshop.runner", *sys.argv[1:]])
