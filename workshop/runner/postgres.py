"""An embedded PostgreSQL on a Unix socket."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from workshop.runner.account import Account, can_reach, private_folder
from workshop.runner.console import Refusal, Stopwatch, say, tail
from workshop.runner.processes import Identity, identify, is_running, send, spawn, wait_until
from workshop.runner.programs import postgres_program

# A statement holds what people wrote, and the detail of an error quotes their row: neither gets into the log.
SILENT = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
DURABLE = {"max_connections": "300", "jit": "off", "timezone": "UTC", "log_timezone": "UTC", **SILENT}
FLEETING = {**DURABLE, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# A folder that is only handed down as an open descriptor needs no right to pass its parents.
DESCRIPTOR = "/proc/self/fd/{}"


@dataclass(frozen=True)
class Postgres:
    """One database cluster: its data, its socket folder, its programs and the account it runs under.

    Without `durable` a crash may lose data: for tests only.
    """

    data: Path
    sockets: Path
    programs: Path
    account: Account | None
    log: Path
    durable: bool = True

    def url(self, database: str) -> str:
        return f"postgresql://postgres@{quote(str(self.sockets), safe='')}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets), user="postgres", dbname=database, connect_timeout=5, autocommit=True
        )

    def answers(self) -> bool:
        try:
            with self.connect() as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def serves(self) -> bool:
        """Whether it answers and goes on: on its way down it may do so for a moment more."""
        try:
            return self.answers() and (self.data / "postmaster.pid").read_text().split()[-1:] == ["ready"]
        except OSError:
            return False

    def ensure_database(self, name: str) -> None:
        with self.connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def running(self) -> Identity | None:
        """The process that serves this data, also when it does not answer (yet, or any more)."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            serves_us = Path(f"/proc/{pid}/cwd").samefile(self.data)
        except (OSError, ValueError, IndexError):
            return None
        return identify(pid) if serves_us else None

    def start(self, dies_with_us: bool) -> subprocess.Popen[bytes]:
        """Start the server, create the cluster when it is new, and wait until it answers.

        Raises Refusal with the end of its log when it does not come up.
        """
        if not (self.data / "PG_VERSION").exists():
            self.create()
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        watch = Stopwatch()
        while True:
            process = self.launch(dies_with_us)
            if self.came_up(process):
                return process
            waits_for_orphans = "is still in use" in tail(self.log)
            if not waits_for_orphans or watch.seconds > 20:
                raise Refusal(f"PostgreSQL did not start; its log {self.log} ends with:\n{tail(self.log)}")

    def came_up(self, process: "subprocess.Popen[bytes]") -> bool:
        """Wait until it answers, crash recovery included, or has ended."""
        wait_until(lambda: process.poll() is not None or self.answers(), seconds=120)
        if process.poll() is None and not self.answers():
            process.send_signal(signal.SIGQUIT)
            process.wait()
        return process.poll() is None

    def launch(self, dies_with_us: bool) -> subprocess.Popen[bytes]:
        settings = {
            **(DURABLE if self.durable else FLEETING),
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
        }
        with self.reachable(self.data) as (data, inherit):
            return spawn(
                [
                    postgres_program(self.programs, "postgres"),
                    "-D",
                    data,
                    *(f"--{name}={value}" for name, value in settings.items()),
                ],
                log=self.log,
                account=self.account,
                inherit=inherit,
                dies_with_us=signal.SIGINT if dies_with_us else None,
            )

    def create(self) -> None:
        """Make the cluster aside and move it into place when it is complete."""
        say("Creating the database …")
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        private_folder(fresh, self.account)
        with self.reachable(fresh) as (data, inherit):
            process = spawn(
                [
                    postgres_program(self.programs, "initdb"),
                    f"--pgdata={data}",
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    *([] if self.durable else ["--no-sync"]),
                ],
                log=self.log,
                account=self.account,
                inherit=inherit,
            )
            if process.wait() != 0:
                raise Refusal(f"The database could not be created:\n{tail(self.log)}")
        fresh.rename(self.data)

    @contextmanager
    def reachable(self, folder: Path) -> Iterator[tuple[str, list[int]]]:
        """A path to the folder that the server account can open, and the descriptors it must inherit."""
        if can_reach(self.account, folder):
            yield str(folder), []
            return
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield DESCRIPTOR.format(descriptor), [descriptor]
        finally:
            os.close(descriptor)

    def stop(self, identity: Identity, patience: float = 30) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
        send(identity, signal.SIGINT)
        if not wait_until(lambda: not is_running(identity), patience):
            send(identity, signal.SIGQUIT)
            wait_until(lambda: not is_running(identity), 5)
