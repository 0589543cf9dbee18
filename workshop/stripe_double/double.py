"""The running double: its store, its background rounds, its planned faults."""

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from workshop.stripe_double import deliveries
from workshop.stripe_double.config import Config
from workshop.stripe_double.context import Context
from workshop.stripe_double.rounds import delivery_round, timer_round
from workshop.stripe_double.store import Store

FAULTS = ("drop_answer", "error_500", "rate_limit", "refused")


class DataDirInUseError(Exception):
    """Another process works in this folder."""


class Double:
    def __init__(self, config: Config) -> None:
        config.data_dir.mkdir(parents=True, exist_ok=True)
        self._lock_file = (config.data_dir / "lock").open("w")
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataDirInUseError from error
        self.config = config
        self.store = Store(config.data_dir / "stripe-double.sqlite3")
        self._deliveries = delivery_round(self.store, config)
        self._timers = timer_round(self.store, config, self.wake)
        self._faults: list[str] = []
        self._faults_lock = threading.Lock()

    def start(self) -> None:
        """Begin the rounds; webhooks that were not accepted before the last stop are due at once."""
        deliveries.retry_now(self.store, time.time())
        self._deliveries.start()
        self._timers.start()

    def stop(self) -> None:
        """End the rounds; an attempt still under way is made again after the next start."""
        ended = [self._deliveries.stop(), self._timers.stop()]
        if all(ended):
            self.store.close()

    def wake(self) -> None:
        self._deliveries.wake()
        self._timers.wake()

    @contextmanager
    def act(self, request_id: str | None = None, idempotency_key: str | None = None) -> Iterator[Context]:
        """One act: all of it is stored, or nothing; afterwards its webhooks go out."""
        with self.store.transaction():
            yield Context(self.store, self.config, int(time.time()), request_id, idempotency_key)
        self.wake()

    def plan_faults(self, kind: str, times: int) -> None:
        with self._faults_lock:
            self._faults += [kind] * times

    def next_fault(self) -> str | None:
        with self._faults_lock:
            return self._faults.pop(0) if self._faults else None
