"""Whoever gives back several places or dates at once waits for the others instead of dying on them."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import cycle

import pytest
from django.db.models import F

from citizens.services.erasure import erase
from foundation.sweeps import run
from programs.models import Opportunity, Provider, Role, ShiftRole
from programs.services.providers import stop_provider
from programs.services.publishing import close
from programs.services.shifts import follow_series
from tests.concurrency.test_last_place import all_at_once
from tests.factories import Slot, make_coordinator, make_opportunity, make_provider, occupied
from tests.volunteers.pledging import make_placement, make_pledge, make_sent_offer
from tests.volunteers.test_placements import COORDINATOR
from volunteers.models import Assignment, Offer, Placement, TimePledge
from volunteers.services.answers import accept_offer, decline_offer
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.placements import confirm_placement
from volunteers.services.withdrawals import withdraw_pledge

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8


def tasks_of(provider: Provider, now: datetime, *, places: int = 2 * PEOPLE) -> list[Opportunity]:
    """Two tasks; the dates of the second are older than those of the first."""
    slots: list[Slot] = [(1, 900, 960), (3, 900, 960)]
    made = [
        make_opportunity(slots=[slot], places=places, provider=provider, clearance_required=False)
        for slot in slots
    ]
    for task in reversed(made):
        follow_series(task, now=now)
    return made


def people(now: datetime, count: int = PEOPLE) -> list[TimePledge]:
    """People who would do three tasks at a time."""
    pledges = [make_pledge(now, email=f"p{number}@example.org") for number in range(count)]
    TimePledge.objects.update(placements_wanted=3, hours_per_week=20)
    return pledges


def wrong_seats() -> list[tuple[int, int]]:
    """Seats whose number is not that of the people who have them."""
    return [
        (seats.places_taken, held)
        for seats in ShiftRole.objects.all()
        if seats.places_taken
        != (held := Assignment.objects.filter(shift=seats.shift_id, status="confirmed").count())
    ]


def test_people_who_leave_tasks_in_opposite_order_and_erase_themselves(now: datetime) -> None:
    first, second = tasks_of(make_provider(), now)
    leaving = people(now)
    for pledge, (asked, placed) in zip(leaving, cycle([(first, second), (second, first)]), strict=False):
        make_placement(pledge, placed, now, "active", from_on=now.date())
        make_sent_offer(pledge, asked, now)
    staying = make_pledge(now, email="bleibt@example.org")
    assign_coming_shifts(now)
    for task in (first, second):
        make_placement(staying, task, now, "active", from_on=now.date())

    acts: list[Callable[[], object]] = [
        partial(erase, pledge.volunteer.mailbox, now)
        if number % 3 == 0
        else partial(withdraw_pledge, pledge, now=now)
        for number, pledge in enumerate(leaving)
    ]
    all_at_once([*acts, partial(run, "volunteers.assign_shifts", now)])

    assert set(TimePledge.objects.exclude(pk=staying.pk).values_list("status", flat=True)) == {"withdrawn"}
    assert [occupied(task) for task in (first, second)] == [1, 1]
    assert wrong_seats() == []
    assert Assignment.objects.filter(volunteer=staying.volunteer, status="confirmed").count() == 16


def test_a_provider_that_is_stopped_while_people_answer_and_are_confirmed(now: datetime) -> None:
    provider = make_provider()
    first, second = tasks_of(provider, now)
    asked = [[make_sent_offer(pledge, task, now) for task in (first, second)] for pledge in people(now)]
    waiting = [
        make_placement(make_pledge(now, email=f"w{number}@example.org"), first, now, "awaiting_confirmation")
        for number in range(4)
    ]

    def confirm(placement: Placement) -> object:
        try:
            return confirm_placement(placement, actor=COORDINATOR, now=now)
        except Exception as refused:  # what is not verified any more is refused, and nothing else
            return type(refused).__name__

    answers: list[Callable[[], object]] = [
        partial(accept_offer, two[number % 2], now=now)
        if number % 3
        else partial(decline_offer, two[number % 2], reason="time", now=now)
        for number, two in enumerate(asked)
    ]
    stop = partial(stop_provider, provider, reasons="Bitte melden.", now=now)
    outcomes = all_at_once([stop, *answers, *(partial(confirm, each) for each in waiting)])

    assert outcomes[0] is True
    assert set(outcomes[-4:]) <= {True, "ProviderNotVerified"}
    assert not Offer.objects.filter(status="sent").exists()
    held = Placement.objects.filter(status__in=Placement.HOLDING).count()
    assert sum(occupied(task) for task in (first, second)) == held
    assert not Role.objects.filter(places_held__gt=0).exists()


def test_a_task_that_is_closed_while_people_answer(now: datetime) -> None:
    provider = make_provider()
    first, second = tasks_of(provider, now)
    asked = [[make_sent_offer(pledge, task, now) for task in (first, second)] for pledge in people(now, 8)]
    office = make_coordinator(provider)
    acts: list[Callable[[], object]] = [partial(accept_offer, two[0], now=now) for two in asked]
    acts += [partial(close, task, by=office, now=now) for task in (first, second)]
    all_at_once([*acts, partial(run, "volunteers.expire_offers", now)])
    run("volunteers.expire_offers", now)
    assert not Offer.objects.filter(status="sent").exists()
    assert not Role.objects.filter(places__lt=F("places_taken") + F("places_held")).exists()
    assert not Role.objects.filter(places_held__gt=0).exists()
