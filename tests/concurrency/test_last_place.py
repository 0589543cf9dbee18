"""Fifty connections want the last place: one gets it, none fails; without the guard they overbook."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse

from foundation.clock import utc_now
from programs.models import Opportunity
from tests.factories import make_opportunity, occupied, role_of
from tests.volunteers.pledging import mails, make_group, make_pledge, make_sent_offer
from volunteers.models import Offer, Placement, TimePledge
from volunteers.services.answers import TooFewPlaces, accept_offer, expire_due
from volunteers.services.links import offer_token
from volunteers.services.questions import SendOutcome, send_offer, send_proposed

pytestmark = pytest.mark.django_db(transaction=True)

CONNECTIONS = 50
T = TypeVar("T")


def all_at_once(acts: list[Callable[[], T]]) -> list[T]:
    """Run every act in a thread with a connection of its own, started together; raise what any raised."""
    start = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def make_proposals(opportunity: Opportunity, now: datetime) -> list[Offer]:
    """Make one proposal for each of fifty people."""
    pledges = [make_pledge(now, email=f"person-{number}@example.org") for number in range(CONNECTIONS)]
    return [
        Offer.objects.create(pledge=pledge, role=role_of(opportunity), status_changed_at=now, created_at=now)
        for pledge in pledges
    ]


def test_fifty_proposals_for_the_last_place_put_one_question(now: datetime) -> None:
    opportunity = make_opportunity(places=5, places_taken=4)
    proposals = make_proposals(opportunity, now)

    outcomes = all_at_once([lambda pk=proposal.pk: send_offer(pk, now=now) for proposal in proposals])

    assert sorted(outcomes) == sorted([SendOutcome.SENT] + [SendOutcome.NO_PLACE] * (CONNECTIONS - 1))
    opportunity.refresh_from_db()
    assert occupied(opportunity) == 5
    assert Offer.objects.filter(status=Offer.Status.SENT).count() == 1
    assert mails("offer").count() == 1


def test_six_groups_of_three_share_ten_places(now: datetime) -> None:
    """Three groups fit, and the tenth place is nobody's: a group comes whole or not at all."""
    opportunity = make_opportunity(places=10, clearance_required=False)
    groups = [make_group(now, 3, email=f"gruppe-{number}@example.org") for number in range(6)]
    proposals = [
        Offer.objects.create(pledge=group, role=role_of(opportunity), status_changed_at=now, created_at=now)
        for group in groups
    ]

    outcomes = all_at_once([lambda pk=proposal.pk: send_offer(pk, now=now) for proposal in proposals])

    assert sorted(outcomes) == sorted([SendOutcome.SENT] * 3 + [SendOutcome.NO_PLACE] * 3)
    assert occupied(opportunity) == 9

    asked = list(Offer.objects.filter(status=Offer.Status.SENT).order_by("pk"))

    def say_yes(offer: Offer) -> bool:
        try:
            return accept_offer(offer, now=now, heads=4).is_accepted
        except TooFewPlaces:
            return False

    assert sorted(all_at_once([lambda offer=offer: say_yes(offer) for offer in asked])) == [
        False,
        False,
        True,
    ]
    role = role_of(opportunity)
    assert (role.places_taken, role.places_held) == (4, 6)


def test_fifty_times_yes_to_one_question_make_one_placement() -> None:
    now = utc_now()
    opportunity = make_opportunity(places=1)
    offer = make_sent_offer(make_pledge(now), opportunity, now)
    address = reverse("offer_answer", args=[offer_token(offer, now)])

    statuses = all_at_once(
        [lambda: Client().post(address, {"answer": "accept"}).status_code for _ in range(CONNECTIONS)]
    )

    assert statuses == [303] * CONNECTIONS
    assert Placement.objects.count() == 1
    opportunity.refresh_from_db()
    assert occupied(opportunity) == 1
    assert mails("placement_to_confirm").count() == 1


