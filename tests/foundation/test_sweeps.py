import signal
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import psycopg
import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from celery import Celery
from celery.schedules import BaseSchedule
from django.db import connection, transaction

from foundation import sweeps
from foundation.models import SweepRun
from tests.processes import PATIENCE_SECONDS
from wirbrauchensie.databases import postgresql

ALWAYS = sweeps.every(60)


@pytest.fixture
def extra_sweep() -> object:
    """Register a sweep for one test only."""
    names: list[str] = []

    def register(name: str, job: sweeps.Job) -> None:
        sweeps.sweep(name, ALWAYS, timedelta(minutes=5))(job)
        names.append(name)

    yield register
    for name in names:
        sweeps._sweeps.pop(name)


@pytest.mark.django_db
def test_a_run_is_recorded(now: datetime, extra_sweep) -> None:
    extra_sweep("test.counts", lambda _now: 7)
    assert sweeps.run("test.counts", now) == 7
    record = SweepRun.objects.get(name="test.counts")
    assert (record.started_at, record.handled, record.error) == (now, 7, "")
    assert record.finished_at is not None


@pytest.mark.django_db
def test_a_failure_is_recorded_and_raised(now: datetime, extra_sweep) -> None:
    def fail(_now: datetime) -> int:
        raise ValueError("kaputt")

    extra_sweep("test.fails", fail)
    with pytest.raises(ValueError, match="kaputt"):
        sweeps.run("test.fails", now)
    record = SweepRun.objects.get(name="test.fails")
    assert record.finished_at is None
    assert record.failed_at is not None
    assert record.error == "ValueError('kaputt')"


def soon(is_so: Callable[[], bool]) -> bool:
    """The server ends a session a moment after it was told to."""
    until = monotonic() + PATIENCE_SECONDS
    while not (so := is_so()) and monotonic() < until:
        sleep(0.02)
    return so


@pytest.mark.django_db(transaction=True)
def test_one_that_is_stopped_amid_a_statement_is_recorded_and_runs_again(now: datetime, extra_sweep) -> None:
    seconds = [2 * PATIENCE_SECONDS]

    def stop(_signal: int, _frame: object) -> None:
        raise SoftTimeLimitExceeded

    def hang(_now: datetime) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(%s)", seconds)
        return 1

    extra_sweep("test.hangs", hang)
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        with pytest.raises(SoftTimeLimitExceeded):
            sweeps.run("test.hangs", now)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    record = SweepRun.objects.get(name="test.hangs")
    assert (record.error, record.finished_at) == ("SoftTimeLimitExceeded()", None)
    assert record.failed_at is not None
    assert statement_timeout() != "5min"
    seconds[0] = 0
    assert soon(lambda: sweeps.run("test.hangs", now) == 1)


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_runs_elsewhere_is_left_alone(now: datetime, extra_sweep) -> None:
    extra_sweep("test.alone", lambda _now: 1)
    lock = sweeps._signed(zlib.crc32(b"test.alone"))
    with psycopg.connect(
        **connection.get_connection_params() | {"autocommit": True, "cursor_factory": None}
    ) as other:
        other.execute("SELECT pg_advisory_lock(1, %s)", [lock])
        assert sweeps.run("test.alone", now) is None
        other.execute("SELECT pg_advisory_unlock(1, %s)", [lock])
    assert sweeps.run("test.alone", now) == 1


@pytest.mark.django_db
def test_a_late_sweep_is_named(now: datetime, extra_sweep) -> None:
    extra_sweep("test.late", lambda _now: 0)
    assert "test.late" in sweeps.late(now)
    sweeps.run("test.late", now)
    record = SweepRun.objects.get(name="test.late")
    assert record.finished_at is not None
    assert "test.late" not in sweeps.late(record.finished_at + timedelta(minutes=5))
    assert "test.late" in sweeps.late(record.finished_at + timedelta(minutes=5, seconds=1))


@pytest.mark.django_db
def test_a_new_installation_has_until_its_first_night(now: datetime, extra_sweep) -> None:
    extra_sweep("test.nightly", lambda _now: 0)
    SweepRun.objects.create(name="foundation.heartbeat", started_at=now, finished_at=now)
    assert "test.nightly" not in sweeps.late(now + timedelta(minutes=5))
    assert "test.nightly" in sweeps.late(now + timedelta(minutes=5, seconds=1))


def test_no_sweep_is_planned_into_the_hour_that_may_come_twice() -> None:
    with pytest.raises(ValueError, match="02:00"):
        sweeps.daily(2, 30)


