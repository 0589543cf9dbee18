"""Who comes to which date: every active placement to every coming date of its task."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, F, OuterRef, QuerySet

from foundation.actors import system
from foundation.clock import last_day, local_day
from foundation.transitions import move_all
from programs.models import Shift
from programs.services.seats import free_seats, take_held_seats
from volunteers.domain.seats import Claim, Wish, apart, settle
from volunteers.domain.states import ASSIGNMENT_MOVES
from volunteers.models import Assignment, AvailabilityException, Placement, Volunteer
from volunteers.selectors.coming import may_be_there
from volunteers.selectors.gate import gates_of
from volunteers.services.calendar_changes import count_change
from volunteers.services.persons import lock_people, lock_person, lock_unheld_people
from volunteers.services.seats import (
    bound_spans,
    move_assignment,
    note_released,
    released_and_free,
    take_up_released,
)

FOLLOWING = system("volunteers.follow_clearances")
_COLUMNS = (
    "pk",
    "pledge_id",
    "volunteer_id",
    "opportunity_id",
    "role_id",
    "heads",
    "role__minimum_age",
    "volunteer__is_adult",
    "volunteer__born_in",
    "from_on",
    "seat_id",
    "shift_id",
    "starts_at",
    "ends_at",
)
BATCH = 200
LARGE_PARTS = (10, 1)


def assign_coming_shifts(now: datetime, *, placement: Placement | None = None) -> int:
    """Assign active placements (or the given one) to coming dates they are not assigned to; return how many.

    Cancelled dates, those before the placement's first day, those on which the person is away, those on which
    no inspection counts (any more) and those that are not for their age stay out. A date at which the person
    is expected elsewhere, or whose seats are all taken, is noted as released; what was released and need not
    be any more is taken up again. Several workers may assign side by side: no two of them people who share a
    role or a person, so that who was placed first comes first.
    """
    if placement is not None:
        return _assign([placement.pk], now)
    active = Placement.objects.filter(status=Placement.Status.ACTIVE)
    waiting = _missing(active, now).order_by("pk").values_list("pk", "volunteer_id", "role_id").distinct()
    return sum(_assign_apart(part, now) for part in apart(waiting)) + _take_up_what_is_free(now)


def _assign_apart(part: Sequence[Claim], now: datetime) -> int:
    """Assign a part that shares no person and no role with another, unless somebody else is about it.

    Then it is left to the next run: half of a part would let somebody pass who was placed later. A large one
    is taken by one worker only, so that its people are held for a batch and not for all of it.
    """
    keys = [placement_id for placement_id, _person, _role in part]
    people = {person for _placement_id, person, _role in part}
    if len(keys) > BATCH:
        with _one_worker_only() as is_this_one:
            batches = [keys[first : first + BATCH] for first in range(0, len(keys), BATCH)]
            return sum(_assign(batch, now) for batch in batches) if is_this_one else 0
    with transaction.atomic():
        return _assign_locked(keys, now) if len(lock_unheld_people(people)) == len(people) else 0


@contextmanager
def _one_worker_only() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", LARGE_PARTS)
        is_this_one = bool(cursor.fetchone()[0])
        try:
            yield is_this_one
        finally:
            if is_this_one:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", LARGE_PARTS)


@transaction.atomic
def _assign(placement_ids: Sequence[int], now: datetime) -> int:
    active = Placement.objects.filter(pk__in=placement_ids, status=Placement.Status.ACTIVE)
    lock_people(active.values("volunteer_id"))
    return _assign_locked(placement_ids, now)


def _assign_locked(placement_ids: Sequence[int], now: datetime) -> int:
    """Who was placed first comes first."""
    active = Placement.objects.filter(pk__in=placement_ids, status=Placement.Status.ACTIVE)
    missing = list(_missing(active, now).order_by("pk", F("shift_id")).values(*_COLUMNS))
    away = _absences(row["pledge_id"] for row in missing)
    gates = gates_of(active.filter(pk__in={row["pk"] for row in missing}))
    coming = [
        row
        for row in missing
        if _comes(row, away[row["pledge_id"]])
        and gates[row["pk"]].lets_in(local_day(row["starts_at"]))
        and _is_for_the_age(row)
    ]
    return _seat(coming, now) if coming else 0


def _seat(rows: Sequence[dict[str, Any]], now: datetime) -> int:
    """Write an assignment for each, with a seat or released; return how many got a seat."""
    wishes = [
        Wish(row["volunteer_id"], row["seat_id"], (row["starts_at"], row["ends_at"]), row["heads"])
        for row in rows
    ]
    free = free_seats({wish.seat_id for wish in wishes})
    found = settle(wishes, bound_spans({wish.volunteer_id for wish in wishes}, now), free)
    made = Assignment.objects.bulk_create(
        Assignment(
            volunteer_id=row["volunteer_id"],
            placement_id=row["pk"],
            role_id=row["role_id"],
            heads=row["heads"],
            shift=Shift(pk=row["shift_id"], starts_at=row["starts_at"], ends_at=row["ends_at"]),
            status=Assignment.Status.RELEASED if reason else Assignment.Status.CONFIRMED,
            released_for=reason or "",
            status_changed_at=now,
            span=DateTimeTZRange(row["starts_at"], row["ends_at"]),
        )
        for row, reason in zip(rows, found, strict=True)
    )
    yielding = [each for each in made if each.is_released]
    note_released(yielding, now, was_released=False)
    count_change(Placement.objects.filter(pk__in={each.placement_id for each in yielding}))
    seated = [wish for wish, reason in zip(wishes, found, strict=True) if not reason]
    seats: Counter[int] = Counter()
    for wish in seated:
        seats[wish.seat_id] += wish.heads
    take_held_seats(seats)
    return len(seated)


def _take_up_what_is_free(now: datetime) -> int:
    made = 0
    for volunteer_id in set(released_and_free(now).values_list("volunteer_id", flat=True)):
        with transaction.atomic():
            lock_person(volunteer_id)
            made += take_up_released(now, volunteer_ids=[volunteer_id])
    return made


def _missing(active: QuerySet[Placement], now: datetime) -> QuerySet[Placement]:
    """Return active placements once for each coming date they are not assigned to, standing in or not."""
    there = Assignment.objects.filter(shift=OuterRef("shift_id"))
    assigned = there.filter(placement=OuterRef("pk"))
    standing_in = there.filter(volunteer=OuterRef("volunteer"), placement=None)
    coming = active.filter(
        role__seats__shift__starts_at__gte=now, role__seats__shift__is_cancelled=False
    ).annotate(
        seat_id=F("role__seats__pk"),
        shift_id=F("role__seats__shift_id"),
        starts_at=F("role__seats__shift__starts_at"),
        ends_at=F("role__seats__shift__ends_at"),
    )
    return coming.filter(~Exists(assigned), ~Exists(standing_in))


def _absences(pledge_ids: Iterable[int]) -> dict[int, list[tuple[date, date]]]:
    away: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = AvailabilityException.objects.filter(pledge_id__in=set(pledge_ids))
    for pledge_id, from_on, until_on in rows.values_list("pledge_id", "from_on", "until_on"):
        away[pledge_id].append((from_on, until_on))
    return away


def _comes(row: dict[str, Any], away: list[tuple[date, date]]) -> bool:
    """Whether the placement has begun by then and no absence touches the date."""
    first, last = local_day(row["starts_at"]), last_day(row["ends_at"])
    return first >= row["from_on"] and not any(
        from_on <= last and first <= until_on for from_on, until_on in away
    )


def _is_for_the_age(row: dict[str, Any]) -> bool:
    person = Volunteer(is_adult=row["volunteer__is_adult"], born_in=row["volunteer__born_in"])
    return person.age_at_least >= row["role__minimum_age"] and may_be_there(
        row["starts_at"], row["ends_at"], person
    )


def hold_coming_dates(placement: Placement, now: datetime) -> None:
    """Let the coming dates rest, because the person may not come for now; their seats are kept for them."""
    resting = list(_coming(placement, Assignment.Status.CONFIRMED, now).select_for_update(of=("self",)))
    move_all(resting, ASSIGNMENT_MOVES, Assignment.Status.ON_HOLD, actor=FOLLOWING, now=now, released_for="")


def take_up_dates(placement: Placement, now: datetime) -> None:
    """Let the person be expected again on the coming dates that rested."""
    for assignment in _coming(placement, Assignment.Status.ON_HOLD, now):
        move_assignment(assignment, Assignment.Status.CONFIRMED, actor=FOLLOWING, now=now)


def _coming(placement: Placement, status: str, now: datetime) -> QuerySet[Assignment]:
    coming = placement.assignments.filter(status=status, shift__ends_at__gt=now)
    return coming.select_related("shift").order_by("shift_id")
