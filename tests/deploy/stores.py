"""A store that speaks S3, on this machine, and the scripts that bring backups there and back."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import wait_until

RCLONE = Path(sys.executable).parent / "rclone"
KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI-not-a-real-one"


class Store:
    """The scripts of the container, and the folder in which the store keeps what it was given."""

    def __init__(self, scripts: Path, folder: Path, port: int) -> None:
        self.scripts = scripts
        self.held = folder / "store/backups"
        self.held.mkdir(parents=True)
        (folder / "key").write_text(f"{KEY}\n")
        (folder / "secret").write_text(f"{SECRET}\n")
        self.environment = {
            "PATH": f"{RCLONE.parent}:{os.environ['PATH']}",
            "S3_ENDPOINT": f"http://127.0.0.1:{port}",
            "S3_BUCKET": "backups",
            "S3_ACCESS_KEY_FILE": str(folder / "key"),
            "S3_SECRET_KEY_FILE": str(folder / "secret"),
        }

    def call(self, script: str, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.scripts / script, *arguments],
            env={**self.environment, **extra},
            capture_output=True,
            text=True,
            check=False,
        )

    def copy(self, backups: Path, **extra: str) -> None:
        done = self.call("copy", BACKUPS=str(backups), **extra)
        assert done.returncode == 0, done.stderr

    def names(self) -> set[str]:
        return {str(path.relative_to(self.held)) for path in self.held.rglob("*") if path.is_file()}


@contextmanager
def running_store(scripts: Path, folder: Path) -> Iterator[Store]:
    """rclone as the server too: it checks signatures of version 4 as the large stores do."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    store = Store(scripts, folder, port)
    command = [str(RCLONE), "--config", "/notfound", "serve", "s3", "--addr", f"127.0.0.1:{port}"]
    with subprocess.Popen(
        [*command, "--auth-key", f"{KEY},{SECRET}", "--dir-cache-time", "0s", str(store.held.parent)],
        env=store.environment,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            wait_until(lambda: listens(port), what="a store")
            yield store
        finally:
            server.terminate()


def listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
