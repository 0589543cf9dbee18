import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workshop.runner.console import Refusal
from workshop.runner.processes import Identity, identify, is_running, kill_session, spawn
from workshop.runner.supervisor import Stopped, Supervisor, stop_leftovers

pytestmark = pytest.mark.live
STUBBORN = [
    sys.executable,
    "-c",
    "from signal import *; signal(SIGTERM, SIG_IGN); print('up', flush=True); pause(), pause()",
]


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path / "log", tmp_path / "processes.json", patience=5)
    yield made
    for process in made.processes.values():
        kill_session(process.pid)
        process.wait()


def start(supervisor: Supervisor, name: str, command: list[str]) -> Identity:
    supervisor.start(name, command, dict(os.environ), Path("/"))
    return supervisor.members[name]


def test_one_dead_child_is_named_with_its_code_and_the_end_of_its_log(
    supervisor: Supervisor, sleep: list[str]
) -> None:
    start(supervisor, "web", sleep)
    start(supervisor, "worker", [sys.executable, "-c", "import sys; print('no broker'); sys.exit(3)"])
    with pytest.raises(Refusal) as refusal:
        supervisor.wait()
    first, *rest = str(refusal.value).splitlines()
    assert first == (
        "The process 'worker' ended (exit code 3), so everything stops; "
        f"its log {supervisor.log_of('worker')} ends with:"
    )
    assert rest == ["    no broker"]


def test_a_killed_child_is_named_with_its_signal(supervisor: Supervisor, sleep: list[str]) -> None:
    web = start(supervisor, "web", sleep)
    os.kill(web.pid, signal.SIGKILL)
    with pytest.raises(Refusal, match=r"^The process 'web' ended \(signal 9\), so everything stops"):
        supervisor.wait()


def test_stopping_leaves_nobody_and_no_record(supervisor: Supervisor, sleep: list[str]) -> None:
    members = [start(supervisor, name, sleep) for name in ("postgres", "valkey", "web", "worker")]
    assert set(json.loads(supervisor.record.read_text())) == {"postgres", "valkey", "web", "worker"}
    supervisor.stop()
    assert not any(is_running(member) for member in members)
    assert not supervisor.record.exists()


def test_those_who_serve_others_stop_last(supervisor: Supervisor, tmp_path: Path, eventually) -> None:
    order = tmp_path / "order"
    for name in ("postgres", "valkey", "worker", "web"):
        text = (
            "import pathlib, signal, sys, time\n"
            "def end(number, frame):\n"
            f"    order = pathlib.Path({str(order)!r})\n"
            f"    order.open('a').write('{name} ' + signal.Signals(number).name + '\\n')\n"
            "    sys.exit()\n"
            "signal.signal(signal.SIGTERM, end); signal.signal(signal.SIGINT, end)\n"
            "print('up', flush=True); time.sleep(600)"
        )
        start(supervisor, name, [sys.executable, "-c", text])
    eventually(lambda: all(supervisor.log_of(name).read_text() for name in supervisor.members))
    supervisor.stop()
    lines = order.read_text().splitlines()
    assert sorted(lines[:2]) == ["web SIGTERM", "worker SIGTERM"]
    assert lines[2:] == ["valkey SIGTERM", "postgres SIGINT"]


def test_who_does_not_follow_is_killed_with_all_of_its_group(supervisor: Supervisor, eventually) -> None:
    supervisor.patience = 0.3
    member = start(supervisor, "worker", STUBBORN)
    eventually(lambda: supervisor.log_of("worker").read_text() == "up\n")
    supervisor.stop()
    assert not is_running(member)
    assert supervisor.processes["worker"].returncode == -signal.SIGKILL


def test_a_step_returns_what_it_printed(supervisor: Supervisor) -> None:
    assert (
        supervisor.run("logins", ["echo", "anna@example.org"], dict(os.environ), Path("/"))
        == "anna@example.org"
    )


