"""Several workers remind side by side: nobody waits for another, and nobody is written to twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from tests.factories import make_opportunity, make_shift
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.models import Assignment, Volunteer
from volunteers.services import reminders
from volunteers.services.reminders import remind_of_dates

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 7


def remind_in_another_connection(now: datetime, start: Barrier | None = None) -> int:
    try:
        connection.ensure_connection()
        if start:
            start.wait(timeout=60)
        return remind_of_dates(now)
    finally:
        connections.close_all()


@pytest.fixture
def due(now: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The moment at which seven people are due to be reminded, two of them at once."""
    monkeypatch.setattr(reminders, "PEOPLE_AT_ONCE", 2)
    task = make_opportunity("Vorlesen", places=PEOPLE, clearance_required=False)
    shift = make_shift(task, now + timedelta(days=7))
    for number in range(PEOPLE):
        pledge = make_pledge(now, email=f"p{number}@example.org", first_name=f"Kim{number}")
        placement = make_placement(pledge, task, now, "active", from_on=date(2026, 3, 2))
        Assignment.objects.create(placement=placement, shift=shift, status_changed_at=now)
    return now + timedelta(days=5)


def test_four_at_once_write_once_to_everybody(due: datetime) -> None:
    start = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(lambda _number: remind_in_another_connection(due, start), range(4)))
    written.append(remind_of_dates(due))  # whom two workers looked at in the same moment
    assert sum(written) == PEOPLE
    addresses = sorted(mails("shift_reminder").values_list("to_email", flat=True))
    assert addresses == [f"p{number}@example.org" for number in range(PEOPLE)]
    assert not Assignment.objects.filter(reminded_at=None).exists()


def test_whom_somebody_holds_is_left_to_the_next_run_and_keeps_nobody_waiting(due: datetime) -> None:
    held = Volunteer.objects.order_by("pk")[2]
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Volunteer.objects.select_for_update().get(pk=held.pk)
            assert pool.submit(remind_in_another_connection, due).result(timeout=60) == PEOPLE - 1
        assert not mails("shift_reminder").filter(to_email=held.mailbox.email).exists()
        assert pool.submit(remind_in_another_connection, due).result(timeout=60) == 1
