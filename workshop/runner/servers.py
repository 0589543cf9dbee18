"""The embedded database and broker of one data folder: started once, reused by whoever asks next."""

import fcntl
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

from workshop.runner.account import server_account
from workshop.runner.console import Refusal, say
from workshop.runner.postgres import Postgres
from workshop.runner.processes import Identity, is_running, wait_until
from workshop.runner.programs import find_programs
from workshop.runner.sockets import socket_folder
from workshop.runner.valkey import NUMBERS, Valkey

DATABASE = "app"
SOCKETS = "sockets"
BOTH = ("postgres", "valkey")


@dataclass
class Servers:
    """Both servers of a data folder, and the processes of those that were started just now."""

    postgres: Postgres
    valkey: Valkey
    started: dict[str, "Popen[bytes]"] = field(default_factory=dict)

    def environment(self, database: str = DATABASE, needed: Collection[str] = BOTH) -> dict[str, str]:
        """The addresses; every database name also gets a broker number of its own."""
        addresses = {
            "postgres": ("DATABASE_URL", self.postgres.url(database)),
            "valkey": ("REDIS_URL", self.valkey.url(self.number_of(database))),
        }
        return dict(addresses[name] for name in needed)

    def number_of(self, database: str) -> int:
        record = self.valkey.data.with_name("numbers")
        names = record.read_text(encoding="utf-8").split() if record.exists() else [DATABASE]
        if database not in names:
            names.append(database)
            record.write_text("\n".join(names) + "\n", encoding="utf-8")
        return names.index(database) % NUMBERS

    def identities(self) -> dict[str, Identity]:
        found = {"postgres": self.postgres.running(), "valkey": self.valkey.running()}
        return {name: identity for name, identity in found.items() if identity}

    def stop(self) -> None:
        """Stop whatever serves this data folder, whoever started it."""
        found = self.identities()
        if "valkey" in found:
            self.valkey.stop(found["valkey"])
        if "postgres" in found:
            self.postgres.stop(found["postgres"])
        for process in self.started.values():
            process.wait()
        self.clear_sockets()

    def clear_sockets(self) -> None:
        """Once nobody serves this data any more, leave nothing outside the folder."""
        if not self.identities():
            shutil.rmtree(self.postgres.sockets, ignore_errors=True)
            self.postgres.data.with_name(SOCKETS).unlink(missing_ok=True)


def clear_sockets(folder: Path) -> None:
    """After somebody else has stopped the servers of this folder."""
    if (folder / SOCKETS).exists():
        with starting(folder):
            find_servers(folder).clear_sockets()


def find_servers(folder: Path, *, durable: bool = True) -> Servers:
    """The servers of this data folder, running or not."""
    folder.mkdir(parents=True, exist_ok=True)
    account = server_account(folder / "postgres")
    sockets = socket_folder(folder / SOCKETS, account)
    programs = find_programs(account)
    return Servers(
        Postgres(folder / "postgres", sockets, programs, account, folder / "log/postgres.log", durable),
        Valkey(folder / "valkey", sockets, programs, account, folder / "log/valkey.log"),
    )


def ensure_servers(
    folder: Path,
    *,
    needed: Collection[str] = BOTH,
    database: str = DATABASE,
    durable: bool = True,
    dies_with_us: bool = True,
) -> Servers:
    """Reuse the needed servers that answer, start those that do not, and create the database.

    With `dies_with_us` the ones started here end with this process. Raises Refusal when one of them
    does not come up.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", database):
        raise Refusal(f"{database!r} is no name for a database: small letters, digits and _ only.")
    with starting(folder):
        servers = find_servers(folder, durable=durable)
        if "postgres" in needed:
            if not comes_up_alone(servers.postgres):
                say("Starting PostgreSQL …")
                servers.started["postgres"] = servers.postgres.start(dies_with_us)
            servers.postgres.ensure_database(database)
        if "valkey" in needed and not servers.valkey.answers():
            say("Starting Valkey …")
            servers.started["valkey"] = servers.valkey.start(dies_with_us)
    return servers


def comes_up_alone(postgres: Postgres) -> bool:
    """Whether a server already serves this data; one that is on its way up or down is waited for."""
    leftover = postgres.running()
    if leftover is None:
        return False
    if not wait_until(lambda: not is_running(leftover) or postgres.serves(), 60):
        raise Refusal(f"PostgreSQL (process {leftover.pid}) holds {postgres.data} but does not answer.")
    return is_running(leftover)


@contextmanager
def starting(folder: Path) -> Iterator[None]:
    """Let one process at a time start or stop the servers of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "servers.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
