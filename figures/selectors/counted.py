"""What staff may read of the rollups of last night within their providers, small ones hidden all the same."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.conf import settings

from figures.domain.cells import NOTHING, TOO_SMALL, Cell
from figures.domain.measures import BEFORE, Measure
from figures.domain.sheets import Column
from figures.domain.steps import floored, whole_hours
from figures.models import Figure
from foundation.units import Minutes
from programs.domain.choices import Field
from programs.models import Fund

MEASURES = (Measure.PLEDGED, Measure.PLACED, Measure.HOURS)
Chosen = tuple[int | None, str]


def by_choice() -> Mapping[Chosen, list[Figure]]:
    """Return the rollups by provider (None: the whole city) and field (""), where there is anything to tell.

    A purpose alone is something: of it the published amount is told.
    """
    of_purposes = Fund.objects.values_list("provider", "field").order_by().distinct()
    found: dict[Chosen, list[Figure]] = defaultdict(list)
    for choice in [(None, field) for field in ("", *Field.values)] + list(of_purposes):
        found[choice] = []
        found[choice[0], ""] = []
    for figure in Figure.objects.order_by("pk").iterator():
        found[figure.provider_id, figure.field].append(figure)
    return found


def columns_and_totals(figures: Iterable[Figure], period: str) -> tuple[dict[str, Column], dict[str, Cell]]:
    """Return people and hours of a period by district, and together; each is counted for itself."""
    columns: dict[str, Column] = {measure.value: {} for measure in MEASURES}
    totals: dict[str, Cell] = {measure.value: NOTHING for measure in MEASURES}
    pairs: dict[tuple[str, bool, int | None], dict[str, Figure]] = {}
    for row in figures:
        if row.measure in columns and row.period in (period, f"{period}{BEFORE}"):
            pairs.setdefault((row.measure, row.is_total, row.district_id), {})[row.period] = row
    for (measure, is_total, district), pair in pairs.items():
        before = None if period == "alle" else _shown(pair.get(f"{period}{BEFORE}"))
        shown = _shown(pair.get(period))
        cell = TOO_SMALL if shown is None else Cell(shown, before)
        if is_total:
            totals[measure] = cell
        else:
            columns[measure][district] = cell
    return columns, totals


def waiting(figures: Iterable[Figure], period: str) -> tuple[int, int] | None:
    """Return median and ninth decile, in minutes, of the time until people were asked.

    None where fewer people stand behind it than people are shown from.
    """
    return next((wait for is_total, _district, wait in _waits(figures, period) if is_total), None)


def waits(figures: Iterable[Figure], period: str) -> dict[int | None, tuple[int, int]]:
    """Return the same of each district in which enough people stand behind it."""
    return {district: wait for is_total, district, wait in _waits(figures, period) if not is_total}


def _waits(figures: Iterable[Figure], period: str) -> Iterator[tuple[bool, int | None, tuple[int, int]]]:
    for row in figures:
        is_asked_for = row.measure == Measure.ANSWERED and row.period == period
        if is_asked_for and row.people >= settings.PERSONS_SHOWN_FROM:
            yield row.is_total, row.district_id, (row.value, row.high)


def places(figures: Iterable[Figure]) -> dict[int | None, tuple[int, int]]:
    """Return of each district the places of its tasks, and how many of them are taken."""
    return {
        row.district_id: (row.value, row.high)
        for row in figures
        if row.measure == Figure.PLACES and not row.is_total
    }


def _shown(row: Figure | None) -> int | None:
    if row is None:
        return 0
    if row.people < settings.PERSONS_SHOWN_FROM:
        return None
    return whole_hours(Minutes(row.value)) if row.measure == Measure.HOURS else floored(row.value)