def test_a_step_says_the_chosen_lines_as_they_come(
    supervisor: Supervisor, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["sh", "-c", "echo one …; echo secret; sleep 0.3; echo two …"]
    supervisor.run("prepare", command, dict(os.environ), Path("/"), show=lambda line: line.endswith("…"))
    assert capsys.readouterr().err == "one …\ntwo …\n"


def test_a_failed_step_is_refused_with_the_end_of_its_log(supervisor: Supervisor) -> None:
    with pytest.raises(Refusal) as refusal:
        supervisor.run("migrate", ["sh", "-c", "echo table is missing; exit 1"], dict(os.environ), Path("/"))
    assert str(refusal.value) == (
        f"The step 'migrate' failed; its log {supervisor.log_of('migrate')} ends with:\n    table is missing"
    )


@pytest.mark.alone
def test_a_step_ends_at_once_when_asked_to_stop(supervisor: Supervisor, sleep: list[str]) -> None:
    supervisor.asked_to_stop = True
    began = time.monotonic()
    with pytest.raises(Stopped):
        supervisor.run("migrate", sleep, dict(os.environ), Path("/"))
    assert time.monotonic() - began < 5


def test_a_step_ends_when_a_member_ends(supervisor: Supervisor, sleep: list[str]) -> None:
    start(supervisor, "postgres", ["false"])
    with pytest.raises(Refusal, match=r"^The process 'postgres' ended"):
        supervisor.run("migrate", sleep, dict(os.environ), Path("/"))


def test_ctrl_c_ends_the_watch_and_the_second_one_takes_the_patience(supervisor: Supervisor) -> None:
    before = signal.getsignal(signal.SIGINT)
    with supervisor.signals():
        os.kill(os.getpid(), signal.SIGINT)
        supervisor.wait()
        assert supervisor.patience == 5
        os.kill(os.getpid(), signal.SIGINT)
        assert supervisor.patience == 0
    assert signal.getsignal(signal.SIGINT) is before


def test_a_watched_process_is_noticed_when_it_ends_but_never_stopped_by_us(
    supervisor: Supervisor, sleep: list[str], tmp_path: Path
) -> None:
    neighbour = spawn(sleep, log=tmp_path / "neighbour.log")
    identity = identify(neighbour.pid)
    assert identity is not None
    supervisor.watch("postgres", identity)
    supervisor.check()
    supervisor.stop()
    assert neighbour.poll() is None
    kill_session(neighbour.pid)
    neighbour.wait()
    with pytest.raises(Refusal, match=r"^The process 'postgres' ended, so everything stops"):
        supervisor.check()


def test_the_next_run_stops_what_a_killed_one_left_behind(sleep: list[str], tmp_path: Path) -> None:
    left = spawn(sleep, log=tmp_path / "left.log")
    innocent = spawn(sleep, log=tmp_path / "innocent.log")
    left_identity = identify(left.pid)
    assert left_identity is not None
    record = tmp_path / "processes.json"
    record.write_text(json.dumps({"web": [left.pid, left_identity.started], "beat": [innocent.pid, "1"]}))
    stop_leftovers(record)
    assert left.wait() == -signal.SIGTERM
    assert innocent.poll() is None
    assert not record.exists()
    kill_session(innocent.pid)
    innocent.wait()


def test_nothing_left_behind_is_no_error(tmp_path: Path) -> None:
    stop_leftovers(tmp_path / "processes.json")


def test_all_members_end_when_the_supervisor_itself_is_killed(
    tmp_path: Path, python_child: Callable[[str], "subprocess.Popen[str]"], sleep: list[str], eventually
) -> None:
    parent = python_child(
        "import os, pathlib, time; from workshop.runner.supervisor import Supervisor\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "supervisor = Supervisor(folder / 'log', folder / 'processes.json')\n"
        f"supervisor.start('web', {sleep!r}, dict(os.environ), folder)\n"
        f"supervisor.start('postgres', {sleep!r}, dict(os.environ), folder)\n"
        "print('up', flush=True); time.sleep(600)"
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "up\n"
    left = [Identity(*entry) for entry in json.loads((tmp_path / "processes.json").read_text()).values()]
    assert [is_running(identity) for identity in left] == [True, True]
    os.kill(parent.pid, signal.SIGKILL)
    eventually(lambda: not any(is_running(identity) for identity in left))