def runs_within(plan: BaseSchedule, begin: datetime, *, hours: int) -> list[str]:
    """Return the times in Berlin at which the plan is due within these hours, looked at every minute."""
    plan.app = Celery("clock", set_as_current=False)
    plan.app.conf.timezone = "Europe/Berlin"
    moment = [begin.astimezone(UTC)]
    plan.nowfun = lambda: moment[0].astimezone(ZoneInfo("Europe/Berlin"))
    last, due = plan.nowfun(), []
    for _minute in range(hours * 60):
        moment[0] += timedelta(minutes=1)
        if plan.is_due(last).is_due:
            last = plan.nowfun()
            due.append(f"{last:%H:%M}")
    return due


def test_what_one_run_leaves_at_night_another_takes_up_until_six_over_both_clock_changes() -> None:
    plan = sweeps.all_night(20)
    berlin = ZoneInfo("Europe/Berlin")
    for day in (date(2026, 3, 29), date(2026, 7, 1), date(2026, 10, 25)):
        assert runs_within(plan, datetime.combine(day, time(0), berlin), hours=24) == [
            f"{hour:02}:{minute:02}" for hour in (3, 4, 5) for minute in (0, 20, 40)
        ]


@pytest.mark.parametrize("change", [datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)])
def test_nightly_sweeps_run_once_a_day_over_both_clock_changes(change: datetime) -> None:
    assert runs_within(sweeps.daily(4, 15), change, hours=72) == ["04:15"] * 3


@pytest.mark.django_db
def test_one_that_never_succeeds_is_late_however_often_it_is_started(now: datetime, extra_sweep) -> None:
    def fail(_now: datetime) -> int:
        raise ValueError("kaputt")

    extra_sweep("test.never", fail)
    for minute in range(6):
        with pytest.raises(ValueError, match="kaputt"):
            sweeps.run("test.never", now + timedelta(minutes=minute))
    assert "test.never" not in sweeps.late(now + timedelta(minutes=5))
    assert "test.never" in sweeps.late(now + timedelta(minutes=5, seconds=1))


@pytest.mark.django_db
def test_one_that_is_new_has_its_time_from_the_day_it_came(now: datetime, extra_sweep) -> None:
    SweepRun.objects.create(
        name="foundation.heartbeat", known_since=now - timedelta(days=400), started_at=now, finished_at=now
    )
    extra_sweep("test.new", lambda _now: 0)
    sweeps.run("foundation.heartbeat", now)
    assert SweepRun.objects.get(name="test.new").known_since == now
    assert "test.new" not in sweeps.late(now + timedelta(minutes=5))
    assert "test.new" in sweeps.late(now + timedelta(minutes=5, seconds=1))
    sweeps.run("foundation.heartbeat", now + timedelta(minutes=4))
    assert SweepRun.objects.get(name="test.new").known_since == now


@pytest.mark.django_db
def test_every_sweep_has_an_age(now: datetime) -> None:
    sweeps.run("foundation.heartbeat", now)
    assert set(sweeps.ages(now)) == {each.name for each in sweeps.all_sweeps()}


@pytest.mark.django_db(transaction=True)
def test_one_that_may_run_side_by_side_has_so_many_places(now: datetime) -> None:
    sweeps.sweep("test.twice", ALWAYS, timedelta(minutes=5), side_by_side=2)(lambda _now: 1)
    key = sweeps._signed(zlib.crc32(b"test.twice"))
    parameters = connection.get_connection_params() | {"autocommit": True, "cursor_factory": None}
    try:
        with psycopg.connect(**parameters) as other:
            other.execute("SELECT pg_advisory_lock(1, %s)", [key])
            assert sweeps.run("test.twice", now) == 1
            other.execute("SELECT pg_advisory_lock(2, %s)", [key])
            assert sweeps.run("test.twice", now) is None
    finally:
        sweeps._sweeps.pop("test.twice")


def statement_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_job_has_five_minutes_for_a_statement_and_the_next_citizen_has_not(
    now: datetime, extra_sweep
) -> None:
    before, seen = statement_timeout(), []
    extra_sweep("test.slow", lambda _now: len(seen.append(statement_timeout()) or seen))
    sweeps.run("test.slow", now)
    assert seen == ["5min"]
    assert statement_timeout() == before != "5min"


def test_a_job_is_cancelled_before_its_task_is_killed(settings) -> None:
    assert sweeps.JOB_STATEMENT_MS < 1000 * settings.CELERY_TASK_SOFT_TIME_LIMIT
    citizens = postgresql("postgresql://postgres@127.0.0.1/app", conn_max_age=0)
    assert "statement_timeout=5000 " in citizens["OPTIONS"]["options"]
