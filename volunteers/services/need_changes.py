"""What follows for people when tasks ask for something else, or are not public any more.

For a few (`TOGETHER`) it is done in the transaction of the change. For very many that would take a minute: a
row is written with the change, and a worker looks at them task by task, some at a time. Nobody new comes in
between: what the gate asks for, and the database with it, holds from the change on.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from foundation.sweeps import nudge
from volunteers.models import NeedChange, Offer, Placement
from volunteers.services.answers import withdraw_unverified
from volunteers.services.clearance_changes import TOGETHER, follow_clearance_need, look_at_people_of
from volunteers.services.clearances import take_back_from_silent
from volunteers.services.misfits import withdraw_misfits
from volunteers.services.placement_endings import end_at_once
from volunteers.services.resting import tell_placed
from volunteers.services.stand_ins import follow_public

FOLLOW_NEEDS = "volunteers.follow_needs"


def follow_changed_needs(opportunity_ids: Collection[int], now: datetime) -> None:
    """Let people wait or come, and take questions back, as the tasks now ask for.

    Called inside the transaction of the change, with those people locked.
    """
    if _how_many(opportunity_ids) > TOGETHER:
        _leave_to_a_worker(opportunity_ids, now)
        return
    follow_clearance_need(opportunity_ids, now)
    _take_back(opportunity_ids, now)
    end_at_once(opportunity_ids, now)


def follow_needs(now: datetime) -> int:
    """Do what is left of changes that concern very many; return how many people or questions moved.

    A task that is changed again meanwhile is looked at again; who was looked at before an interruption is
    as they should be and hears nothing twice.
    """
    return sum(_follow(change, now) for change in list(NeedChange.objects.order_by("changed_at", "pk")))


def _how_many(opportunity_ids: Collection[int]) -> int:
    """Return how many are concerned; no need to count beyond the first too many."""
    placed = Placement.objects.filter(opportunity_id__in=opportunity_ids, status__in=Placement.HOLDING)
    asked = Offer.objects.filter(opportunity_id__in=opportunity_ids, status=Offer.Status.SENT)
    return placed[: TOGETHER + 1].count() + asked[: TOGETHER + 1].count()


def _leave_to_a_worker(opportunity_ids: Collection[int], now: datetime) -> None:
    NeedChange.objects.bulk_create(
        (NeedChange(opportunity_id=key, changed_at=now) for key in sorted(opportunity_ids)),
        update_conflicts=True,
        unique_fields=["opportunity"],
        update_fields=["changed_at"],
    )
    nudge(FOLLOW_NEEDS)


def _follow(change: NeedChange, now: datetime) -> int:
    task = [change.opportunity_id]
    moved = look_at_people_of(change.opportunity_id, now) + _take_back(task, now) + end_at_once(task, now)
    NeedChange.objects.filter(pk=change.pk, changed_at=change.changed_at).delete()
    return moved


@transaction.atomic
def _take_back(opportunity_ids: Collection[int], now: datetime) -> int:
    """Take back what nobody should be asked any more, tell who is placed there, let the searches follow."""
    tell_placed(opportunity_ids, now)
    take_back_from_silent(opportunity_ids, now)
    withdrawn = withdraw_unverified(opportunity_ids, now=now)
    follow_public(opportunity_ids, now)
    return withdrawn + withdraw_misfits(opportunity_ids, now=now)
