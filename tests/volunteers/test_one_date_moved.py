"""One date moves with all who come to it, in two steps; what belongs to the same series stays where it is."""

from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from foundation.clock import LOCAL_ZONE, local_day, utc_now
from foundation.formats import date_long, time_range
from foundation.sweeps import run
from foundation.units import MinuteOfDay
from programs.domain.rhythms import Rhythm
from programs.models import Opportunity, Shift, ShiftSeries
from programs.services.closures import close_days
from programs.services.moving import NotMoved, Slot, move_date
from programs.services.series import change_series, follow_period
from programs.services.shifts import cancel_coming, follow_series, roll_out_due
from tests.factories import make_coordinator, make_opportunity, make_provider, make_youth_office
from tests.lists.rows import client_of
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.models import Assignment, Placement
from volunteers.services.absences import add_absence
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.calendar import placement_calendar

pytestmark = pytest.mark.django_db
TELL = "volunteers.tell_of_changed_dates"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TUESDAY = (1, 15 * 60, 16 * 60)
THIRD, FIFTH, TENTH = date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 10)


def slot(day: date, begin: int, end: int) -> Slot:
    return Slot(day, MinuteOfDay(begin * 60), MinuteOfDay(end * 60))


def hours(shift: Shift) -> tuple[date, int, int]:
    starts_at, ends_at = (each.astimezone(LOCAL_ZONE) for each in (shift.starts_at, shift.ends_at))
    return starts_at.date(), starts_at.hour, ends_at.hour


def coming(task: Opportunity) -> list[tuple[date, int, int]]:
    """Return when the first dates take place."""
    return [hours(each) for each in task.shifts.filter(is_cancelled=False).order_by("starts_at")[:4]]


def expect_somebody(task: Opportunity, now: datetime, *, name: str = "Maria") -> Placement:
    pledge = make_pledge(now, first_name=name, email=f"{name.lower()}@example.org")
    made = make_placement(pledge, task, now, "active", from_on=local_day(now))
    assign_coming_shifts(now, placement=made)
    return made


