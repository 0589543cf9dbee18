import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from workshop.runner.processes import (
    Identity,
    identify,
    is_running,
    kill_session,
    send,
    spawn,
    wait_until,
)

pytestmark = pytest.mark.live


def test_a_child_writes_to_its_log_and_leads_a_session_of_its_own(
    sleep: list[str], tmp_path: Path, eventually
) -> None:
    log = tmp_path / "log" / "child.log"
    child = spawn(sleep, log=log)
    eventually(lambda: log.read_text() == "up\n")
    assert os.getsid(child.pid) == child.pid
    assert os.getsid(child.pid) != os.getsid(0)
    kill_session(child.pid)
    assert child.wait() == -signal.SIGKILL


def test_a_new_child_begins_its_log_anew_even_if_the_old_one_belongs_to_somebody_else(
    sleep: list[str], tmp_path: Path, eventually
) -> None:
    log = tmp_path / "child.log"
    log.write_text("from yesterday\n")
    log.chmod(0o400)
    child = spawn(sleep, log=log)
    eventually(lambda: log.read_text() == "up\n")
    kill_session(child.pid)
    child.wait()


def test_a_reused_id_is_not_the_old_process(sleep: list[str], tmp_path: Path) -> None:
    child = spawn(sleep, log=tmp_path / "child.log")
    identity = identify(child.pid)
    assert identity is not None
    somebody_else = Identity(child.pid, str(int(identity.started) - 1))
    assert is_running(identity)
    assert not is_running(somebody_else)
    send(somebody_else, signal.SIGKILL)
    assert child.poll() is None
    send(identity, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL


def test_a_process_that_ended_but_was_not_collected_does_not_run(tmp_path: Path, eventually) -> None:
    child = spawn(["true"], log=tmp_path / "child.log")
    eventually(lambda: identify(child.pid) is None)
    assert child.wait() == 0


def test_children_end_when_their_parent_is_killed(
    tmp_path: Path, python_child: Callable[[str], "subprocess.Popen[str]"], sleep: list[str]
) -> None:
    parent = python_child(
        "import pathlib, time; from workshop.runner.processes import spawn\n"
        f"print(spawn({sleep!r}, log=pathlib.Path({str(tmp_path / 'child.log')!r})).pid, flush=True)\n"
        "time.sleep(600)"
    )
    assert parent.stdout is not None
    child = identify(int(parent.stdout.readline()))
    assert child is not None
    os.kill(parent.pid, signal.SIGKILL)
    assert wait_until(lambda: not is_running(child), 5)


def test_a_child_for_the_background_survives_its_parent(
    tmp_path: Path, python_child: Callable[[str], "subprocess.Popen[str]"], sleep: list[str]
) -> None:
    parent = python_child(
        "import pathlib; from workshop.runner.processes import spawn\n"
        f"log = pathlib.Path({str(tmp_path / 'child.log')!r})\n"
        f"print(spawn({sleep!r}, log=log, dies_with_us=None).pid, flush=True)"
    )
    assert parent.stdout is not None
    child = identify(int(parent.stdout.readline()))
    parent.wait()
    assert child is not None
    assert not wait_until(lambda: not is_running(child), 0.3)
    send(child, signal.SIGKILL)
    assert wait_until(lambda: not is_running(child), 5)


def test_waiting_ends_with_the_condition_or_with_the_time() -> None:
    assert wait_until(lambda: True, 0)
    assert not wait_until(lambda: False, 0.05, every=0.01)
