"""Mails that anybody may cause by typing an address are few, whatever form is used."""

from datetime import timedelta

import pytest

from foundation.limits import LimitReached
from foundation.models import TokenBucket
from outbox.services.asked import take_mail

pytestmark = pytest.mark.django_db


def test_two_a_day_reach_one_mailbox_however_it_is_written(now):
    for address in ("maria@example.org", "M.aria+x@Example.org"):
        take_mail(client="192.0.2.1", to_email=address, now=now)
    with pytest.raises(LimitReached, match=r"asked_mail\.mailbox"):
        take_mail(client="192.0.2.2", to_email="maria+y@example.org", now=now)
    take_mail(client="192.0.2.2", to_email="maria@example.org", now=now + timedelta(hours=12))


def test_thirty_an_hour_come_from_one_client(now):
    for number in range(30):
        take_mail(client="192.0.2.1", to_email=f"person-{number}@example.org", now=now)
    with pytest.raises(LimitReached, match=r"asked_mail\.client"):
        take_mail(client="192.0.2.1", to_email="another@example.org", now=now)


def test_the_brake_stops_all_when_everybody_comes_at_once(now):
    take_mail(client="192.0.2.1", to_email="first@example.org", now=now)
    TokenBucket.objects.filter(key__startswith="asked_mail.all:").update(tokens=0)
    with pytest.raises(LimitReached, match=r"asked_mail\.all"):
        take_mail(client="192.0.2.2", to_email="second@example.org", now=now)


def test_limits_that_are_off_stop_nobody(now, settings):
    settings.RATE_LIMITS_ON = False
    for _number in range(50):
        take_mail(client="192.0.2.1", to_email="maria@example.org", now=now)
    assert TokenBucket.objects.count() == 0
