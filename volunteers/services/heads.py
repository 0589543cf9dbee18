"""When a group comes with more or fewer people than it said: places and seats follow."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from foundation.actors import Actor
from foundation.history import note_act
from programs.services.places import give_back_place, take_place
from programs.services.seats import give_back_seat, take_seat
from volunteers.domain.seats import HOLDS_SEAT
from volunteers.models import Assignment, Placement
from volunteers.services.coordination_mail import tell_about_placement
from volunteers.services.match_requests import want_match_for
from volunteers.services.persons import THE_PERSON, lock_holdings
from volunteers.services.seats import take_up_released
from volunteers.wording.groups import people
from volunteers.wording.mails import PLACEMENT_HEADS

HEADS = "heads"


class HeadsOutcome(StrEnum):
    """What became of it; all but CHANGED change nothing."""

    CHANGED = "changed"
    SAME = "same"
    OVER = "over"
    TOO_FEW_PLACES = "too_few_places"


class _TooFewSeats(Exception):
    pass


def change_heads(placement: Placement, heads: int, *, actor: Actor, now: datetime) -> HeadsOutcome:
    """Let so many of a group come to this task from now on, with a seat for each on all coming dates.

    More only if there is room on every one of them. What was given already stays as it was. The provider
    learns it, unless it is the one that notes it.
    """
    try:
        return _change(placement, heads, actor=actor, now=now)
    except _TooFewSeats:
        return HeadsOutcome.TOO_FEW_PLACES


@transaction.atomic
def _change(placement: Placement, heads: int, *, actor: Actor, now: datetime) -> HeadsOutcome:
    lock_holdings([placement.volunteer_id], now)
    rows = Placement.objects.select_related("volunteer__mailbox", "pledge", "role", "opportunity__provider")
    placement = rows.get(pk=placement.pk)
    more = heads - placement.heads
    if not placement.holds_place or not placement.volunteer.is_group:
        return HeadsOutcome.OVER
    if not more:
        return HeadsOutcome.SAME
    _move_places(placement.role_id, more)
    coming = placement.assignments.filter(shift__starts_at__gt=now)
    for assignment in coming.filter(status__in=HOLDS_SEAT).order_by("shift_id"):
        _move_seats(assignment, more)
    coming.update(heads=heads)
    Placement.objects.filter(pk=placement.pk).update(heads=heads)
    note_act(placement, HEADS, f"{placement.heads} {heads}", actor=actor, now=now)
    take_up_released(now, volunteer_ids=[placement.volunteer_id])
    if more < 0:
        want_match_for([placement.opportunity_id], now)
    if actor == THE_PERSON:
        _tell_provider(placement, heads, now)
    return HeadsOutcome.CHANGED


def _tell_provider(placement: Placement, heads: int, now: datetime) -> None:
    tell_about_placement(
        placement,
        key=f"placement.heads:{placement.pk}:{now:%Y%m%d%H%M%S%f}",
        mail=PLACEMENT_HEADS,
        context={"before": people(placement.heads), "after": people(heads)},
        now=now,
    )


def _move_places(role_id: int, more: int) -> None:
    if more < 0:
        give_back_place(role_id, -more)
    elif not take_place(role_id, more):
        raise _TooFewSeats


def _move_seats(assignment: Assignment, more: int) -> None:
    if more < 0:
        give_back_seat(assignment.shift_id, assignment.role_id, -more)
    elif not take_seat(assignment.shift_id, assignment.role_id, more):
        raise _TooFewSeats
