"""Who comes to which date: every active placement to every coming date of its task."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Exists, F, OuterRef, QuerySet

from foundation.actors import system
from foundation.clock import local_day
from foundation.transitions import move
from volunteers.domain.clearance_rules import ClearanceRules
from volunteers.domain.states import ASSIGNMENT_MOVES
from volunteers.models import Assignment, AvailabilityException, Placement
from volunteers.selectors.clearances import certificate_days, clearance_rules

FOLLOWING = system("volunteers.follow_clearances")
_COLUMNS = (
    "pk",
    "pledge_id",
    "volunteer_id",
    "opportunity_id",
    "opportunity__clearance_required",
    "from_on",
    "shift_id",
    "starts_at",
)


def assign_coming_shifts(now: datetime, *, placement: Placement | None = None) -> int:
    """Assign active placements (or the given one) to coming dates they are not assigned to; return how many.

    Cancelled dates, those before the placement's first day, those on which the person is away and those on
    which no inspection counts (any more) stay out.
    """
    active = Placement.objects.filter(status=Placement.Status.ACTIVE)
    if placement is not None:
        active = active.filter(pk=placement.pk)
    missing = list(_missing(active, now))
    away = _absences(row["pledge_id"] for row in missing)
    seen, rules = certificate_days({row["opportunity_id"] for row in missing}), clearance_rules()
    coming = [
        Assignment(placement_id=row["pk"], shift_id=row["shift_id"], status_changed_at=now)
        for row in missing
        if _comes(day := local_day(row["starts_at"]), row["from_on"], away[row["pledge_id"]])
        and (not row["opportunity__clearance_required"] or _counts(rules, seen, row, day))
    ]
    Assignment.objects.bulk_create(coming, ignore_conflicts=True)
    return len(coming)


def _missing(active: QuerySet[Placement], now: datetime) -> Iterable[dict[str, Any]]:
    assigned = Assignment.objects.filter(placement=OuterRef("pk"), shift=OuterRef("shift_id"))
    coming = active.filter(
        opportunity__shifts__starts_at__gte=now, opportunity__shifts__is_cancelled=False
    ).annotate(shift_id=F("opportunity__shifts__pk"), starts_at=F("opportunity__shifts__starts_at"))
    rows = coming.filter(~Exists(assigned)).order_by("pk", "shift_id")
    return cast("Iterable[dict[str, Any]]", rows.values(*_COLUMNS))


def _absences(pledge_ids: Iterable[int]) -> dict[int, list[tuple[date, date]]]:
    away: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = AvailabilityException.objects.filter(pledge_id__in=set(pledge_ids))
    for pledge_id, from_on, until_on in rows.values_list("pledge_id", "from_on", "until_on"):
        away[pledge_id].append((from_on, until_on))
    return away


def _comes(day: date, first_day: date, away: list[tuple[date, date]]) -> bool:
    return day >= first_day and not any(from_on <= day <= until_on for from_on, until_on in away)


def _counts(rules: ClearanceRules, seen: dict[tuple[int, int], date], row: dict[str, Any], day: date) -> bool:
    certificate_on = seen.get((row["volunteer_id"], row["opportunity_id"]))
    return certificate_on is not None and rules.counts(certificate_on, day)


def hold_coming_dates(placement: Placement, now: datetime) -> None:
    """Let the coming dates rest, because the person may not come for now; nobody expects them."""
    for assignment in _coming(placement, Assignment.Status.CONFIRMED, now):
        move(assignment, ASSIGNMENT_MOVES, Assignment.Status.ON_HOLD, actor=FOLLOWING, now=now)


def take_up_dates(placement: Placement, now: datetime) -> None:
    """Let the person be expected again on the coming dates that rested."""
    for assignment in _coming(placement, Assignment.Status.ON_HOLD, now):
        move(assignment, ASSIGNMENT_MOVES, Assignment.Status.CONFIRMED, actor=FOLLOWING, now=now)


def _coming(placement: Placement, status: str, now: datetime) -> QuerySet[Assignment]:
    return placement.assignments.filter(status=status, shift__ends_at__gt=now).order_by("pk")
