"""The series is the truth: dates move with it, holidays have none, the weekly slots follow."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from accounts.models import User
from foundation.sweeps import run
from programs.domain.refusals import Refusal
from programs.domain.rhythms import Rhythm, rule_of
from programs.models import DatesToFollow, Opportunity, SchoolHoliday, ShiftSeries, WeeklySlot
from programs.services.publishing import close, resume
from programs.services.school_holidays import FOLLOW, school_holidays_changed
from programs.services.series import change_series
from programs.services.shifts import follow_series
from tests.factories import (
    asking,
    make_coordinator,
    make_district,
    make_opportunity,
    make_provider,
    weekly,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TUESDAYS = [date(2026, 3, 3) + timedelta(weeks=number) for number in range(8)]


@pytest.fixture
def task(now: datetime) -> Opportunity:
    """Every Tuesday from 15 to 16:30 o'clock, eight dates."""
    found = make_opportunity("Vorlesen")
    follow_series(found, now=now)
    return found


def rhythm(repeat: str = "weekly", weekday: int = 1, start: int = 900, end: int = 990, **more: Any) -> Rhythm:
    return Rhythm(rule_of(repeat, weekday), start, end, **more)


def single(*days: date, start: int = 900, end: int = 990) -> Rhythm:
    return Rhythm("", start, end, days)


def rows(task: Opportunity) -> dict[int, tuple[datetime, bool, int]]:
    found = task.shifts.order_by("starts_at").values_list("pk", "starts_at", "is_cancelled", "sequence")
    return {key: tuple(values) for key, *values in found}


def days(task: Opportunity) -> list[date]:
    taking_place = task.shifts.filter(is_cancelled=False).order_by("starts_at")
    return [start.date() for start in taking_place.values_list("starts_at", flat=True)]


def slots(task: Opportunity) -> list[tuple[int, int, int, int]]:
    columns = ("weekday", "start_minute", "end_minute", "in_four_weeks")
    return list(WeeklySlot.objects.filter(opportunity=task).values_list(*columns))


