"""Which account the embedded servers run under, and what it may read.

PostgreSQL refuses to run as root. Root therefore drops to the owner of the data, else to `postgres`,
else to `nobody`; everybody else runs the servers as themselves.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workshop.runner.console import Refusal


@dataclass(frozen=True)
class Account:
    """An account that root drops to."""

    uid: int
    gid: int

    def as_subprocess_arguments(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def server_account(data: Path) -> Account | None:
    """The account to drop to; None when the current user runs the servers itself.

    Raises Refusal when the data belong to somebody else or when root finds no account to drop to.
    """
    owner = data.stat() if data.exists() else None
    if os.geteuid() != 0:
        if owner and owner.st_uid != os.geteuid():
            raise Refusal(f"The data in {data} belong to another account; run ./dev as that one or as root.")
        return None
    if owner and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Refusal("PostgreSQL does not run as root, and there is neither an account postgres nor nobody.")


def can_reach(account: Account | None, path: Path) -> bool:
    """Whether the account may read and enter (or run) this path, asked of the kernel itself."""
    if account is None:
        return os.access(path, os.R_OK | os.X_OK)
    question = ["/bin/sh", "-c", 'test -r "$0" && test -x "$0"', str(path)]
    return subprocess.run(question, cwd="/", check=False, **account.as_subprocess_arguments()).returncode == 0


def private_folder(path: Path, account: Account | None) -> Path:
    """Make (or take) a folder that only this account and root can open."""
    path.mkdir(parents=True, exist_ok=True)
    if account is not None:
        account.own(path)
    path.chmod(0o700)
    return path
