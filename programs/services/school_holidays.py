"""When school holidays are edited, the dates of every task that leaves them out follow, task by task.

The row is the message: whoever edits writes one row for each task in one statement, however many there are,
and a sweep brings their dates along. What is done is done for good, so that a worker that is killed goes on.
"""

from datetime import datetime

from django.db import transaction

from foundation.sweeps import nudge
from programs.models import DatesToFollow, ShiftSeries
from programs.services.shifts import RELEASED, follow_series

FOLLOW = "programs.follow_school_holidays"
AT_ONCE = 1000
"""How many tasks one run of the sweep brings along, well within a job's time."""


def school_holidays_changed(now: datetime) -> int:
    """Let the coming dates of every task that leaves school holidays out follow; return how many tasks.

    Called inside the transaction of the edit. A task that waits already waits for this edit too.
    """
    concerned = ShiftSeries.objects.filter(skips_school_holidays=True, opportunity__status__in=RELEASED)
    tasks = concerned.order_by("opportunity_id").values_list("opportunity_id", flat=True).distinct()
    rows = DatesToFollow.objects.bulk_create(
        (DatesToFollow(opportunity_id=pk, since=now) for pk in tasks),
        update_conflicts=True,
        unique_fields=["opportunity"],
        update_fields=["since"],
    )
    nudge(FOLLOW)
    return len(rows)


def follow_due(now: datetime) -> int:
    """Bring the dates of the tasks that wait longest along; return how many tasks."""
    waiting = list(DatesToFollow.objects.select_related("opportunity").order_by("since", "pk")[:AT_ONCE])
    for row in waiting:
        _follow(row, now)
    return len(waiting)


@transaction.atomic
def _follow(row: DatesToFollow, now: datetime) -> None:
    """Holidays that were edited meanwhile are followed by the next run: the row is another one by then."""
    follow_series(row.opportunity, now=now)
    DatesToFollow.objects.filter(pk=row.pk, since=row.since).delete()
