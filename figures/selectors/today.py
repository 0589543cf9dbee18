"""What came since midnight, read from the facts themselves: for staff, small numbers hidden all the same."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from figures.domain.cells import NOTHING, TOO_SMALL, Cell
from figures.domain.measures import Measure
from figures.domain.steps import floored, whole_hours
from foundation.units import Minutes

_MEASURES = (Measure.PLEDGED, Measure.PLACED, Measure.HOURS)
_ADDED = """
SELECT measure, count(*), sum(heads), sum(minutes) FROM (
    SELECT measure, person, max(heads) AS heads, sum(minutes) AS minutes FROM figures_fact
    WHERE measure = ANY(%(measures)s) AND day = %(day)s
        AND (%(provider)s::bigint IS NULL OR provider_id = %(provider)s)
        AND (%(field)s = '' OR field = %(field)s)
    GROUP BY measure, person
) AS of_person GROUP BY measure
"""


def added_on(day: date, *, provider_id: int | None, field: str) -> dict[str, Cell]:
    """Return people who pledged, people who began and hours that became known on `day`."""
    values: dict[str, Any] = {"day": day, "provider": provider_id, "field": field}
    with connection.cursor() as cursor:
        cursor.execute(_ADDED, {**values, "measures": list(_MEASURES)})
        found = {measure: _cell(measure, *told) for measure, *told in cursor.fetchall()}
    return {measure.value: found.get(measure, NOTHING) for measure in _MEASURES}


def _cell(measure: str, people: int, heads: int, minutes: int) -> Cell:
    if people < settings.PERSONS_SHOWN_FROM:
        return TOO_SMALL
    return Cell(whole_hours(Minutes(int(minutes))) if measure == Measure.HOURS else floored(int(heads)))
