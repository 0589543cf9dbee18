"""On which dates of their task somebody is expected, as their calendar tells it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from foundation.clock import last_day, local_day, local_moment
from foundation.history import lines_of
from foundation.models import Event
from foundation.units import MIDNIGHT, MinuteOfDay
from programs.domain.closures import ClosedDays, closure_of
from programs.domain.rhythms import Holidays, rule_days
from programs.domain.shift_times import span_of
from programs.models import Closure, Shift, ShiftSeries
from programs.selectors.holidays import holidays
from volunteers.domain.gate import Gate
from volunteers.models import Assignment, AvailabilityException, Placement
from volunteers.selectors.coming import may_be_there
from volunteers.selectors.gate import gates_of

NAMED_AHEAD = timedelta(days=2 * 365)
"""How far a file names the days that a series without end leaves out."""
STAYS_AWAY = (
    Assignment.Status.EXCUSED,
    Assignment.Status.CANCELLED,
    Assignment.Status.RELEASED,
    Assignment.Status.ON_HOLD,
)


def moves_of_each() -> Coalesce:
    """Return how often an assignment has moved: what a calendar counts by, for it never falls."""
    moves = lines_of(Assignment).filter(kind=Event.Kind.TRANSITION, object_id=OuterRef("pk"))
    counted = moves.order_by().values("object_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@dataclass(frozen=True)
class OwnDays:
    """What one person has to do with the dates of the task of `placement`.

    `shifts` are those dates from the first day on, `series` what repeats; `statuses` are by date those it was
    ever given for, `moves` how often any of them moved; `gate` is what lets the person in as long as the
    placement is not over.
    """

    placement: Placement
    shifts: Sequence[Shift]
    series: Sequence[ShiftSeries]
    statuses: Mapping[int, str]
    moves: int
    absences: Collection[tuple[date, date]]
    closed: Collection[ClosedDays]
    gate: Gate | None
    free: Holidays
    now: datetime

    def is_known(self, shift: Shift) -> bool:
        """Whether the person was ever given this date."""
        return shift.pk in self.statuses

    def is_away(self, shift: Shift) -> bool:
        """Whether the person does not come, wherever the date takes place; days away noted since it began
        change nothing about it."""
        if self.statuses.get(shift.pk) in STAYS_AWAY:
            return True
        return shift.starts_at > self.now and self._is_absent(shift.starts_at, shift.ends_at)

    def is_told(self, shift: Shift) -> bool:
        """Whether the date is one of the person's: to come to, or cancelled where they would have come."""
        if self.is_away(shift):
            return False
        if self.is_known(shift):
            return True
        return (
            not shift.is_cancelled
            and shift.starts_at > self.now
            and self._lets_in(local_day(shift.starts_at))
            and may_be_there(shift.starts_at, shift.ends_at, self.placement.volunteer)
        )

    def days_of(self, series: ShiftSeries, first_on: date, last_on: date | None) -> Iterator[date]:
        """Yield the days of the rule from `first_on` on, as far as a file can name them."""
        end = min(filter(None, (local_day(self.now) + NAMED_AHEAD, last_on)))
        return takewhile(lambda day: day <= end, rule_days(series.rrule, series.first_on, first_on))

    def left_out(
        self, series: ShiftSeries, there: Mapping[date, Shift], first_on: date, last_on: date | None
    ) -> Iterator[date]:
        """Yield the days of the rule on which the person has no date, as far as a file can name them.

        `there` are the dates rolled out by their days; after those holidays, closures, absences and what lets
        the person in say which days are left out.
        """
        rolled_out = series.rolled_out_until or date.min
        for day in self.days_of(series, first_on, last_on):
            shift = there.get(day)
            if not self.is_told(shift) if shift else day < rolled_out or self._is_off(series, day):
                yield day

    def _is_off(self, series: ShiftSeries, day: date) -> bool:
        times = span_of(day, MinuteOfDay(series.start_minute), MinuteOfDay(series.end_minute))
        return (
            self.free.leave_out(series.rhythm, day)
            or closure_of(day, self.closed) is not None
            or self._is_absent(*times)
            or not self._lets_in(day)
            or not may_be_there(*times, self.placement.volunteer)
        )

    def _is_absent(self, starts_at: datetime, ends_at: datetime) -> bool:
        first, last = local_day(starts_at), last_day(ends_at)
        return any(from_on <= last and first <= until_on for from_on, until_on in self.absences)

    def _lets_in(self, day: date) -> bool:
        return self.gate is None or self.gate.lets_in(day)


