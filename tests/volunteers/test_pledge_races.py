"""Leaving and saying yes in the same moment: whoever comes first, no place stays taken."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from citizens.services.erasure import erase
from tests.factories import make_opportunity, occupied
from tests.volunteers.pledging import make_pledge, make_sent_offer
from volunteers.models import Offer, Placement, TimePledge
from volunteers.services.answers import accept_offer
from volunteers.services.withdrawals import withdraw_pledge

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs: Callable[[], object]) -> None:
    def run(job: Callable[[], object]) -> None:
        try:
            job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        list(pool.map(run, jobs))


@pytest.mark.parametrize("turn", range(8))
def test_a_yes_and_a_goodbye_leave_no_place_taken(now, turn):
    pledge = make_pledge(now)
    opportunity = make_opportunity(places=1)
    offer = make_sent_offer(pledge, opportunity, now)
    jobs = [
        lambda: accept_offer(Offer.objects.select_related("pledge").get(pk=offer.pk), now=now),
        lambda: withdraw_pledge(TimePledge.objects.get(pk=pledge.pk), now=now),
    ]
    at_once(*(jobs if turn % 2 else reversed(jobs)))
    for row in (pledge, offer, opportunity):
        row.refresh_from_db()
    assert pledge.status == "withdrawn"
    assert offer.status in ("withdrawn", "accepted")
    assert occupied(opportunity) == 0
    assert not Placement.objects.filter(status__in=Placement.HOLDING).exists()


def test_erasing_and_leaving_at_once_is_no_quarrel(now):
    pledge = make_pledge(now)
    opportunity = make_opportunity(places=1)
    make_sent_offer(pledge, opportunity, now)
    at_once(
        lambda: withdraw_pledge(TimePledge.objects.get(pk=pledge.pk), now=now),
        lambda: erase(TimePledge.objects.get(pk=pledge.pk).volunteer.mailbox, now),
    )
    pledge.refresh_from_db()
    opportunity.refresh_from_db()
    assert (pledge.status, occupied(opportunity)) == ("withdrawn", 0)
    assert pledge.volunteer.erased_at == now
