"""The locks that come first: whoever changes what a person is asked or does, holds the person's row.

Lock order everywhere: people by key, tasks by key, their roles, the seats of dates.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.actors import citizen
from programs.models import Role, ShiftRole
from programs.services.places import lock_roles
from programs.services.seats import lock_seats
from volunteers.models import Assignment, Offer, Placement, TimePledge, Volunteer

THE_PERSON = citizen("volunteer")
"""Whose pledge, placement or answer it is, as the history names them."""


def lock_person(volunteer_id: int) -> Volunteer:
    """Lock the person's row until the end of the transaction."""
    return Volunteer.objects.select_for_update().get(pk=volunteer_id)


def lock_owner(pledge_id: int) -> int:
    """Lock the row of whose pledge it is, and return its key; a merge may give it away while this waits."""
    while True:
        owner = _owner(pledge_id)
        with transaction.atomic():
            lock_person(owner)
            if _owner(pledge_id) == owner:
                return owner
            transaction.set_rollback(True)  # lets go of the row that is somebody else's now


def _owner(pledge_id: int) -> int:
    return TimePledge.objects.values_list("volunteer_id", flat=True).get(pk=pledge_id)


def lock_people(volunteer_ids: Collection[int] | QuerySet[Any, Any]) -> None:
    """Lock the rows of several people, always in the same order, before any place is locked."""
    people = Volunteer.objects.filter(pk__in=volunteer_ids).order_by("pk").select_for_update()
    list(people.values_list("pk", flat=True))


def lock_unheld_people(volunteer_ids: Collection[int] | QuerySet[Any, Any]) -> list[int]:
    """Lock those of these people whom nobody else holds now, without waiting; return their keys."""
    people = Volunteer.objects.filter(pk__in=volunteer_ids).order_by("pk").select_for_update(skip_locked=True)
    return list(people.values_list("pk", flat=True))


def lock_asked(offers: QuerySet[Offer]) -> None:
    """Lock who is asked these questions, then the roles whose places they hold."""
    lock_people(offers.values("pledge__volunteer"))
    lock_roles(offers.values("role"))


def lock_holdings(volunteer_ids: Collection[int], now: datetime) -> None:
    """Lock these people, then all that they hold: places of questions and placements, and seats to come.

    For whoever gives back or takes several of them in one transaction.
    """
    lock_people(volunteer_ids)
    asked = Offer.objects.filter(pledge__volunteer__in=volunteer_ids, status=Offer.Status.SENT)
    placed = Placement.objects.filter(volunteer__in=volunteer_ids, status__in=Placement.HOLDING)
    held = Q(pk__in=asked.values("role")) | Q(pk__in=placed.values("role"))
    lock_roles(Role.objects.filter(held).values("pk"))
    own = Assignment.objects.filter(
        volunteer__in=volunteer_ids, shift=OuterRef("shift"), role=OuterRef("role")
    )
    theirs = Q(role__in=placed.values("role")) | Exists(own)
    lock_seats(ShiftRole.objects.filter(theirs, shift__ends_at__gt=now))
