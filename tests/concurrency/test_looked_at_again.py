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
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.models import Clearance, HoursEntry, Placement, Volunteer
from volunteers.services.dateless import stay

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

    def sweep() -> int | None:
        try:
            return run(name, at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            list(held.select_for_update())
            running = pool.submit(sweep)
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
