"""What staff read: the rollups of last night within their providers, small ones hidden all the same."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from figures.domain.cells import NOTHING, TOO_SMALL, Cell
from figures.domain.measures import BEFORE, Measure
from figures.domain.steps import floored, whole_hours
from figures.models import Figure

Column = dict[int | None, Cell]


@dataclass(frozen=True)
class Counted:
    """Per measure the cells of the districts, and the totals, each counted for itself."""

    columns: dict[Measure, Column]
    totals: dict[Measure, Cell]


def counted(period: str, *, provider_id: int | None, field: str) -> Counted:
    """Return people and hours of a period; `provider_id` None is the whole city."""
    measures = (Measure.PLEDGED, Measure.PLACED, Measure.HOURS)
    columns: dict[Measure, Column] = {measure: {} for measure in measures}
    totals: dict[Measure, Cell] = dict.fromkeys(measures, NOTHING)
    rows = _rows(provider_id, field).filter(measure__in=measures, period__in=[period, f"{period}{BEFORE}"])
    pairs: dict[tuple[Measure, bool, int | None], dict[str, Figure]] = {}
    for row in rows:
        pairs.setdefault((Measure(row.measure), row.is_total, row.district_id), {})[row.period] = row
    for (measure, is_total, district), pair in pairs.items():
        before = None if period == "alle" else _shown(pair.get(f"{period}{BEFORE}"))
        shown = _shown(pair.get(period))
        cell = TOO_SMALL if shown is None else Cell(shown, before)
        if is_total:
            totals[measure] = cell
        else:
            columns[measure][district] = cell
    return Counted(columns, totals)


def waiting(period: str, *, field: str) -> tuple[int, int] | None:
    """Return median and ninth decile, in minutes, of the time until people in the city were asked.

    None where fewer answers stand behind it than people are shown from.
    """
    rows = _rows(None, field).filter(
        measure=Measure.ANSWERED,
        period=period,
        is_total=True,
        people__gte=settings.PERSONS_SHOWN_FROM,
    )
    return rows.values_list("value", "high").first()


def places(*, provider_id: int | None, field: str) -> dict[int | None, tuple[int, int]]:
    """Return of each district the places of its tasks, and how many of them are taken."""
    rows = _rows(provider_id, field).filter(measure=Figure.PLACES, is_total=False)
    return {
        district: (places, taken) for district, places, taken in rows.values_list("district", "value", "high")
    }


def _rows(provider_id: int | None, field: str) -> QuerySet[Figure]:
    return Figure.objects.filter(provider=provider_id, field=field)


def _shown(row: Figure | None) -> int | None:
    if row is None:
        return 0
    if row.people < settings.PERSONS_SHOWN_FROM:
        return None
    return whole_hours(row.value) if row.measure == Measure.HOURS else floored(row.value)
