"""Something done in a fork of this process, that leaves nothing behind and does not outlive us."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from workshop.runner.processes import die_with, kill_session

FELL_OVER = 70


def run_in_fork(act: Callable[[], int], log: Path, patience: float) -> int | None:
    """Return what `act` returns in a process group of its own, None when it was killed after `patience`."""
    us = os.getpid()
    child = os.fork()
    if child == 0:
        in_child(act, log, us)
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


def in_child(act: Callable[[], int], log: Path, parent: int) -> None:
    code = FELL_OVER
    try:
        die_with(parent, signal.SIGKILL)
        os.setsid()
        with log.open("wb") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        code = act()
    except BaseException:
        with log.open("a", encoding="utf-8") as told:
            traceback.print_exc(file=told)
    finally:
        sys.stdout.flush()
        os._exit(code)
