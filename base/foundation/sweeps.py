"""Sweeps: scheduled jobs that select what is due, so that no nudge is ever the only way.

Each sweep records its last run; the night watch and `/readyz` tell when one is late. Two beats do no harm: a
sweep that is running already is left alone (advisory lock), and what it does is idempotent. A sweep that
claims its rows chunk by chunk may run several times side by side.
"""

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from celery import current_app, shared_task
from celery.schedules import BaseSchedule, crontab, schedule
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from kombu import Connection
from kombu.exceptions import OperationalError
from kombu.pools import producers

from foundation.actors import system
from foundation.clock import utc_now
from foundation.history import acting
from foundation.models import SweepRun

Job = Callable[[datetime], int]
JOB_STATEMENT_MS = 300_000  # a citizen's statement has 5 s; a job's must only end before its task does
_NUDGE_SECONDS = 0.09  # somebody waits for the answer to a form
_LEFT_ALONE_SECONDS = 5
_broker_is_left_alone_until = 0.0
EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Sweep:
    """A named job; `late_after` is how old its last success may be before somebody must look."""

    name: str
    when: BaseSchedule
    late_after: timedelta
    job: Job
    side_by_side: int = 1


_sweeps: dict[str, Sweep] = {}


def every(seconds: int) -> BaseSchedule:
    """Return a schedule of fixed distance."""
    return schedule(run_every=timedelta(seconds=seconds))


def daily(hour: int, minute: int = 0) -> BaseSchedule:
    """Return a nightly schedule in Europe/Berlin; 02:00-03:00 is refused, it may come twice or never."""
    if hour == 2:
        raise ValueError("between 02:00 and 03:00 the clock may be changed")
    return crontab(hour=str(hour), minute=str(minute))


def all_night(every_minutes: int) -> BaseSchedule:
    """Return a schedule from 03:00 to 06:00 in Europe/Berlin, so that one run takes up what another left."""
    return crontab(hour="3-5", minute=f"*/{every_minutes}")


def sweep(
    name: str, when: BaseSchedule, late_after: timedelta, *, side_by_side: int = 1
) -> Callable[[Job], Job]:
    """Register `job(now) -> number of rows handled` under `name` for beat and the night watch.

    At most `side_by_side` runs of it take place at the same time.
    """

    def register(job: Job) -> Job:
        _sweeps[name] = Sweep(name, when, late_after, job, side_by_side)
        return job

    return register


def all_sweeps() -> list[Sweep]:
    """Return every registered sweep, by name."""
    return sorted(_sweeps.values(), key=lambda each: each.name)


def run(name: str, now: datetime) -> int | None:
    """Run one sweep now and record it; return what it handled, or None if all its places are taken."""
    each, key = _sweeps[name], _signed(zlib.crc32(name.encode()))
    with connection.cursor() as cursor:
        place = _take_place(cursor, key, each.side_by_side)
        if place is None:
            return None
        backend = cursor.connection.info.backend_pid
        try:
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [str(JOB_STATEMENT_MS)])
            with acting(system(name)):
                return _run_recorded(each, now)
        finally:
            if cursor.connection.closed:
                _end(backend)
            else:
                cursor.execute("RESET statement_timeout")
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [place, key])


def _end(backend: int) -> None:
    """End at the server what we have left: it would go on with its statement and keep the place till then."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend])


def _take_place(cursor: CursorWrapper, key: int, places: int) -> int | None:
    for place in range(1, places + 1):
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [place, key])
        if cursor.fetchone()[0]:
            return place
    return None


def _signed(unsigned: int) -> int:
    return unsigned - 2**32 if unsigned >= 2**31 else unsigned


def _run_recorded(each: Sweep, now: datetime) -> int:
    SweepRun.objects.update_or_create(
        name=each.name,
        defaults={"started_at": now},
        create_defaults={"started_at": now, "known_since": now},
    )
    try:
        handled = each.job(now)
    except Exception as error:
        _leave_what_hangs()
        SweepRun.objects.filter(name=each.name).update(failed_at=utc_now(), error=repr(error)[:300])
        raise
    SweepRun.objects.filter(name=each.name).update(
        finished_at=utc_now(), failed_at=None, handled=handled, error=""
    )
    return handled


def _leave_what_hangs() -> None:
    """Close a connection that cannot be asked any more: a task out of time is stopped amid a statement."""
    if not connection.in_atomic_block and connection.connection is not None and not connection.is_usable():
        connection.close()


def late(now: datetime) -> list[str]:
    """Return the names of sweeps whose last success is older than they allow.

    One that never succeeded counts from the moment it was first heard of, however often it was started since.
    """
    return list(late_ages(now))


def late_ages(now: datetime) -> dict[str, timedelta]:
    """Return the late ones with how long ago they last succeeded."""
    age = ages(now)
    return {each.name: age[each.name] for each in all_sweeps() if age[each.name] > each.late_after}


def ages(now: datetime) -> dict[str, timedelta]:
    """Return for every sweep how long ago it last succeeded, or was first heard of if it never did."""
    since = {
        name: finished_at or known_since or started_at
        for name, finished_at, known_since, started_at in SweepRun.objects.values_list(
            "name", "finished_at", "known_since", "started_at"
        )
    }
    begin = min((moment for moment in since.values() if moment), default=EVER)
    return {each.name: now - (since.get(each.name) or begin) for each in all_sweeps()}


@shared_task(name="foundation.run_sweep", ignore_result=True)
def run_sweep(*, name: str) -> None:
    """Run the sweep called `name`; what beat sends."""
    run(name, utc_now())


@sweep("foundation.heartbeat", every(10), timedelta(seconds=60))
def heartbeat(now: datetime) -> int:
    """Prove that beat, broker, worker and database work together, and take note of sweeps that are new."""
    known = set(SweepRun.objects.values_list("name", flat=True))
    unknown = [SweepRun(name=each.name, known_since=now) for each in all_sweeps() if each.name not in known]
    SweepRun.objects.bulk_create(unknown, ignore_conflicts=True)
    return 1


def nudge(name: str) -> None:
    """Ask a worker to run a sweep soon, after commit; a dead broker is left to the schedule.

    The row is the message: a lost nudge costs at most one period of the sweep.
    """
    transaction.on_commit(lambda: nudge_now(name), robust=True)


def nudge_now(name: str) -> None:
    """Ask a worker to run a sweep soon. A broker that did not answer is left alone for a while."""
    global _broker_is_left_alone_until
    if time.monotonic() < _broker_is_left_alone_until:
        return
    try:
        with producers[broker(seconds=_NUDGE_SECONDS)].acquire(block=True) as producer:
            run_sweep.apply_async(kwargs={"name": name}, producer=producer, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        _broker_is_left_alone_until = time.monotonic() + _LEFT_ALONE_SECONDS
        structlog.get_logger(__name__).warning("nudge_lost", sweep=name, error=repr(error))


def broker(*, seconds: float) -> Connection:
    """Return a way to the broker that waits `seconds` for a connection or an answer and tries only once.

    Retries happen below Celery's own `retry=False`: without `max_retries` a dead broker costs six seconds.
    """
    hasty = {"max_retries": 0, "socket_connect_timeout": seconds, "socket_timeout": seconds}
    return current_app.connection_for_write(transport_options=hasty)
