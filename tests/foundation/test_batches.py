"""What is kept goes when its time is over, batch by batch."""

from datetime import datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import connection

from accounts.models import Session
from foundation.batches import delete_in_batches, update_in_batches
from foundation.models import TokenBucket
from foundation.sweeps import run
from foundation.tasks import purge_buckets_and_sessions
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def buckets(count: int, refilled_at: datetime) -> None:
    TokenBucket.objects.bulk_create(
        TokenBucket(key=f"{refilled_at}:{number}", tokens=1, refilled_at=refilled_at)
        for number in range(count)
    )


def test_all_batches_are_done_and_nothing_else(now: datetime) -> None:
    buckets(7, now)
    buckets(2, now + timedelta(seconds=1))
    old = TokenBucket.objects.filter(refilled_at=now)
    assert update_in_batches(old.filter(tokens=1), {"tokens": 2}, batch=3) == 7
    assert TokenBucket.objects.filter(tokens=2).count() == 7
    assert delete_in_batches(old, batch=3) == 7
    assert TokenBucket.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_done_stays_done_when_a_later_batch_fails(now: datetime) -> None:
    buckets(4, now)
    seen: list[int] = []

    class Failing(Exception):
        pass

    def fail_at_the_second(execute, sql, params, many, context):
        if sql.startswith("DELETE"):
            seen.append(1)
            if len(seen) == 2:
                raise Failing
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail_at_the_second), pytest.raises(Failing):
        delete_in_batches(TokenBucket.objects.all(), batch=1)
    assert TokenBucket.objects.count() == 3


def test_buckets_and_sessions_go_when_they_mean_nothing_any_more(now: datetime) -> None:
    buckets(1, now - timedelta(days=2, seconds=1))
    buckets(1, now - timedelta(days=2))
    Session.objects.create(session_key="over", expire_date=now - timedelta(seconds=1))
    Session.objects.create(session_key="open", expire_date=now)
    assert purge_buckets_and_sessions(now) == 2
    assert TokenBucket.objects.get().refilled_at == now - timedelta(days=2)
    assert Session.objects.get().session_key == "open"
    assert purge_buckets_and_sessions(now) == 0


def test_what_the_administration_notes_goes_with_the_history_of_the_same_day(now: datetime) -> None:
    """It names staff, by names that their accounts may not have any more."""
    user, term = make_user(is_staff=True), now - relativedelta(years=3)
    for moment in (term - timedelta(microseconds=1), term):
        LogEntry.objects.create(
            user=user, action_time=moment, action_flag=CHANGE, object_id="1", object_repr=str(user)
        )
    assert run("foundation.purge", now) == 1
    assert LogEntry.objects.get().action_time == term
