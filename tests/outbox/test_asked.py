"""Mails that anybody may cause by typing an address are few, whatever form is used."""

from datetime import timedelta

import pytest

from foundation.limits import LimitReached
from foundation.models import TokenBucket
from outbox.services.asked import take_mail, take_reminder

pytestmark = pytest.mark.django_db


def test_two_a_day_reach_one_mailbox_however_it_is_written(now):
    spelt = ["maria@example.org", "M.aria+x@Example.org", '"m.aria"@example.org', "maria\u00ad@example.org"]
    due = [take_mail(client="192.0.2.1", to_email=address, now=now) - now for address in spelt]
    assert due == [timedelta(hours=hours) for hours in (0, 0, 12, 24)]
    with pytest.raises(LimitReached, match=r"asked_mail\.mailbox"):
        take_mail(client="192.0.2.2", to_email="maria+y@example.org", now=now)


def test_a_reminder_counts_like_any_other_mail(now):
    for _time in range(2):
        assert take_reminder(to_email="maria@example.org", now=now) == now
    mail = take_mail(client="192.0.2.1", to_email="ma.ria@example.org", now=now)
    assert mail == now + timedelta(hours=12)
    assert take_reminder(to_email="maria@example.org", now=now) == now + timedelta(days=1)
    with pytest.raises(LimitReached, match=r"asked_mail\.mailbox"):
        take_reminder(to_email="maria@example.org", now=now)


def test_thirty_an_hour_come_from_one_client(now):
    for number in range(30):
        take_mail(client="192.0.2.1", to_email=f"person-{number}@example.org", now=now)
    with pytest.raises(LimitReached, match=r"asked_mail\.client"):
        take_mail(client="192.0.2.1", to_email="another@example.org", now=now)


def test_when_everybody_comes_at_once_mails_wait_and_new_networks_do_not(now):
    take_mail(client="192.0.2.1", to_email="first@example.org", now=now)
    TokenBucket.objects.filter(key__startswith="asked_mail.all:").update(tokens=0)
    known = [take_mail(client="192.0.2.2", to_email=f"p{n}@example.org", now=now) - now for n in range(3)]
    assert [round(each.total_seconds(), 1) for each in known] == [1.8, 3.6, 5.4]
    assert take_mail(client="198.51.100.1", to_email="new@example.org", now=now) == now
    assert take_mail(client="198.51.100.1", to_email="again@example.org", now=now) > now


def test_even_without_a_reserve_a_new_network_only_waits(now):
    take_mail(client="192.0.2.1", to_email="first@example.org", now=now)
    take_mail(client="198.51.100.1", to_email="second@example.org", now=now)
    TokenBucket.objects.filter(key__startswith="asked_mail.all:").update(tokens=-40_000)
    assert take_mail(client="198.51.101.1", to_email="third@example.org", now=now) == now
    TokenBucket.objects.filter(key__startswith="asked_mail.reserve:").update(tokens=0)
    waits = take_mail(client="198.51.102.1", to_email="fourth@example.org", now=now) - now
    assert round(waits.total_seconds(), 1) == 7.2


def test_limits_that_are_off_stop_nobody(now, settings):
    settings.RATE_LIMITS_ON = False
    for _number in range(50):
        take_mail(client="192.0.2.1", to_email="maria@example.org", now=now)
    assert TokenBucket.objects.count() == 0
