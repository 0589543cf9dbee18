"""The environment with the locked parts: made when missing, mended when moved, renewed with its lock."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from workshop.runner.console import Refusal, Stopwatch, say, tail
from workshop.runner.place import ROOT, RUN

RUN_LOCK = ROOT / "requirements.txt"
DEVELOPMENT_LOCK = ROOT / "requirements-dev.txt"
# Read by site.py relative to the file itself, so that a moved folder needs no repair.
PATH_LINES = "../../../../platform\n../../../../base\n../../../..\n"


def python_of(environment: Path) -> Path:
    return environment / "bin/python"


def ensure_environment(environment: Path, lock: Path) -> Path:
    """Return the environment's Python with at least the parts of this lock installed.

    Raises Refusal with the end of pip's log when something cannot be installed.
    """
    if is_current(environment, lock):
        return python_of(environment)
    if not os.access(ROOT, os.W_OK):
        raise Refusal(f"{ROOT} belongs to another account; clone the project for yourself.")
    RUN.mkdir(exist_ok=True)
    with (RUN / "install.lock").open("a") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not is_current(environment, lock):
            install(environment, lock)
    return python_of(environment)


def is_current(environment: Path, lock: Path) -> bool:
    """Whether the environment runs and has the parts of the lock as it reads now."""
    if stamp(lock) not in stamps(environment):
        return False
    return succeeds(environment, "import django, foundation, workshop.runner")


def stamps(environment: Path) -> list[str]:
    record = environment / "installed"
    return record.read_text(encoding="utf-8").splitlines() if record.exists() else []


def stamp(lock: Path) -> str:
    return f"{lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def install(environment: Path, lock: Path) -> None:
    """Install exactly what the lock names; the bigger locks contain the run lock."""
    watch = Stopwatch()
    say(f"Installing the locked parts of {lock.name} …")
    record = environment / "installed"
    record.unlink(missing_ok=True)
    if not runs(environment):
        shutil.rmtree(environment, ignore_errors=True)
        make(environment)
    let_find_the_project(environment)
    command: list[str | Path] = [
        *(sys.executable, "-m", "pip", "--python", python_of(environment), "--disable-pip-version-check"),
        *("install", "--no-input", "--progress-bar", "off", "--require-hashes", "-r", lock),
    ]
    log = RUN / "log/install.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        show_progress(process, log)
    if process.returncode != 0:
        raise Refusal(f"The parts of {lock.name} could not be installed:\n{tail(log)}")
    say(f"Installed in {watch}.")
    record.write_text("".join(f"{stamp(each)}\n" for each in {RUN_LOCK, lock}), encoding="utf-8")


def runs(environment: Path) -> bool:
    """Whether the environment has a living Python of the same minor version as this one."""
    return succeeds(environment, f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})")


def succeeds(environment: Path, statement: str) -> bool:
    python = python_of(environment)
    command = [str(python), "-I", "-c", statement]
    return python.exists() and subprocess.run(command, capture_output=True, check=False).returncode == 0


def make(environment: Path) -> None:
    """A bare Debian has neither ensurepip nor uv: pip stays outside and is told where to install."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)


def let_find_the_project(environment: Path) -> None:
    packages = next(environment.glob("lib/python*/site-packages"))
    (packages / "wirbrauchensie.pth").write_text(PATH_LINES, encoding="utf-8")


def show_progress(process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Say every few seconds how many parts pip has found so far."""
    shown = 0
    while process.poll() is None:
        time.sleep(0.5)
        found = log.read_text(encoding="utf-8", errors="replace").count("Collecting ")
        if found >= shown + 15:
            shown = found
            say(f"  {found} parts …")
