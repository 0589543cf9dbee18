"""The night counts, the day reads."""

from datetime import date, datetime, timedelta

import structlog
from django.db import connection, transaction

from figures.models import Fact, Night
from figures.services import finished, rollups, series, sources
from foundation.clock import local_day


class FactsDiffered(Exception):
    """The night found facts that were not what their rows tell, put them right, and counted."""


def count(now: datetime) -> int:
    """Count everything up to the end of yesterday; return how many facts there are.

    May be repeated: rollups and finished sheets are made anew, published series are carried on from where
    they stand. Facts are there already and only compared. Raises FactsDiffered, when all is done, if some
    were not as they should be.
    """
    different = sources.repair()
    facts = _counted(local_day(now) - timedelta(days=1))
    if different:
        structlog.get_logger(__name__).error("facts_differed", causes=different)
        raise FactsDiffered(f"{different} causes")
    return facts


def _counted(counted_on: date) -> int:
    """Read all facts as of one moment, though others are written meanwhile."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("ANALYZE figures_fact")
        rollups.refill(counted_on)
        series.carry_on(counted_on)
        _note(counted_on)
        finished.refill(counted_on)
        return Fact.objects.count()


def _note(counted_on: date) -> None:
    Night.objects.update_or_create(id=1, defaults={"counted_on": counted_on})
