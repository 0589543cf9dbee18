"""Nobody is active on paper alone: asked 14 days before, ended six months after the last date, to the day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.actors import staff
from foundation.clock import local_day, utc_now
from foundation.models import Event
from foundation.sweeps import run
from programs.models import Opportunity
from tests.factories import make_opportunity, make_shift
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.models import Clearance, Placement
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.clearances import record_clearance
from volunteers.services.hours import record_attendance
from volunteers.services.withdrawals import withdraw_pledge

pytestmark = pytest.mark.django_db
BEGIN = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
COORDINATOR, OFFICER = staff(1, "coordinator"), staff(2, "safeguarding_officer")
SWEEP = "volunteers.end_dateless"
ONCE_INSPECTED = ("awaiting_clearance", "on_hold")


@pytest.fixture
def task() -> Opportunity:
    return make_opportunity("Vorlesen", starts_on=BEGIN.date(), places=2)


def inspected(task: Opportunity, *days: date) -> Placement:
    """Somebody who was inspected on 1 December and is expected on these days at three in the afternoon."""
    waiting = make_placement(make_pledge(BEGIN), task, BEGIN, "awaiting_clearance")
    for day in days:
        make_shift(task, datetime(day.year, day.month, day.day, 14, 0, tzinfo=UTC))
    assert record_clearance(waiting, certificate_on=date(2025, 11, 20), actor=OFFICER, now=BEGIN)
    return Placement.objects.select_related("pledge", "volunteer__mailbox").get(pk=waiting.pk)


def note(placement: Placement, day: date, outcome: str) -> None:
    row = placement.assignments.get(shift__starts_at__date=day)
    assert record_attendance(row, outcome=outcome, actor=COORDINATOR, now=row.shift.ends_at)


def night(year: int, month: int, day: int) -> datetime:
    """Just after midnight in Düren."""
    return datetime(year, month, day, 0, 30, tzinfo=UTC)


def status(placement: Placement) -> str:
    return Placement.objects.values_list("status", flat=True).get(pk=placement.pk)


def tells_of_an_inspection(placement: Placement) -> bool:
    lines = Event.objects.filter(model__in=["placement", "assignment"])
    told = lines.filter(from_status__in=ONCE_INSPECTED) | lines.filter(to_status__in=ONCE_INSPECTED)
    return told.exists() or Clearance.objects.exists() or mails("placement_waits_again").exists()


class TestSixMonths:
    def test_asked_a_fortnight_before_and_ended_to_the_day(self, task: Opportunity) -> None:
        placement = inspected(task, date(2026, 1, 5))
        note(placement, date(2026, 1, 5), "attended")
        assert run(SWEEP, night(2026, 6, 20)) == 0
        assert not mails("placement_silent").exists()
        for day in (21, 22, 30):
            assert run(SWEEP, night(2026, 6, day)) == 0
        asked = mails("placement_silent").get()
        assert "bis 4. Juli 2026" in asked.body_text
        assert "/meins/" in asked.body_text
        assert run(SWEEP, night(2026, 7, 4)) == 0
        assert status(placement) == "active"
        assert run(SWEEP, night(2026, 7, 5)) == 1
        assert status(placement) == "ended"
        assert mails("placement_ended").count() == 1
        assert run("volunteers.purge_clearances", night(2026, 7, 5)) == 1
        assert not tells_of_an_inspection(placement)
        assert run(SWEEP, night(2026, 7, 6)) == 0

    def test_a_coming_date_and_a_missed_one_are_dates(self, task: Opportunity) -> None:
        placement = inspected(task, date(2026, 1, 5), date(2026, 5, 4), date(2026, 12, 7))
        note(placement, date(2026, 1, 5), "attended")
        note(placement, date(2026, 5, 4), "excused")
        assert run(SWEEP, night(2026, 10, 30)) == 0
        assert not mails("placement_silent").exists()
        task.shifts.filter(starts_at__date=date(2026, 12, 7)).update(is_cancelled=True)
        assert run(SWEEP, night(2026, 11, 3)) == 0
        said = mails("placement_silent").get().body_text
        assert "bis 16. November 2026" in said
        assert (
            "haben Sie dafür ein Führungszeugnis gezeigt, löschen wir, was wir dazu festgehalten haben"
            in said
        )
        assert run(SWEEP, night(2026, 11, 16)) == 0
        assert run(SWEEP, night(2026, 11, 17)) == 1

    def test_by_arrangement_the_hours_that_were_noted_count(self, task: Opportunity) -> None:
        placement = inspected(task)
        placement.hours.create(worked_on=date(2026, 3, 2), minutes=60, created_at=BEGIN)
        assert run(SWEEP, night(2026, 8, 18)) == 0
        assert not mails("placement_silent").exists()
        assert run(SWEEP, night(2026, 8, 19)) == 0
        assert run(SWEEP, night(2026, 9, 1)) == 0
        assert run(SWEEP, night(2026, 9, 2)) == 1

    def test_who_never_had_a_date_ends_six_months_after_the_first_day(self, task: Opportunity) -> None:
        placement = inspected(task)
        assert run(SWEEP, night(2026, 5, 18)) == 0
        assert run(SWEEP, night(2026, 5, 31)) == 0
        assert run(SWEEP, night(2026, 6, 1)) == 1
        assert (status(placement), Clearance.objects.count()) == ("ended", 0)
        assert not tells_of_an_inspection(placement)

    def test_who_waits_again_for_an_inspection_does_not_wait_for_ever(self, task: Opportunity) -> None:
        placement = inspected(task)
        Placement.objects.update(status="awaiting_clearance", status_changed_at=night(2026, 2, 1))
        assert run(SWEEP, night(2026, 5, 18)) == 0
        assert run(SWEEP, night(2026, 5, 31)) == 0
        assert run(SWEEP, night(2026, 6, 1)) == 1
        assert status(placement) == "ended"

    def test_three_years_of_silence_leave_nothing(self, task: Opportunity) -> None:
        placement = inspected(task, date(2026, 1, 5))
        note(placement, date(2026, 1, 5), "attended")
        late = night(2028, 12, 1)
        assert (run(SWEEP, late), run("volunteers.purge_clearances", late)) == (0, 1)
        assert (status(placement), Clearance.objects.count()) == ("awaiting_clearance", 0)
        assert "bis 14. Dezember 2028" in mails("placement_silent").get().body_text
        assert run(SWEEP, night(2028, 12, 14)) == 0
        assert run(SWEEP, night(2028, 12, 15)) == 1
        assert status(placement) == "ended"
        assert not tells_of_an_inspection(placement)


class TestStaying:
    def silent(self) -> Placement:
        today = utc_now()
        task = make_opportunity("Vorlesen", clearance_required=False, slots=[])
        begun = local_day(today) - timedelta(days=175)
        made = make_placement(make_pledge(today), task, today, "active", from_on=begun)
        Placement.objects.update(status_changed_at=today - timedelta(days=175))
        return made

    def test_the_button_on_the_own_page_begins_the_months_anew(self, client: Client) -> None:
        placement, today = self.silent(), utc_now()
        assert run(SWEEP, today) == 0
        assert mails("placement_silent").count() == 1
        token = my_page_token(placement.volunteer.mailbox, today)
        address = reverse("placement_stay", args=[token, placement.pk])
        assert address in client.get(reverse("my_page", args=[token])).content.decode()
        answer = client.post(address, follow=True)
        assert "Schön, dass Sie dabei bleiben." in answer.content.decode()
        assert run(SWEEP, today + timedelta(days=20)) == 0
        assert status(placement) == "active"
        assert run(SWEEP, today + timedelta(days=172)) == 0
        assert mails("placement_silent").count() == 2
        assert run(SWEEP, today + timedelta(days=186)) == 1

    def test_somebody_else_cannot_say_it(self, client: Client) -> None:
        placement = self.silent()
        other = make_pledge(utc_now(), email="ali@example.org")
        token = my_page_token(other.volunteer.mailbox, utc_now())
        assert client.post(reverse("placement_stay", args=[token, placement.pk])).status_code == 404
        placement.refresh_from_db()
        assert placement.stays_since_on is None

    def test_it_does_not_keep_an_inspection_longer_than_the_law(self, task: Opportunity) -> None:
        placement = inspected(task, date(2026, 1, 5))
        note(placement, date(2026, 1, 5), "attended")
        assert run(SWEEP, night(2026, 6, 21)) == 0
        Placement.objects.update(stays_since_on=date(2026, 6, 25))
        assert run(SWEEP, night(2026, 7, 5)) == 0
        assert run("volunteers.purge_clearances", night(2026, 7, 5)) == 1
        assert (status(placement), Clearance.objects.count()) == ("awaiting_clearance", 0)


class TestNeverExercised:
    """Without an attended date everything that tells of the inspection goes at once."""

    def test_every_date_missed_and_none_to_come(self, task: Opportunity) -> None:
        placement = inspected(task, date(2025, 12, 8), date(2025, 12, 15))
        note(placement, date(2025, 12, 8), "excused")
        note(placement, date(2025, 12, 15), "missed")
        assert run(SWEEP, night(2025, 12, 16)) == 1
        assert (status(placement), Clearance.objects.count()) == ("ended", 0)
        assert not tells_of_an_inspection(placement)

    @pytest.mark.parametrize(
        ("first", "second"), [("attended", "missed"), ("missed", ""), ("excused", "excused")]
    )
    def test_one_attended_not_noted_or_only_excused_is_no_reason(
        self, task: Opportunity, first: str, second: str
    ) -> None:
        placement = inspected(task, date(2025, 12, 8), date(2025, 12, 15))
        for day, outcome in ((8, first), (15, second)):
            if outcome:
                note(placement, date(2025, 12, day), outcome)
        assert run(SWEEP, night(2025, 12, 16)) == 0
        assert (status(placement), Clearance.objects.count()) == ("active", 1)

    def test_a_date_to_come_is_a_chance(self, task: Opportunity) -> None:
        placement = inspected(task, date(2025, 12, 8), date(2026, 1, 12))
        note(placement, date(2025, 12, 8), "missed")
        assert run(SWEEP, night(2025, 12, 16)) == 0
        assert assign_coming_shifts(night(2025, 12, 16)) == 0
        assert status(placement) == "active"

    def test_withdrawn_on_the_same_day(self, task: Opportunity) -> None:
        placement = inspected(task, date(2025, 12, 8))
        assert withdraw_pledge(placement.pledge, now=BEGIN + timedelta(hours=3))
        assert not tells_of_an_inspection(placement)
