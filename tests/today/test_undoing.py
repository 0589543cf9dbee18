"""For ten minutes what one has just done can be taken back, where nothing has left the house yet."""

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import ANY

import pytest
from django.test import Client

from accounts.models import User
from foundation.clock import local_day, utc_now
from outbox.models import Message
from programs.access import actor_of
from programs.models import Opportunity
from programs.services.prolonging import prolongings_to_take_back, take_back_prolonging
from tests.factories import make_coordinator, make_opportunity, make_provider, make_youth_office
from tests.letters.test_letters import letter_to
from tests.today.deciding import offered, send, undo_offered
from tests.today.reading import HERE, numbers, page, signed_in
from tests.volunteers.pledging import make_pledge
from volunteers.models import CallTakenBack, Contact, TimePledge
from volunteers.services.contacts import Call, record_call
from volunteers.services.personal_data import stored_about

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def office() -> User:
    return make_coordinator(make_youth_office())


@pytest.fixture
def overdue(now: datetime) -> TimePledge:
    pledge = make_pledge(now)
    TimePledge.objects.filter(pk=pledge.pk).update(answer_due_at=now - timedelta(days=1))
    pledge.refresh_from_db()
    return pledge


def called(pledge: TimePledge, by: User, now: datetime, **answers: Any) -> Contact:
    contact = record_call(pledge, Call(**answers), by=by, actor=actor_of(by), now=now)
    assert contact is not None
    return contact


def undo(client: Client, contact: Contact) -> str:
    answer = client.post(f"/koordination/gespraeche/{contact.pk}/zuruecknehmen/", {"back": HERE}, follow=True)
    return answer.content.decode()


def test_a_call_noted_by_mistake_leaves_the_person_waiting_as_before(
    office: User, overdue: TimePledge, now: datetime
) -> None:
    first = called(overdue, office, now - 30 * timedelta(days=1), outcome="reached", text="Im Sommer.")
    assert numbers(office)["anrufen"] == 1
    mistaken = called(overdue, office, now - MINUTE, outcome="not_reached", text="Falsch", after=first.pk)
    assert "anrufen" not in numbers(office)
    assert "Anruf bei Maria notiert: nicht erreicht" in page(office)
    client = signed_in(office)
    assert "Der Anruf ist zurückgenommen." in undo(client, mistaken)
    assert numbers(office)["anrufen"] == 1
    assert "Anruf bei Maria" not in page(office)
    assert list(CallTakenBack.objects.values_list("contact", "by")) == [(mistaken.pk, office.pk)]
    told = stored_about(overdue.volunteer.mailbox)["gespraeche"]
    assert [each["notiz"] for each in told] == ["Im Sommer."]
    assert "Falsch" in page(office, f"/koordination/menschen/{overdue.volunteer_id}/")
    assert "Das lässt sich nicht mehr zurücknehmen." in undo(client, mistaken)
    assert CallTakenBack.objects.count() == 1
    assert called(overdue, office, now, outcome="reached", after=first.pk).pk > mistaken.pk


@pytest.mark.parametrize("age", [timedelta(minutes=10), timedelta(days=1)])
def test_after_ten_minutes_it_stays(office: User, overdue: TimePledge, now: datetime, age: timedelta) -> None:
    contact = called(overdue, office, now - age, outcome="not_reached")
    assert "Eben erledigt" not in page(office)
    assert "nicht mehr zurücknehmen" in undo(signed_in(office), contact)
    assert CallTakenBack.objects.count() == 0


def test_what_has_had_an_effect_stays(office: User, overdue: TimePledge, now: datetime) -> None:
    ended = called(overdue, office, now, outcome="ended")
    assert "Eben erledigt" not in page(office)
    assert "nicht mehr zurücknehmen" in undo(signed_in(office), ended)
    overdue.refresh_from_db()
    assert overdue.status == "withdrawn"


def test_only_the_latest_and_only_by_whom_noted_it(office: User, overdue: TimePledge, now: datetime) -> None:
    contact = called(overdue, office, now - MINUTE, outcome="not_reached")
    other = make_coordinator(office_of(office))
    assert "Eben erledigt" not in page(other)
    address = f"/koordination/gespraeche/{contact.pk}/zuruecknehmen/"
    assert signed_in(other).post(address).status_code == 404
    called(overdue, other, now, outcome="reached", after=contact.pk)
    assert "nicht mehr zurücknehmen" in undo(signed_in(office), contact)
    assert CallTakenBack.objects.count() == 0


