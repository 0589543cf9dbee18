"""The same work by two processes side by side."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import datetime
from time import perf_counter


def seconds_by_two(work: Callable[[datetime], object], now: datetime) -> float:
    """Let two processes do `work`, each with connections of its own; return the wall time until both end."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=work, args=(now,)) for _ in range(2)]
    started = perf_counter()
    for each in processes:
        each.start()
    for each in processes:
        each.join()
    assert all(each.exitcode == 0 for each in processes)
    return perf_counter() - started
