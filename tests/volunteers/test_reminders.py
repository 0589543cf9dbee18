"""One reminder before the first date: in time, once, to the right people."""

from datetime import UTC, date, datetime, timedelta

import pytest

from foundation.sweeps import run
from programs.models import Opportunity, Shift
from tests.factories import make_opportunity, make_shift
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.models import Assignment, Placement

pytestmark = pytest.mark.django_db

MONDAY_THREE = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)
SWEEP = "volunteers.remind_first_shift"


@pytest.fixture
def opportunity() -> Opportunity:
    return make_opportunity("Vorlesen", site="Haus 3", clearance_required=False, places=9)


@pytest.fixture
def placement(opportunity: Opportunity, now: datetime) -> Placement:
    return make_placement(
        make_pledge(now), opportunity, now, Placement.Status.ACTIVE, from_on=date(2026, 3, 2)
    )


def assign(placement: Placement, shift: Shift, now: datetime, status: str = "confirmed") -> Assignment:
    return Assignment.objects.create(placement=placement, shift=shift, status=status, status_changed_at=now)


def test_reminder_comes_between_48_and_24_hours_before_and_once(placement: Placement, now: datetime) -> None:
    assignment = assign(placement, make_shift(placement.opportunity, MONDAY_THREE), now)
    due = MONDAY_THREE - timedelta(hours=48)

    assert run(SWEEP, due - timedelta(seconds=1)) == 0
    assert run(SWEEP, due) == 1
    assert run(SWEEP, due + timedelta(hours=12)) == 0

    assignment.refresh_from_db()
    assert assignment.reminded_at == due
    mail = mails("shift_reminder").get()
    assert mail.key == f"shift.reminder:{assignment.pk}"
    assert mail.subject == "Am Montag geht es los: Vorlesen"
    text = mail.body_text.replace("\u00a0", " ")
    assert "Wann: Montag, 9. März 2026, 15–16:30 Uhr\nWo: Haus 3, " in text
    assert "/meins/" in text


def test_reminder_missed_by_an_outage_is_made_up_for(placement: Placement, now: datetime) -> None:
    assign(placement, make_shift(placement.opportunity, MONDAY_THREE), now)
    assert run(SWEEP, MONDAY_THREE - timedelta(hours=2)) == 1


def test_no_reminder_when_it_helps_nobody_any_more(placement: Placement, now: datetime) -> None:
    assign(placement, make_shift(placement.opportunity, MONDAY_THREE), now)
    assert run(SWEEP, MONDAY_THREE - timedelta(hours=1, minutes=59)) == 0
    assert run(SWEEP, MONDAY_THREE + timedelta(hours=1)) == 0


def test_who_was_confirmed_the_day_before_gets_no_second_mail(placement: Placement, now: datetime) -> None:
    Placement.objects.update(status_changed_at=MONDAY_THREE - timedelta(hours=20))
    assign(placement, make_shift(placement.opportunity, MONDAY_THREE), now)
    assert run(SWEEP, MONDAY_THREE - timedelta(hours=19)) == 0


def test_only_the_first_date_is_reminded_of(placement: Placement, now: datetime) -> None:
    assign(placement, make_shift(placement.opportunity, MONDAY_THREE), now)
    assign(placement, make_shift(placement.opportunity, MONDAY_THREE + timedelta(days=7)), now)
    assert run(SWEEP, MONDAY_THREE - timedelta(hours=36)) == 1
    assert run(SWEEP, MONDAY_THREE + timedelta(days=7) - timedelta(hours=36)) == 0


def test_cancelled_date_is_not_reminded_of_but_the_next_is(placement: Placement, now: datetime) -> None:
    first = make_shift(placement.opportunity, MONDAY_THREE, is_cancelled=True)
    second = make_shift(placement.opportunity, MONDAY_THREE + timedelta(days=7))
    assign(placement, first, now)
    assign(placement, second, now)

    assert run(SWEEP, MONDAY_THREE - timedelta(hours=36)) == 0
    assert run(SWEEP, MONDAY_THREE + timedelta(days=7) - timedelta(hours=36)) == 1
    assert Assignment.objects.get(reminded_at__isnull=False).shift == second


def test_excused_date_is_not_reminded_of_but_the_next_is(placement: Placement, now: datetime) -> None:
    assign(placement, make_shift(placement.opportunity, MONDAY_THREE), now, status="excused")
    assign(placement, make_shift(placement.opportunity, MONDAY_THREE + timedelta(days=7)), now)
    assert run(SWEEP, MONDAY_THREE - timedelta(hours=36)) == 0
    assert run(SWEEP, MONDAY_THREE + timedelta(days=7) - timedelta(hours=36)) == 1


@pytest.mark.parametrize("status", [Placement.Status.ENDED, Placement.Status.CANCELLED])
def test_who_does_not_come_any_more_is_not_reminded(status: str, placement: Placement, now: datetime) -> None:
    assign(placement, make_shift(placement.opportunity, MONDAY_THREE), now)
    Placement.objects.update(status=status)
    assert run(SWEEP, MONDAY_THREE - timedelta(hours=36)) == 0
    assert not mails("shift_reminder").exists()


def test_clock_change_does_not_move_the_reminder(placement: Placement, now: datetime) -> None:
    """The night to 29 March 2026 has 23 hours; 48 hours are 48 hours."""
    monday_after = datetime(2026, 3, 30, 13, 0, tzinfo=UTC)
    assign(placement, make_shift(placement.opportunity, monday_after), now)
    assert run(SWEEP, monday_after - timedelta(hours=48, seconds=1)) == 0
    assert run(SWEEP, monday_after - timedelta(hours=48)) == 1
    assert "15–16:30" in mails("shift_reminder").get().body_text
