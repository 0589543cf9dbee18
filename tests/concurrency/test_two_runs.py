"""Two runs of the matcher at once: the second leaves the first alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection, connections

from foundation.times_of_week import WeeklyTime
from tests.factories import make_opportunity
from tests.volunteers.pledging import mails, make_pledge
from volunteers.models import MatchRun, Offer
from volunteers.services.match_runs import MATCHING_LOCK, run_matching

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = WeeklyTime(0, 14 * 60, 18 * 60)
MONDAY_SLOT = (0, 15 * 60, 16 * 60)


def in_another_connection(act):
    """Run `act` in a thread with a connection of its own and return what it returns."""

    def run():
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def test_run_while_another_is_under_way_does_nothing(now: datetime) -> None:
    make_opportunity(slots=[MONDAY_SLOT])
    make_pledge(now, times=[MONDAY])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", MATCHING_LOCK)
        assert in_another_connection(lambda: run_matching(now)) is None
        assert not MatchRun.objects.exists()
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", MATCHING_LOCK)

    assert in_another_connection(lambda: run_matching(now)) is not None
    assert Offer.objects.get().status == "sent"


def test_runs_at_once_put_each_question_once(now: datetime) -> None:
    for number in range(10):
        make_opportunity(slots=[MONDAY_SLOT])
        make_pledge(now, email=f"p{number}@example.org", times=[MONDAY])
    start = Barrier(4)

    def run() -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            run_matching(now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(run) for _ in range(4)]:
            done.result()

    assert Offer.objects.filter(status="sent").count() == 10
    assert mails("offer").count() == 10
