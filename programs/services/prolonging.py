"""That a task still holds, taken back by who has just said so: nobody outside has heard of it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from foundation.history import lines_of
from foundation.models import Event
from foundation.undoing import UNDO_WITHIN
from programs.models import Opportunity

COLUMN = "expires_on"
ROUTES = ("coordination_opportunity_step", "coordination_opportunities_step")
"""The names of the addresses at which it is said, as the history has them."""


def take_back_prolonging(task: Opportunity, *, by: User, now: datetime) -> bool:
    """Let a task end on the day on which it did before; False, changing nothing, if that is not to be.

    Only what `by` said within `UNDO_WITHIN`, and only where it still stands as it was said.
    """
    with transaction.atomic():
        row = Opportunity.objects.select_for_update().get(pk=task.pk)
        said = _fresh(by, now).filter(object_id=row.pk).first()
        if said is None or said.changes is None or not _stands(row, said):
            return False
        before, _after = said.changes[COLUMN]
        Opportunity.objects.filter(pk=row.pk).update(expires_on=before)
        return True


def prolongings_to_take_back(by: User, now: datetime) -> list[tuple[Opportunity, datetime]]:
    """Return the tasks of which `by` has just said that they still hold, with the moment of each."""
    lines = list(_fresh(by, now))
    if not lines:
        return []
    latest = {line.object_id: line for line in reversed(lines)}
    found = Opportunity.objects.in_bulk(list(latest))
    return [(found[pk], line.at) for pk, line in latest.items() if pk in found and _stands(found[pk], line)]


def _fresh(by: User, now: datetime) -> QuerySet[Event]:
    own = Q(actor_user=by.pk, route__in=ROUTES, changes__has_key=COLUMN, kind=Event.Kind.CHANGED)
    return lines_of(Opportunity).filter(own, at__gt=now - UNDO_WITHIN).order_by("-at", "-pk")


def _stands(task: Opportunity, said: Event) -> bool:
    if task.is_closed or said.changes is None:
        return False
    before, after = said.changes[COLUMN]
    return before is not None and str(task.expires_on) == after
