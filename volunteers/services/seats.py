"""Assignments move together with the seat they hold; of two dates at the same time one yields.

Called with the person's lock held, so that nobody else gives that person another date meanwhile.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from foundation.actors import Actor, system
from foundation.clock import last_day, local_day
from foundation.transitions import move
from programs.models import Shift, ShiftRole
from programs.services.seats import give_back_seat, lock_seats, take_seat
from volunteers.domain.reminders import ANEW
from volunteers.domain.seats import BINDS, HOLDS_SEAT, ReleaseReason, Span, overlap
from volunteers.domain.states import ASSIGNMENT_MOVES
from volunteers.models import Assignment, AvailabilityException, DateNotice, Placement
from volunteers.models.assignment import TimeRange, span_of
from volunteers.selectors.coming import may_be_there, may_come_on
from volunteers.selectors.gate import gates_of, gates_without_placement

ASKS_SOMETHING = (
    Q(role__clearance_required=True)
    | Q(role__activity__current__self_commitment=True)
    | Q(role__activity__current__measles_sites__len__gt=0)
    | Q(volunteer__is_adult=False)
)
SETTLING = system("volunteers.settle_seats")
Status = Assignment.Status


def move_assignment(
    assignment: Assignment, to: str, *, actor: Actor, now: datetime, reason: str = "", **changes: Any
) -> bool:
    """Move it and take or give back its seat, of a group one for each head.

    False, changing nothing, if it moved before, too few seats are free, or the person may not come that day.
    Whoever lets somebody come looks before whether they are free (`is_bound`).
    """
    if to == Status.CONFIRMED and not _may_come(assignment):
        return False
    held, holds = assignment.status in HOLDS_SEAT, to in HOLDS_SEAT
    seats = (assignment.shift_id, assignment.role_id, assignment.heads)
    if holds and not held and not take_seat(*seats):
        return False
    if to in BINDS:
        changes["span"] = span_of(assignment.shift)
    changes.setdefault("released_for", "")
    moved = move(assignment, ASSIGNMENT_MOVES, to, actor=actor, now=now, reason=reason, **changes)
    if (held and not holds) if moved else (holds and not held):
        give_back_seat(*seats)
    return moved


def _may_come(assignment: Assignment) -> bool:
    rows = Assignment.objects.select_related("volunteer", "role__activity__current", "shift", "placement")
    row = rows.get(pk=assignment.pk)
    return may_come_on(row.volunteer, row.role, row.shift, row.placement)


def is_bound(volunteer_id: int, shift: Shift) -> bool:
    """Whether the person is expected somewhere else while this date takes place."""
    span = span_of(shift)
    if span is None:
        return False
    binding = Assignment.objects.filter(volunteer_id=volunteer_id, status__in=BINDS, span__overlap=span)
    return binding.exclude(shift=shift).exists()


def bound_spans(volunteer_ids: Collection[int], now: datetime) -> dict[int, list[Span]]:
    """Return when each of these people is expected somewhere from now on."""
    binding = Assignment.objects.filter(
        volunteer_id__in=volunteer_ids, status__in=BINDS, span__endswith__gt=now
    ).order_by("pk")
    found: dict[int, list[Span]] = {}
    for assignment in binding.only("volunteer_id", "span"):
        if assignment.span is not None:
            found.setdefault(assignment.volunteer_id, []).append(
                (assignment.span.lower, assignment.span.upper)
            )
    return found


def lock_dates(shift_ids: Collection[int], now: datetime) -> None:
    """Hold the seats of these dates, and of those that people expected there may take instead."""
    people = Assignment.objects.filter(shift__in=shift_ids).values("volunteer")
    released = Assignment.objects.filter(
        volunteer__in=people, status=Status.RELEASED, shift=OuterRef("shift"), role=OuterRef("role")
    )
    instead = Q(Exists(released), shift__starts_at__gt=now)
    lock_seats(ShiftRole.objects.filter(Q(shift__in=shift_ids) | instead))


def follow_moved_dates(shift_ids: Collection[int], *, now: datetime) -> None:
    """Bind people to the new times of their dates; where they are expected elsewhere, the moved date yields.

    Called inside the transaction of the change, with everybody locked who is expected there: a date that
    cannot be kept is given back and told of, the change itself always goes through.
    """
    moved = Assignment.objects.filter(shift_id__in=shift_ids, status__in=[*BINDS, Status.RELEASED])
    asks = ASKS_SOMETHING & Q(shift__is_cancelled=False)
    people = moved.annotate(asks=asks).order_by("volunteer_id").values_list("volunteer_id", "asks")
    concerned = list(people.distinct())
    binding = moved.filter(status__in=BINDS)
    binding.exclude(span=None).update(span=None)
    taking_place = binding.filter(shift__is_cancelled=False)
    _let_yield(taking_place, _crossing(shift_ids), now)
    if any(asks for _person, asks in concerned):
        release_lacking(taking_place, now)
    taking_place.update(span=Subquery(_span_of_the_shift()), reminded_at=_unless_far_away(now))
    take_up_released(now, volunteer_ids={person for person, _asks in concerned})


def _let_yield(taking_place: QuerySet[Assignment], crossing: Collection[int], now: datetime) -> None:
    """Give back those of the moved dates that cannot be kept; only who may be concerned is looked at."""
    wanted = TimeRange("shift__starts_at", "shift__ends_at")
    elsewhere = Assignment.objects.filter(
        volunteer=OuterRef("volunteer"), status__in=BINDS, span__overlap=OuterRef("wanted")
    )
    doubtful = taking_place.alias(wanted=wanted).filter(
        Exists(elsewhere) | Q(shift__in=crossing) | Q(volunteer__is_adult=False)
    )
    people = set(doubtful.values_list("volunteer_id", flat=True))
    if not people:
        return
    bound = bound_spans(people, now)
    rows = taking_place.filter(volunteer__in=people).select_related("shift", "volunteer")
    for row in rows.order_by("pk"):
        own, span = bound.setdefault(row.volunteer_id, []), (row.shift.starts_at, row.shift.ends_at)
        if any(overlap(span, other) for other in own):
            release(row, ReleaseReason.SAME_TIME, now)
        elif not may_be_there(*span, row.volunteer):
            release(row, ReleaseReason.AGE, now)
        else:
            own.append(span)


def _crossing(shift_ids: Collection[int]) -> list[int]:
    """Return those of these dates that take place at the same time as another of them."""
    dates = Shift.objects.filter(pk__in=shift_ids, is_cancelled=False)
    other = dates.filter(starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))
    crossing = dates.filter(Exists(other.exclude(pk=OuterRef("pk"))))
    return list(crossing.order_by("pk").values_list("pk", flat=True))


def yield_dates_for_age(volunteer_id: int, now: datetime) -> None:
    """Release the coming dates that are not for the age of this person: too late, or instead of somebody."""
    coming = Assignment.objects.filter(
        volunteer_id=volunteer_id, status__in=BINDS, shift__starts_at__gt=now, shift__is_cancelled=False
    )
    for row in coming.select_related("shift", "volunteer").order_by("shift_id"):
        if not may_be_there(row.shift.starts_at, row.shift.ends_at, row.volunteer):
            release(row, ReleaseReason.AGE, now)
        elif row.placement_id is None and not row.volunteer.is_adult:
            release(row, ReleaseReason.MINOR, now)


def release_lacking(rows: QuerySet[Assignment], now: datetime) -> None:
    """Release those of `rows`, all to come, whose people lack on that day what the task asks for."""
    asked = rows.filter(ASKS_SOMETHING, status=Status.CONFIRMED)
    expected = list(asked.values_list("pk", "placement", "shift__starts_at"))
    gates = gates_of(Placement.objects.filter(pk__in={each for _pk, each, _at in expected if each}))
    alone = gates_without_placement(
        Assignment.objects.filter(pk__in=[pk for pk, of, _at in expected if not of])
    )
    lacking = [
        pk
        for pk, of, starts_at in expected
        if not (gates[of] if of else alone[pk]).lets_in(local_day(starts_at))
    ]
    for row in Assignment.objects.filter(pk__in=lacking).select_related("shift").order_by("shift_id", "pk"):
        release(row, ReleaseReason.LACKING, now)


def release(assignment: Assignment, reason: ReleaseReason, now: datetime) -> bool:
    """Give the date back, because the person cannot be expected on it, and note that they must hear of it."""
    if not move_assignment(
        assignment, Status.RELEASED, actor=SETTLING, now=now, reason=reason, released_for=reason
    ):
        return False
    note_released([assignment], now, was_released=False)
    return True


def note_released(assignments: Collection[Assignment], now: datetime, *, was_released: bool) -> None:
    """Remember how the date was when the person last knew; what is waiting already stays."""
    notices = [
        DateNotice(
            assignment=assignment,
            starts_at=assignment.shift.starts_at,
            ends_at=assignment.shift.ends_at,
            was_cancelled=False,
            was_released=was_released,
            noted_at=now,
            touched_at=now,
        )
        for assignment in assignments
    ]
    DateNotice.objects.filter(assignment__in=assignments).update(touched_at=now)
    DateNotice.objects.bulk_create(notices, ignore_conflicts=True)


def take_up_released(now: datetime, *, volunteer_ids: Collection[int]) -> int:
    """Expect these people again where they yielded, if time and a seat are free now; return how many."""
    found = released_and_free(now).filter(volunteer_id__in=volunteer_ids)
    return sum(_take_up(assignment, now) for assignment in found.order_by("shift_id", "pk"))


def released_and_free(now: datetime) -> QuerySet[Assignment]:
    """Return coming dates that yielded and need not any more, as far as the database can tell."""
    elsewhere = Assignment.objects.filter(
        volunteer=OuterRef("volunteer"), status__in=BINDS, span__overlap=OuterRef("wanted")
    )
    seat_free = ShiftRole.objects.filter(
        shift=OuterRef("shift"),
        role=OuterRef("role"),
        places__gte=F("places_taken") + OuterRef("heads"),
    )
    coming = Assignment.objects.alias(wanted=TimeRange("shift__starts_at", "shift__ends_at")).filter(
        ~Exists(elsewhere),
        Exists(seat_free),
        status=Status.RELEASED,
        placement__status=Placement.Status.ACTIVE,
        shift__starts_at__gt=now,
        shift__is_cancelled=False,
    )
    return coming.select_related("volunteer", "role", "shift__opportunity", "placement__pledge")


def _span_of_the_shift() -> QuerySet[Shift, Any]:
    return Shift.objects.filter(pk=OuterRef("shift_id")).values(found=TimeRange("starts_at", "ends_at"))


def _unless_far_away(now: datetime) -> Case:
    """Whoever was reminded of a date that is far away now is reminded again."""
    far_away = Shift.objects.filter(pk=OuterRef("shift_id"), starts_at__gt=now + ANEW)
    return Case(When(Exists(far_away), then=None), default=F("reminded_at"))


def _take_up(assignment: Assignment, now: datetime) -> bool:
    shift = assignment.shift
    away = AvailabilityException.objects.filter(
        pledge=assignment.pledge,
        from_on__lte=last_day(shift.ends_at),
        until_on__gte=local_day(shift.starts_at),
    )
    if away.exists() or not may_come_on(assignment.volunteer, assignment.role, shift, assignment.placement):
        return False
    if is_bound(assignment.volunteer_id, assignment.shift):
        return False
    if not move_assignment(assignment, Status.CONFIRMED, actor=SETTLING, now=now):
        return False
    note_released([assignment], now, was_released=True)
    return True
