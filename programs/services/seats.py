"""The seats of single dates, by role: one conditional UPDATE each, so that the last is never given twice.

A group takes as many seats as it has heads, all of them or none.

Lock order wherever more is needed: the people, the tasks, the roles, then seats in the order of their dates.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest

from programs.models import Opportunity, Role, ShiftRole

_MAKE = """
INSERT INTO programs_shiftrole (shift_id, role_id, places)
SELECT shift.id, role.id, role.places
FROM programs_shift AS shift JOIN programs_role AS role ON role.opportunity_id = shift.opportunity_id
WHERE shift.opportunity_id = ANY(%s) AND shift.ends_at > %s AND NOT EXISTS (
    SELECT 1 FROM programs_shiftrole AS seats WHERE seats.shift_id = shift.id AND seats.role_id = role.id
)
ORDER BY shift.id, role.id
ON CONFLICT DO NOTHING
"""


def make_seats(opportunity_ids: Collection[int], now: datetime) -> None:
    """Give every date of these tasks that is not over the seats of each of their roles that it lacks."""
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, [sorted(opportunity_ids), now])


def take_seat(shift_id: int, role_id: int, count: int = 1) -> bool:
    """Take so many seats of a role on a date; False, taking none, if fewer are free (a normal outcome)."""
    free = _seats(shift_id, role_id).filter(places__gte=F("places_taken") + count)
    return bool(free.update(places_taken=F("places_taken") + count))


def give_back_seat(shift_id: int, role_id: int, count: int = 1) -> None:
    """Free so many taken seats."""
    taken = _seats(shift_id, role_id).filter(places_taken__gte=count)
    taken.update(places_taken=F("places_taken") - count)


def lock_seats(seats: QuerySet[ShiftRole]) -> QuerySet[ShiftRole]:
    """Hold these until the end of the transaction, in the one order, and return them."""
    locked = seats.order_by("shift_id", "role_id").select_for_update(no_key=True, of=("self",))
    len(locked)
    return locked


def free_seats(seat_ids: Collection[int]) -> dict[int, int]:
    """Hold these seats until the end of the transaction; return how many of each are free."""
    return {each.pk: each.places - each.places_taken for each in lock_seats(_by_key(seat_ids))}


def take_held_seats(wanted: Mapping[int, int]) -> None:
    """Take so many of each; held and looked at before by `free_seats`."""
    for count in sorted(set(wanted.values())):
        keys = [pk for pk, number in wanted.items() if number == count]
        _by_key(keys).update(places_taken=F("places_taken") + count)


def follow_places(opportunity: Opportunity, now: datetime) -> None:
    """Give every date that is not over the places of each role, but never fewer than are taken."""
    make_seats([opportunity.pk], now)
    coming = ShiftRole.objects.filter(shift__opportunity=opportunity, shift__ends_at__gt=now)
    keys = [each.pk for each in lock_seats(coming)]
    of_the_role = Role.objects.filter(pk=OuterRef("role_id")).values("places")
    _by_key(keys).update(places=Greatest(Subquery(of_the_role), F("places_taken")))


def _seats(shift_id: int, role_id: int) -> QuerySet[ShiftRole]:
    return ShiftRole.objects.filter(shift=shift_id, role=role_id)


def _by_key(keys: Collection[int]) -> QuerySet[ShiftRole]:
    return ShiftRole.objects.filter(pk__in=keys)
