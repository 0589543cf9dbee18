"""What happens while an answer waits: rows are joined, the clock runs out, the other answer comes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import sleep
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from accounts.models import User
from citizens.models import AddressChange, Mailbox
from citizens.services.address_changes import ask_for_change, say_yes
from foundation.actors import staff
from foundation.clock import utc_now
from foundation.sweeps import run
from programs.models import Opportunity, ShiftRole
from tests.concurrency.test_last_place import all_at_once
from tests.concurrency.test_looked_at_again import somebody_waits
from tests.factories import make_coordinator, make_opportunity, make_shift, make_youth_office, occupied
from tests.volunteers.pledging import (
    TUESDAY_AFTERNOON,
    mails,
    make_placement,
    make_pledge,
    make_sent_offer,
)
from volunteers.models import Assignment, Offer, Placement, StandInQuestion, StandInSearch, TimePledge
from volunteers.services.answers import accept_offer
from volunteers.services.links import confirm_url
from volunteers.services.merging import merge_people
from volunteers.services.persons import lock_person
from volunteers.services.pledges import Person, confirm_pledge, record_pledge
from volunteers.services.stand_in_answers import Yes, accept_stand_in, decline_stand_in
from volunteers.services.wishes import Wishes
from volunteers.services.withdrawals import withdraw_pledge

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def user() -> User:
    return make_coordinator(make_youth_office())


def while_it_waits(act: Callable[[], Any], first: Callable[[], Any], then: Callable[[], Any]) -> Any:
    """Let `act` wait for what `first` holds, do `then`, and return what `act` returns."""

    def work() -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            running = pool.submit(work)
            while not running.done() and not somebody_waits():
                sleep(0.01)
            assert not running.done()
            then()
        return running.result(timeout=60)


def merge(kept: TimePledge, double: TimePledge, user: User, now: datetime) -> None:
    actor = staff(user.pk, "coordinator")
    assert merge_people(kept.volunteer, double.volunteer, by=user, actor=actor, now=now) is None


def test_both_rows_say_yes_to_one_task(user: User, now: datetime) -> None:
    task = make_opportunity(places=2, clearance_required=False)
    kept, double = (make_pledge(now, email=f"{name}@example.org") for name in ("kept", "double"))
    offers = [make_sent_offer(pledge, task, now) for pledge in (kept, double)]
    read = Offer.objects.select_related("pledge__volunteer").get(pk=offers[1].pk)
    merge(kept, double, user, now)
    answered = while_it_waits(
        lambda: accept_offer(read, now=now), lambda: accept_offer(offers[0], now=now), lambda: None
    )
    assert answered.status == "withdrawn"
    assert Placement.objects.get().volunteer_id == kept.volunteer_id
    assert occupied(Opportunity.objects.get(pk=task.pk)) == 1


def test_a_row_is_joined_with_another_while_its_yes_waits(user: User, now: datetime) -> None:
    """The yes goes on with the row that is listed, and asks nobody to wait who has nothing to do with it."""
    task = make_opportunity(places=2, clearance_required=False)
    kept, double = (make_pledge(now, email=f"{name}@example.org") for name in ("kept", "double"))
    offer = make_sent_offer(double, task, now)
    answered = while_it_waits(
        lambda: accept_offer(offer, now=now),
        lambda: lock_person(double.volunteer_id),
        lambda: merge(kept, double, user, now),
    )
    assert answered.status == "accepted"
    assert Placement.objects.get().volunteer_id == kept.volunteer_id


class TestAYesToADateAndTheClock:
    @pytest.fixture
    def asked(self, now: datetime) -> StandInQuestion:
        task = make_opportunity(places=1, slots=[], clearance_required=False)
        owner = make_placement(make_pledge(now), task, now, "active", from_on=now.date())
        shift = make_shift(task, now + timedelta(days=1))
        absent = Assignment.objects.create(
            placement=owner, shift=shift, status="excused", status_changed_at=now
        )
        search = StandInSearch.objects.create(
            absent=absent, status_changed_at=now, created_at=now, look_at=now
        )
        return StandInQuestion.objects.create(
            search=search,
            pledge=make_pledge(now, email="vera@example.org"),
            status_changed_at=now,
            sent_at=now,
            expires_at=now + timedelta(hours=4),
            asked_for=shift.starts_at,
        )

    def test_a_yes_that_waits_while_the_search_gives_up_still_counts(
        self, asked: StandInQuestion, now: datetime
    ) -> None:
        """A late yes is as good as one in time; it belongs to its question, by which it can be taken back."""
        at = now + timedelta(hours=4)
        outcome = while_it_waits(
            lambda: accept_stand_in(asked, now=at),
            lambda: ShiftRole.objects.select_for_update().get(shift=asked.search.absent.shift_id),
            lambda: run("volunteers.find_stand_ins", at),
        )
        assert outcome == Yes.TAKEN
        asked = StandInQuestion.objects.get()
        assert (asked.status, asked.search.status) == ("accepted", "found")
        stands_in = Assignment.objects.get(placement=None)
        assert (asked.assignment_id, stands_in.status) == (stands_in.pk, "confirmed")
        assert withdraw_pledge(asked.pledge, now=at)
        stands_in.refresh_from_db()
        assert stands_in.status == "excused"

    @pytest.mark.parametrize("turn", range(2))
    def test_of_yes_and_no_at_once_one_counts(self, turn: int, asked: StandInQuestion, now: datetime) -> None:
        acts: list[Callable[[], Any]] = [
            lambda: accept_stand_in(asked, now=now),
            lambda: decline_stand_in(asked, now=now),
        ]
        all_at_once(acts[:: 1 if turn else -1])
        asked.refresh_from_db()
        stand_ins = list(Assignment.objects.filter(placement=None).values_list("pk", flat=True))
        assert (asked.status, stand_ins) in [("accepted", [asked.assignment_id]), ("declined", [])]


def test_a_pledge_is_confirmed_while_somebody_moves_to_the_address_it_was_typed_with() -> None:
    """What was typed goes along and is asked anew there; the link is void, and nothing breaks."""
    now = utc_now()
    mover = make_pledge(now, email="old@example.org").volunteer.mailbox
    ask_for_change(mover, "paul@example.org", client="192.0.2.1", now=now)
    change = AddressChange.objects.get()
    say_yes(change, now, new=True)
    wishes = Wishes(times=(TUESDAY_AFTERNOON,))
    typed = record_pledge(Person(first_name="Paul", email="paul@example.org"), wishes, now=now)
    address = confirm_url(typed, now).removeprefix("http://127.0.0.1:8000")
    mailbox = typed.volunteer.mailbox
    answer = while_it_waits(
        lambda: Client().post(address),
        lambda: Mailbox.objects.select_for_update(no_key=True).get(pk=mailbox.pk),
        lambda: say_yes(change, now, new=False),
    )
    assert answer.status_code == 404
    typed = TimePledge.objects.select_related("volunteer").get(pk=typed.pk)
    assert (typed.status, typed.volunteer.mailbox_id) == ("unconfirmed", mover.pk)
    again = mails("pledge_confirm").get()
    assert again.to_email == "paul@example.org"
    assert confirm_pledge(typed, now=now)
