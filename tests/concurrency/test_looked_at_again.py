"""A sweep that waits for somebody's row looks at it again: what became of it meanwhile counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from time import sleep
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models import QuerySet

from donations.domain.references import reference_of
from donations.models import Donation, TransferReference
from donations.services.bank.transfers import Credit, record_bank_transfer
from foundation.sweeps import run
from foundation.units import Cents
from outbox.models import Message
from programs.models import Opportunity
from tests.donations.gifts import make_donation
from tests.factories import make_fund, make_opportunity
from tests.volunteers.pledging import (
    TUESDAY_AFTERNOON,
    mails,
    make_placement,
    make_pledge,
    make_sent_offer,
)
from volunteers.models import Clearance, HoursEntry, Offer, Placement, TimePledge, Volunteer
from volunteers.services.dateless import stay
from volunteers.services.pauses import pause_pledge
from volunteers.services.pledges import Person, confirm_pledge, record_pledge
from volunteers.services.wishes import Wishes

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = """
SELECT EXISTS (
    SELECT FROM pg_locks AS waiting JOIN pg_locks AS own USING (pid)
    JOIN pg_database ON pg_database.oid = own.database
    WHERE NOT waiting.granted AND datname = current_database()
)
"""


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def waits(name: str, at: datetime, held: QuerySet[Any], meanwhile: Callable[[], object]) -> int | None:
    """Let the sweep wait for these rows while `meanwhile` is done; return what the sweep returns."""

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            list(held.select_for_update())
            running = pool.submit(at_another_connection, name, at)
            while not running.done() and not somebody_waits():
                sleep(0.01)
            assert not running.done()
            meanwhile()
        return running.result(timeout=60)


@pytest.fixture
def task(now: datetime) -> Opportunity:
    return make_opportunity("Vorlesen", clearance_required=False, slots=[])


@pytest.mark.parametrize(("asked_on", "today"), [(None, (2026, 8, 19)), (date(2026, 8, 19), (2026, 9, 2))])
def test_who_says_that_they_stay_is_neither_asked_nor_ended(
    asked_on: date | None, today: tuple[int, int, int], task: Opportunity, now: datetime
) -> None:
    at = datetime(*today, 0, 30, tzinfo=UTC)
    placement = make_placement(make_pledge(now), task, now, "active", from_on=date(2026, 3, 2))
    Placement.objects.update(asked_to_stay_on=asked_on)
    assert waits("volunteers.end_dateless", at, Volunteer.objects.all(), lambda: stay(placement, now=at)) == 0
    placement.refresh_from_db()
    assert (placement.status, placement.asked_to_stay_on) == ("active", asked_on)
    assert not mails("placement_silent").exists()


def test_an_inspection_of_somebody_who_came_is_kept(task: Opportunity, now: datetime) -> None:
    placement = make_placement(make_pledge(now), task, now, "ended")
    Clearance.objects.create(volunteer=placement.volunteer, opportunity=task, certificate_on=date(2026, 2, 1))

    def came() -> None:
        HoursEntry.objects.create(placement=placement, worked_on=date(2026, 3, 1), minutes=60, created_at=now)

    assert waits("volunteers.purge_clearances", now, Volunteer.objects.all(), came) == 0
    assert Clearance.objects.count() == 1
    HoursEntry.objects.all().delete()
    assert run("volunteers.purge_clearances", now) == 1


@pytest.mark.parametrize("days", [14, 60])
def test_a_gift_that_comes_is_neither_reminded_of_nor_let_go(days: int, now: datetime) -> None:
    fund = make_fund()
    gift = make_donation(fund, method="transfer", pledged_at=now)
    code = reference_of(gift.public_id, 0)
    TransferReference.objects.create(donation=gift, reference=code)
    credit = Credit(date(2026, 3, 16), Cents(gift.amount_cents), "Ada Beispiel", code)
    at = now + timedelta(days=days)

    def comes() -> None:
        record_bank_transfer(fund.provider, credit, recorded_by=None, now=at)

    assert waits("donations.unpaid", at, Donation.objects.all(), comes) == 0
    gift.refresh_from_db()
    assert (gift.status, gift.amount_cents) == ("received", credit.amount_cents)
    assert list(Message.objects.values_list("template", flat=True)) == ["gift_thanks"]


def test_who_names_a_later_day_goes_on_resting(now: datetime) -> None:
    pledge = make_pledge(now)
    assert pause_pledge(pledge, until=date(2026, 3, 9), now=now)
    at, later = datetime(2026, 3, 9, 6, tzinfo=UTC), date(2026, 4, 9)

    def rest_longer() -> None:
        assert pause_pledge(pledge, until=later, now=at)

    assert waits("volunteers.resume_paused", at, Volunteer.objects.all(), rest_longer) == 0
    pledge.refresh_from_db()
    assert (pledge.status, pledge.paused_until) == ("paused", later)
    assert not mails("pledge_resumed").exists()


def test_who_is_just_asked_is_not_told_that_nothing_was_found(task: Opportunity, now: datetime) -> None:
    pledge = make_pledge(now)
    at = now + timedelta(days=30)

    def ask() -> None:
        make_sent_offer(pledge, task, at)

    assert waits("volunteers.escalate_unanswered", at, Volunteer.objects.all(), ask) == 0
    pledge.refresh_from_db()
    assert pledge.escalated_at is None
    assert not mails("pledge_still_looking").exists()
    Offer.objects.all().delete()
    assert run("volunteers.escalate_unanswered", at) == 1


def test_what_is_just_confirmed_is_not_deleted(now: datetime) -> None:
    """Nor do the two wait for each other in a circle: one has the person, the other the pledge."""
    wishes = Wishes(times=(TUESDAY_AFTERNOON,))
    typed = record_pledge(Person(first_name="Paul", email="paul@example.org"), wishes, now=now)
    at = now + timedelta(days=8)
    with transaction.atomic():
        assert confirm_pledge(typed, now=at)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(at_another_connection, "volunteers.delete_unconfirmed", at).result(60) == 0
    assert TimePledge.objects.get().status == "open"


def at_another_connection(name: str, at: datetime) -> int | None:
    try:
        return run(name, at)
    finally:
        connections.close_all()
