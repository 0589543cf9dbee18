"""Reminders before dates: in time, once, to the right people, as they and the task wish."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.clock import utc_now
from foundation.sweeps import run
from programs.models import Opportunity, Shift
from programs.services.shifts import follow_series
from tests.factories import make_opportunity, make_shift, retime
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.models import Assignment, Placement, Volunteer
from volunteers.services.assignments import assign_coming_shifts

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
    assert mail.key == f"shift.reminder:{assignment.volunteer_id}:2026-03-07"
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
    Placement.objects.update(status=status, status_changed_at=MONDAY_THREE)
    assert run(SWEEP, MONDAY_THREE - timedelta(hours=36)) == 0
    assert not mails("shift_reminder").exists()


def test_clock_change_does_not_move_the_reminder(placement: Placement, now: datetime) -> None:
    """The night to 29 March 2026 has 23 hours; 48 hours are 48 hours."""
    monday_after = datetime(2026, 3, 30, 13, 0, tzinfo=UTC)
    assign(placement, make_shift(placement.opportunity, monday_after), now)
    assert run(SWEEP, monday_after - timedelta(hours=48, seconds=1)) == 0
    assert run(SWEEP, monday_after - timedelta(hours=48)) == 1
    assert "15–16:30" in mails("shift_reminder").get().body_text


WEEK = timedelta(days=7)
DAY_BEFORE = timedelta(hours=36)


def reminded_of(placement: Placement, weeks: list[int], now: datetime) -> list[int]:
    """Let the sweep run before every date of these weeks; return the weeks it reminded of."""
    found = []
    for week in weeks:
        assign(placement, make_shift(placement.opportunity, MONDAY_THREE + week * WEEK), now)
    for week in weeks:
        if run(SWEEP, MONDAY_THREE + week * WEEK - DAY_BEFORE):
            found.append(week)
    return found


@pytest.mark.parametrize(
    ("wish", "demanded", "expected"),
    [
        ("first", False, [0, 6]),
        ("each", False, [0, 1, 2, 6]),
        ("none", False, []),
        ("first", True, [0, 1, 2, 6]),
        ("none", True, []),
    ],
)
def test_reminds_as_the_person_and_the_task_wish(
    placement: Placement, now: datetime, wish: str, demanded: bool, expected: list[int]
) -> None:
    """Week 6 comes after four weeks without a date."""
    Volunteer.objects.update(reminders=wish)
    Opportunity.objects.update(reminds_each=demanded)
    assert reminded_of(placement, [0, 1, 2, 6], now) == expected


def test_a_break_is_four_weeks_whatever_the_clocks_do(placement: Placement, now: datetime) -> None:
    after_26_days = MONDAY_THREE + timedelta(days=26)
    after_four_weeks = MONDAY_THREE + timedelta(days=27 + 27) - timedelta(hours=1)
    for moment in (MONDAY_THREE, after_26_days, after_four_weeks):
        assign(placement, make_shift(placement.opportunity, moment), now)
    assert [
        run(SWEEP, moment - DAY_BEFORE) for moment in (MONDAY_THREE, after_26_days, after_four_weeks)
    ] == [1, 0, 1]
    later = mails("shift_reminder").latest("pk")
    assert later.subject == "Am Samstag: Vorlesen"
    assert "bald ist Ihr nächster Termin:" in later.body_text


def test_a_date_cancelled_or_given_back_is_no_date_before(placement: Placement, now: datetime) -> None:
    gone = make_shift(placement.opportunity, MONDAY_THREE, is_cancelled=True)
    assign(placement, gone, now)
    assign(placement, make_shift(placement.opportunity, MONDAY_THREE + WEEK), now, status="excused")
    assign(placement, make_shift(placement.opportunity, MONDAY_THREE + 2 * WEEK), now)
    assert run(SWEEP, MONDAY_THREE + 2 * WEEK - DAY_BEFORE) == 1
    assert mails("shift_reminder").get().subject == "Am Montag geht es los: Vorlesen"


def test_one_mail_a_day_tells_of_all_dates_and_what_comes_due_later_waits_a_day(
    placement: Placement, now: datetime
) -> None:
    Volunteer.objects.update(reminders="each")
    other = make_opportunity("Kochen", site="Küche", clearance_required=False)
    second = make_placement(placement.pledge, other, now, Placement.Status.ACTIVE, from_on=date(2026, 3, 2))
    assign(placement, make_shift(placement.opportunity, MONDAY_THREE), now)
    assign(second, make_shift(other, MONDAY_THREE + timedelta(hours=3)), now)
    late = assign(second, make_shift(other, MONDAY_THREE + timedelta(hours=8)), now)
    due = MONDAY_THREE + timedelta(hours=3) - timedelta(hours=48)

    assert run(SWEEP, due) == 1
    mail = mails("shift_reminder").get()
    assert mail.subject == "Ihre nächsten Termine ab Montag"
    text = mail.body_text.replace("\u00a0", " ")
    assert text.index("Vorlesen\nWann: Montag, 9. März 2026, 15–16:30 Uhr\nWo: Haus 3") < text.index(
        "Kochen\nWann: Montag, 9. März 2026, 18–19:30 Uhr\nWo: Küche"
    )
    assert "/termine.ics" in text

    assert run(SWEEP, due + timedelta(hours=5)) == 0
    assert run(SWEEP, due + timedelta(hours=12)) == 1
    late.refresh_from_db()
    assert late.reminded_at == due + timedelta(hours=12)
    assert "Vorlesen" not in mails("shift_reminder").latest("pk").body_text


@pytest.mark.parametrize(("weekday", "again"), [(3, True), (1, False)])
def test_a_date_moved_days_away_is_reminded_of_anew(now: datetime, weekday: int, again: bool) -> None:
    task = make_opportunity("Vorlesen", slots=[(0, 15 * 60, 16 * 60)], clearance_required=False)
    follow_series(task, now=now)
    placement = make_placement(make_pledge(now), task, now, "active", from_on=date(2026, 3, 9))
    assign_coming_shifts(now, placement=placement)
    first = Shift.objects.get(starts_at=MONDAY_THREE)
    assert run(SWEEP, MONDAY_THREE - timedelta(hours=30)) == 1
    retime(task, [(weekday, 15 * 60, 16 * 60)], MONDAY_THREE - timedelta(hours=29))
    first.refresh_from_db()
    assert first.starts_at == MONDAY_THREE + timedelta(days=weekday)
    assert run(SWEEP, first.starts_at - timedelta(hours=30)) == int(again)
    assert mails("shift_reminder").count() == 1 + again
    assert run("volunteers.tell_of_changed_dates", first.starts_at) == 1


def test_what_comes_due_on_the_day_a_date_of_its_reminder_is_moved_waits_a_day_and_is_told(
    now: datetime,
) -> None:
    task = make_opportunity("Vorlesen", slots=[(0, 15 * 60, 16 * 60)], clearance_required=False)
    follow_series(task, now=now)
    placement = make_placement(make_pledge(now), task, now, "active", from_on=date(2026, 3, 9))
    assign_coming_shifts(now, placement=placement)
    other = make_opportunity("Kochen", site="Küche", clearance_required=False)
    second = make_placement(placement.pledge, other, now, Placement.Status.ACTIVE, from_on=date(2026, 3, 2))
    late = assign(second, make_shift(other, MONDAY_THREE + timedelta(hours=5)), now)
    assert run(SWEEP, MONDAY_THREE - timedelta(hours=48)) == 1
    retime(task, [(4, 15 * 60, 16 * 60)], MONDAY_THREE - timedelta(hours=47))

    assert run(SWEEP, MONDAY_THREE - timedelta(hours=43)) == 0
    late.refresh_from_db()
    assert late.reminded_at is None
    assert run(SWEEP, MONDAY_THREE - timedelta(hours=36)) == 1
    first, again = mails("shift_reminder")
    assert ("Vorlesen" in first.body_text, "Kochen" in first.body_text) == (True, False)
    assert ("Vorlesen" in again.body_text, "Kochen" in again.body_text) == (False, True)


def test_what_is_cancelled_meanwhile_is_not_told_of(placement: Placement, now: datetime) -> None:
    Volunteer.objects.update(reminders="each")
    for hours in (0, 3):
        assign(placement, make_shift(placement.opportunity, MONDAY_THREE + timedelta(hours=hours)), now)
    Shift.objects.filter(starts_at=MONDAY_THREE).update(is_cancelled=True)
    assert run(SWEEP, MONDAY_THREE - DAY_BEFORE) == 1
    text = mails("shift_reminder").get().body_text
    assert "18–19:30" in text
    assert "15–16:30" not in text


class TestChoosing:
    @pytest.fixture
    def token(self, placement: Placement) -> str:
        return my_page_token(placement.volunteer.mailbox, utc_now())

    def test_on_the_own_page(self, client: Client, placement: Placement, token: str) -> None:
        address = reverse("my_person", args=[token, placement.volunteer_id])
        shown = client.get(address).context["form"]
        assert shown["reminders"].value() == "first"
        said = {"first_name": "Maria", "is_adult": "adult"}
        assert client.post(address, {**said, "reminders": "each"}).status_code == 303
        assert Volunteer.objects.get().reminders == "each"
        assert client.post(address, said).status_code == 303
        assert Volunteer.objects.get().reminders == "each"
        assert client.post(address, {**said, "reminders": "never"}).status_code == 422

    def test_in_the_settings_for_everybody_of_the_mailbox(
        self, client: Client, placement: Placement, token: str, now: datetime
    ) -> None:
        own = placement.volunteer
        other = Volunteer.objects.create(
            first_name="Jonas", mailbox=own.mailbox, created_at=now, confirmed_at=now
        )
        address = reverse("my_settings", args=[token])
        assert "Wann sollen wir Jonas an Termine erinnern?" in client.get(address).content.decode()
        sent = {"wanted": ["termine"], f"reminders_{own.pk}": "none", f"reminders_{other.pk}": "each"}
        assert client.post(address, sent).status_code == 303
        assert dict(Volunteer.objects.values_list("pk", "reminders")) == {own.pk: "none", other.pk: "each"}

        sent |= {f"reminders_{own.pk}": "each", f"reminders_{other.pk}": "gold"}
        assert client.post(address, sent).status_code == 422
        assert dict(Volunteer.objects.values_list("pk", "reminders")) == {own.pk: "none", other.pk: "each"}

    def test_is_among_what_is_stored(self, client: Client, token: str) -> None:
        page = client.get(reverse("my_data", args=[token])).content.decode()
        assert "vor dem ersten Termin und nach vier Wochen Pause" in page
