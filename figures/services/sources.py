"""Where facts come from: the apps above say how to read their rows, and not what becomes of them."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from figures.domain.measures import Measure
from figures.models import Fact

COLUMNS = ("day", "district", "field", "provider", "fund", "person", "minutes", "cents", "heads")
Source = Callable[[], "QuerySet[Any, tuple[Any, ...]]"]
_sources: dict[Measure, Source] = {}

_REFILL = """
INSERT INTO figures_fact
    (measure, day, district_id, field, provider_id, fund_id, person, minutes, cents, heads)
SELECT %s, fact.* FROM ({}) AS fact
"""


def register(measure: Measure, source: Source) -> None:
    """Let the facts of `measure` be what `source` selects: rows of values in the order of COLUMNS."""
    _sources[measure] = source


def refill() -> int:
    """Derive all facts anew; return how many there are."""
    Fact.objects.all().delete()
    with connection.cursor() as cursor:
        for measure, source in _sources.items():
            select, values = source().order_by().query.sql_with_params()
            cursor.execute(_REFILL.format(select), [measure.value, *values])
        cursor.execute("ANALYZE figures_fact")
    return Fact.objects.count()
