"""Who may send what: reserved by the hundred, begun one by one, and nothing twice."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.core.mail.backends.base import BaseEmailBackend
from django.db import OperationalError, connection

from foundation.clock import utc_now
from outbox.models import Message
from outbox.services import claims, outages, purge, sending
from tests.outbox.mail_server import GOOD, MailServer
from tests.processes import PATIENCE_SECONDS, wait_until

Start = Callable[..., MailServer]


def keys(messages: list[Message]) -> list[str]:
    return [each.key for each in messages]


@pytest.mark.django_db
def test_what_waits_longest_is_reserved_first_and_for_one_worker_only(put, now: datetime) -> None:
    put(1)
    put(2, at=now - timedelta(minutes=1))
    put(3)
    put(4, due_at=now + timedelta(seconds=1))
    assert keys(claims.reserve(now, worker="one", at=utc_now())) == ["test:2", "test:1", "test:3"]
    assert claims.reserve(now, worker="two", at=utc_now()) == []
    assert not claims.is_any_due(now, at=utc_now())
    assert set(Message.objects.values_list("status", "attempts")) == {("queued", 0)}


@pytest.mark.django_db
def test_a_reservation_holds_a_hundred(put, now: datetime) -> None:
    for number in range(103):
        put(number, at=now - timedelta(seconds=number))
    first = claims.reserve(now, worker="one", at=utc_now())
    assert keys(first) == [f"test:{number}" for number in range(102, 2, -1)]
    assert keys(claims.reserve(now, worker="two", at=utc_now())) == ["test:2", "test:1", "test:0"]


@pytest.mark.django_db
def test_what_a_dead_worker_had_reserved_is_free_again_after_two_minutes(put, now: datetime) -> None:
    put(1)
    (reserved,) = claims.reserve(now, worker="dead", at=utc_now())
    assert timedelta(seconds=110) < reserved.reserved_until - utc_now() <= timedelta(minutes=2)
    Message.objects.update(reserved_until=utc_now())
    assert claims.is_any_due(now, at=utc_now())
    (again,) = claims.reserve(now, worker="alive", at=utc_now())
    assert not claims.begin(reserved, utc_now())
    assert claims.begin(again, utc_now())
    assert Message.objects.get().attempts == 1


@pytest.mark.django_db(transaction=True)
def test_the_next_worker_sees_at_once_who_is_dead(put, now: datetime, mail_server: Start) -> None:
    server = mail_server()
    put(1)
    put(2)
    is_at_work, may_die = threading.Event(), threading.Event()

    def work_and_die() -> None:
        with suppress(OperationalError), claims.presence("dying"):
            (first, _second) = claims.reserve(now, worker="dying", at=utc_now())
            claims.begin(first, utc_now())
            is_at_work.set()
            may_die.wait(PATIENCE_SECONDS)
            connection.close()

    worker = threading.Thread(target=work_and_die)
    worker.start()
    is_at_work.wait(PATIENCE_SECONDS)
    assert sending.send_due(now, worker="alive") == 0
    may_die.set()
    worker.join(PATIENCE_SECONDS)
    wait_until(lambda: sending.send_due(now, worker="alive") == 1, what="the takeover")
    assert server.recipients() == ["a2@example.org"]
    assert list(Message.objects.order_by("key").values_list("status", "claimed_by")) == [
        ("sending", "dying"),
        ("sent", "alive"),
    ]


@pytest.mark.django_db
def test_a_message_begins_once(put, now: datetime) -> None:
    put(1)
    (reserved,) = claims.reserve(now, worker="one", at=utc_now())
    assert claims.begin(reserved, utc_now())
    assert not claims.begin(reserved, utc_now())
    row = Message.objects.get()
    assert (row.status, row.attempts, row.claimed_by) == ("sending", 1, "one")


@pytest.mark.django_db
def test_what_was_not_begun_is_given_back_and_what_was_begun_is_not(put, now: datetime) -> None:
    for number in range(3):
        put(number)
    reserved = claims.reserve(now, worker="one", at=utc_now())
    claims.begin(reserved[0], utc_now())
    claims.release(reserved)
    assert keys(claims.reserve(now, worker="two", at=utc_now())) == ["test:1", "test:2"]


@pytest.mark.django_db
def test_somebody_erased_between_reservation_and_turn_gets_no_mail(put, now: datetime) -> None:
    put(1)
    (reserved,) = claims.reserve(now, worker="one", at=utc_now())
    purge.forget_address("a1@example.org")
    assert not claims.begin(reserved, utc_now())
    row = Message.objects.get()
    assert (row.status, row.to_email) == ("suppressed", "")


@pytest.mark.django_db
def test_a_record_of_another_claim_changes_nothing(put, now: datetime) -> None:
    put(1)
    (old,) = claims.reserve(now, worker="one", at=utc_now())
    claims.begin(old, utc_now())
    sending.give_up_on_lost(utc_now() + sending.LOST_AFTER + timedelta(seconds=1))
    sending.send_again(Message.objects.get(), now)
    (new,) = claims.reserve(now, worker="two", at=utc_now())
    claims.begin(new, utc_now())
    claims.record_sent(old, utc_now())
    claims.record_unknown(old, OSError())
    claims.record_failed(old, OSError(), utc_now(), is_final=True)
    assert Message.objects.get().status == "sending"
    claims.record_sent(new, utc_now())
    assert Message.objects.get().status == "sent"


@pytest.mark.django_db
def test_a_worker_that_only_slept_still_records_what_it_sent(put, now: datetime) -> None:
    put(1)
    (reserved,) = claims.reserve(now, worker="one", at=utc_now())
    claims.begin(reserved, utc_now())
    sending.give_up_on_lost(utc_now() + sending.LOST_AFTER + timedelta(seconds=1))
    assert Message.objects.get().status == "unknown"
    claims.record_sent(reserved, utc_now())
    assert Message.objects.get().status == "sent"


@pytest.mark.django_db
def test_the_reason_kept_with_a_message_does_not_repeat_the_address(put, now: datetime) -> None:
    put(1, to_email="Maria.Muster@example.org")
    (reserved,) = claims.reserve(now, worker="one", at=utc_now())
    claims.begin(reserved, utc_now())
    claims.record_failed(reserved, OSError("<maria.muster@EXAMPLE.org>: \x00 no"), utc_now(), is_final=True)
    assert Message.objects.get().error == "OSError('<–>: \\x00 no')"


class OutOfTime(BaseEmailBackend):
    """The task's time is over in the middle of the second mail."""

    may_have_left = False
    mails = 0

    def send_messages(self, email_messages) -> int:
        type(self).mails += 1
        if type(self).mails == 2:
            raise SoftTimeLimitExceeded
        return 1


