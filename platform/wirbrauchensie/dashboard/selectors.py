"""Help beside need, by district, of what the house of figures has counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, TextField
from django.db.models.functions import Cast, JSONObject

from figures.domain.cells import NOTHING, TOO_SMALL, Cell
from figures.domain.sheets import Sheet
from figures.selectors import sheets
from programs.domain.german import sort_key
from programs.models import District, DistrictFigure
from wirbrauchensie.dashboard.filters import Choice

ABOUT_TASKS = "needs"
_MEASURES = ("needs", "pledged", "placed", "hours", "gifts")


@dataclass(frozen=True)
class Line:
    """One district (None: not assigned to one) with a cell per measure and its published figures.

    `places` are those of its tasks, `taken` how many of them are taken, as far as that is told.
    """

    district: District | None
    cells: dict[str, Cell]
    places: int
    taken: int
    population: DistrictFigure | None
    under_18: DistrictFigure | None
    child_poverty: DistrictFigure | None

    @property
    def gap(self) -> int:
        """How many people its tasks still need."""
        return self.places - self.taken


@dataclass(frozen=True)
class Report:
    """The table: a line per district, the totals, and the last day counted (None: no night has passed yet).

    `is_exact` tells whether gaps and totals are counted, or the least that follows from what is published.
    `waiting` are median and ninth decile of the minutes until people were asked, for staff alone.
    `compared_on` is the last day of the report that cells are compared with; None: with the period before.
    """

    lines: list[Line]
    totals: dict[str, Cell]
    counted_on: date | None
    is_exact: bool
    waiting: tuple[int, int] | None = None
    compared_on: date | None = None


def public_report(choice: Choice) -> Report:
    """Return what everybody may read: a period of the whole city, made of published readings alone."""
    sheet = sheets.public_sheet(choice.period)
    lines = _lines(sheet, nobody=TOO_SMALL)
    totals = {measure: total_of(line.cells[measure] for line in lines) for measure in _MEASURES}
    return Report(lines, totals, sheet.counted_on, is_exact=False)


def staff_report(choice: Choice) -> Report:
    """Return what staff may read of one provider or the whole city; amounts are the published ones."""
    sheet = sheets.staff_sheet(choice.period, provider_id=choice.provider_id, field=choice.field)
    lines = _lines(sheet, nobody=NOTHING)
    totals = {measure: sheet.totals.get(measure, NOTHING) for measure in _MEASURES}
    totals |= {measure: total_of(line.cells[measure] for line in lines) for measure in ("needs", "gifts")}
    return Report(lines, totals, sheet.counted_on, is_exact=True, waiting=sheet.waiting)


def _districts_with_figures() -> list[tuple[District, dict[str, DistrictFigure]]]:
    """Return every district with kind, value and year of its latest figures, in one question for all."""
    latest = DistrictFigure.objects.filter(district=OuterRef("pk"))
    latest = latest.order_by("kind", F("year").desc(nulls_last=True)).distinct("kind")
    told = JSONObject(kind="kind", value=Cast("value", TextField()), year="year")
    rows = District.objects.defer("loaded_values").annotate(told=ArraySubquery(latest.values(json=told)))
    return [
        (
            district,
            {
                each["kind"]: DistrictFigure(
                    kind=each["kind"], value=Decimal(each["value"]), year=each["year"]
                )
                for each in vars(district)["told"]
            },
        )
        for district in sorted(rows, key=lambda district: sort_key(district.name))
    ]


def districts_by_name() -> list[District]:
    """Return every district in the order in which people look for it."""
    return sorted(District.objects.defer("loaded_values"), key=lambda district: sort_key(district.name))


def _lines(sheet: Sheet, *, nobody: Cell) -> list[Line]:
    """Return a line per district; `nobody` is how a count reads where nothing is known of anybody."""
    Kind = DistrictFigure.Kind  # noqa: N806
    lines = []
    for district, figures in (*_districts_with_figures(), (None, {})):
        key = district.pk if district else None
        offered, taken = sheet.places.get(key, (0, 0))
        cells = {
            measure: sheet.columns.get(measure, {}).get(key, TOO_SMALL if measure == "gifts" else nobody)
            for measure in _MEASURES
        }
        cells[ABOUT_TASKS] = Cell(offered - taken)
        of_district = [
            figures.get(kind) for kind in (Kind.POPULATION, Kind.UNDER_18_PERCENT, Kind.CHILD_POVERTY_PERCENT)
        ]
        if district or any(key in column for column in sheet.columns.values()):
            lines.append(Line(district, cells, offered, taken, *of_district))
    return lines


def total_of(cells: Iterable[Cell]) -> Cell:
    """Return the sum of what is shown: at least that many."""
    cells = list(cells)
    shown = [cell.shown for cell in cells if cell.shown is not None]
    before = [cell.before for cell in cells if cell.before is not None]
    return Cell(sum(shown) if shown else None, sum(before) if before else None)