class TestThePage:
    """A task every week from in three days on, at three; its first date goes to the day after, at five."""

    @pytest.fixture
    def first_on(self) -> date:
        return local_day(utc_now()) + 3 * DAY

    @pytest.fixture
    def task(self, first_on: date) -> Opportunity:
        times = {"slots": [(first_on.weekday(), 900, 960)], "starts_on": first_on}
        task = make_opportunity("Vorlesen", places=9, clearance_required=False, **times)
        follow_series(task, now=utc_now())
        return task

    @pytest.fixture
    def client(self, task: Opportunity) -> Client:
        return client_of(make_coordinator(task.provider))

    def send(self, client: Client, shift: Shift, **said: Any) -> tuple[int, str]:
        address = f"/koordination/angebote/{shift.opportunity_id}/termine/{shift.pk}/verlegen/"
        answer = client.post(address, said, follow=True)
        text = " ".join(unescape(answer.content.decode()).replace("\xa0", " ").split())
        return answer.status_code, text

    def test_shows_who_reads_what_and_moves_that_date_alone(
        self, client: Client, task: Opportunity, first_on: date
    ) -> None:
        expect_somebody(task, utc_now())
        first, second = task.shifts.order_by("starts_at")[:2]
        here = f"/koordination/angebote/{task.pk}/termine/{first.pk}/verlegen/"
        for listed in (f"/koordination/angebote/{task.pk}/", "/koordination/termine/"):
            assert f'href="{here}"' in client.get(listed).content.decode()
        asked = client.get(here).content.decode()
        assert [f'value="{each}"' in asked for each in (f"{first_on}", "15:00", "16:00")] == [True] * 3
        assert "Maria" in asked

        there = {"day": str(first_on + DAY), "begin": "17:00", "end": "18:00"}
        status, look = self.send(client, first, **there)
        was = f"{date_long(first.starts_at)}, {time_range(first.starts_at, first.ends_at)}"
        line = f"statt {was}: {date_long(first_on + DAY)}, 17–18 Uhr".replace("\xa0", " ")
        assert (status, line in look) == (200, True)
        assert "Eine Person bekommt eine Nachricht" in look
        assert hours(Shift.objects.get(pk=first.pk)) == (first_on, 15, 16)

        status, told = self.send(client, first, **there, sure="1")
        assert (status, "Verlegt auf" in told) == (200, True)
        moved = Shift.objects.get(pk=first.pk)
        assert (hours(moved), moved.sequence) == ((first_on + DAY, 17, 18), 1)
        assert coming(task)[1:] == [(first_on + week * 7 * DAY, 15, 16) for week in (1, 2, 3)]
        assert Shift.objects.get(pk=second.pk).sequence == 0
        assert Assignment.objects.filter(shift=moved, status="confirmed").count() == 1
        assert run(TELL, utc_now() + 2 * MINUTE) == 1
        mail = mails("dates_changed").get()
        assert line in mail.body_text.replace("\xa0", " ")
        assert mail.body_text.count("\n- ") == 1

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ({}, "Bitte geben Sie den neuen Tag an."),
            ({"day": "2020-01-01"}, "Diese Zeit ist schon vorbei."),
            ({"begin": "15:00", "end": "16:00"}, "Das ist die Zeit, zu der er schon ist."),
            ({"begin": "15:10", "end": "16:00"}, "Bitte nur volle Viertelstunden angeben."),
            ({"begin": "20:00", "end": "19:00"}, "Das Ende muss nach dem Beginn liegen."),
        ],
    )
    def test_says_what_is_wrong_and_moves_nothing(
        self, client: Client, task: Opportunity, first_on: date, said: dict[str, str], why: str
    ) -> None:
        first = task.shifts.earliest("starts_at")
        usual = {"day": str(first_on), "begin": "17:00", "end": "18:00"} if said else {}
        for sure in ({}, {"sure": "1"}):
            status, told = self.send(client, first, **{**usual, **said, **sure})
            assert (status, why in told) == (422, True)
        assert coming(task)[0] == (first_on, 15, 16)

    def test_of_others_or_over_is_not_there(self, client: Client, task: Opportunity, first_on: date) -> None:
        first, second = task.shifts.order_by("starts_at")[:2]
        Shift.objects.filter(pk=second.pk).update(is_cancelled=True)
        there = {"day": str(first_on), "begin": "17:00", "end": "18:00", "sure": "1"}
        foreign = client_of(make_coordinator(make_provider()))
        assert self.send(foreign, first, **there)[0] == 404
        assert self.send(client, second, **there)[0] == 404
        assert coming(task)[0] == (first_on, 15, 16)
        assert self.send(client_of(make_coordinator(make_youth_office())), first, **there)[0] == 200
        assert coming(task)[0] == (first_on, 17, 18)

    def test_the_form_of_the_task_leaves_it_where_it_is_and_the_other_time_of_that_day_too(
        self, first_on: date
    ) -> None:
        now = utc_now()
        times = [(first_on.weekday(), 900, 960), (first_on.weekday(), 1080, 1140)]
        task = make_opportunity("Vorlesen", slots=times, starts_on=first_on, clearance_required=False)
        follow_series(task, now=now)
        assert move_date(task.shifts.earliest("starts_at"), slot(first_on + DAY, 17, 18), now=now) is None
        expected = [(first_on, 18, 19), (first_on + DAY, 17, 18), (first_on + 7 * DAY, 15, 16)]
        assert coming(task)[:3] == expected
        client = client_of(make_coordinator(task.provider))
        address = f"/koordination/angebote/{task.pk}/bearbeiten/"
        form = client.get(address).context["form"]
        said = {bound.html_name: value for bound in form if (value := bound.value()) not in (None, "", False)}
        assert said["without"] == f"{first_on:%d.%m.%Y}"
        for title in ("Vorlesen und Malen", "Vorlesen"):
            assert client.post(address, {**said, "title": title}).status_code == 302
        task.refresh_from_db()
        assert (task.title, coming(task)[:3]) == ("Vorlesen", expected)
        without = f"{first_on:%d.%m.%Y}, {first_on + 7 * DAY:%d.%m.%Y}"
        assert client.post(address, {**said, "without": without}).status_code == 302
        assert coming(task)[:3] == [*expected[:2], (first_on + 14 * DAY, 15, 16)]