class TestChanging:
    def test_every_second_week_keeps_every_second_date_and_lets_the_others_go(
        self, task: Opportunity, now: datetime
    ) -> None:
        before, series = rows(task), ShiftSeries.objects.get()
        assert change_series(task, [rhythm("fortnightly")], now=now)
        # counted from the first Tuesday of the task, 6 January
        assert days(task) == [TUESDAYS[number] for number in (0, 2, 4, 6)]
        after = rows(task)
        assert after.keys() == before.keys()
        assert [row[2] for row in after.values()] == [0, 1] * 4
        changed = ShiftSeries.objects.get()
        assert (changed.pk, changed.rrule) == (series.pk, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
        assert changed.sequence == 1
        assert slots(task) == [(1, 900, 990, 2)]

        assert change_series(task, [rhythm()], now=now)
        assert days(task) == TUESDAYS
        assert rows(task).keys() == before.keys()
        assert slots(task) == [(1, 900, 990, 4)]

    def test_nothing_new_changes_nothing(self, task: Opportunity, now: datetime) -> None:
        before = (rows(task), ShiftSeries.objects.values().get())
        assert not change_series(task, [rhythm()], now=now)
        assert (rows(task), ShiftSeries.objects.values().get()) == before

    def test_each_last_friday_over_midnight(self, task: Opportunity, now: datetime) -> None:
        change_series(task, [rhythm("-1", 4, 1320, 1560)], now=now)
        taking_place = task.shifts.filter(is_cancelled=False).order_by("starts_at")
        assert list(taking_place.values_list("starts_at", "ends_at")) == [
            (datetime(2026, 3, 27, 21, tzinfo=UTC), datetime(2026, 3, 28, 1, tzinfo=UTC)),
            (datetime(2026, 4, 24, 20, tzinfo=UTC), datetime(2026, 4, 25, 0, tzinfo=UTC)),
        ]
        assert slots(task) == [(4, 1320, 1440, 1), (5, 0, 120, 1)]

    def test_single_days_are_there_at_once_and_move_one_for_one(self, now: datetime) -> None:
        task = make_opportunity(slots=[])
        soon, far = date(2026, 3, 7), date(2026, 11, 14)
        change_series(task, [single(soon, far)], now=now)
        before = rows(task)
        assert days(task) == [soon, far]
        change_series(task, [single(soon, date(2026, 11, 21))], now=now)
        assert days(task) == [soon, date(2026, 11, 21)]
        assert rows(task).keys() == before.keys()
        assert [row[2] for row in rows(task).values()] == [0, 1]
        assert slots(task) == [(5, 900, 990, 1)]
        change_series(task, [], now=now)
        assert (days(task), slots(task), task.series.count()) == ([], [], 0)

    def test_a_date_of_a_series_that_ends_is_taken_up_by_a_single_day(
        self, task: Opportunity, now: datetime
    ) -> None:
        before = rows(task)
        change_series(task, [single(TUESDAYS[1], TUESDAYS[3])], now=now)
        assert days(task) == [TUESDAYS[1], TUESDAYS[3]]
        assert rows(task).keys() == before.keys()

    def test_a_draft_has_series_and_slots_but_no_dates(self, now: datetime) -> None:
        draft = make_opportunity(status="draft")
        change_series(draft, [rhythm("1")], now=now)
        assert run("programs.roll_out_shifts", now) == 0
        assert (draft.shifts.count(), slots(draft)) == (0, [(1, 900, 990, 1)])
        assert ShiftSeries.objects.get().sequence == 0

    def test_an_ended_task_keeps_saying_when_it_was(self, task: Opportunity, now: datetime) -> None:
        close(task, by=make_coordinator(task.provider), now=now)
        task.refresh_from_db()
        assert days(task) == []
        assert task.times_text == "dienstags 15–16:30 Uhr"
        assert run("programs.roll_out_shifts", now + timedelta(days=30)) == 0


class TestHolidays:
    """Easter Monday 2026 is 6 April, the school holidays of Easter are 30 March to 11 April."""

    @pytest.fixture
    def mondays(self, now: datetime) -> Opportunity:
        SchoolHoliday.objects.create(
            name="Osterferien", first_on=date(2026, 3, 30), last_on=date(2026, 4, 11)
        )
        found = make_opportunity(slots=[(0, 900, 990)])
        follow_series(found, now=now)
        return found

    @pytest.mark.parametrize(
        ("more", "missing"),
        [
            ({"skips_public_holidays": True}, [date(2026, 4, 6)]),
            ({"skips_school_holidays": True}, [date(2026, 3, 30), date(2026, 4, 6)]),
            ({"without": (date(2026, 3, 9), date(2026, 3, 10))}, [date(2026, 3, 9)]),
        ],
    )
    def test_are_left_out_and_come_back_as_the_same_dates(
        self, mondays: Opportunity, now: datetime, more: dict[str, Any], missing: list[date]
    ) -> None:
        before, all_days = rows(mondays), days(mondays)
        change_series(mondays, [rhythm(weekday=0, **more)], now=now)
        assert sorted(set(all_days) - set(days(mondays))) == missing
        assert ShiftSeries.objects.get().sequence == 1
        run("programs.roll_out_shifts", now + timedelta(days=1))
        assert set(missing).isdisjoint(days(mondays))
        change_series(mondays, [rhythm(weekday=0)], now=now)
        assert days(mondays)[:8] == all_days
        assert before.keys() <= rows(mondays).keys()

    def test_a_calendar_learns_of_a_day_left_out_beyond_the_dates_that_are_there(
        self, mondays: Opportunity, now: datetime
    ) -> None:
        change_series(mondays, [rhythm(weekday=0, without=(date(2027, 1, 4),))], now=now)
        assert ShiftSeries.objects.get().sequence == 1
        assert {row[2] for row in rows(mondays).values()} == {0}

    def test_edited_school_holidays_are_followed_within_a_minute(
        self, mondays: Opportunity, admin_client: Client
    ) -> None:
        now = datetime.now(UTC)
        SchoolHoliday.objects.all().delete()
        Opportunity.objects.filter(pk=mondays.pk).update(starts_on=now.date())
        mondays.refresh_from_db()
        change_series(mondays, [rhythm(weekday=0, skips_school_holidays=True)], now=now)
        coming = [day for day in days(mondays) if day > now.date()]
        said = {"name": "Herbstferien", "first_on": coming[1], "last_on": coming[2]}
        assert admin_client.post("/verwaltung/programs/schoolholiday/add/", said).status_code == 302
        assert run(FOLLOW, now) == 1
        assert [day for day in coming if day not in days(mondays)] == coming[1:3]
        row = SchoolHoliday.objects.get()
        response = admin_client.post(f"/verwaltung/programs/schoolholiday/{row.pk}/delete/", {"post": "yes"})
        assert response.status_code == 302
        assert (run(FOLLOW, now), run(FOLLOW, now)) == (1, 0)
        assert [day for day in days(mondays) if day > now.date()] == coming

    def test_an_edit_takes_the_same_queries_however_many_tasks_follow(
        self, now: datetime, django_assert_max_num_queries: Any
    ) -> None:
        provider, district = make_provider(), make_district()
        for count in (1, 30):
            for _number in range(count):
                task = make_opportunity(provider=provider, district=district, slots=[])
                change_series(task, [rhythm(weekday=0, skips_school_holidays=True)], now=now)
            with django_assert_max_num_queries(4):
                assert school_holidays_changed(now) == DatesToFollow.objects.count()
        assert DatesToFollow.objects.count() == 31

    def test_a_worker_that_dies_in_between_goes_on_where_it_was(self, now: datetime) -> None:
        tasks = [make_opportunity(slots=[]) for _number in range(3)]
        for task in tasks:
            change_series(task, [rhythm(weekday=0, skips_school_holidays=True)], now=now)
        before = days(tasks[0])
        SchoolHoliday.objects.create(name="Ferien", first_on=before[1], last_on=before[1])
        school_holidays_changed(now)
        with connection.cursor() as cursor:
            cursor.execute(f"""
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'the worker is killed'; END $$;
                CREATE TRIGGER dies BEFORE UPDATE ON programs_shift FOR EACH ROW
                    WHEN (NEW.opportunity_id = {tasks[1].pk}) EXECUTE FUNCTION die();
            """)
        with pytest.raises(DatabaseError, match="killed"):
            run(FOLLOW, now)
        follows = [before[0], *before[2:]]
        assert [days(task) for task in tasks] == [follows, before, before]
        assert DatesToFollow.objects.count() == 2
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER dies ON programs_shift")
        assert run(FOLLOW, now) == 2
        assert [days(task) for task in tasks] == [follows] * 3
        assert not DatesToFollow.objects.exists()

    def test_those_of_the_land_come_in_with_the_city_and_stay_as_edited(self) -> None:
        call_command("load_city", "dueren", verbosity=0)
        easter = SchoolHoliday.objects.get(name="Osterferien", first_on__year=2027)
        assert (easter.first_on, easter.last_on) == (date(2027, 3, 22), date(2027, 4, 3))
        assert SchoolHoliday.objects.count() == 18
        SchoolHoliday.objects.filter(pk=easter.pk).update(last_on=date(2027, 4, 10))
        call_command("load_city", "dueren", verbosity=0)
        easter.refresh_from_db()
        assert easter.last_on == date(2027, 4, 10)


class TestPublishing:
    @pytest.mark.parametrize(
        ("wanted", "ends_on"),
        [
            (single(date(2026, 3, 1)), None),
            (single(date(2026, 3, 20)), date(2026, 3, 19)),
            (rhythm("3"), date(2026, 3, 16)),
            (rhythm("weekly", 0, skips_school_holidays=True), date(2026, 3, 7)),
        ],
    )
    def test_a_task_without_a_date_is_refused_with_a_sentence(
        self, now: datetime, wanted: Rhythm, ends_on: date | None
    ) -> None:
        SchoolHoliday.objects.create(name="Ferien", first_on=date(2026, 3, 1), last_on=date(2026, 3, 8))
        task = make_opportunity(status="paused", slots=[], ends_on=ends_on, starts_on=date(2026, 2, 28))
        change_series(task, [wanted], now=now)
        assert resume(task, by=make_coordinator(task.provider), now=now) == [Refusal.NO_DATE]
        assert "kein einziger Termin" in str(Refusal.NO_DATE.label)
        task.refresh_from_db()
        assert task.status == "paused"


class TestTheForm:
    @pytest.fixture
    def coordinator(self) -> User:
        make_district("Nord", slug="nord")
        return make_coordinator(make_provider())

    def post(self, coordinator: User, pk: int | None = None, **changes: Any) -> Any:
        said = {
            "provider": coordinator.memberships.get().provider_id,
            "title": "Vorlesen in der Bücherei",
            "task": "Sie lesen einer Gruppe vor.",
            "field": "education",
            "district": "nord",
            "site": "Stadtbücherei",
            "starts_on": "2027-03-01",
            "places": "3",
            "minimum_age": "16",
            "activity": asking(clearance=True)["activity"].pk,
        }
        client = Client()
        client.force_login(coordinator)
        part = "neu" if pk is None else f"{pk}/bearbeiten"
        return client.post(f"/koordination/angebote/{part}/", {**said, **changes})

    def test_takes_every_kind_of_time_and_shows_it_again(self, coordinator: User) -> None:
        response = self.post(
            coordinator,
            repeat_0="fortnightly",
            day_0="1",
            from_0="15:00",
            to_0="16:30",
            repeat_1="-1",
            day_1="5",
            from_1="20:00",
            to_1="02:00",
            date_0="2027-03-07",
            begin_0="10:00",
            end_0="12:00",
            date_1="2027-04-04",
            begin_1="10:00",
            end_1="12:00",
            without="13.4.2027, 2.3.2027",
            skips_public_holidays="on",
            skips_school_holidays="on",
        )
        assert response.status_code == 302
        made = Opportunity.objects.get()
        left_out = {"without": (date(2027, 3, 2), date(2027, 4, 13))}
        left_out |= {"skips_public_holidays": True, "skips_school_holidays": True}
        assert sorted(made.rhythms) == sorted(
            [
                rhythm("fortnightly", **left_out),
                rhythm("-1", 5, 1200, 1560, **left_out),
                single(date(2027, 3, 7), date(2027, 4, 4), start=600, end=720),
            ]
        )
        client = Client()
        client.force_login(coordinator)
        form = client.get(f"/koordination/angebote/{made.pk}/bearbeiten/").context["form"]
        shown = {field.html_name: field.value() for field in form}
        assert shown["without"] == "02.03.2027, 13.04.2027"
        assert (shown["repeat_0"], shown["repeat_1"], shown["date_1"]) == (
            "fortnightly",
            "-1",
            date(2027, 4, 4),
        )
        before = list(made.series.order_by("pk").values())
        again = {name: value for name, value in shown.items() if value not in (None, "", False)}
        assert client.post(f"/koordination/angebote/{made.pk}/bearbeiten/", again).status_code == 302
        assert list(made.series.order_by("pk").values()) == before

    def test_no_date_is_lost_however_many_there_are(self, coordinator: User) -> None:
        days = [date(2027, 3, 1) + timedelta(days=number) for number in range(40)]
        task = make_opportunity(provider=coordinator.memberships.get().provider, slots=[])
        change_series(
            task, [single(*days), *(rhythm(weekday=day, start=60, end=120) for day in range(7))], now=NOW
        )
        client = Client()
        client.force_login(coordinator)
        address = f"/koordination/angebote/{task.pk}/bearbeiten/"
        form = client.get(address).context["form"]
        shown = {field.html_name: field.value() for field in form}
        assert (shown["date_39"], shown["date_40"]) == (date(2027, 4, 9), None)
        assert (shown["day_6"], shown["day_7"]) == (6, None)
        before = list(task.series.order_by("pk").values())
        again = {
            name: value for name, value in shown.items() if value not in (None, "") and value is not False
        }
        assert client.post(address, again).status_code == 302
        assert list(task.series.order_by("pk").values()) == before

        more = {**again, "date_40": "2028-02-29", "begin_40": "15:00", "end_40": "16:30"}
        assert client.post(address, more).status_code == 302
        assert task.series.get(rrule="").rdates == [*days, date(2028, 2, 29)]

    def test_rows_beside_the_usual_ones_come_back_with_what_was_typed(self, coordinator: User) -> None:
        response = self.post(coordinator, date_11="2027-03-07", begin_11="10:00", day_5="1")
        form = response.context["form"]
        assert (form["begin_11"].value(), list(form.errors)) == ("10:00", ["from_5", "end_11"])
        assert len(form.date_rows()) == 16
        for odd, count in (("date_" + "9" * 60, 8), ("date_-1", 8), ("date_١", 8), ("date_9999", 374)):
            assert len(self.post(coordinator, **{odd: "2027-03-07"}).context["form"].date_rows()) == count

    def test_on_call_is_said_and_has_no_series(self, coordinator: User) -> None:
        assert self.post(coordinator, on_call="on").status_code == 302
        made = Opportunity.objects.get()
        assert (made.rhythms, made.times_text) == ([], "Zeiten nach Absprache")

    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({}, "day_0", "Bitte nennen Sie mindestens eine Zeit oder wählen Sie unten „Auf Abruf“."),
            (
                {"on_call": "on", "day_0": "1", "from_0": "15:00", "to_0": "16:00"},
                "on_call",
                "Entweder auf Abruf oder zu festen Zeiten, nicht beides.",
            ),
            (
                {"repeat_0": "3", "day_0": "1", "from_0": "15:00", "to_0": "16:00", "ends_on": "2027-03-15"},
                "day_0",
                "Im angegebenen Zeitraum liegt kein solcher Dienstag.",
            ),
            (
                {"date_0": "2027-02-28", "begin_0": "15:00", "end_0": "16:00"},
                "date_0",
                "Dieser Tag liegt nicht im angegebenen Zeitraum.",
            ),
            (
                {
                    "day_0": "0",
                    "from_0": "15:00",
                    "to_0": "16:00",
                    "starts_on": "2027-03-29",
                    "ends_on": "2027-03-30",
                    "skips_public_holidays": "on",
                },
                "day_0",
                "Im angegebenen Zeitraum bleibt davon kein Termin übrig.",
            ),
            (
                {"date_0": "2027-03-07", "begin_0": "15:00"},
                "end_0",
                "Bitte geben Sie Tag, Beginn und Ende an.",
            ),
            (
                {"date_0": "2027-03-07", "begin_0": "15:00", "end_0": "02:30"} | {"without": "31.02.2027"},
                "without",
                "„31.02.2027“ ist kein Tag. Bitte so: 24.12.2026.",
            ),
            (
                {"date_0": "2027-03-07", "begin_0": "15:00", "end_0": "03:15"},
                "end_0",
                "Das Ende muss nach dem Beginn liegen.",
            ),
            (
                {
                    "repeat_0": "1",
                    "day_0": "1",
                    "from_0": "15:00",
                    "to_0": "16:00",
                    "repeat_1": "fortnightly",
                    "day_1": "1",
                    "from_1": "15:30",
                    "to_1": "17:00",
                },
                "day_1",
                "Diese Zeit überschneidet sich mit einer anderen.",
            ),
        ],
    )
    def test_refuses_and_comes_back_filled(
        self, coordinator: User, changes: dict[str, str], field: str, sentence: str
    ) -> None:
        response = self.post(coordinator, **changes)
        assert response.status_code == 422
        form = response.context["form"]
        assert form.errors[field] == [sentence]
        assert sentence in response.content.decode()
        for name, value in changes.items():
            assert str(form[name].value()).startswith(value[:2]) or form[name].value() is True
        assert not Opportunity.objects.exists()