@dataclass(frozen=True)
class _Task:
    """What everybody at one task has in common; dates by their beginning."""

    shifts: Sequence[Shift]
    series: Sequence[ShiftSeries]
    closed: Collection[ClosedDays]


def own_days(placements: Collection[Placement], now: datetime) -> Iterator[OwnDays]:
    """Yield what each person has to do with the dates of their task, in a fixed number of queries."""
    running = [each.pk for each in placements if each.until_on is None]
    gates = gates_of(Placement.objects.filter(pk__in=running)) if running else {}
    free, tasks = holidays(), _tasks(placements, now)
    statuses, moves = _dates(placements)
    absences = _absences(placements)
    for placement in placements:
        task, first = tasks[placement.opportunity_id], _first_moment(placement, now)
        yield OwnDays(
            placement=placement,
            shifts=[shift for shift in task.shifts if shift.starts_at >= first],
            series=task.series,
            statuses=statuses[placement.pk],
            moves=moves[placement.pk],
            absences=absences[placement.pledge_id],
            closed=task.closed,
            gate=gates.get(placement.pk),
            free=free,
            now=now,
        )


def _first_moment(placement: Placement, now: datetime) -> datetime:
    return local_moment(placement.from_on or local_day(now), MIDNIGHT)


def _tasks(placements: Collection[Placement], now: datetime) -> dict[int, _Task]:
    begins: dict[int, datetime] = {}
    for each in placements:
        first = _first_moment(each, now)
        begins[each.opportunity_id] = min(first, begins.get(each.opportunity_id, first))
    shifts: dict[int, list[Shift]] = defaultdict(list)
    series: dict[int, list[ShiftSeries]] = defaultdict(list)
    closed: dict[int, list[ClosedDays]] = defaultdict(list)
    if begins:
        coming = Shift.objects.filter(opportunity__in=begins, starts_at__gte=min(begins.values()))
        for shift in coming.order_by("starts_at", "pk"):
            shifts[shift.opportunity_id].append(shift)
        for rule in ShiftSeries.objects.filter(opportunity__in=begins).exclude(rrule="").order_by("pk"):
            series[rule.opportunity_id].append(rule)
        for closure in Closure.objects.filter(opportunity__in=begins):
            closed[closure.opportunity_id].append(closure.days)
    return {pk: _Task(shifts[pk], series[pk], closed[pk]) for pk in begins}


def _dates(placements: Collection[Placement]) -> tuple[dict[int, dict[int, str]], dict[int, int]]:
    """Return by placement the status of each of its dates, and how often its calendar has changed.

    Counted is what the database has now, for dates have moved and changes were counted since.
    """
    statuses: dict[int, dict[int, str]] = defaultdict(dict)
    moves: dict[int, int] = {}
    dates = Assignment.objects.filter(placement__in=[each.pk for each in placements]).order_by("pk")
    for placement, changes, shift, status, moved in dates.values_list(
        "placement_id", "placement__calendar_changes", "shift_id", "status", moves_of_each()
    ):
        statuses[placement][shift] = status
        moves[placement] = moves.get(placement, changes) + moved
    return statuses, {each.pk: each.calendar_changes for each in placements} | moves


def _absences(placements: Collection[Placement]) -> dict[int, list[tuple[date, date]]]:
    absences: dict[int, list[tuple[date, date]]] = defaultdict(list)
    of_pledges = AvailabilityException.objects.filter(pledge__in=[each.pledge_id for each in placements])
    for pledge, from_on, until_on in of_pledges.values_list("pledge_id", "from_on", "until_on"):
        absences[pledge].append((from_on, until_on))
    return absences
