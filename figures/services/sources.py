"""What the facts have to be: the apps above say how to read their rows, and nothing else decides.

Triggers write the facts in the transaction of their cause (migration 0006). Here they are compared with what
the rows tell, and where they differ the rows are right.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from figures.domain.measures import Measure
from figures.models import Fact

_TYPES = {
    "day": "date",
    "district_id": "bigint",
    "field": "text",
    "provider_id": "bigint",
    "fund_id": "bigint",
    "person": "bigint",
    "minutes": "bigint",
    "cents": "bigint",
    "heads": "bigint",
    "cause": "bigint",
}
COLUMNS = tuple(name.removesuffix("_id") for name in _TYPES)
Source = Callable[[], "QuerySet[Any, tuple[Any, ...]]"]
_sources: dict[Measure, Source] = {}

_TYPED = ", ".join(f"{name}::{kind} AS {name}" for name, kind in _TYPES.items())
_NAMES = ", ".join(_TYPES)
_DIFFERENT = f"""
WITH told AS MATERIALIZED (SELECT {_TYPED} FROM ({{}}) AS told ({_NAMES})),
    kept AS MATERIALIZED (SELECT {_TYPED} FROM figures_fact WHERE measure = %s)
SELECT cause FROM (TABLE told EXCEPT ALL TABLE kept) AS missing
UNION
SELECT cause FROM (TABLE kept EXCEPT ALL TABLE told) AS untrue
"""  # noqa: S608 - made of the constants above
_REPAIR = f"""
INSERT INTO figures_fact (measure, {_NAMES})
SELECT %s, {_NAMES} FROM (SELECT {_TYPED} FROM ({{}}) AS told ({_NAMES})) AS told WHERE cause = ANY(%s)
"""  # noqa: S608 - made of the constants above
_ALONE = "SELECT pg_advisory_xact_lock(11, 0)"  # as figures_settle takes it: nobody else writes facts
_AT_ONCE = 5000


def register(measure: Measure, source: Source) -> None:
    """Let the facts of `measure` be what `source` selects: rows of values in the order of COLUMNS."""
    _sources[measure] = source


def registered() -> dict[Measure, Source]:
    """Return every source by what it tells."""
    return dict(_sources)


def differences() -> dict[Measure, list[int]]:
    """Return the causes whose facts are not what their rows tell, each measure as of one moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT figures_settle()")
        found = {measure: sorted(_different(cursor, measure)) for measure in _sources}
    return {measure: causes for measure, causes in found.items() if causes}


def _different(cursor: Any, measure: Measure) -> Iterator[int]:
    select, values = _sources[measure]().order_by().query.sql_with_params()
    cursor.execute(_DIFFERENT.format(select), [*values, measure.value])
    return (cause for (cause,) in cursor.fetchall())


def repair() -> int:
    """Make the facts what their rows tell, where they are not; return of how many causes they were not."""
    different = differences()
    for measure, causes in different.items():
        for first in range(0, len(causes), _AT_ONCE):
            _write(measure, causes[first : first + _AT_ONCE])
    return sum(map(len, different.values()))


@transaction.atomic
def _write(measure: Measure, causes: list[int]) -> None:
    select, values = _sources[measure]().order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_ALONE)
        Fact.objects.filter(measure=measure, cause__in=causes).delete()
        cursor.execute(_REPAIR.format(select), [measure.value, *values, causes])
