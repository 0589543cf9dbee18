"""Child processes that leave nothing behind: own session, own log file, gone when their parent is gone."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workshop.runner.account import Account

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


@dataclass(frozen=True)
class Identity:
    """A process id together with its start, so that a reused id is not mistaken for the old process."""

    pid: int
    started: str


def identify(pid: int) -> Identity | None:
    """Who runs under this id; None when nobody does or only a zombie is left."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else Identity(pid, fields[19])


def is_running(identity: Identity) -> bool:
    return identify(identity.pid) == identity


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    account: Account | None = None,
    inherit: Sequence[int] = (),
    dies_with_us: signal.Signals | None = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own that writes to a fresh log file.

    With `dies_with_us` the kernel sends that signal when this process ends in whatever way, kill -9
    included. With `account` the process gives up the rights of root.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    parent = os.getpid()

    def bind_to_parent() -> None:
        if dies_with_us is not None:
            die_with(parent, dies_with_us)

    with open(log, "ab", opener=readable_by_us_alone) as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=str(cwd),
            start_new_session=True,
            pass_fds=inherit,
            preexec_fn=bind_to_parent,
            **({} if account is None else account.as_subprocess_arguments()),
        )


def die_with(parent: int, signum: signal.Signals) -> None:
    """In a child: get this signal when the parent ends; end at once if it is gone already."""
    LIBC.prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def readable_by_us_alone(path: str, flags: int) -> int:
    """Open a file that nobody else may read: logs tell who came from where."""
    return os.open(path, flags, 0o600)


def wait_until(condition: Callable[[], bool], seconds: float, *, every: float = 0.05) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def send(identity: Identity, signum: signal.Signals) -> None:
    """Send a signal to exactly this process, if it still runs."""
    if is_running(identity):
        try:
            os.kill(identity.pid, signum)
        except ProcessLookupError:
            return


def kill_session(pid: int) -> None:
    """Kill what is left of the process group that `spawn` opened for this process."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
