import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from allauth.account import app_settings
from django.db import connection

from foundation import limit_values
from foundation.brakes import Brake
from foundation.limits import Limit, LimitReached, take, take_from_networks, turn
from foundation.models import TokenBucket

ROOT = Path(__file__).parents[2]
PRODUCT = ("platform", "base", "programs", "figures", "volunteers", "donations")
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


def test_every_limit_of_the_product_stands_in_one_place_under_a_name_of_its_own() -> None:
    files = [path for folder in PRODUCT for path in (ROOT / folder).rglob("*.py")]
    declaring = [path for path in files if re.search(r"\bLimit\(", path.read_text(encoding="utf-8"))]
    assert [path.name for path in declaring] == ["limit_values.py"]
    values = list(vars(limit_values).values())
    limits = [each for each in values if isinstance(each, Limit)]
    for brake in (each for each in values if isinstance(each, Brake)):
        limits += [brake.in_all, brake.reserve, brake.seen]
    buckets = [each.name for each in limits]
    assert len(buckets) == len(set(buckets)) >= 10


def test_what_allauth_counts_stands_in_the_same_place() -> None:
    found = set()
    for path in (path for folder in PRODUCT for path in (ROOT / folder).rglob("*.py")):
        if re.search(r"\b\d+/\d*[smhd]/(ip|key|user)\b", path.read_text(encoding="utf-8")):
            found.add(path.name)
    assert found == {"limit_values.py"}
    assert limit_values.ACCOUNT_LIMITS == {
        "change_password": "5/m/user",
        "login": "30/m/ip",
        "login_failed": "10/m/ip,5/5m/key",
        "reauthenticate": "10/m/user",
        "reset_password": "20/m/ip",
        "reset_password_from_key": "20/m/ip",
    }
    counted = app_settings.RATE_LIMITS
    assert {action: counted[action] for action in limit_values.ACCOUNT_LIMITS} == limit_values.ACCOUNT_LIMITS


@pytest.mark.django_db
def test_who_takes_what_is_not_there_yet_waits_behind_the_others(now: datetime) -> None:
    waits = [turn(TWO_A_DAY, "a", now=now, patience=timedelta(days=1)) for _turn in range(4)]
    assert waits == [timedelta(hours=hours) for hours in (0, 0, 12, 24)]
    with pytest.raises(LimitReached):
        turn(TWO_A_DAY, "a", now=now, patience=timedelta(days=1))
    half_a_day_later = now + timedelta(hours=12)
    assert turn(TWO_A_DAY, "a", now=half_a_day_later, patience=timedelta(days=1)) == timedelta(days=1)
    with pytest.raises(LimitReached):
        take(TWO_A_DAY, "a", now=now + timedelta(hours=36))
    take(TWO_A_DAY, "a", now=now + timedelta(hours=48))


@pytest.mark.django_db(transaction=True)
def test_parallel_acts_wait_one_behind_the_other(now: datetime) -> None:
    limit = Limit("test.queue", 60, timedelta(hours=1))

    def act(_turn: int) -> int:
        try:
            return round(turn(limit, "one", now=now, patience=timedelta(hours=1)).total_seconds() / 60)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(act, range(80))) == [0] * 60 + list(range(1, 21))


@pytest.mark.django_db
def test_a_rented_site_does_no_more_than_sixteen_households(now: datetime) -> None:
    done = 0
    for number in range(100):
        try:
            take_from_networks(TWO_A_DAY, f"2001:db8:7:{number:02x}00::1", now=now)
            done += 1
        except LimitReached:
            pass
    assert done == 32
    take_from_networks(TWO_A_DAY, "2001:db8:8::1", now=now)


@pytest.mark.django_db
def test_a_refused_household_takes_nothing_from_its_neighbours(now: datetime) -> None:
    for _turn in range(50):
        try:
            take_from_networks(TWO_A_DAY, "2001:db8::1", now=now)
        except LimitReached:
            pass
    for number in range(1, 4):
        take_from_networks(TWO_A_DAY, f"2001:db8:0:{number}::1", now=now)
