from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from celery import Celery
from django.db import connection

from foundation import sweeps
from foundation.models import SweepRun

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


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_runs_elsewhere_is_left_alone(now: datetime, extra_sweep) -> None:
    extra_sweep("test.alone", lambda _now: 1)
    import zlib

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


@pytest.mark.parametrize("change", [datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)])
def test_nightly_sweeps_run_once_a_day_over_both_clock_changes(change: datetime) -> None:
    app = Celery("clock", set_as_current=False)
    app.conf.timezone = "Europe/Berlin"
    moment = [change]
    plan = sweeps.daily(4, 15)
    plan.app = app
    plan.nowfun = lambda: moment[0].astimezone(ZoneInfo("Europe/Berlin"))
    last = plan.nowfun()
    days: list[str] = []
    while moment[0] < change + timedelta(days=3):
        moment[0] += timedelta(minutes=1)
        if plan.is_due(last).is_due:
            last = plan.nowfun()
            days.append(f"{last:%d %H:%M}")
    assert len(days) == 3
    assert all(day.endswith("04:15") for day in days)
