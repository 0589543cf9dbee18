"""What is published, carried on by a day: steps are added, never changed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.db.models import Max, Min, Sum

from figures.domain.measures import Measure
from figures.domain.steps import Arrival, Entry, Steps, step_size, steps_of_heads, steps_of_sums
from figures.models import Fact, Series, Step

Known = dict[date, int]
Key = tuple[str, int | None, int | None]


def carry_on(counted_on: date) -> None:
    """Add the steps of every series up to `counted_on`."""
    known = _known()
    found: list[tuple[Key, Steps]] = []
    for measure in (Measure.PLEDGED, Measure.PLACED):
        found += _of_heads(measure, counted_on, known)
    found += _of_hours(counted_on, known)
    found += _of_gifts(counted_on, known)
    _add(found)


def _known() -> dict[Key, Known]:
    known: dict[Key, Known] = defaultdict(dict)
    rows = Step.objects.values_list(
        "series__measure", "series__district", "series__fund", "day", "value"
    ).order_by()
    for measure, district, fund, day, value in rows:
        known[measure, district, fund][day] = value
    return known


def _of_heads(measure: Measure, counted_on: date, known: dict[Key, Known]) -> Iterator[tuple[Key, Steps]]:
    """Every contact counts once in a district, with all heads, from the day they were first known there."""
    size = step_size(settings.PERSONS_SHOWN_FROM)
    rows = (
        Fact.objects.filter(measure=measure, day__lte=counted_on)
        .values_list("district", "person")
        .annotate(first_on=Min("day"), heads=Max("heads"))
        .order_by("district")
    )
    for district, of_district in groupby(rows.iterator(), key=itemgetter(0)):
        key = (measure.value, district, None)
        arrivals = (Arrival(*row[2:]) for row in of_district)
        yield key, steps_of_heads(arrivals, known=known[key], size=size)


def _of_hours(counted_on: date, known: dict[Key, Known]) -> Iterator[tuple[Key, Steps]]:
    rows = (
        Fact.objects.filter(measure=Measure.HOURS, day__lte=counted_on)
        .values_list("district", "day", "person")
        .annotate(amount=Sum("minutes"))
        .order_by("district", "day")
    )
    for district, of_district in groupby(rows.iterator(), key=itemgetter(0)):
        key = (Measure.HOURS.value, district, None)
        entries = (Entry(*row[1:]) for row in of_district)
        yield key, steps_of_sums(entries, known=known[key], shown_from=settings.PERSONS_SHOWN_FROM)


def _of_gifts(counted_on: date, known: dict[Key, Known]) -> Iterator[tuple[Key, Steps]]:
    rows = (
        Fact.objects.filter(measure=Measure.GIFTS, day__lte=counted_on)
        .values_list("fund", "day", "person")
        .annotate(amount=Sum("cents"))
        .order_by("fund", "day")
    )
    for fund, of_fund in groupby(rows.iterator(), key=itemgetter(0)):
        key = (Measure.GIFTS.value, None, fund)
        entries = (Entry(*row[1:]) for row in of_fund)
        yield key, steps_of_sums(entries, known=known[key], shown_from=settings.GIVERS_SHOWN_FROM)


def _add(found: Iterable[tuple[Key, Steps]]) -> None:
    rows = []
    for (measure, district, fund), steps in found:
        if steps:
            series = _series(measure, district, fund)
            rows += [Step(series=series, day=day, value=value) for day, value in steps]
    Step.objects.bulk_create(rows, batch_size=5000)


def _series(measure: str, district: int | None, fund: int | None) -> Series:
    found = Series.objects.filter(measure=measure, district=district, fund=fund).first()
    if found is None:
        found = Series(measure=measure)
        found.district_id, found.fund_id = district, fund
        found.save()
    return found
