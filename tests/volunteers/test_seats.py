"""Nobody is expected in two places at once, no date is overbooked, and whoever yields is told."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from foundation.actors import staff
from foundation.models import Event
from foundation.sweeps import run
from programs.models import Opportunity, Role, Shift, ShiftRole
from programs.services.closures import close_days, open_again
from programs.services.opportunities import Task, change_opportunity
from programs.services.roles import Need
from programs.services.seats import give_back_seat, take_seat
from programs.services.series import change_series
from programs.services.shifts import follow_series
from tests.factories import Slot, make_coordinator, make_opportunity, make_shift, role_of, weekly
from tests.volunteers.pledging import mails, make_placement, make_pledge
from volunteers.models import Assignment, DateNotice, Placement
from volunteers.services.absences import come_after_all, skip_date
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.calendar import person_calendar
from volunteers.services.hours import record_attendance
from volunteers.services.placement_endings import leave_placement

pytestmark = pytest.mark.django_db
TELL = "volunteers.tell_of_changed_dates"
MINUTE = timedelta(minutes=1)
TUESDAY: Slot = (1, 15 * 60, 16 * 60)
TUESDAY_TOO: Slot = (1, 15 * 60 + 30, 17 * 60)
TUESDAY_AFTER: Slot = (1, 16 * 60, 17 * 60)
THURSDAY: Slot = (3, 15 * 60, 16 * 60)


def make_task(title: str, slot: Slot, now: datetime, *, places: int = 2) -> Opportunity:
    task = make_opportunity(title, slots=[slot], places=places, clearance_required=False)
    follow_series(task, now=now)
    return task


def place(task: Opportunity, now: datetime, *, email: str = "maria@example.org") -> Placement:
    """Let somebody come to every date of the task, as far as they can."""
    placement = make_placement(make_pledge(now, email=email), task, now, "active", from_on=date(2026, 3, 2))
    assign_coming_shifts(now, placement=placement)
    return placement


def move_to(task: Opportunity, slot: Slot, now: datetime, **values: Any) -> None:
    said: dict[str, Any] = {
        name: getattr(task, name)
        for name in Task.__dataclass_fields__.keys() - {"rhythms", "activity_question", "need"}
    }
    role = role_of(task)
    wanted = Task(
        **{
            **said,
            "need": Need(places=values.pop("places", role.places), activity=role.activity),
            "rhythms": weekly([slot]),
            **values,
        }
    )
    assert change_opportunity(task, wanted, editor=make_coordinator(task.provider), now=now) == []
    task.refresh_from_db()


def statuses(placement: Placement) -> list[str]:
    return list(placement.assignments.order_by("shift__starts_at").values_list("status", flat=True))


def seats(task: Opportunity) -> QuerySet[ShiftRole]:
    return ShiftRole.objects.filter(shift__opportunity=task).order_by("shift__starts_at")


def taken(task: Opportunity) -> list[int]:
    return list(seats(task).values_list("places_taken", flat=True))


def told(template: str = "dates_changed") -> str:
    return mails(template).get().body_text.replace("\u00a0", " ")


class TestTwoTasksAtTheSameTime:
    @pytest.fixture
    def first(self, now: datetime) -> Placement:
        return place(make_task("Vorlesen", TUESDAY, now), now)

    def test_the_one_begun_earlier_stays_and_the_other_is_released(
        self, first: Placement, now: datetime
    ) -> None:
        second = place(make_task("Fußball", TUESDAY_TOO, now), now)
        assert set(statuses(first)) == {"confirmed"}
        assert statuses(second) == ["released"] * 8
        assert taken(first.opportunity) == [1] * 8
        assert taken(second.opportunity) == [0] * 8
        assert run("volunteers.assign_shifts", now) == 0

    def test_whoever_was_placed_first_comes_first_when_both_are_assigned_at_once(self, now: datetime) -> None:
        tasks = [make_task("Fußball", TUESDAY_TOO, now), make_task("Vorlesen", TUESDAY, now)]
        placements = [
            make_placement(make_pledge(now), task, now, "active", from_on=date(2026, 3, 2)) for task in tasks
        ]
        assert run("volunteers.assign_shifts", now) == 8
        assert [set(statuses(each)) for each in placements] == [{"confirmed"}, {"released"}]

    def test_the_person_and_the_provider_read_it_once(self, first: Placement, now: datetime) -> None:
        task = make_task("Fußball", TUESDAY_TOO, now)
        Shift.objects.filter(opportunity=task, starts_at__gt=now + timedelta(days=9)).delete()
        place(task, now)
        assert run(TELL, now) == 0
        assert run(TELL, now + MINUTE) == 1
        assert run(TELL, now + 5 * MINUTE) == 0
        assert "bei „Fußball“ hat sich etwas geändert" in told()
        assert (
            "- Dienstag, 3. März 2026, 15:30–17 Uhr: hier kommen Sie nicht, Sie sind dann schon in einer"
            " anderen Aufgabe eingeteilt" in told()
        )
        warned = mails("dates_released").get()
        assert warned.subject == "Fehlt am 03.03.: Fußball"
        assert warned.to_email == task.provider.coordination_email
        assert "- Dienstag, 3. März 2026, 15:30–17 Uhr" in told("dates_released")
        assert "Maria" not in warned.body_text + warned.body_html
        assert "Vorlesen" not in warned.body_text + warned.body_html

    def test_touching_times_are_both_kept(self, first: Placement, now: datetime) -> None:
        assert statuses(place(make_task("Fußball", TUESDAY_AFTER, now), now)) == ["confirmed"] * 8

    def test_two_people_at_the_same_time_are_nobodys_business(self, first: Placement, now: datetime) -> None:
        other = place(make_task("Fußball", TUESDAY_TOO, now), now, email="erika@example.org")
        assert statuses(other) == ["confirmed"] * 8

    def test_the_calendar_leaves_released_dates_out(self, first: Placement, now: datetime) -> None:
        place(make_task("Fußball", TUESDAY_TOO, now), now)
        found = person_calendar(first.volunteer, now).replace("\r\n ", "")
        assert found.count("EXDATE") == 8
        assert "EXDATE;TZID=Europe/Berlin:20260303T153000" in found

    def test_leaving_the_one_brings_the_other_back_and_says_so(self, first: Placement, now: datetime) -> None:
        second = place(make_task("Fußball", TUESDAY_TOO, now), now)
        run(TELL, now + MINUTE)
        mails("dates_changed").delete()
        later = now + timedelta(hours=1)
        assert leave_placement(first, now=later)
        assert run("volunteers.assign_shifts", later) == 8
        assert statuses(second) == ["confirmed"] * 8
        assert taken(second.opportunity) == [1] * 8
        run(TELL, later + MINUTE)
        assert "Dienstag, 3. März 2026, 15:30–17 Uhr: Sie sind jetzt doch eingeteilt" in told()

    def test_what_comes_back_before_it_was_told_is_no_mail(self, first: Placement, now: datetime) -> None:
        place(make_task("Fußball", TUESDAY_TOO, now), now)
        leave_placement(first, now=now)
        run("volunteers.assign_shifts", now)
        assert run(TELL, now + MINUTE) == 0
        assert not DateNotice.objects.exists()

    def test_ending_the_task_that_yields_ends_its_dates(self, first: Placement, now: datetime) -> None:
        second = place(make_task("Fußball", TUESDAY_TOO, now), now)
        assert leave_placement(second, now=now)
        assert statuses(second) == ["cancelled"] * 8
        assert taken(second.opportunity) == [0] * 8

    def test_a_skipped_date_lets_the_other_one_come(self, first: Placement, now: datetime) -> None:
        second = place(make_task("Fußball", TUESDAY_TOO, now), now)
        skipped = first.assignments.order_by("shift__starts_at")[1]
        assert skip_date(skipped, now=now)
        assert run("volunteers.assign_shifts", now) == 1
        assert statuses(second)[:3] == ["released", "confirmed", "released"]
        assert not come_after_all(Assignment.objects.get(pk=skipped.pk), now=now)
        assert statuses(first)[1] == "excused"


class TestMovedDates:
    @pytest.fixture
    def stays(self, now: datetime) -> Placement:
        return place(make_task("Vorlesen", TUESDAY, now), now)

    @pytest.fixture
    def moved(self, stays: Placement, now: datetime) -> Placement:
        return place(make_task("Fußball", THURSDAY, now), now)

    def test_a_date_moved_onto_another_yields_and_the_change_goes_through(
        self, stays: Placement, moved: Placement, now: datetime
    ) -> None:
        shift = moved.opportunity.shifts.order_by("starts_at")[1]
        move_to(moved.opportunity, TUESDAY_TOO, now)
        shift.refresh_from_db()
        assert shift.starts_at == datetime(2026, 3, 10, 14, 30, tzinfo=UTC)
        assert set(statuses(stays)) == {"confirmed"}
        assert set(statuses(moved)) == {"released"}
        assert set(taken(moved.opportunity)) == {0}
        lines = Event.objects.filter(model="assignment", to_status="released")
        assert set(lines.values_list("reason", "actor_role")) == {("same_time", "volunteers.settle_seats")}
        run(TELL, now + MINUTE)
        assert "10. März 2026, 15:30–17 Uhr: hier kommen Sie nicht" in told()
        assert mails("dates_released").count() == 1

    def test_an_earlier_task_yields_too_if_it_is_the_one_that_moves(
        self, stays: Placement, moved: Placement, now: datetime
    ) -> None:
        move_to(stays.opportunity, THURSDAY, now)
        assert set(statuses(stays)) == {"released"}
        assert set(statuses(moved)) == {"confirmed"}

    def test_moved_back_at_once_everything_is_as_it_was(
        self, stays: Placement, moved: Placement, now: datetime
    ) -> None:
        move_to(moved.opportunity, TUESDAY_TOO, now)
        move_to(moved.opportunity, THURSDAY, now)
        assert statuses(moved) == ["confirmed"] * 8
        assert taken(moved.opportunity) == [1] * 8
        assert run(TELL, now + MINUTE) == 0

    def test_who_makes_room_by_moving_lets_the_other_come(
        self, stays: Placement, moved: Placement, now: datetime
    ) -> None:
        move_to(moved.opportunity, TUESDAY_TOO, now)
        move_to(stays.opportunity, (5, 600, 660), now)
        assert statuses(moved) == ["confirmed"] * 8

    def test_a_date_shifted_by_minutes_does_not_meet_itself(self, stays: Placement, now: datetime) -> None:
        move_to(stays.opportunity, (1, 15 * 60 + 15, 16 * 60 + 15), now)
        assert set(statuses(stays)) == {"confirmed"}
        assert Assignment.objects.filter(span__startswith=datetime(2026, 3, 3, 14, 15, tzinfo=UTC)).exists()

    def test_of_two_dates_moved_together_onto_each_other_one_yields(
        self, stays: Placement, now: datetime
    ) -> None:
        task = stays.opportunity
        change_series(task, weekly([TUESDAY, TUESDAY_AFTER]), now=now)
        run("volunteers.assign_shifts", now)
        assert statuses(stays) == ["confirmed"] * 16
        change_series(task, weekly([(2, 900, 960), (2, 930, 1020)]), now=now)
        found = statuses(stays)
        assert {tuple(sorted(pair)) for pair in zip(found[::2], found[1::2], strict=True)} == {
            ("confirmed", "released")
        }
        assert sum(taken(task)) == 8

    def test_a_cancelled_date_binds_nobody_and_yields_when_it_takes_place_after_all(
        self, stays: Placement, moved: Placement, now: datetime
    ) -> None:
        move_to(moved.opportunity, TUESDAY_TOO, now)
        day = date(2026, 3, 10)
        closure = close_days(stays.opportunity, from_on=day, until_on=day, reason="illness", now=now)
        run("volunteers.assign_shifts", now)
        assert statuses(moved)[:3] == ["released", "confirmed", "released"]
        open_again(closure, now=now)
        assert statuses(stays)[:3] == ["confirmed", "released", "confirmed"]
        assert taken(stays.opportunity)[:3] == [1, 0, 1]


class TestTheSeatsOfADate:
    def test_follow_the_places_of_the_task_but_never_below_what_is_taken(self, now: datetime) -> None:
        task = make_task("Vorlesen", TUESDAY, now, places=2)
        placement = place(task, now)
        move_to(task, TUESDAY, now, places=5)
        assert set(seats(task).values_list("places", flat=True)) == {5}
        extra = seats(task)[0]
        assert take_seat(extra.shift_id, extra.role_id)
        assert take_seat(extra.shift_id, extra.role_id)
        move_to(task, TUESDAY, now, places=1)
        assert list(seats(task).values_list("places", flat=True)) == [3] + [1] * 7
        assert set(statuses(placement)) == {"confirmed"}

    def test_are_given_back_by_who_stays_away_and_taken_by_who_comes_after_all(self, now: datetime) -> None:
        task = make_task("Vorlesen", TUESDAY, now)
        coming = place(task, now).assignments.order_by("shift__starts_at")[0]
        assert skip_date(coming, now=now)
        assert taken(task)[:2] == [0, 1]
        assert come_after_all(Assignment.objects.get(pk=coming.pk), now=now)
        assert taken(task)[:2] == [1, 1]

    def test_once_given_to_somebody_else_are_not_taken_back(self, now: datetime) -> None:
        task = make_task("Vorlesen", TUESDAY, now, places=1)
        coming = place(task, now).assignments.order_by("shift__starts_at")[0]
        assert skip_date(coming, now=now)
        assert take_seat(coming.shift_id, coming.role_id)
        assert not come_after_all(Assignment.objects.get(pk=coming.pk), now=now)
        coming.refresh_from_db()
        assert (coming.status, taken(task)[0]) == ("excused", 1)

    def test_of_a_full_date_release_whoever_comes_later_until_one_is_free(self, now: datetime) -> None:
        task = make_task("Vorlesen", TUESDAY, now, places=1)
        full = seats(task)[0]
        assert take_seat(full.shift_id, full.role_id)
        placement = place(task, now)
        assert statuses(placement)[:2] == ["released", "confirmed"]
        run(TELL, now + MINUTE)
        assert "hier kommen Sie nicht, die Plätze sind an diesem Tag schon vergeben" in told()
        assert not mails("dates_released").exists()
        give_back_seat(full.shift_id, full.role_id)
        assert run("volunteers.assign_shifts", now) == 1
        assert taken(task)[0] == 1

    def test_of_a_date_that_was_stay_counted_for_who_came_and_who_missed_it(self, now: datetime) -> None:
        task = make_task("Vorlesen", TUESDAY, now, places=3)
        people = [place(task, now, email=f"p{number}@example.org") for number in range(3)]
        after = datetime(2026, 3, 3, 18, tzinfo=UTC)
        for person, outcome in zip(people, ["attended", "missed", "excused"], strict=True):
            first = person.assignments.select_related("shift").order_by("shift__starts_at")[0]
            assert record_attendance(first, outcome=outcome, actor=staff(1, "coordinator"), now=after)
        assert taken(task)[0] == 2

    def test_the_database_refuses_a_seat_more_than_there_are(self, now: datetime) -> None:
        shift = make_shift(make_opportunity(places=1), now + timedelta(days=1))
        with pytest.raises(IntegrityError, match="seats_never_overbooked"), transaction.atomic():
            shift.seats.update(places_taken=2)
        role = role_of(shift.opportunity)
        assert take_seat(shift.pk, role.pk)
        assert not take_seat(shift.pk, role.pk)

    def test_the_database_refuses_a_person_in_two_places(self, now: datetime) -> None:
        coming = place(make_task("Vorlesen", TUESDAY, now), now).assignments.order_by("shift__starts_at")[0]
        other = make_placement(
            make_pledge(now), make_opportunity(clearance_required=False), now, "active", from_on=now.date()
        )
        shift = make_shift(other.opportunity, coming.shift.starts_at + timedelta(minutes=59))
        with pytest.raises(IntegrityError, match="assignment_never_overlaps"), transaction.atomic():
            Assignment.objects.create(placement=other, shift=shift, status_changed_at=now)
        with pytest.raises(IntegrityError, match="assignment_released_has_reason"), transaction.atomic():
            Assignment.objects.filter(pk=coming.pk).update(status="released")
        assert Assignment.objects.filter(shift=shift).count() == 0


@pytest.mark.parametrize("people", [1, 12])
def test_releasing_takes_the_same_queries_for_many(
    people: int, now: datetime, django_assert_num_queries: Callable[..., Any]
) -> None:
    tasks = [make_task(title, TUESDAY, now, places=people) for title in ("Vorlesen", "Fußball")]
    for number in range(people):
        pledge = make_pledge(now, email=f"p{number}@example.org")
        for task in tasks:
            make_placement(pledge, task, now, "active", from_on=date(2026, 3, 2))
    with django_assert_num_queries(15):
        assert assign_coming_shifts(now) == 8 * people


class TestTheMigration:
    @pytest.fixture
    def before(self, now: datetime) -> list[Placement]:
        """Two tasks of one person at the same time and three people on two places, as it was possible."""
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE volunteers_assignment DROP CONSTRAINT assignment_never_overlaps")
            cursor.execute("ALTER TABLE programs_shift ADD places int DEFAULT 2, ADD places_taken int")
        ahead = datetime.now(UTC).replace(microsecond=0)
        made = []
        for number, title in enumerate(["Vorlesen", "Fußball"]):
            task = make_opportunity(title, places=2, clearance_required=False)
            pledge = make_pledge(now)
            placement = make_placement(pledge, task, now + number * MINUTE, "active", from_on=now.date())
            for days in (-7, 7):
                shift = make_shift(task, ahead + timedelta(days=days, minutes=number * 20))
                Assignment.objects.create(placement=placement, shift=shift, status_changed_at=now)
            made.append(placement)
        Role.objects.update(places=4)
        for number in range(2):
            pledge = make_pledge(now, email=f"p{number}@example.org")
            other = make_placement(pledge, made[0].opportunity, now, "active", from_on=now.date())
            coming = made[0].opportunity.shifts.latest("starts_at")
            Assignment.objects.create(placement=other, shift=coming, status_changed_at=now)
            over = {"status": "ended", "status_changed_at": coming.starts_at}
            Placement.objects.filter(pk=other.pk).update(**over)
        Assignment.objects.update(span=None)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return made

    def test_keeps_every_row_releases_the_later_task_and_tells_of_it(self, before: list[Placement]) -> None:
        migration = import_module("volunteers.migrations.0017_seats_of_dates")
        with connection.cursor() as cursor:
            for step in (migration.FILL, migration.YIELD, migration.COUNT):
                cursor.execute(step)
        assert [statuses(each) for each in before] == [["confirmed"] * 2, ["confirmed", "released"]]
        assert Assignment.objects.count() == 6
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(places_taken, 0), places FROM programs_shift"
                " ORDER BY opportunity_id, starts_at"
            )
            assert cursor.fetchall() == [(1, 2), (3, 3), (1, 2), (0, 2)]
        released = Assignment.objects.get(status="released")
        assert released.released_for == "same_time"
        assert DateNotice.objects.get().assignment == released
        line = Event.objects.get(model="assignment", object_id=released.pk)
        assert (line.from_status, line.to_status, line.reason) == ("confirmed", "released", "same_time")
        with connection.schema_editor() as editor:
            for constraint in Assignment._meta.constraints:
                if constraint.name == "assignment_never_overlaps":
                    editor.add_constraint(Assignment, constraint)
