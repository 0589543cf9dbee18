"""The night counts, the day reads."""

from datetime import date, datetime, timedelta

from django.db import transaction

from figures.models import Night
from figures.services import finished, rollups, series, sources
from foundation.clock import local_day


@transaction.atomic
def count(now: datetime) -> int:
    """Count everything up to the end of yesterday; return how many facts there were.

    May be repeated: facts, rollups and finished sheets are made anew, published series are
    carried on from where they stand.
    """
    counted_on = local_day(now) - timedelta(days=1)
    facts = sources.refill()
    rollups.refill(counted_on)
    series.carry_on(counted_on)
    _note(counted_on)
    finished.refill(counted_on)
    return facts


def _note(counted_on: date) -> None:
    Night.objects.update_or_create(id=1, defaults={"counted_on": counted_on})
