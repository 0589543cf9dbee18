"""Help beside need, by district, of what the house of figures has counted."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Func, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject

from figures.domain.cells import NOTHING, TOO_SMALL, Cell
from figures.domain.measures import Measure
from figures.domain.sheets import Sheet
from figures.models import FinishedSheet
from figures.selectors import sheets
from figures.selectors.causes import cells_of
from foundation import prepared
from programs.domain.german import sort_key
from programs.models import District, DistrictFigure, Opportunity
from volunteers.models import HoursEntry, Placement
from wirbrauchensie.dashboard.filters import Choice

ABOUT_TASKS = "needs"
_MEASURES = ("needs", "pledged", "placed", "hours", "gifts")
OF_A_TASK = ("needs", "placed", "hours")
"""What belongs to a single task: a pledge and a gift are for none."""
_ABOUT_DISTRICTS = (
    DistrictFigure.Kind.POPULATION,
    DistrictFigure.Kind.UNDER_18_PERCENT,
    DistrictFigure.Kind.CHILD_POVERTY_PERCENT,
)
_COLUMNS = [field.attname for field in District._meta.concrete_fields if field.name != "loaded_values"]


class Known(NamedTuple):
    """A published figure about a district, its year and, where a report has kept it, its source."""

    value: Decimal
    year: int | None
    source: str = ""


Told = tuple[District, dict[str, Known]]


@dataclass(frozen=True)
class Line:
    """One district (None: not assigned to one) with a cell per measure and its published figures.

    `places` are those of its tasks, `taken` how many of them are taken, as far as that is told; `waiting` are
    median and ninth decile of the minutes until its people were asked, for staff alone.
    """

    district: District | None
    cells: dict[str, Cell]
    places: int
    taken: int
    population: Known | None
    under_18: Known | None
    child_poverty: Known | None
    waiting: tuple[int, int] | None = None

    @property
    def children(self) -> Decimal:
        """How many people under 18 live there, by the published figures; 0 where one of them is missing."""
        if self.population is None or self.under_18 is None:
            return Decimal(0)
        return self.population.value * self.under_18.value / 100

    @property
    def children_year(self) -> int | None:
        """The year of the older of both figures."""
        years = [known.year for known in (self.population, self.under_18) if known and known.year]
        return min(years, default=None)

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
    `measures` are those that are told of, `task` is the title of the only one they are about.
    """

    lines: list[Line]
    totals: dict[str, Cell]
    counted_on: date | None
    is_exact: bool
    waiting: tuple[int, int] | None = None
    compared_on: date | None = None
    measures: tuple[str, ...] = _MEASURES
    task: str = ""


def public_report(choice: Choice) -> Report:
    """Return what everybody may read: a period of the whole city, made of published readings alone."""
    sheet, districts = _read(True, choice.period, None, "")
    lines = _lines(sheet, districts, nobody=TOO_SMALL)
    totals = {measure: total_of(line.cells[measure] for line in lines) for measure in _MEASURES}
    return Report(lines, totals, sheet.counted_on, is_exact=False)


def staff_report(choice: Choice) -> Report:
    """Return what staff may read of one provider or the whole city; amounts are the published ones."""
    sheet, districts = _read(False, choice.period, choice.provider_id, choice.field)
    lines = _lines(sheet, districts, nobody=NOTHING)
    totals = {measure: sheet.totals.get(measure, NOTHING) for measure in _MEASURES}
    totals |= {measure: total_of(line.cells[measure] for line in lines) for measure in ("needs", "gifts")}
    return Report(lines, totals, sheet.counted_on, is_exact=True, waiting=sheet.waiting)


def task_report(task: Opportunity, period: str) -> Report:
    """Return what staff may read of one task, in its district: its places as of now, its people and hours."""
    sheet, districts = _read(False, period, task.provider_id, task.field)
    causes = {
        Measure.PLACED: Placement.objects.filter(opportunity=task).values("pk"),
        Measure.HOURS: HoursEntry.objects.filter(opportunity=task).values("pk"),
    }
    told = cells_of(causes, period, sheet.counted_on) if sheet.counted_on else {}
    own = Sheet(
        sheet.counted_on,
        {measure: {task.district_id: cell} for measure, cell in told.items()},
        places={task.district_id: (task.places, task.places_taken)},
    )
    here = [each for each in districts if each[0].pk == task.district_id]
    lines = [line for line in _lines(own, here, nobody=NOTHING, measures=OF_A_TASK) if line.district]
    totals = {measure: total_of(line.cells[measure] for line in lines) for measure in OF_A_TASK}
    return Report(lines, totals, own.counted_on, is_exact=True, measures=OF_A_TASK, task=task.title)


