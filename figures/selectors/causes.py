"""Figures of certain causes alone, read from their facts: for staff, small numbers hidden all the same."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from figures.domain.cells import TOO_SMALL, Cell
from figures.domain.measures import Measure, span, span_before
from figures.domain.steps import floored, whole_hours
from figures.models import Fact
from foundation.units import Minutes

_Told = dict[str, tuple[int, int, int]]


def cells_of(causes: Mapping[Measure, QuerySet[Any]], period: str, counted_on: date) -> dict[str, Cell]:
    """Return per measure what the facts of its causes (rows of ids) tell of a period and the one before."""
    of_causes = Q()
    for measure, ids in causes.items():
        of_causes |= Q(measure=measure, cause__in=ids)
    facts = Fact.objects.filter(of_causes)
    now = _told(facts, span(period, counted_on))
    before = {} if period == "alle" else _told(facts, span_before(period, counted_on))
    return {measure.value: _cell(measure, now, before, period) for measure in causes}


def _cell(measure: Measure, now: _Told, before: _Told, period: str) -> Cell:
    shown = _shown(measure, now)
    if shown is None:
        return TOO_SMALL
    return Cell(shown, None if period == "alle" else _shown(measure, before))


def _told(facts: QuerySet[Fact], days: tuple[date, date]) -> _Told:
    """Return people, their heads and the minutes of each measure; whoever comes often is one of them."""
    of_people = facts.filter(day__range=days).values("measure", "person")
    told: _Told = {}
    for row in of_people.annotate(most=Coalesce(Max("heads"), 0), spent=Coalesce(Sum("minutes"), 0)):
        people, heads, minutes = told.get(row["measure"], (0, 0, 0))
        told[row["measure"]] = (people + 1, heads + row["most"], minutes + row["spent"])
    return told


def _shown(measure: Measure, told: _Told) -> int | None:
    people, heads, minutes = told.get(measure.value, (0, 0, 0))
    if people and people < settings.PERSONS_SHOWN_FROM:
        return None
    return whole_hours(Minutes(minutes)) if measure == Measure.HOURS else floored(heads)