class TestOfASeriesThatRepeats:
    @pytest.fixture
    def task(self, now: datetime) -> Opportunity:
        task = make_opportunity("Vorlesen", slots=[TUESDAY], places=9, clearance_required=False)
        follow_series(task, now=now)
        return task

    def move(self, task: Opportunity, to: Slot, now: datetime) -> NotMoved | None:
        return move_date(task.shifts.filter(is_cancelled=False).earliest("starts_at"), to, now=now)

    def test_it_stays_whatever_becomes_of_the_series(self, task: Opportunity, now: datetime) -> None:
        assert self.move(task, slot(FIFTH, 17, 18), now) is None
        moved = task.shifts.earliest("starts_at").pk
        roll_out_due(now + 8 * DAY)
        follow_series(task, now=now)
        assert coming(task)[:2] == [(FIFTH, 17, 18), (TENTH, 15, 16)]
        series = ShiftSeries.objects.get()
        rhythm = series.rhythm
        change_series(
            task, [Rhythm(rhythm.rule, rhythm.start_minute, MinuteOfDay(990), (), rhythm.without)], now=now
        )
        assert (coming(task)[0], task.shifts.earliest("starts_at").pk) == ((FIFTH, 17, 18), moved)
        task.ends_on = THIRD
        task.save()
        follow_period(task, now=now)
        assert coming(task) == []

    def test_back_again_nothing_is_doubled(self, task: Opportunity, now: datetime) -> None:
        before = coming(task), task.shifts.count()
        assert self.move(task, slot(FIFTH, 17, 18), now) is None
        assert self.move(task, slot(THIRD, 15, 16), now) is None
        roll_out_due(now + 8 * DAY)
        follow_series(task, now=now)
        assert coming(task) == before[0]
        assert ShiftSeries.objects.get().exdates == [THIRD]

    def test_at_a_moment_that_the_series_comes_to_later_it_is_one_date(
        self, task: Opportunity, now: datetime
    ) -> None:
        far = THIRD + timedelta(weeks=9)
        assert self.move(task, slot(far, 15, 16), now) is None
        follow_series(task, now=now + timedelta(weeks=3))
        assert [hours(each) for each in task.shifts.all()].count((far, 15, 16)) == 1

    @pytest.mark.parametrize(
        ("to", "why"),
        [
            (slot(TENTH, 15, 17), NotMoved.TAKEN),
            (slot(TENTH, 14, 16), NotMoved.TAKEN),
            (slot(date(2026, 3, 17), 9, 10), NotMoved.CLOSED),
            (slot(date(2026, 4, 2), 9, 10), NotMoved.OUTSIDE),
            (slot(date(2026, 3, 2), 9, 10), NotMoved.PAST),
            (slot(THIRD, 15, 16), NotMoved.SAME),
        ],
    )
    def test_where_it_cannot_be_it_stays(
        self, task: Opportunity, now: datetime, to: Slot, why: NotMoved
    ) -> None:
        closed = date(2026, 3, 17)
        close_days(task, from_on=closed, until_on=closed, reason="closed", now=now)
        Opportunity.objects.update(ends_on=date(2026, 4, 1))
        assert self.move(task, to, now) == why
        assert coming(task)[0] == (THIRD, 15, 16)
        assert ShiftSeries.objects.get().exdates == []

    def test_what_is_over_or_cancelled_stays(self, task: Opportunity, now: datetime) -> None:
        first, second = task.shifts.order_by("starts_at")[:2]
        Shift.objects.filter(pk=second.pk).update(is_cancelled=True)
        later = datetime(2026, 3, 3, 14, 30, tzinfo=UTC)
        assert move_date(first, slot(FIFTH, 17, 18), now=later) == NotMoved.OVER
        assert move_date(second, slot(FIFTH, 17, 18), now=now) == NotMoved.OVER

    def test_whoever_is_away_then_does_not_come_and_reads_so(self, task: Opportunity, now: datetime) -> None:
        here, away = (expect_somebody(task, now, name=name) for name in ("Ada", "Berta"))
        add_absence(away.pledge, from_on=FIFTH, until_on=FIFTH, now=now)
        assert self.move(task, slot(FIFTH, 17, 18), now) is None
        moved = task.shifts.earliest("starts_at")
        statuses = dict(Assignment.objects.filter(shift=moved).values_list("placement", "status"))
        assert statuses == {here.pk: "confirmed", away.pk: "excused"}

    def test_a_calendar_that_is_asked_again_has_it_once(self, task: Opportunity, now: datetime) -> None:
        placement = expect_somebody(task, now)
        assert self.move(task, slot(FIFTH, 17, 18), now) is None
        events = Calendar.from_ical(placement_calendar(placement, now)).walk("VEVENT")
        series, single = (
            next(each for each in events if ("RRULE" in each) is is_series) for is_series in (True, False)
        )
        left_out = series["EXDATE"]
        days = [
            each.dt.date()
            for every in (left_out if isinstance(left_out, list) else [left_out])
            for each in every.dts
        ]
        assert THIRD in days
        assert single["DTSTART"].dt == datetime(2026, 3, 5, 17, tzinfo=LOCAL_ZONE)
        assert len(events) == 2

    def test_it_ends_with_the_task(self, task: Opportunity, now: datetime) -> None:
        assert self.move(task, slot(FIFTH, 17, 18), now) is None
        cancel_coming(task, now=now)
        assert coming(task) == []


