"""What everybody may read: the steps of the published series, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import BigIntegerField, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Mod

from figures.domain.cells import Cell, cell_of_readings
from figures.domain.measures import Measure, span
from figures.domain.sheets import Column
from figures.domain.steps import CENTS_BASE, floored, step_size, whole_hours
from figures.models import Figure, Night, Series, Step
from programs.models import Fund

PEOPLE = (Measure.PLEDGED, Measure.PLACED)


def counted_on() -> date | None:
    """Return the last day that has been counted; None before the first night."""
    return Night.objects.values_list("counted_on", flat=True).first()


def years() -> list[int]:
    """Return the calendar years of which something is published, the newest first."""
    on, first = counted_on(), Step.objects.aggregate(first=Min("day"))["first"]
    return list(range(on.year, first.year - 1, -1)) if on and first else []


def columns(period: str, on: date) -> dict[str, Column]:
    """Return per measure what was added in each district in the period that ends on the day `on`."""
    found: dict[str, Column] = {measure.value: {} for measure in (*PEOPLE, Measure.HOURS)}
    for series in _read(Series.objects.exclude(measure=Measure.GIFTS), period, on):
        measure = Measure(series.measure)
        shown = whole_hours if measure == Measure.HOURS else int
        readings = [shown(each) for each in (series.now, series.first, series.earlier)]  # type: ignore[attr-defined]
        found[measure.value][series.district_id] = _cell(readings, period)
    return found


@dataclass(frozen=True)
class AmountRead:
    """Cents published of one purpose at the end, at the begin, and at the begin of the period before."""

    fund: Fund
    readings: tuple[int, int, int]
    period: str


def amounts_read(period: str, on: date) -> list[AmountRead]:
    """Return what is published of every purpose for the period that ends on the day `on`."""
    series = Series.objects.filter(measure=Measure.GIFTS).select_related("fund").order_by("pk")
    read = []
    for each in _read(series, period, on):
        assert each.fund is not None
        now, first, earlier = (
            floored(cents, CENTS_BASE)
            for cents in (each.now, each.first, each.earlier)  # type: ignore[attr-defined]
        )
        read.append(AmountRead(each.fund, (now, first, earlier), period))
    return read


def of_choice(read: Iterable[AmountRead], *, provider_id: int | None, field: str) -> list[AmountRead]:
    """Return those for purposes of one provider (None: of all) and field ("": of all)."""
    return [
        each
        for each in read
        if provider_id in (None, each.fund.provider_id) and field in ("", each.fund.field)
    ]


def amounts(read: Iterable[AmountRead]) -> Column:
    """Return the cents added in each district: sums of the published amounts of its purposes."""
    columns: dict[int | None, list[AmountRead]] = {}
    for each in read:
        columns.setdefault(each.fund.district_id, []).append(each)
    return {
        district: _cell(
            [sum(parts) for parts in zip(*(each.readings for each in of_district), strict=True)],
            of_district[0].period,
        )
        for district, of_district in columns.items()
    }


def _cell(readings: list[int], period: str) -> Cell:
    now, first, earlier = readings
    return cell_of_readings(now, first, None if period == "alle" else earlier)


def _read(series: QuerySet[Series], period: str, on: date) -> QuerySet[Series]:
    """Give each series its reading at the end, at the begin, and at the begin of the period before."""
    first_on, last_on = span(period, on)
    length = last_on - first_on + timedelta(days=1)
    day = timedelta(days=1)
    return series.annotate(
        now=_reading(last_on), first=_reading(first_on - day), earlier=_reading(first_on - length - day)
    )


def _reading(day: date) -> Combinable:
    steps = Step.objects.filter(series=OuterRef("pk"), day__lte=day).order_by("-day")
    return Coalesce(Subquery(steps.values("value")[:1]), 0)


def published_cents() -> Combinable:
    """Return, for a query of purposes, the cents published of each; null while too few people gave."""
    steps = Step.objects.filter(series__measure=Measure.GIFTS, series__fund=OuterRef("pk")).order_by("-day")
    cents = steps.annotate(cents=F("value") - Mod(F("value"), CENTS_BASE)).values("cents")
    return Subquery(cents[:1], output_field=BigIntegerField())


def places() -> dict[int | None, tuple[int, int]]:
    """Return of each district the places of its tasks and how many of them are taken, as it is published.

    They stand on five contacts, ten, and so on, each with all heads of a group; few taken ones count as none.
    """
    size = step_size(settings.PERSONS_SHOWN_FROM)
    return {
        district: (places, floored(taken, size))
        for district, places, taken in _places().values_list("district", "value", "people")
    }


def people_needed() -> Coalesce:
    """Return, for a query of tasks, how many people the tasks of their district still need, as published."""
    size = step_size(settings.PERSONS_SHOWN_FROM)
    of_district = _places().filter(district=OuterRef("district"))
    needed = of_district.values(needed=F("value") - F("people") + Mod(F("people"), size))
    return Coalesce(Subquery(needed, output_field=BigIntegerField()), 0)


def _places() -> QuerySet[Figure]:
    return Figure.objects.filter(measure=Figure.PLACES, provider=None, field="", is_total=False)
