"""The wish for a new run of the matcher: many changes within seconds make one run."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from volunteers.models import MatchRequest

SETTLE = timedelta(seconds=10)


def want_run(now: datetime) -> None:
    """Ask for a run after commit; an older wish keeps its moment.

    Outside the transaction of the change, so that no citizen waits for or dies on the lock of this one row. A
    wish lost in between costs at most the hour until the next regular run.
    """
    transaction.on_commit(lambda: _write(now), robust=True)


def _write(now: datetime) -> None:
    wishes = MatchRequest.objects.filter(pk=1)
    if not wishes.update(wanted_since=Coalesce(F("wanted_since"), now)):
        MatchRequest.objects.bulk_create([MatchRequest(pk=1, wanted_since=now)], ignore_conflicts=True)


def is_run_wanted(now: datetime) -> bool:
    """Tell whether a wish has had its ten seconds to settle."""
    return MatchRequest.objects.filter(wanted_since__lte=now - SETTLE).exists()


def clear_request() -> None:
    """Forget the wish; called before a run reads its rows, so that later changes ask again."""
    MatchRequest.objects.update(wanted_since=None)
