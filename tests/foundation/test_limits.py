import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from foundation import limit_values
from foundation.limits import Limit, LimitReached, normalised_email, take
from foundation.models import TokenBucket

ROOT = Path(__file__).parents[2]
TWO_A_DAY = Limit("test.mail", 2, timedelta(days=1))


@pytest.mark.django_db
def test_the_third_act_of_a_day_is_refused_and_the_next_day_allows_again(now: datetime) -> None:
    take(TWO_A_DAY, "a@example.org", now=now)
    take(TWO_A_DAY, "a@example.org", now=now)
    with pytest.raises(LimitReached) as refused:
        take(TWO_A_DAY, "a@example.org", now=now)
    assert refused.value.retry_after == 43200
    take(TWO_A_DAY, "b@example.org", now=now)
    take(TWO_A_DAY, "a@example.org", now=now + timedelta(hours=12))
    with pytest.raises(LimitReached):
        take(TWO_A_DAY, "a@example.org", now=now + timedelta(hours=13))


@pytest.mark.django_db
def test_no_address_is_stored_in_the_clear(now: datetime) -> None:
    take(TWO_A_DAY, "geheim@example.org", now=now)
    assert "geheim" not in TokenBucket.objects.get().key


@pytest.mark.django_db
def test_a_clock_that_goes_back_gives_nothing_away(now: datetime) -> None:
    take(TWO_A_DAY, "a", now=now)
    take(TWO_A_DAY, "a", now=now - timedelta(hours=1))
    with pytest.raises(LimitReached):
        take(TWO_A_DAY, "a", now=now - timedelta(hours=1))


@pytest.mark.django_db
def test_limits_can_be_switched_off_for_load_tests(now: datetime, settings: object) -> None:
    settings.RATE_LIMITS_ON = False  # type: ignore[attr-defined]
    for _turn in range(10):
        take(TWO_A_DAY, "a", now=now)
    assert TokenBucket.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_parallel_acts_share_one_bucket(now: datetime) -> None:
    limit = Limit("test.parallel", 5, timedelta(days=1))

    def act(_turn: int) -> bool:
        try:
            take(limit, "one", now=now)
        except LimitReached:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(act, range(60))) == 5


@pytest.mark.parametrize(
    ("typed", "mailbox"),
    [("A.B+tag@Example.org", "ab@example.org"), (" a@b.de ", "a@b.de"), ("a@b@c.de", "a@b@c.de")],
)
def test_one_mailbox_has_one_name(typed: str, mailbox: str) -> None:
    assert normalised_email(typed) == mailbox


def test_every_limit_of_the_product_stands_in_one_place_under_a_name_of_its_own() -> None:
    folders = ("platform", "base", "programs", "volunteers", "donations")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    declaring = [path for path in files if re.search(r"\bLimit\(", path.read_text(encoding="utf-8"))]
    assert [path.name for path in declaring] == ["limit_values.py"]
    buckets = [each.name for each in vars(limit_values).values() if isinstance(each, Limit)]
    assert len(buckets) == len(set(buckets)) >= 10