def test_yes_and_no_and_silence_at_once_leave_one_answer(now: datetime) -> None:
    """Whoever comes first decides, and the place is held by a placement or free."""
    opportunity = make_opportunity(places=1)
    offer = make_sent_offer(make_pledge(now), opportunity, now)
    address = reverse("offer_answer", args=[offer_token(offer, utc_now())])
    Offer.objects.update(expires_at=utc_now().replace(year=2099))
    answers = [{"answer": "accept"}, {"answer": "decline", "reason": "time"}] * (CONNECTIONS // 2)

    statuses = all_at_once(
        [lambda answer=answer: Client().post(address, answer).status_code for answer in answers]
    )

    assert statuses == [303] * CONNECTIONS
    offer.refresh_from_db()
    opportunity.refresh_from_db()
    placements = Placement.objects.count()
    assert (offer.status, placements, occupied(opportunity)) in {
        ("accepted", 1, 1),
        ("declined", 0, 0),
    }


def test_people_with_two_questions_each_do_not_block_each_other(now: datetime) -> None:
    """Accepting one gives the other one's place back: two places in one transaction, in either order."""
    first = make_opportunity(places=25, slots=[(0, 900, 960)])
    second = make_opportunity(places=25, slots=[(0, 900, 960)])
    chosen = []
    for number in range(25):
        pledge = make_pledge(now, email=f"person-{number}@example.org")
        offers = [make_sent_offer(pledge, each, now) for each in (first, second)]
        chosen.append(offers[number % 2])

    all_at_once([lambda offer=offer: accept_offer(offer, now=now).status for offer in chosen])

    for opportunity, taken in ((first, 13), (second, 12)):
        opportunity.refresh_from_db()
        assert occupied(opportunity) == taken
    assert Placement.objects.count() == 25
    assert Offer.objects.filter(status=Offer.Status.WITHDRAWN).count() == 25


def test_without_the_guard_the_last_place_is_given_away_many_times(now: datetime) -> None:
    """The negative control: counting first and writing then must overbook, else this file proves nothing."""
    opportunity = make_opportunity(places=1)
    proposals = make_proposals(opportunity, now)
    counted = Barrier(CONNECTIONS)

    def count_then_write(pk: int) -> bool:
        with transaction.atomic():
            taken = Offer.objects.filter(opportunity=opportunity, status=Offer.Status.SENT).count()
            counted.wait(timeout=60)
            if taken >= opportunity.places:
                return False
            rows = Offer.objects.filter(pk=pk)
            rows.update(status=Offer.Status.SENT, sent_at=now, expires_at=now)
            return True

    given = all_at_once([lambda pk=proposal.pk: count_then_write(pk) for proposal in proposals])

    assert sum(given) == CONNECTIONS
    assert Offer.objects.filter(status=Offer.Status.SENT).count() == CONNECTIONS


def test_four_workers_side_by_side_put_each_question_once(now: datetime) -> None:
    """Sixty people, two tasks each, places for a part: what one worker puts, no other puts again."""
    first, second = make_opportunity(places=40, slots=[(0, 900, 960)]), make_opportunity(places=15)
    for number in range(60):
        pledge = make_pledge(now, email=f"person-{number}@example.org")
        for opportunity in (first, second):
            Offer.objects.create(
                pledge=pledge, role=role_of(opportunity), status_changed_at=now, created_at=now
            )

    TimePledge.objects.update(placements_wanted=2)

    put = all_at_once([lambda: send_proposed(now) for _ in range(4)])

    assert sum(put) == 55
    first.refresh_from_db()
    second.refresh_from_db()
    assert (occupied(first), occupied(second)) == (40, 15)
    assert not Offer.objects.filter(status=Offer.Status.PROPOSED).exists()
    assert Offer.objects.filter(status=Offer.Status.SENT).count() == 55
    assert mails("offer").values("key").distinct().count() == 55


@pytest.mark.parametrize("turn", range(4))
def test_of_the_end_of_a_held_place_and_its_acceptance_one_counts(turn: int, now: datetime) -> None:
    opportunity = make_opportunity(places=1, clearance_required=False)
    offer = make_sent_offer(make_pledge(now, wanted=opportunity), opportunity, now)
    assert offer.expires_at is not None
    end = offer.expires_at
    acts: list[Callable[[], object]] = [
        lambda: accept_offer(Offer.objects.get(pk=offer.pk), now=end - timedelta(seconds=1)),
        lambda: expire_due(end),
        lambda: expire_due(end),
    ]
    all_at_once(acts[:: 1 if turn % 2 else -1])
    offer.refresh_from_db()
    opportunity.refresh_from_db()
    held = Placement.objects.filter(status__in=Placement.HOLDING).count()
    assert (offer.status, held, occupied(opportunity)) in [("accepted", 1, 1), ("expired", 0, 0)]