class OutOfTimeAfterTheDot(OutOfTime):
    mails = 0
    may_have_left = True


@pytest.mark.django_db
@pytest.mark.parametrize(("backend", "status"), [(OutOfTime, "failed"), (OutOfTimeAfterTheDot, "unknown")])
def test_a_task_out_of_time_says_so_and_leaves_no_mail_behind(
    put, now: datetime, settings, backend: type[OutOfTime], status: str
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"
    backend.mails = 0
    for number in range(4):
        put(number)
    with pytest.raises(SoftTimeLimitExceeded):
        sending.send_due(now, worker="w")
    rows = Message.objects.order_by("key").values_list("status", "attempts", "reserved_until")
    assert list(rows) == [("sent", 1, None), (status, 1, None), ("queued", 0, None), ("queued", 0, None)]
    assert "SoftTimeLimitExceeded" in Message.objects.get(key="test:1").error


@pytest.mark.django_db
def test_a_turn_ends_before_the_time_limit_of_its_task(settings) -> None:
    slowest = settings.EMAIL_TIMEOUT * 12  # connect, greet, encrypt, greet, log in, six steps, patience
    assert sending.SECONDS_AT_MOST + slowest < settings.CELERY_TASK_SOFT_TIME_LIMIT


@pytest.mark.django_db(transaction=True)
def test_workers_send_side_by_side_and_each_mail_once(
    put, now: datetime, mail_server: Start, settings
) -> None:
    both_talk = threading.Barrier(2, timeout=PATIENCE_SECONDS)
    waiting = [True, True]

    def meet(step: str, recipient: str) -> str:
        if step == "mail" and waiting:
            waiting.pop()
            both_talk.wait()
        return GOOD[step]

    server = mail_server(meet)
    settings.EMAIL_TIMEOUT = PATIENCE_SECONDS  # one waits for the other, who may be slow to begin
    for number in range(2 * claims.CHUNK + 5):
        put(number)

    def work(name: str) -> None:
        try:
            sending.send_due(now, worker=name)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=[name]) for name in ("one", "two")]
    for each in workers:
        each.start()
    for each in workers:
        each.join(PATIENCE_SECONDS)
    assert set(Message.objects.values_list("status", "attempts")) == {("sent", 1)}
    assert len(server.recipients()) == len(set(server.recipients())) == 2 * claims.CHUNK + 5
    assert server.most_at_once == 2
    assert set(Message.objects.values_list("claimed_by", flat=True)) == {"one", "two"}


