"""An embedded Valkey (Redis-compatible) on a Unix socket, durable and never evicting."""

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from workshop.runner.account import Account, can_reach, private_folder
from workshop.runner.console import Refusal, tail
from workshop.runner.processes import Identity, identify, is_running, send, spawn, wait_until
from workshop.runner.programs import valkey_program

NUMBERS = 64


@dataclass(frozen=True)
class Valkey:
    """One broker: its data, its socket folder, its program and the account it runs under."""

    data: Path
    sockets: Path
    programs: Path
    account: Account | None
    log: Path

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def url(self, number: int = 0) -> str:
        """The address as Celery reads it."""
        return f"redis+socket://{self.socket}" + (f"?virtual_host={number}" if number else "")

    def connect(self) -> "redis.Redis":
        """A client that tries once: whether the server is there is what we ask."""
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=Retry(NoBackoff(), 0))

    def answers(self) -> bool:
        try:
            with self.connect() as client:
                return bool(client.ping())
        except (redis.RedisError, OSError):
            return False

    def running(self) -> Identity | None:
        """The process that answers on the socket."""
        try:
            with self.connect() as client:
                return identify(int(client.info("server")["process_id"]))
        except (redis.RedisError, OSError):
            return None

    def start(self, dies_with_us: bool) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers, its log of appends read back.

        Raises Refusal with the end of its log when it does not come up.
        """
        private_folder(self.data, self.account)
        process = self.launch(dies_with_us)
        if wait_until(lambda: process.poll() is not None or self.answers(), seconds=60):
            if process.poll() is None:
                return process
        else:
            process.kill()
        raise Refusal(f"Valkey did not start; its log {self.log} ends with:\n{tail(self.log)}")

    def launch(self, dies_with_us: bool) -> subprocess.Popen[bytes]:
        descriptor = os.open(self.data, os.O_RDONLY | os.O_DIRECTORY)
        near = can_reach(self.account, self.data)
        try:
            return spawn(
                [
                    valkey_program(self.programs),
                    *("--port", "0"),
                    *("--unixsocket", self.socket),
                    *("--unixsocketperm", "700"),
                    *("--dir", self.data if near else f"/proc/self/fd/{descriptor}"),
                    *("--databases", str(NUMBERS)),
                    *("--appendonly", "yes"),
                    *("--save", ""),
                    *("--maxmemory-policy", "noeviction"),
                ],
                log=self.log,
                account=self.account,
                inherit=[] if near else [descriptor],
                dies_with_us=signal.SIGTERM if dies_with_us else None,
            )
        finally:
            os.close(descriptor)

    def stop(self, identity: Identity, patience: float = 10) -> None:
        send(identity, signal.SIGTERM)
        if not wait_until(lambda: not is_running(identity), patience):
            send(identity, signal.SIGKILL)
