"""Who comes when: the dates of a week with the people expected there."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, QuerySet

from foundation.clock import local_day, local_moment
from foundation.units import MIDNIGHT
from programs.models import Opportunity, Shift
from volunteers.models import Assignment, Placement
from volunteers.selectors.gate import gates_of, gates_without_placement

WEEK = timedelta(days=7)
MOST_DATES = 300
_SHOWN = (
    Assignment.Status.CONFIRMED,
    Assignment.Status.ON_HOLD,
    Assignment.Status.STAND_IN_WANTED,
    Assignment.Status.ATTENDED,
    Assignment.Status.EXCUSED,
    Assignment.Status.MISSED,
)
_COMES = (Assignment.Status.CONFIRMED, Assignment.Status.ATTENDED)


@dataclass(frozen=True)
class DayOfRoster:
    """A day with its dates, each with those who come and those who stay away."""

    day: date
    dates: list["DateOfRoster"]


@dataclass(frozen=True)
class DateOfRoster:
    """One date: who comes, who stays away (with why as status), and how many places nobody takes."""

    shift: Shift
    coming: list[Assignment]
    away: list[Assignment]

    @property
    def free(self) -> int:
        """Places for which nobody comes."""
        return sum(number for _name, number in self.free_by_role)

    @property
    def free_by_role(self) -> list[tuple[str, int]]:
        """The roles with places for which nobody comes: name, empty where there is one, and how many."""
        if self.shift.is_cancelled:
            return []
        come: Counter[int] = Counter()
        for each in self.coming:
            come[each.role_id] += each.heads
        free = [
            (seats.role.name, seats.places - come[seats.role_id])
            for seats in sorted(self.shift.seats.all(), key=lambda seats: seats.role_id)
        ]
        return [(name, number) for name, number in free if number > 0]


def monday_of(day: date) -> date:
    """Return the first day of the week in which `day` lies."""
    return day - timedelta(days=day.weekday())


def roster_of_week(tasks: QuerySet[Opportunity], monday: date, today: date) -> tuple[list[DayOfRoster], bool]:
    """Return the days of that week on which something is planned, and whether more dates were left out.

    From `today` on nobody comes who lacks on that day what the task asks for, whatever a sweep has seen.
    """
    first, end = local_moment(monday, MIDNIGHT), local_moment(monday + WEEK, MIDNIGHT)
    found = list(_dates(tasks, first, end)[: MOST_DATES + 1])
    _let_rest([shift for shift in found if local_day(shift.starts_at) >= today])
    days: dict[date, list[DateOfRoster]] = {}
    for shift in found[:MOST_DATES]:
        days.setdefault(local_day(shift.starts_at), []).append(_date(shift))
    return [DayOfRoster(day, dates) for day, dates in days.items()], len(found) > MOST_DATES


def _dates(tasks: QuerySet[Opportunity], first: datetime, end: datetime) -> QuerySet[Shift]:
    expected = Assignment.objects.filter(status__in=_SHOWN).select_related(
        "volunteer", "role__opportunity", "role__activity__current"
    )
    expected = expected.order_by("role_id", "volunteer__first_name", "pk")
    dates = Shift.objects.filter(opportunity__in=tasks, starts_at__gte=first, starts_at__lt=end)
    return (
        dates.select_related("opportunity__district")
        .prefetch_related(Prefetch("assignments", expected, to_attr="expected"), "seats__role")
        .order_by("starts_at", "opportunity__title", "pk")
    )


def _let_rest(shifts: list[Shift]) -> None:
    """Show those as resting who may not come on the day of the date; nothing is written."""
    expected = [(each, local_day(shift.starts_at)) for shift in shifts for each in _expected(shift)]
    coming = [(each, day) for each, day in expected if each.status == Assignment.Status.CONFIRMED]
    held = Placement.objects.filter(pk__in={each.placement_id for each, _day in coming if each.placement_id})
    gates = gates_of(held)
    alone = [each.pk for each, _day in coming if each.placement_id is None]
    stand_ins = gates_without_placement(Assignment.objects.filter(pk__in=alone))
    for each, day in coming:
        gate = stand_ins[each.pk] if each.placement_id is None else gates[each.placement_id]
        if not gate.lets_in(day):
            each.status = Assignment.Status.ON_HOLD


def _expected(shift: Shift) -> list[Assignment]:
    return shift.expected  # type: ignore[attr-defined]


def _date(shift: Shift) -> DateOfRoster:
    expected = _expected(shift)
    return DateOfRoster(
        shift,
        [each for each in expected if each.status in _COMES],
        [each for each in expected if each.status not in _COMES],
    )
