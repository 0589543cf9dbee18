"""One running instance per folder: who holds it, and how others find out."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workshop.runner.console import Refusal
from workshop.runner.processes import Identity, identify


@contextmanager
def only_instance(run: Path, command: str) -> Iterator[None]:
    """Hold the folder. Raises Refusal when somebody else does; the kernel frees it when we die."""
    run.mkdir(parents=True, exist_ok=True)
    with (run / "instance.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(f"{held_by(run)}; ./dev stop ends it.") from None
        own = identify(os.getpid())
        lock.truncate(0)
        lock.write(
            json.dumps({"command": command, "pid": os.getpid(), "started": own.started if own else ""})
        )
        lock.flush()
        yield
        lock.truncate(0)


def holder(run: Path, command: str | None = None) -> Identity | None:
    """The process that holds the folder now, if it runs that command."""
    held_for, identity = read(run)
    return identity if command in (None, held_for) else None


def held_by(run: Path) -> str:
    command, identity = read(run)
    return f"./dev {command} already runs in this folder" + (f" (process {identity.pid})" if identity else "")


def read(run: Path) -> tuple[str, Identity | None]:
    try:
        found = json.loads((run / "instance.lock").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "run", None
    identity = Identity(found["pid"], found["started"])
    return found["command"], identity if identify(identity.pid) == identity else None