@pytest.mark.django_db
def test_a_reservation_that_ended_is_not_valid_again_for_the_same_worker(put, now: datetime) -> None:
    put(1)
    (old,) = claims.reserve(now, worker="w", at=now)
    (new,) = claims.reserve(now, worker="w", at=now + claims.RESERVED_FOR)
    assert not claims.begin(old, utc_now())
    assert claims.begin(new, utc_now())


@pytest.mark.django_db
def test_what_left_is_recorded_only_for_the_conversation_it_left_in(put, now: datetime) -> None:
    put(1)
    put(2)
    first, second = claims.reserve(now, worker="w", at=utc_now())
    claims.begin(first, now)
    Message.objects.filter(pk=first.pk).update(claimed_at=now + timedelta(hours=1))
    assert claims.begin(second, utc_now(), left=first)
    assert Message.objects.get(pk=first.pk).status == "sending"


@pytest.mark.django_db
def test_that_one_has_left_is_recorded_as_the_next_begins(put, now: datetime) -> None:
    put(1)
    put(2)
    first, second = claims.reserve(now, worker="w", at=utc_now())
    claims.begin(first, now)
    moment = now + timedelta(seconds=1)
    assert claims.begin(second, moment, left=first)
    rows = Message.objects.order_by("key").values_list("status", "attempts", "sent_at", "claimed_at")
    assert list(rows) == [("sent", 1, moment, now), ("sending", 1, None, moment)]


@pytest.mark.django_db
def test_during_an_outage_one_try_a_minute_is_given_away(now: datetime) -> None:
    assert outages.may_try(now)
    outages.record(OSError("gone"), now)
    moment = now + timedelta(seconds=10)
    assert not outages.may_try(moment - timedelta(seconds=1))
    assert outages.may_try(moment)
    assert not outages.may_try(moment)
    assert not outages.may_try(moment + timedelta(seconds=59))
    assert outages.may_try(moment + timedelta(seconds=60))


@pytest.mark.django_db
def test_an_earlier_claim_of_the_same_worker_settles_nothing(put, now: datetime) -> None:
    put(1)
    (message,) = claims.reserve(now, worker="w", at=now)
    assert claims.begin(message, now)
    Message.objects.filter(pk=message.pk).update(claimed_at=now + timedelta(minutes=9))
    claims.record_sent(message, now)
    claims.record_unknown(message, OSError("weg"))
    claims.record_failed(message, OSError("weg"), now, is_final=True)
    assert Message.objects.get(pk=message.pk).status == "sending"
