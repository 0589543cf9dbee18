"""A message to all of a task or a date: shown first, sent once, to those it reaches and nobody else."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from citizens.models import Mailbox
from foundation.clock import utc_now
from foundation.history import lines_of
from outbox.models import Message
from programs.models import Opportunity, Provider, Shift
from tests.factories import make_coordinator, make_opportunity, make_provider, make_shift
from tests.volunteers.pledging import make_placement, make_pledge
from tests.volunteers.test_need_changes import place
from volunteers.models import Assignment, Placement, Volunteer
from volunteers.views import coordination_messages

pytestmark = pytest.mark.django_db
TEXT = "Bitte <b>warm</b> anziehen!\nWir gehen in den Park."


@pytest.fixture
def today() -> datetime:
    return utc_now()


@pytest.fixture
def own() -> Provider:
    return make_provider("Haus der Familie", public_contact="Tel. 02421 4711")


@pytest.fixture
def task(own: Provider) -> Opportunity:
    return make_opportunity("Vorlesen", provider=own, places=9, clearance_required=False)


@pytest.fixture
def client(own: Provider) -> Client:
    client = Client()
    client.force_login(make_coordinator(own))
    return client


def helper(
    task: Opportunity, first: str, today: datetime, *, email: str = "", status: str = "active"
) -> Placement:
    pledge = make_pledge(today, first_name=first, email=email or f"{first.lower()}@example.org")
    return make_placement(pledge, task, today, status, from_on=today.date())


def expect_at(placement: Placement, shift: Shift, status: str = "confirmed") -> None:
    Assignment.objects.create(
        placement=placement, shift=shift, status=status, status_changed_at=shift.starts_at
    )


def answers(**changes: str) -> dict[str, Any]:
    return {"text": TEXT, "submission": str(uuid4()), **changes}


def sent(template: str) -> dict[str, Message]:
    return {each.to_email: each for each in Message.objects.filter(template=template)}


def shown(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def decline(email: str) -> None:
    Mailbox.objects.filter(email=email).update(unwanted=["nachrichten"])


def test_it_is_shown_to_whom_it_goes_before_anything_is_sent(
    client: Client, task: Opportunity, today: datetime
) -> None:
    for first in ("Adile", "Bogdan", "Carla"):
        helper(task, first, today)
    helper(task, "Dora", today, status="ended")
    helper(task, "Emil", today, status="awaiting_confirmation")
    decline("carla@example.org")
    address = f"/koordination/angebote/{task.pk}/nachricht/"
    assert f'href="{address}"' in client.get(f"/koordination/angebote/{task.pk}/").content.decode()

    preview = client.post(address, answers())
    html = shown(preview)
    assert preview.status_code == 200
    assert "So geht es an 2 Adressen" in html
    assert "<p>Adile, Bogdan</p>" in html
    assert "abbestellt oder nicht erreichbar: Carla" in html
    assert "Dora" not in html
    assert "Emil" not in html
    assert "&lt;b&gt;warm&lt;/b&gt;" in preview.content.decode()
    assert sent("task_message") == {}


def test_a_thousand_addresses_are_written_as_germans_write_numbers(
    client: Client, task: Opportunity, today: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    task.roles.update(places=1000)
    place(task, today, 1000)
    own = Mailbox.objects.bulk_create(
        Mailbox(email=f"a{number}@example.org", created_at=today, confirmed_at=today)
        for number in range(1000)
    )
    people = list(Volunteer.objects.all())
    for person, mailbox in zip(people, own, strict=True):
        person.mailbox = mailbox
    Volunteer.objects.bulk_update(people, ["mailbox"])
    address = f"/koordination/angebote/{task.pk}/nachricht/"
    assert "Erreicht werden 1.000 Adressen." in shown(client.get(address))
    assert "So geht es an 1.000 Adressen" in shown(client.post(address, answers()))
    monkeypatch.setattr(coordination_messages, "send_message", lambda _audience, _text, **_more: 1000)
    assert "Gesendet an 1.000 Adressen." in shown(client.post(address, answers(send="1"), follow=True))


def test_a_corrected_message_goes_out_too(client: Client, task: Opportunity, today: datetime) -> None:
    helper(task, "Adile", today)
    address, form = f"/koordination/angebote/{task.pk}/nachricht/", answers(send="1")
    for text in (TEXT, "Es beginnt um vier.", "Es beginnt um vier."):
        client.post(address, {**form, "text": text})
    mails = Message.objects.filter(template="task_message").order_by("pk")
    assert ["Es beginnt um vier." in mail.body_text for mail in mails] == [False, True]


def test_a_message_to_a_task_can_be_declined_and_goes_once(
    client: Client, task: Opportunity, today: datetime
) -> None:
    helper(task, "Adile", today)
    helper(task, "Bogdan", today)
    helper(task, "Carla", today, email="adile@example.org")
    helper(make_opportunity("Anderswo", provider=task.provider, clearance_required=False), "Dora", today)
    decline("bogdan@example.org")
    address, form = f"/koordination/angebote/{task.pk}/nachricht/", answers(send="1")

    answer = client.post(address, form, follow=True)
    assert "Gesendet an 1 Adresse." in shown(answer)
    again = client.post(address, form, follow=True)
    assert "Diese Nachricht ist schon gesendet." in shown(again)

    mails = sent("task_message")
    assert set(mails) == {"adile@example.org"}
    mail = mails["adile@example.org"]
    assert mail.subject == "Haus der Familie schreibt Ihnen: Vorlesen"
    assert TEXT in mail.body_text
    assert "Tel. 02421 4711" in mail.body_text
    assert "/meins/abbestellen/nachrichten/" in mail.body_text
    assert "<b>warm</b>" not in mail.body_html
    (line,) = lines_of(task).filter(changes__has_key="message")
    assert line.changes == {"message": [None, "task: 1"]}


def test_a_message_to_a_date_reaches_exactly_those_who_come_declined_or_not(
    client: Client, task: Opportunity, today: datetime
) -> None:
    soon, later = (make_shift(task, today + timedelta(days=days)) for days in (2, 9))
    for first, status in (("Adile", "confirmed"), ("Bogdan", "stand_in_wanted"), ("Carla", "excused")):
        expect_at(helper(task, first, today), soon, status)
    expect_at(helper(task, "Dora", today), later)
    decline("adile@example.org")
    address = f"/koordination/angebote/{task.pk}/nachricht/{soon.pk}/"
    assert "So geht es an 2 Adressen" in shown(client.post(address, answers()))

    client.post(address, answers(send="1"))
    mails = sent("date_message")
    assert set(mails) == {"adile@example.org", "bogdan@example.org"}
    mail = mails["adile@example.org"]
    assert mail.subject.startswith("Zu Ihrem Termin am ")
    assert "Vorlesen" in mail.body_text
    assert TEXT in mail.body_text
    assert mail.unsubscribe_url == ""
    (line,) = lines_of(task).filter(changes__has_key="message")
    assert line.changes == {"message": [None, f"date {soon.pk}: 2"]}


def test_what_may_not_be_written_is_refused_and_comes_back(
    client: Client, task: Opportunity, today: datetime
) -> None:
    helper(task, "Adile", today)
    address = f"/koordination/angebote/{task.pk}/nachricht/"
    for text in ("", "x" * 1501, "Der kleine Kevin Müller, geboren am 3. Mai 2017, kommt auch."):
        answer = client.post(address, answers(text=text, send="1"))
        assert answer.status_code == 422
        assert text[:20] in shown(answer)
    for submission in ("", "nope"):
        assert client.post(address, answers(submission=submission, send="1")).status_code == 422
    assert sent("task_message") == {}
    assert not lines_of(task).filter(changes__has_key="message").exists()


def test_nobody_is_written_to_about_what_is_over_or_elsewhere(
    client: Client, task: Opportunity, today: datetime
) -> None:
    past, off, foreign = (
        make_shift(task, today - timedelta(days=2)),
        make_shift(task, today + timedelta(days=2)),
        make_shift(make_opportunity("Fremd"), today + timedelta(days=2)),
    )
    Shift.objects.filter(pk=off.pk).update(is_cancelled=True)
    for date in (past, off, foreign):
        address = f"/koordination/angebote/{task.pk}/nachricht/{date.pk}/"
        assert client.post(address, answers(send="1")).status_code == 404
    foreign_task = f"/koordination/angebote/{foreign.opportunity_id}/nachricht/"
    assert client.post(foreign_task, answers(send="1")).status_code == 404
    empty = client.post(f"/koordination/angebote/{task.pk}/nachricht/", answers(send="1"))
    assert empty.status_code == 422
    assert "Niemand zum Schreiben" in shown(empty)
    assert sent("task_message") == sent("date_message") == {}


def test_five_a_day_are_enough_and_the_sixth_reaches_nobody(
    client: Client, task: Opportunity, today: datetime
) -> None:
    helper(task, "Adile", today)
    address = f"/koordination/angebote/{task.pk}/nachricht/"
    statuses = [client.post(address, answers(send="1")).status_code for _number in range(6)]
    assert statuses == [303] * 5 + [429]
    assert Message.objects.filter(template="task_message").count() == 5
    assert Volunteer.objects.count() == 1