def _read(is_public: bool, period: str, provider_id: int | None, field: str) -> tuple[Sheet, list[Told]]:
    """Return the finished sheet and every district with its latest figures, in one question for both."""
    for content, districts in prepared.rows(_sheet_and_districts(is_public, period, provider_id, field)):
        return sheets.finished(content), _told(districts)
    return sheets.finished(None), _told([district for (district,) in prepared.rows(_districts())])


@prepared.statement_of
def _sheet_and_districts(
    is_public: bool, period: str, provider_id: int | None, field: str
) -> QuerySet[FinishedSheet, tuple[object, object]]:
    row = sheets.row_of(is_public=is_public, period=period, provider_id=provider_id, field=field)
    districts = Func(ArraySubquery(_as_json()), function="array_to_json", output_field=TextField())
    return row.values_list("content", districts)


@prepared.statement_of
def _districts() -> QuerySet[Any, tuple[object]]:
    return _as_json().values_list("as_json")


def _as_json() -> QuerySet[Any, Any]:
    """Return every district with its columns and with kind, value and year of its latest figures."""
    latest = DistrictFigure.objects.filter(district=OuterRef("pk"), kind__in=_ABOUT_DISTRICTS)
    latest = latest.order_by("kind", F("year").desc(nulls_last=True)).distinct("kind")
    told = JSONObject(kind="kind", value=Cast("value", TextField()), year="year")
    columns = {name: name for name in _COLUMNS}
    district = JSONObject(**columns, told=ArraySubquery(latest.values(json=told)))
    return District.objects.order_by().annotate(as_json=district).values("as_json")


def _told(districts: object) -> list[Told]:
    """Return the districts in the order in which people look for them, each with its figures by kind."""
    rows = [_parsed(row) for row in _parsed(districts)]
    found = [
        (
            District.from_db(DEFAULT_DB_ALIAS, _COLUMNS, [row[name] for name in _COLUMNS]),
            {each["kind"]: Known(Decimal(each["value"]), each["year"]) for each in row["told"]},
        )
        for row in rows
    ]
    return sorted(found, key=lambda told: sort_key(told[0].name))


def _parsed(json_or_text: Any) -> Any:
    return json.loads(json_or_text) if isinstance(json_or_text, str) else json_or_text


def districts_by_name() -> list[District]:
    """Return every district in the order in which people look for it."""
    return sorted(District.objects.defer("loaded_values"), key=lambda district: sort_key(district.name))


def _lines(
    sheet: Sheet, districts: list[Told], *, nobody: Cell, measures: tuple[str, ...] = _MEASURES
) -> list[Line]:
    """Return a line per district; `nobody` is how a count reads where nothing is known of anybody."""
    lines = []
    for district, figures in (*districts, (None, {})):
        key = district.pk if district else None
        offered, taken = sheet.places.get(key, (0, 0))
        cells = {
            measure: sheet.columns.get(measure, {}).get(key, TOO_SMALL if measure == "gifts" else nobody)
            for measure in measures
        }
        cells[ABOUT_TASKS] = Cell(offered - taken)
        population, under_18, child_poverty = (figures.get(kind) for kind in _ABOUT_DISTRICTS)
        if district or any(key in column for column in sheet.columns.values()):
            line = Line(
                district,
                cells,
                offered,
                taken,
                population,
                under_18,
                child_poverty,
                sheet.waits.get(key),
            )
            lines.append(line)
    return lines


def total_of(cells: Iterable[Cell]) -> Cell:
    """Return the sum of what is shown: at least that many."""
    cells = list(cells)
    shown = [cell.shown for cell in cells if cell.shown is not None]
    before = [cell.before for cell in cells if cell.before is not None]
    return Cell(sum(shown) if shown else None, sum(before) if before else None)
