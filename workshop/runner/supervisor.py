"""Keeps a set of processes alive together: when one ends all end, and nobody is left behind."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import FrameType

from workshop.runner.console import Refusal, say, tail
from workshop.runner.log_files import DailyLogs
from workshop.runner.processes import (
    Identity,
    identify,
    is_running,
    kill_session,
    send,
    spawn,
    wait_until,
)

# PostgreSQL takes SIGTERM as "wait until all clients have gone"; SIGINT is its orderly stop.
STOP_SIGNALS = {"postgres": signal.SIGINT}
# Whoever serves others goes last.
LAST_TO_STOP = ("valkey", "postgres")
PATIENCE_SECONDS = 20.0


def local_day() -> date:
    """The day on this machine's wall: whoever reads the logs reads its clock."""
    return datetime.now().astimezone().date()


class Stopped(Exception):
    """The person asked for the end."""


class Supervisor:
    """Starts processes with a log each and records them, so that the next run finds what is left."""

    def __init__(self, logs: Path, record: Path, patience: float = PATIENCE_SECONDS) -> None:
        self.logs = logs
        self.record = record
        self.patience = patience
        self.members: dict[str, Identity] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.asked_to_stop = False

    def start(self, name: str, command: Sequence[str | Path], env: Mapping[str, str], cwd: Path) -> None:
        """Start one long-running member."""
        self.adopt(name, spawn(command, log=self.log_of(name), env=env, cwd=cwd))

    def adopt(self, name: str, process: "subprocess.Popen[bytes]") -> None:
        """Take over a child that somebody else started."""
        self.processes[name] = process
        self.members[name] = identify(process.pid) or Identity(process.pid, "ended")
        self.write_record()

    def watch(self, name: str, identity: Identity) -> None:
        """Notice the end of a process that is not ours and that is not ours to stop either."""
        self.members[name] = identity

    def run(
        self,
        name: str,
        command: Sequence[str | Path],
        env: Mapping[str, str],
        cwd: Path,
        show: Callable[[str], bool] = lambda line: False,
    ) -> str:
        """Run one step to its end and return what it printed, saying the lines to show as they come.

        Raises Refusal when it fails.
        """
        log = self.log_of(name)
        process = spawn(command, log=log, env=env, cwd=cwd)
        lines: list[str] = []
        try:
            ended = False
            while not ended:
                self.check()
                time.sleep(0.02)
                ended = process.poll() is not None
                before = len(lines)
                lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
                for line in filter(show, lines[before:]):
                    say(line)
        finally:
            kill_session(process.pid)
            process.wait()
        if process.returncode != 0:
            raise Refusal(f"The step {name!r} failed; its log {log} ends with:\n{tail(log)}")
        return "\n".join(lines)

    def check(self) -> None:
        """Raises Stopped when asked to stop, Refusal when a member has ended."""
        if self.asked_to_stop:
            raise Stopped
        for name, identity in self.members.items():
            if not is_running(identity):
                raise Refusal(self.obituary(name))

    def obituary(self, name: str) -> str:
        process = self.processes.get(name)
        code = process.poll() if process else None
        how = "" if code is None else f" (signal {-code})" if code < 0 else f" (exit code {code})"
        log = self.log_of(name)
        return f"The process {name!r} ended{how}, so everything stops; its log {log} ends with:\n{tail(log)}"

    def wait(self) -> None:
        """Return when asked to stop. Raises Refusal when a member ends."""
        logs = DailyLogs(self.logs, local_day())
        try:
            while True:
                self.check()
                logs.turn(local_day())
                time.sleep(0.2)
        except Stopped:
            return

    def log_of(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def write_record(self) -> None:
        own = {
            name: [identity.pid, identity.started]
            for name, identity in self.members.items()
            if name in self.processes
        }
        fresh = self.record.with_name(self.record.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.write_text(json.dumps(own), encoding="utf-8")
        fresh.replace(self.record)

    def stop(self) -> None:
        """Stop everything that is ours: those who work first, then those who serve them."""
        own = {name: identity for name, identity in self.members.items() if name in self.processes}
        stop_all(own, self.patience)
        for process in self.processes.values():
            process.wait()
        self.record.unlink(missing_ok=True)

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Take Ctrl-C, `./dev stop` and a closed terminal as the wish to stop; asked twice, hurry."""

        def ask(signum: int, frame: FrameType | None) -> None:
            if self.asked_to_stop:
                self.patience = 0.0
            self.asked_to_stop = True

        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, ask) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def stop_all(members: Mapping[str, Identity], patience: float = PATIENCE_SECONDS) -> None:
    """Stop processes in order and kill the process group of each one that does not follow."""
    workers = [name for name in members if name not in LAST_TO_STOP]
    for group in [workers, *([name] for name in LAST_TO_STOP if name in members)]:
        for name in group:
            send(members[name], STOP_SIGNALS.get(name, signal.SIGTERM))
        wait_until(lambda group=group: not any(is_running(members[name]) for name in group), patience)  # type: ignore[misc]
        for name in group:
            if is_running(members[name]):
                kill_session(members[name].pid)


def stop_leftovers(record: Path) -> None:
    """Stop what a run that was killed has left; ids that meanwhile belong to others are spared."""
    if not record.exists():
        return
    left = {
        name: Identity(pid, started)
        for name, (pid, started) in json.loads(record.read_text(encoding="utf-8")).items()
        if is_running(Identity(pid, started))
    }
    if left:
        say("Stopping what the last run left behind …")
    stop_all(left)
    record.unlink()
