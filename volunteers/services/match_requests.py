"""The wish to look again after a change: for one person, for the places of one task, or for all."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from foundation.sweeps import nudge_now
from volunteers.models import MatchRequest

SETTLE = timedelta(seconds=10)
ANSWER_REQUESTS = "volunteers.match_wanted"


def want_match_of(pledge_id: int, now: datetime) -> None:
    """Ask for a look at what fits this pledge, at once after commit."""
    _want([MatchRequest(pledge_id=pledge_id, wanted_since=now)], nudge=True)


def want_match_for(opportunity_ids: Collection[int], now: datetime) -> None:
    """Ask for a look at who fits the free places of these tasks, once their changes have settled."""
    _want([MatchRequest(opportunity_id=key, wanted_since=now) for key in opportunity_ids])


def want_run(now: datetime) -> None:
    """Ask for a run over everybody."""
    _want([MatchRequest(wanted_since=now)])


def _want(requests: list[MatchRequest], *, nudge: bool = False) -> None:
    """Write after commit; an older wish for the same keeps its moment.

    Outside the transaction of the change, so that no citizen waits for or dies on another one's lock. A wish
    lost in between costs at most the hour until the next regular run.
    """
    transaction.on_commit(lambda: _write(requests, nudge=nudge), robust=True)


def _write(requests: list[MatchRequest], *, nudge: bool) -> None:
    MatchRequest.objects.bulk_create(requests, ignore_conflicts=True)
    if nudge:
        nudge_now(ANSWER_REQUESTS)


def due_requests(now: datetime) -> list[MatchRequest]:
    """Return the wishes of people, and those for tasks that have had ten seconds to settle, oldest first."""
    due = Q(pledge__isnull=False) | Q(wanted_since__lte=now - SETTLE)
    return list(MatchRequest.objects.filter(due).order_by("wanted_since", "pk"))


def clear_requests() -> None:
    """Forget all wishes; called before a run reads its rows, so that later changes ask again."""
    MatchRequest.objects.all().delete()