def office_of(user: User) -> Any:
    return user.memberships.get().provider


def test_letters_noted_as_posted_wait_again(office: User, now: datetime) -> None:
    letters = [letter_to("Hedwig Kremer", now, 1), letter_to("Uwe Zwei", now, 2)]
    client = signed_in(office)
    client.post("/koordination/briefe/verschickt/", {"chosen": [each.pk for each in letters]})
    assert "2 Briefe als verschickt vermerkt" in page(office)
    assert "briefe" not in numbers(office)
    answer = client.post("/koordination/briefe/doch-nicht/", {"chosen": [letters[0].pk]}, follow=True)
    assert "Die Briefe warten wieder darauf" in answer.content.decode()
    assert numbers(office)["briefe"] == 1
    Message.objects.filter(pk=letters[1].pk).update(sent_at=now - 11 * MINUTE)
    answer = client.post("/koordination/briefe/doch-nicht/", {"chosen": [letters[1].pk]}, follow=True)
    assert "nicht mehr zurücknehmen" in answer.content.decode()
    letters[1].refresh_from_db()
    assert letters[1].status == "sent"


def test_a_letter_is_printed_and_noted_where_it_stands(office: User, now: datetime) -> None:
    first, second = letter_to("Hedwig Kremer", now - 2 * MINUTE, 1), letter_to("Uwe Zwei", now - MINUTE, 2)
    client = signed_in(office)
    to_print, posted = offered(page(office), f"briefe-{first.pk}")
    made = client.post(to_print.action, to_print.hidden)
    assert (made["Content-Type"], made.status_code) == ("application/pdf", 200)
    assert numbers(office)["briefe"] == 2
    assert posted.hidden["back"] == f"{HERE}#briefe-{second.pk}"
    html = send(client, posted)
    assert "1 Brief ist als verschickt vermerkt." in html
    assert [each.status for each in Message.objects.order_by("queued_at")] == ["sent", "to_print"]
    (undo,) = undo_offered(html)
    assert "Die Briefe warten wieder darauf" in send(client, undo)
    assert numbers(office)["briefe"] == 2


def test_that_a_task_still_holds_is_taken_back_by_who_said_so(now: datetime) -> None:
    house, day = make_provider(), local_day(now) + timedelta(days=3)
    one, other = make_coordinator(house), make_coordinator(house)
    tasks = [make_opportunity(f"Vorlesen {number}", provider=house) for number in range(2)]
    Opportunity.objects.update(expires_on=day)
    client = signed_in(one)
    for task in tasks:
        (form,) = offered(page(one), f"ablaufend-{task.pk}")
        html = send(client, form)
    assert numbers(one) == {}
    second, first = undo_offered(html)
    assert "Eben erledigt" not in page(other)
    assert signed_in(other).post(first.action, first.hidden, follow=True).status_code == 200
    assert signed_in(make_coordinator(make_provider())).post(first.action).status_code == 404
    assert numbers(one) == {}
    assert "Das Angebot endet wieder an dem Tag, der vorher galt." in send(client, first)
    assert numbers(one) == {"ablaufend": 1}
    tasks[0].refresh_from_db()
    assert tasks[0].expires_on == day
    assert "nicht mehr zurücknehmen" in send(client, first)
    Opportunity.objects.filter(pk=tasks[1].pk).update(expires_on=day + timedelta(days=900))
    assert "Eben erledigt" not in page(one)
    assert "nicht mehr zurücknehmen" in send(client, second)


def test_after_ten_minutes_a_task_holds_as_was_said(now: datetime) -> None:
    house, day = make_provider(), local_day(now) + timedelta(days=3)
    one, task = make_coordinator(house), make_opportunity("Vorlesen", provider=house)
    Opportunity.objects.update(expires_on=day)
    (form,) = offered(page(one), f"ablaufend-{task.pk}")
    send(signed_in(one), form)
    task.refresh_from_db()
    assert prolongings_to_take_back(one, now + 9 * MINUTE) == [(task, ANY)]
    assert prolongings_to_take_back(one, now + 11 * MINUTE) == []
    assert take_back_prolonging(task, by=one, now=now + 11 * MINUTE) is False
