"""Real processes of the product on the test database, for tests that must not pretend."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 600
"""Ends what hangs. However slow or busy a machine is, what will come has come long before."""


def database_address(name: str) -> str:
    """Return the URL of the database `name` on the server of the tests."""
    server = connection.settings_dict
    return (
        f"postgresql://{quote(server['USER'])}:{quote(server['PASSWORD'] or '')}"
        f"@{quote(server['HOST'], safe='')}{':' + str(server['PORT']) if server['PORT'] else ''}"
        f"/{quote(name)}"
    )


def environment(**extra: str) -> dict[str, str]:
    """Return the environment of a child that shares the test's database and broker."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "workshop.settings",
        "DATABASE_URL": database_address(connection.settings_dict["NAME"]),
        "REDIS_URL": settings.REDIS_URL,
        "PYTHONPATH": os.pathsep.join(map(str, [ROOT, ROOT / "platform", ROOT / "base"])),
        **extra,
    }


@contextmanager
def process(arguments: list[str], env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python -m arguments…` in a process group of its own; killed with its children at the end."""
    with log.open("ab") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=env,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield child
    finally:
        kill_group(child)


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """SIGKILL the process and all its children, as a power cut would."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()


def wait_until(
    condition: Callable[[], bool], *, what: str, log: Path | None = None, every: float = 0.02
) -> None:
    """Wait for `condition`; fail with the end of `log` when it does not come."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(every)
    tail = log.read_text(errors="replace")[-3000:] if log and log.exists() else ""
    raise AssertionError(f"{what} did not happen within {PATIENCE_SECONDS} s\n{tail}")


WORKER = ["celery", "-A", "wirbrauchensie", "worker", "-Q", "wirbrauchensie", "--concurrency", "1"]
