"""The night watch says in German what runs, when it last did, and what to do when it does not."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from foundation.formats import NBSP, ago
from foundation.models import SweepRun
from foundation.sweeps import all_sweeps
from tests.factories import make_coordinator, make_youth_office
from wirbrauchensie.dashboard.night_watch import TITLES, watched

pytestmark = pytest.mark.django_db


def ran(name: str, moment: datetime, **more: object) -> None:
    SweepRun.objects.update_or_create(
        name=name, defaults={"known_since": moment, "finished_at": moment, "handled": 12345, **more}
    )


def all_ran(moment: datetime) -> None:
    for each in all_sweeps():
        ran(each.name, moment)


def test_every_job_has_a_german_name_of_its_own_and_no_name_is_left_over() -> None:
    assert sorted(TITLES) == [each.name for each in all_sweeps()]
    assert len({str(title) for title in TITLES.values()}) == len(TITLES)


def test_what_runs_is_told_by_name_age_and_number(now: datetime) -> None:
    all_ran(now - timedelta(seconds=9))
    sending = next(job for job in watched(now) if job.name == "outbox.send_due")
    assert (sending.title, sending.done, sending.handled) == ("E-Mails senden", f"vor 9{NBSP}s", 12345)
    assert (sending.state, sending.advice) == ("fine", "")


def test_what_is_late_or_failed_stands_first_and_says_what_to_do(now: datetime) -> None:
    all_ran(now - timedelta(seconds=9))
    ran("outbox.send_due", now - timedelta(hours=2))
    ran("donations.check_ledger", now - timedelta(minutes=5), failed_at=now, error="balance_cents is 1")
    first, second, third = watched(now)[:3]
    assert (first.name, first.state, first.done) == ("donations.check_ledger", "failed", f"vor 5{NBSP}min")
    assert "Buchen Sie nichts von Hand" in first.advice
    assert (second.name, second.state, second.done) == ("outbox.send_due", "late", f"vor 2{NBSP}h")
    assert "Antwortet der Mailserver?" in second.advice
    assert third.state == "fine"


def test_what_never_ran_says_so_and_is_late(now: datetime) -> None:
    all_ran(now)
    SweepRun.objects.filter(name="volunteers.match").update(
        finished_at=None, known_since=now - timedelta(days=1)
    )
    job = watched(now)[0]
    assert (job.name, job.state, job.done) == ("volunteers.match", "late", "noch nie")
    assert "Nichts geht verloren" in job.advice


def test_the_page_speaks_german_and_shows_no_inner_name_while_all_is_well(client: Client) -> None:
    all_ran(timezone.now())
    client.force_login(make_coordinator(make_youth_office()))
    page = client.get("/koordination/nachtwache/").content.decode()
    assert "E-Mails senden" in page
    assert "12.345" in page
    assert "outbox." not in page


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(seconds=-5), "vor 0 s"),
        (timedelta(seconds=59), "vor 59 s"),
        (timedelta(seconds=60), "vor 1 min"),
        (timedelta(minutes=59, seconds=59), "vor 59 min"),
        (timedelta(hours=1), "vor 1 h"),
        (timedelta(hours=47, minutes=59), "vor 47 h"),
        (timedelta(hours=48), "28. Februar 2026, 10:00"),
    ],
)
def test_an_age_is_said_in_its_largest_unit(now: datetime, age: timedelta, said: str) -> None:
    assert ago(now - age, now) == said.replace(" s", f"{NBSP}s").replace(" min", f"{NBSP}min").replace(
        " h", f"{NBSP}h"
    )
