"""Nobody floods a mailbox through our forms."""

from collections import Counter
from datetime import timedelta
from itertools import cycle
from uuid import uuid4

import pytest
from django.test import Client

from foundation.clock import utc_now
from foundation.limit_values import ASKED_MAILS_PER_CLIENT
from foundation.limits import LimitReached
from outbox.models import Message
from outbox.services.asked import take_mail
from tests.access.scene import Scene
from tests.donations.visits import give
from tests.volunteers.pledging import TUESDAY_AFTERNOON, send_pledge
from volunteers.models import TimePledge
from volunteers.services.pledges import Person, pledge_time
from volunteers.services.wishes import Wishes

pytestmark = pytest.mark.django_db

VICTIM = "vera.opfer@example.org"
SPELLINGS = [
    VICTIM,
    "veraopfer@example.org",
    "v.e.r.a.opfer@example.org",
    "vera.opfer+1@example.org",
    "veraopfer+spam+more@example.org",
    "VERA.OPFER@EXAMPLE.ORG",
    "Vera.Opfer+x@Example.org",
]


def client_at(number: int) -> Client:
    return Client(REMOTE_ADDR=f"10.{number // 65536}.{number // 256 % 256}.{number % 256}")


def due_within(span: timedelta) -> int:
    return Message.objects.filter(due_at__lte=utc_now() + span).count()


def test_a_thousand_sign_ups_for_one_person_are_two_mails_a_day(scene: Scene) -> None:
    Message.objects.all().delete()
    spelt, now, statuses = cycle(SPELLINGS), utc_now(), Counter()
    for number in range(1000):
        email = next(spelt)
        if number % 20 == 0:
            statuses[send_pledge(client_at(number), email=email).status_code] += 1
            continue
        try:
            pledge_time(
                Person("Vera", email),
                Wishes(times=[TUESDAY_AFTERNOON]),
                submission=uuid4(),
                client=f"10.0.{number // 256}.{number % 256}",
                now=now,
            )
            statuses["taken"] += 1
        except LimitReached:
            statuses["refused"] += 1
    assert due_within(timedelta(hours=1)) == 2
    assert due_within(timedelta(days=30)) == 4
    assert statuses == {303: 1, "taken": 3, 429: 49, "refused": 947}


def test_all_forms_share_one_budget(scene: Scene) -> None:
    Message.objects.all().delete()
    spelt = cycle(SPELLINGS)
    statuses = []
    for number in range(0, 12, 4):
        statuses += [
            client_at(number).post("/konto/password/reset/", {"email": next(spelt)}).status_code,
            client_at(number + 1).post("/meins/", {"email": next(spelt)}).status_code,
            client_at(number + 2).post("/meins/", {"email": next(spelt)}).status_code,
            send_pledge(client_at(number + 3), email=next(spelt)).status_code,
        ]
        give(Client(), what={"zweck": scene.fund.slug}, method="transfer", email=next(spelt))
    assert statuses[:4] == [302, 303, 303, 303]
    assert set(statuses[4:]) == {429}
    assert due_within(timedelta(hours=1)) <= 2
    assert TimePledge.objects.filter(status="unconfirmed").count() == 2


def test_the_answer_says_how_long_to_wait_and_loses_nothing(scene: Scene) -> None:
    for _time in range(4):
        assert send_pledge(Client(), email=VICTIM).status_code == 303
    answer = send_pledge(Client(), email=VICTIM, first_name="Unverwechselbar")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert 'value="Unverwechselbar"' in answer.content.decode()
    page = Client().post("/konto/password/reset/", {"email": VICTIM})
    assert page.status_code == 429
    assert int(page["Retry-After"]) > 0
    assert "Das waren zu viele Versuche" in page.content.decode()


def test_one_connection_cannot_write_to_many(scene: Scene) -> None:
    Message.objects.all().delete()
    now = utc_now()
    for number in range(ASKED_MAILS_PER_CLIENT.capacity):
        take_mail(client="127.0.0.1", to_email=f"person-{number}@example.org", now=now)
    answer = Client().post("/meins/", {"email": "noch.jemand@example.org"})
    assert answer.status_code == 429
    assert client_at(1).post("/meins/", {"email": "noch.jemand@example.org"}).status_code == 303


def test_budget_comes_back_with_time(db: None) -> None:
    now = utc_now()
    for _time in range(4):
        take_mail(client="a", to_email=VICTIM, now=now)
    with pytest.raises(LimitReached):
        take_mail(client="a", to_email=VICTIM, now=now + timedelta(hours=11))
    take_mail(client="a", to_email=VICTIM, now=now + timedelta(hours=12, minutes=1))


def test_limits_can_be_switched_off_for_load_tests(scene: Scene, settings) -> None:
    settings.RATE_LIMITS_ON = False
    assert {send_pledge(Client(), email=VICTIM).status_code for _time in range(5)} == {303}
