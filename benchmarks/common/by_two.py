"""The same work by two processes side by side."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import datetime
from time import perf_counter

from workshop.runner.processes import die_with


def seconds_by_two(work: Callable[[datetime], object], now: datetime) -> float:
    """Let two processes do `work`, each with connections of its own; return the wall time until both end."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_half, args=(os.getpid(), work, now)) for _ in range(2)]
    started = perf_counter()
    for each in processes:
        each.start()
    for each in processes:
        each.join()
    assert all(each.exitcode == 0 for each in processes)
    return perf_counter() - started


def _half(parent: int, work: Callable[[datetime], object], now: datetime) -> None:
    die_with(parent, signal.SIGTERM)
    work(now)