class TestASingleDay:
    def make(self, now: datetime, *days: date) -> Opportunity:
        task = make_opportunity("Fest", slots=[], places=9, clearance_required=False)
        change_series(task, [Rhythm("", MinuteOfDay(900), MinuteOfDay(960), days)], now=now)
        return task

    def kept(self, task: Opportunity) -> list[tuple[int, int, list[date]]]:
        rows = task.series.order_by("start_minute")
        return [(each.start_minute, each.end_minute, each.rdates) for each in rows]

    @pytest.mark.parametrize(
        ("to", "expected"),
        [
            (slot(FIFTH, 15, 16), [(900, 960, [FIFTH, TENTH])]),
            (slot(FIFTH, 17, 18), [(900, 960, [TENTH]), (1020, 1080, [FIFTH])]),
            (slot(THIRD, 17, 18), [(900, 960, [TENTH]), (1020, 1080, [THIRD])]),
        ],
    )
    def test_is_a_single_day_at_its_new_time(
        self, now: datetime, to: Slot, expected: list[tuple[int, int, list[date]]]
    ) -> None:
        task = self.make(now, THIRD, TENTH)
        first = task.shifts.earliest("starts_at")
        assert move_date(first, to, now=now) is None
        assert self.kept(task) == expected
        follow_series(task, now=now)
        assert [each.pk for each in task.shifts.filter(starts_at=to.span[0])] == [first.pk]
        assert (task.shifts.count(), len(coming(task))) == (2, 2)
        assert len({(each.weekday, each.start_minute) for each in task.slots.all()}) == len(task.slots.all())

    def test_the_only_one_moves_and_nothing_is_left(self, now: datetime) -> None:
        task = self.make(now, THIRD)
        assert move_date(task.shifts.get(), slot(FIFTH, 17, 18), now=now) is None
        assert self.kept(task) == [(1020, 1080, [FIFTH])]
        follow_series(task, now=now)
        assert coming(task) == [(FIFTH, 17, 18)]


def test_who_saw_it_before_somebody_moved_it_moves_it_from_where_it_is(now: datetime) -> None:
    task = make_opportunity("Vorlesen", slots=[TUESDAY], clearance_required=False)
    follow_series(task, now=now)
    seen = task.shifts.earliest("starts_at")
    assert move_date(seen, slot(FIFTH, 17, 18), now=now) is None
    assert move_date(seen, slot(FIFTH, 9, 10), now=now) is None
    assert coming(task)[:2] == [(FIFTH, 9, 10), (TENTH, 15, 16)]
    assert ShiftSeries.objects.get().exdates == [THIRD]