def test_what_the_database_refuses(task: Opportunity) -> None:
    """A series without days, of more than a day, or twice the same."""
    same = {"opportunity": task, "first_on": date(2026, 3, 1), "start_minute": 900, "end_minute": 990}
    other = rule_of("weekly", 2)
    for values in (
        {**same, "rrule": ""},
        {**same, "rrule": other, "end_minute": 900},
        {**same, "rrule": other, "end_minute": 2341},
        {**same, "rrule": rule_of("weekly", 1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ShiftSeries.objects.create(**values)
    assert ShiftSeries.objects.count() == 1


class TestTasksOfBefore:
    """The migration that makes series of weekly slots."""

    def test_get_their_series_and_keep_their_dates(self, now: datetime) -> None:
        running, draft, changed = (
            make_opportunity(slots=[(1, 900, 990), (3, 600, 660)]) for _number in range(3)
        )
        for each in (running, changed):
            follow_series(each, now=now)
        ShiftSeries.objects.filter(opportunity=draft).delete()
        # changed while it waited for release: Thursday became Friday, Tuesday ends earlier
        WeeklySlot.objects.filter(opportunity=changed, weekday=3).update(weekday=4)
        WeeklySlot.objects.filter(opportunity=changed, weekday=1).update(end_minute=960)
        shifts = sorted(running.shifts.values_list("pk", "series_id", "starts_at"))
        keys = list(changed.series.order_by("pk").values_list("pk", flat=True))

        with connection.cursor() as cursor:
            cursor.execute(import_module("programs.migrations.0016_series_from_slots").SERIES)

        assert sorted(running.shifts.values_list("pk", "series_id", "starts_at")) == shifts
        for each in (running, draft):
            fresh = Opportunity.objects.get(pk=each.pk)
            assert sorted(fresh.rhythms) == sorted(weekly([(1, 900, 990), (3, 600, 660)]))
        assert list(changed.series.order_by("pk").values_list("pk", "rrule", "end_minute")) == [
            (keys[0], rule_of("weekly", 1), 960),
            (keys[1], rule_of("weekly", 4), 660),
        ]
        assert WeeklySlot.objects.count() == 6

    def test_a_series_that_is_left_over_stays(self, task: Opportunity) -> None:
        WeeklySlot.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(import_module("programs.migrations.0016_series_from_slots").SERIES)
        assert ShiftSeries.objects.get().rhythm == rhythm()
        assert slots(task) == [(1, 900, 990, 4)]
