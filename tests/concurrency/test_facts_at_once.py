"""Transactions side by side write facts that are true, and none waits in a circle with another."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from random import Random
from threading import Event, Thread
from time import sleep

import pytest
from django.db import connection, connections, transaction

from figures.models import DueFact, Fact
from figures.services import sources
from programs.models import Opportunity
from tests.concurrency.test_last_place import all_at_once
from tests.factories import make_district, make_opportunity
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import HoursEntry, Offer, Placement, TimePledge, Volunteer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def patience(db: None) -> Iterator[None]:
    """On a busy machine nothing is left to the night because a lock came late."""
    wait = "ALTER FUNCTION figures_settle() SET lock_timeout = '{}'"
    with connection.cursor() as cursor:
        cursor.execute(wait.format("60s"))
    yield
    with connection.cursor() as cursor:
        cursor.execute(wait.format("3s"))


@pytest.fixture
def tasks(now: datetime) -> list[Opportunity]:
    """Three neighbouring tasks, and four people who help at each."""
    make_district("Süd")
    north = make_district("Nord")
    tasks = [
        make_opportunity(f"{each}", district=north, field="sport", places=40, clearance_required=False)
        for each in range(3)
    ]
    for number in range(4):
        pledge = make_pledge(now, email=f"p{number}@example.org")
        for task in tasks:
            make_placement(pledge, task, now, "active", from_on=now.date())
    assert sources.differences() == {}
    return tasks


def give_hours(task: Opportunity, now: datetime) -> None:
    placed = Placement.objects.filter(opportunity=task).earliest("pk")
    HoursEntry.objects.create(placement=placed, worked_on=now.date(), minutes=30, created_at=now)


def ask(pledge: TimePledge, task: Opportunity, now: datetime) -> None:
    role = task.roles.get()
    Offer.objects.create(pledge=pledge, role=role, status="declined", status_changed_at=now, created_at=now,
                         sent_at=now, answered_at=now)  # fmt: skip


@contextmanager
def another(act: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """Do `act` in a transaction of another connection, and end it when the caller says so."""
    did, end = Event(), Event()

    def work() -> None:
        try:
            with transaction.atomic():
                act()
                did.set()
                assert end.wait(60)
        finally:
            did.set()
            connections.close_all()

    def finish() -> None:
        end.set()
        thread.join(60)

    thread = Thread(target=work)
    thread.start()
    assert did.wait(60)
    try:
        yield finish
    finally:
        finish()


@pytest.mark.parametrize("is_first", [True, False])
def test_a_task_moves_while_hours_of_it_are_noted(
    is_first: bool, tasks: list[Opportunity], now: datetime
) -> None:
    """Neither sees the other's row before its end, and whoever ends last makes both true."""
    moves = partial(Opportunity.objects.filter(pk=tasks[0].pk).update, field="health")
    with another(moves) as end_the_move, transaction.atomic():
        give_hours(tasks[0], now)
        if is_first:
            end_the_move()
    end_the_move()
    assert sources.differences() == {}
    assert list(Fact.objects.filter(measure="hours").values_list("field", flat=True)) == ["health"]


def test_who_is_ending_is_waited_for(tasks: list[Opportunity], now: datetime) -> None:
    """A task has moved, and its facts too, but nobody sees it yet when hours of it are noted and ended."""

    def move() -> None:
        Opportunity.objects.filter(pk=tasks[0].pk).update(field="health")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def note() -> None:
        try:
            give_hours(tasks[0], now)
        finally:
            connections.close_all()

    noting = Thread(target=note)
    with another(move) as end_the_move:
        noting.start()
        while noting.is_alive() and not somebody_waits():
            sleep(0.01)
        assert noting.is_alive()
        end_the_move()
        noting.join(60)
    assert list(Fact.objects.filter(measure="hours").values_list("field", flat=True)) == ["health"]
    assert sources.differences() == {}


WAITING = """
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
WHERE locktype = 'advisory' AND NOT granted AND classid = 11 AND datname = current_database()
"""


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("is_first", [True, False])
def test_a_pledge_changes_while_its_person_is_asked(
    is_first: bool, tasks: list[Opportunity], now: datetime
) -> None:
    pledge = TimePledge.objects.earliest("pk")
    changes = partial(TimePledge.objects.filter(pk=pledge.pk).update, fields=["health"])
    with another(changes) as end_the_change, transaction.atomic():
        ask(pledge, tasks[0], now)
        if is_first:
            end_the_change()
    end_the_change()
    assert sources.differences() == {}
    of_pledge = Fact.objects.filter(measure="pledged", cause=pledge.pk)
    assert list(of_pledge.values_list("field", "provider")) == [("health", tasks[0].provider_id)]


def test_who_comes_to_an_end_at_the_same_time_waits_for_nobody_in_a_circle(
    tasks: list[Opportunity], now: datetime
) -> None:
    """Twelve connections write to the same and to neighbouring rows, in whatever order, six times each."""
    pledges = list(TimePledge.objects.order_by("pk"))

    def story(number: int) -> int:
        draw, own = Random(number), pledges[number % len(pledges)]
        for _time in range(6):
            with transaction.atomic():
                for task in draw.sample(tasks, 3):
                    give_hours(task, now)
                    ask(own, task, now)
                if number % 4 == 0:
                    TimePledge.objects.filter(pk=own.pk).update(fields=draw.sample(["sport", "culture"], 1))
                elif number % 4 == 1:
                    Opportunity.objects.filter(pk=draw.choice(tasks).pk).update(
                        field=draw.choice(["health", "sport", "culture"])
                    )
                elif number % 4 == 2:
                    Volunteer.objects.filter(pk=own.volunteer_id).update(
                        heads=draw.randint(2, 9), group_name="Chor"
                    )
        return number

    assert all_at_once([partial(story, number) for number in range(12)]) == list(range(12))
    assert sources.differences() == {}
    assert Fact.objects.filter(measure="hours").count() == HoursEntry.objects.count() == 12 * 6 * 3
    assert DueFact.objects.count() == 0


def test_the_night_repairs_while_others_write(tasks: list[Opportunity], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM figures_fact WHERE measure IN ('placed', 'pledged')")
    acts: list[Callable[[], object]] = [sources.repair, sources.repair]
    acts += [
        partial(TimePledge.objects.filter(pk=pledge.pk).update, fields=["sport"])
        for pledge in TimePledge.objects.all()
    ]
    all_at_once(acts)
    assert sources.differences() == {}
