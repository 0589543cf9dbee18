from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from foundation.models import SweepRun
from outbox.models import Outage

pytestmark = pytest.mark.django_db


def heartbeat(age: timedelta) -> None:
    moment = timezone.now() - age
    SweepRun.objects.create(name="foundation.heartbeat", started_at=moment, finished_at=moment, handled=1)


def test_alive_asks_no_database(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok"


def test_ready_when_all_of_it_is_up(client: Client) -> None:
    heartbeat(timedelta(seconds=5))
    answer = client.get("/readyz")
    assert answer.json() == {
        "ready": True,
        "checks": {"database": "ok", "migrations": "ok", "sweeps": "ok", "broker": "ok"},
    }
    assert answer.status_code == 200


def test_not_ready_before_the_first_sweep(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["sweeps"] == "none has run"


def test_not_ready_when_beat_or_worker_stopped(client: Client) -> None:
    heartbeat(timedelta(seconds=75))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["sweeps"].startswith("newest is 7")


def test_not_ready_when_any_job_is_late(client: Client) -> None:
    heartbeat(timedelta(seconds=5))
    long_ago = timezone.now() - timedelta(days=3)
    SweepRun.objects.create(name="outbox.empty_old_messages", started_at=long_ago, finished_at=long_ago)
    SweepRun.objects.create(name="foundation.purge", known_since=long_ago, started_at=timezone.now())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    late = answer.json()["checks"]["sweeps"]
    assert late.startswith("late: ")
    assert "outbox.empty_old_messages" in late
    assert "foundation.purge" in late


def test_metrics_tell_of_jobs_that_never_succeeded_and_of_an_outage(client: Client) -> None:
    heartbeat(timedelta(seconds=5))
    assert "outbox_mail_server_down 0.0" in client.get("/metrics").content.decode()
    moment = timezone.now()
    Outage.objects.create(pk=1, since=moment, next_try_at=moment, tries=1)
    page = client.get("/metrics").content.decode()
    assert "outbox_mail_server_down 1.0" in page
    assert 'sweep_age_seconds{sweep="foundation.purge"}' in page


def test_metrics_tell_the_age_of_sweeps_on_this_machine(client: Client) -> None:
    heartbeat(timedelta(seconds=5))
    page = client.get("/metrics").content.decode()
    assert 'sweep_age_seconds{sweep="foundation.heartbeat"}' in page
    assert 'outbox_messages{status="unknown"} 0.0' in page


@pytest.mark.parametrize(
    "request_headers",
    [{"REMOTE_ADDR": "10.0.0.7"}, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4"}],
)
def test_metrics_are_for_this_machine_only(client: Client, request_headers: dict[str, str]) -> None:
    assert client.get("/metrics", **request_headers).status_code == 404
