"""A short private folder for the Unix sockets, whatever the length of the project's own path."""

import os
import stat
import tempfile
from pathlib import Path

from workshop.runner.account import Account

SHORT = Path("/tmp")
LONGEST_SOCKET_PATH = 107


def socket_folder(record: Path, account: Account | None) -> Path:
    """The folder named in the record when it is still ours alone, else a new one, which is recorded."""
    if record.exists():
        folder = Path(record.read_text(encoding="utf-8").strip())
        if is_private(folder, account):
            return folder
    folder = Path(tempfile.mkdtemp(prefix="wbs-", dir=SHORT))
    if account is not None:
        account.own(folder)
    record.unlink(missing_ok=True)
    record.write_text(f"{folder}\n", encoding="utf-8")
    return folder


def is_private(folder: Path, account: Account | None) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    owner = os.geteuid() if account is None else account.uid
    return stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700 and found.st_uid == owner
