"""When tasks are, read together with the rows they belong to."""

import json
from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import OuterRef, TextField
from django.db.models.functions import Cast, JSONObject

from foundation.units import MinuteOfDay
from programs.domain.rhythms import Rhythm
from programs.models import ShiftSeries


def series_beside(opportunity: str) -> ArraySubquery:
    """Return, to be read with each row, the series of the task that its column `opportunity` names.

    What it gives is read by `rhythms_read`.
    """
    series = ShiftSeries.objects.filter(opportunity=OuterRef(opportunity)).order_by("pk")
    told = JSONObject(
        rule="rrule",
        start="start_minute",
        end="end_minute",
        days="rdates",
        without="exdates",
        public="skips_public_holidays",
        school="skips_school_holidays",
    )
    return ArraySubquery(series.values_list(Cast(told, TextField())), output_field=ArrayField(TextField()))


def rhythms_read(stored: Iterable[str]) -> tuple[Rhythm, ...]:
    """Return what `series_beside` has read."""
    return tuple(map(_rhythm, stored))


def _rhythm(stored: str) -> Rhythm:
    told = json.loads(stored)
    days, without = (tuple(map(date.fromisoformat, told[name])) for name in ("days", "without"))
    start, end = MinuteOfDay(told["start"]), MinuteOfDay(told["end"])
    return Rhythm(told["rule"], start, end, days, without, told["public"], told["school"])
