"""Folders with servers of their own, and checkouts of their own, gone after the test."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workshop.runner.servers import find_servers

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]


@pytest.fixture
def sleep() -> list[str]:
    """A process that does nothing for long."""
    return SLEEP


@pytest.fixture
def closed_folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder below one that no other account may enter."""
    tmp_path.chmod(0o700)
    yield tmp_path / "data"
    clean_up(tmp_path / "data")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A data folder that every account may reach."""
    folder = Path(tempfile.mkdtemp(prefix="wbs-test-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder / "data"
    clean_up(folder / "data")
    shutil.rmtree(folder)


@pytest.fixture(params=["closed", "open"])
def folder(request: pytest.FixtureRequest) -> Path:
    return request.getfixturevalue(f"{request.param}_folder")


def clean_up(folder: Path) -> None:
    if (folder / "sockets").exists():
        find_servers(folder).stop()


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Waits up to ten seconds for something to become true."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline, "did not happen within ten seconds"
            time.sleep(0.05)

    return wait


@pytest.fixture
def python_child() -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    """Starts a Python process that runs the given text and is killed in the end."""
    started: list[subprocess.Popen[str]] = []

    def start(text: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.communicate()
