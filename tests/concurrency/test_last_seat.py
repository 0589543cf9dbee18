"""The last seat of a date, two tasks at the same time, a wave of stand-ins: wanted at once by connections."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from foundation.sweeps import run
from programs.models import Opportunity, ShiftRole
from programs.services.closures import close_days
from programs.services.shifts import follow_series
from tests.concurrency.test_last_place import all_at_once
from tests.factories import Slot, make_opportunity, make_shift, retime, seats_of
from tests.volunteers.pledging import mails, make_group, make_placement, make_pledge
from tests.volunteers.test_placements import COORDINATOR
from volunteers.models import Assignment, Placement, StandInQuestion, StandInSearch
from volunteers.services.absences import come_after_all
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.placements import confirm_placement
from volunteers.services.stand_in_answers import Yes, accept_stand_in

pytestmark = pytest.mark.django_db(transaction=True)
TUESDAY: Slot = (1, 900, 960)
TUESDAY_TOO: Slot = (1, 930, 1020)


def make_task(slot: Slot, now: datetime, places: int = 1) -> Opportunity:
    task = make_opportunity(slots=[slot], places=places, clearance_required=False)
    follow_series(task, now=now)
    return task


def test_twelve_people_who_come_after_all_share_one_seat(now: datetime) -> None:
    task = make_opportunity(places=12, slots=[], clearance_required=False)
    shift = make_shift(task, now + timedelta(days=3), places=1)
    skipped = [
        Assignment.objects.create(
            placement=make_placement(
                make_pledge(now, email=f"p{number}@example.org"), task, now, "active", from_on=now.date()
            ),
            shift=shift,
            status="excused",
            status_changed_at=now,
        )
        for number in range(12)
    ]
    came = all_at_once([partial(come_after_all, one, now=now) for one in skipped])
    assert sorted(came) == [False] * 11 + [True]
    assert seats_of(shift.pk).places_taken == Assignment.objects.filter(status="confirmed").count() == 1


def test_groups_of_two_that_come_after_all_never_share_a_seat(now: datetime) -> None:
    task = make_opportunity(places=12, slots=[], clearance_required=False)
    shift = make_shift(task, now + timedelta(days=3), places=5)
    skipped = [
        Assignment.objects.create(
            placement=make_placement(
                make_group(now, 2, email=f"g{number}@example.org"), task, now, "active", from_on=now.date()
            ),
            shift=shift,
            status="excused",
            status_changed_at=now,
        )
        for number in range(6)
    ]
    came = all_at_once([partial(come_after_all, one, now=now) for one in skipped])
    assert sorted(came) == [False] * 4 + [True] * 2
    assert seats_of(shift.pk).places_taken == 4


@pytest.mark.parametrize("turn", range(4))
def test_two_tasks_at_the_same_time_confirmed_at_once_give_each_date_once(turn: int, now: datetime) -> None:
    pledge = make_pledge(now)
    placements = [
        make_placement(pledge, make_task(slot, now), now, "awaiting_confirmation")
        for slot in (TUESDAY, TUESDAY_TOO)
    ]
    acts: list[Callable[[], bool]] = [
        partial(confirm_placement, one, actor=COORDINATOR, now=now) for one in placements
    ]
    assert all_at_once(acts[:: 1 if turn % 2 else -1]) == [True, True]
    by_task = [
        set(Placement.objects.get(pk=each.pk).assignments.values_list("status", flat=True))
        for each in placements
    ]
    assert sorted(map(sorted, by_task)) == [["confirmed"], ["released"]]
    assert ShiftRole.objects.filter(places_taken=1).count() == 8


def test_a_move_a_sweep_and_a_return_at_once_wait_for_each_other(now: datetime) -> None:
    task = make_task(TUESDAY, now, places=6)
    for number in range(6):
        pledge = make_pledge(now, email=f"p{number}@example.org")
        make_placement(pledge, task, now, "active", from_on=date(2026, 3, 2))
    assign_coming_shifts(now)
    skipped = Assignment.objects.filter(shift__starts_at__gt=now).order_by("pk")[1]
    Assignment.objects.filter(pk=skipped.pk).update(status="excused")
    ShiftRole.objects.filter(shift=skipped.shift_id).update(places_taken=5)
    skipped.refresh_from_db()

    def move() -> None:
        retime(task, [(3, 900, 960)], now)

    all_at_once(
        [
            move,
            lambda: come_after_all(skipped, now=now),
            lambda: run("volunteers.assign_shifts", now),
            lambda: close_days(
                task, from_on=date(2026, 3, 20), until_on=date(2026, 3, 30), reason="other", now=now
            ),
        ]
    )
    assert set(ShiftRole.objects.values_list("places_taken", flat=True)) == {6}
    assert set(Assignment.objects.values_list("status", flat=True)) == {"confirmed"}


class TestStandIns:
    @pytest.fixture
    def asked(self, now: datetime) -> list[StandInQuestion]:
        """Three people are asked for one seat, because its owner cannot come."""
        task = make_opportunity(places=1, slots=[], clearance_required=False)
        owner = make_placement(make_pledge(now), task, now, "active", from_on=now.date())
        absent = Assignment.objects.create(
            placement=owner,
            shift=make_shift(task, now + timedelta(days=1)),
            status="excused",
            status_changed_at=now,
        )
        search = StandInSearch.objects.create(
            absent=absent, status_changed_at=now, created_at=now, look_at=now
        )
        return [
            StandInQuestion.objects.create(
                search=search,
                pledge=make_pledge(now, email=f"p{number}@example.org"),
                status_changed_at=now,
                sent_at=now,
                expires_at=now + timedelta(hours=4),
                asked_for=absent.shift.starts_at,
            )
            for number in range(3)
        ]

    @pytest.mark.parametrize("turn", range(3))
    def test_a_wave_of_three_for_one_seat_finds_one(
        self, turn: int, asked: list[StandInQuestion], now: datetime
    ) -> None:
        acts: list[Callable[[], Yes]] = [partial(accept_stand_in, each, now=now) for each in asked]
        assert sorted(all_at_once(acts)) == [Yes.TAKEN, Yes.TOO_LATE, Yes.TOO_LATE]
        assert ShiftRole.objects.get().places_taken == 1
        assert Assignment.objects.filter(placement=None).count() == 1
        found = StandInQuestion.objects.values_list("status", flat=True)
        assert sorted(found) == ["accepted", "withdrawn", "withdrawn"]
        assert mails("stand_in_confirmed").count() == 1
        assert mails("stand_in_over").count() == 2

    @pytest.mark.parametrize("turn", range(4))
    def test_of_a_yes_and_the_return_of_the_absent_person_one_counts(
        self, turn: int, asked: list[StandInQuestion], now: datetime
    ) -> None:
        absent = asked[0].search.absent
        acts: list[Callable[[], object]] = [
            partial(come_after_all, absent, now=now),
            partial(accept_stand_in, asked[0], now=now),
            partial(run, "volunteers.find_stand_ins", now),
        ]
        came, yes, _asked = all_at_once(acts[:: 1 if turn % 2 else -1])[:: 1 if turn % 2 else -1]
        assert (came, yes) in [(True, Yes.TOO_LATE), (False, Yes.TAKEN)]
        assert ShiftRole.objects.get().places_taken == 1
        assert Assignment.objects.filter(status="confirmed").count() == 1
        assert not StandInQuestion.objects.filter(status="sent").exists()
