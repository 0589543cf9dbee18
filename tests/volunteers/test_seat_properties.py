"""Whatever people and providers do in whatever order: seats are counted right, nobody is in two places."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import connection

from foundation.actors import staff
from foundation.sweeps import run
from programs.models import Closure, Opportunity, Role
from programs.services.closures import close_days, open_again
from programs.services.seats import follow_places
from programs.services.shifts import follow_series
from tests.factories import make_opportunity, occupied, retime, role_of
from tests.volunteers.pledging import make_group, make_placement, make_pledge
from volunteers.models import Assignment, AvailabilityException, Placement, StandInQuestion, TimePledge
from volunteers.services.absences import add_absence, come_after_all, remove_absence, skip_date
from volunteers.services.heads import change_heads
from volunteers.services.hours import record_attendance
from volunteers.services.placement_endings import leave_placement
from volunteers.services.stand_in_answers import accept_stand_in

pytestmark = pytest.mark.django_db
PEOPLE = 4

# Read from the tables as a stranger would, not from what the services keep beside them.
WRONG_SEATS = """
SELECT seats.id FROM programs_shiftrole AS seats
WHERE seats.places_taken > seats.places OR seats.places_taken <> (
    SELECT coalesce(sum(heads), 0) FROM volunteers_assignment
    WHERE shift_id = seats.shift_id AND role_id = seats.role_id
      AND status NOT IN ('excused', 'released', 'cancelled', 'stand_in_wanted')
)
"""
WRONG_PLACES = """
SELECT role.id FROM programs_role AS role
WHERE places_held <> 0 OR places_taken <> (
    SELECT coalesce(sum(heads), 0) FROM volunteers_placement
    WHERE role_id = role.id AND status IN ('awaiting_confirmation', 'awaiting_clearance', 'active')
)
"""
IN_TWO_PLACES = """
SELECT one.id FROM volunteers_assignment AS one
JOIN programs_shift AS here ON here.id = one.shift_id AND NOT here.is_cancelled
JOIN volunteers_assignment AS other ON other.volunteer_id = one.volunteer_id AND other.id > one.id
JOIN programs_shift AS there ON there.id = other.shift_id AND NOT there.is_cancelled
WHERE one.status IN ('confirmed', 'on_hold') AND other.status IN ('confirmed', 'on_hold')
  AND here.starts_at < there.ends_at AND there.starts_at < here.ends_at
"""


def found(question: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


class Story:
    """Four people, a group, three tasks around the same hours, and a year's mishaps in a minute."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.draw, self.now = Random(seed), now
        hours = [(1, 900, 960), (1, 930, 1020), (3, 900, 960)]
        self.tasks = [
            make_opportunity(f"Aufgabe {number}", slots=[slot], places=4, clearance_required=False)
            for number, slot in enumerate(hours)
        ]
        for task in self.tasks:
            follow_series(task, now=now)
        self.pledges = [make_pledge(now, email=f"p{number}@example.org") for number in range(PEOPLE)]
        self.pledges.append(make_group(now, 2))
        for _number in range(3):
            self.place()
        run("volunteers.assign_shifts", now)

    def step(self) -> None:
        """Let something happen."""
        acts = [self.place, self.place, self.skip, self.come, self.be_away, self.be_back, self.move]
        acts += [self.cancel, self.reopen, self.leave, self.resize, self.attend]
        acts += [self.stand_in, self.stand_in, self.be_more_or_fewer, self.be_more_or_fewer]
        self.draw.choice(acts)()
        self.now += timedelta(hours=self.draw.choice([0, 1, 30]))
        if self.draw.random() < 0.6:
            run("volunteers.assign_shifts", self.now)

    def place(self) -> None:
        task, pledge = self.draw.choice(self.tasks), self.draw.choice(self.pledges)
        held = Placement.objects.filter(opportunity=task, status="active")
        if role_of(task).places_free >= pledge.volunteer.heads and not held.filter(pledge=pledge).exists():
            make_placement(pledge, task, self.now, "active", from_on=date(2026, 3, 2))

    def skip(self) -> None:
        if assignment := self._any("confirmed"):
            skip_date(assignment, now=self.now)

    def come(self) -> None:
        if assignment := self._any("excused"):
            come_after_all(assignment, now=self.now)

    def be_away(self) -> None:
        first = self.now.date() + timedelta(days=self.draw.randint(0, 20))
        until = first + timedelta(days=self.draw.randint(0, 9))
        add_absence(self.draw.choice(self.pledges), from_on=first, until_on=until, now=self.now)

    def be_back(self) -> None:
        if absence := AvailabilityException.objects.order_by("pk").first():
            remove_absence(TimePledge.objects.get(pk=absence.pledge_id), absence.pk, now=self.now)

    def move(self) -> None:
        task = self.draw.choice(self.tasks)
        start = self.draw.choice([840, 900, 930, 960])
        retime(task, [(self.draw.choice([1, 3]), start, start + 60)], self.now)

    def cancel(self) -> None:
        day = self.now.date() + timedelta(days=self.draw.randint(0, 14))
        until = self.draw.choice([None, day + timedelta(days=7)])
        close_days(self.draw.choice(self.tasks), from_on=day, until_on=until, reason="other", now=self.now)

    def reopen(self) -> None:
        if closure := Closure.objects.order_by("pk").first():
            open_again(closure, now=self.now)

    def leave(self) -> None:
        if placement := Placement.objects.filter(status="active").order_by("pk").first():
            leave_placement(placement, now=self.now)

    def resize(self) -> None:
        task = Opportunity.objects.get(pk=self.draw.choice(self.tasks).pk)
        Role.objects.filter(opportunity=task).update(places=max(occupied(task), self.draw.randint(1, 5)))
        follow_places(task, self.now)

    def be_more_or_fewer(self) -> None:
        held = Placement.objects.filter(volunteer=self.pledges[-1].volunteer, status="active")
        for placement in held.order_by("pk")[:1]:
            change_heads(placement, self.draw.randint(1, 4), actor=staff(1, "coordinator"), now=self.now)

    def attend(self) -> None:
        over = Assignment.objects.filter(
            status="confirmed", shift__ends_at__lt=self.now, shift__is_cancelled=False
        )
        outcome = self.draw.choice(["attended", "missed", "excused"])
        for assignment in over.select_related("shift")[:2]:
            record_attendance(assignment, outcome=outcome, actor=staff(1, "coordinator"), now=self.now)

    def stand_in(self) -> None:
        """Let the clock ask, and whoever is asked answer in whatever order, late or not."""
        run("volunteers.find_stand_ins", self.now + timedelta(minutes=1))
        questions = list(StandInQuestion.objects.select_related("pledge").order_by("pk"))
        for question in self.draw.sample(questions, k=min(2, len(questions))):
            accept_stand_in(question, now=self.now + timedelta(minutes=2))

    def _any(self, status: str) -> Assignment | None:
        coming = Assignment.objects.filter(status=status, shift__starts_at__gt=self.now)
        rows = list(coming.select_related("placement", "shift").order_by("pk"))
        return self.draw.choice(rows) if rows else None


@pytest.mark.parametrize("seed", range(8))
def test_no_story_overbooks_a_date_or_sends_somebody_to_two_places(seed: int, now: datetime) -> None:
    story = Story(seed, now)
    for _number in range(14):
        story.step()
        assert found(WRONG_SEATS) == []
        assert found(WRONG_PLACES) == []
        assert found(IN_TWO_PLACES) == []
    assert Assignment.objects.exists()
