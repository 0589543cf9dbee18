"""From counted cells to what a page shows: texts, bars and map areas."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from figures.domain.cells import Cell
from figures.domain.steps import step_size
from foundation.formats import euro, whole_number
from foundation.units import DAY, Cents
from programs.models import District
from wirbrauchensie.dashboard.filters import MEASURES, PER_THOUSAND
from wirbrauchensie.dashboard.maps import Area, Drawing, draw, level
from wirbrauchensie.dashboard.picture import picture
from wirbrauchensie.dashboard.selectors import ABOUT_TASKS, Line, Report

_HEADS = ("pledged", "placed")


@dataclass(frozen=True)
class Links:
    """Where something can be done: for a district, and by measure."""

    district: Callable[[District], str]
    measures: Mapping[str, str]


@dataclass(frozen=True)
class MapArea:
    """An area with its shade and the words for those who cannot see it."""

    area: Area
    level: int | None
    text: str

    @property
    def css_class(self) -> str:
        """The class that gives the shade: hatched for hidden, plain for nothing."""
        if self.level is None:
            return "map__area map__area--0"
        return f"map__area map__area--{self.level}" if self.level else "map__area"

    @property
    def label_class(self) -> str:
        """Light writing on the two darkest shades."""
        return "map__label map__label--inverse" if (self.level or 0) > 3 else "map__label"


def cell_text(measure: str, cell: Cell) -> str:
    """Return how a cell reads: a number, an amount, or that it is too small to show."""
    if cell.shown is not None:
        return figure_text(measure, cell.shown)
    if measure in _HEADS:
        return _("unter %(threshold)s") % {"threshold": step_size(settings.PERSONS_SHOWN_FROM)}
    return _("zu klein")


def figure_text(measure: str, value: int) -> str:
    """Return a figure with its unit: gifts are cents, everything else is counted."""
    return euro(Cents(value)) if measure == "gifts" else whole_number(value)


def added_text(added: Mapping[str, Cell]) -> str:
    """Return in one line what came since midnight; numbers that are shown are fives, so never one."""
    hours = added["hours"]
    said = {
        "pledged": cell_text("pledged", added["pledged"]),
        "placed": cell_text("placed", added["placed"]),
        "hours": _("%(hours)s Stunden") % {"hours": cell_text("hours", hours)},
    }
    if hours.shown is None:
        said["hours"] = _("Stunden von %(few)s Menschen") % {"few": cell_text("placed", hours)}
    line = _("Seit Mitternacht dazu: %(pledged)s Menschen mit Zusage, %(placed)s im Einsatz, %(hours)s.")
    return line % said


def page_context(report: Report, measure: str, links: Links) -> dict[str, Any]:
    """Return everything the figures' template needs for `report` with `measure` on the map.

    `links` lead to what can be done: of a district, and of a measure.
    """
    drawing = draw([line.district for line in report.lines if line.district and line.district.pk])
    largest = max((line.cells[measure].shown or 0 for line in report.lines if line.district), default=0)
    return {
        "picture": picture(report, links.district),
        "tiles": _tiles(report, links),
        "map_measure": measure,
        "measures": [(key, label) for key, label in MEASURES.items() if key in report.measures],
        "measure_label": MEASURES[measure],
        "rows": [_row(line, report.measures) for line in report.lines],
        "thousands": [MEASURES[key] for key in PER_THOUSAND if key in report.measures],
        "tells_waiting": report.waiting is not None,
        "waiting": _wait(report.waiting),
        "totals": [(MEASURES[key], cell_text(key, cell)) for key, cell in report.totals.items()],
        "map_areas": _map_areas(report, measure, drawing, largest),
        "drawing": drawing,
        "has_map": not report.task,
        "bars": _bars(report, measure, largest),
        "legend": _legend(measure, largest),
        "threshold": step_size(settings.PERSONS_SHOWN_FROM),
        "counted_on": report.counted_on,
        "compared_on": report.compared_on,
        "is_exact": report.is_exact,
        "givers_shown_from": settings.GIVERS_SHOWN_FROM,
    }


def _tiles(report: Report, links: Links) -> list[dict[str, str]]:
    tiles = [
        {
            "label": str(MEASURES[key]),
            "value": cell_text(key, cell),
            "hint": _hint(key, cell, report),
            "href": links.measures.get(key, ""),
        }
        for key, cell in report.totals.items()
    ]
    if report.waiting:
        middle, high = (_days(minutes) for minutes in report.waiting)
        hint = _("nach der Zusage, in der Mitte; bei neun von zehn Menschen höchstens %(high)s") % {
            "high": high
        }
        tiles.append({"label": _("bis zur ersten Anfrage"), "value": middle, "hint": hint, "href": ""})
    return tiles


def _hint(measure: str, cell: Cell, report: Report) -> str:
    change = _change(measure, cell)
    if change and report.compared_on:
        day = date_format(report.compared_on, "j. F Y")
        return _("%(change)s gegenüber dem Bericht bis zum %(day)s") % {"change": change, "day": day}
    if change:
        return _("%(change)s gegenüber dem Zeitraum davor") % {"change": change}
    if cell.shown is None or report.is_exact:
        return ""
    return _("höchstens") if measure == ABOUT_TASKS else _("mindestens")


def _change(measure: str, cell: Cell) -> str:
    """Return the difference to the period before: "+5", "−5", "±0"; "" if one of both is not shown."""
    if cell.change is None:
        return ""
    sign = {1: "+", -1: "−", 0: "±"}[(cell.change > 0) - (cell.change < 0)]
    return f"{sign}{figure_text(measure, abs(cell.change))}"


def _days(minutes: int) -> str:
    days = -(-minutes // DAY)
    return ngettext("%(days)s Tag", "%(days)s Tage", days) % {"days": whole_number(days)}


def per_thousand(line: Line, measure: str) -> int | str:
    """Return a measure per 1,000 people under 18, gifts in cents; in words why it is not told.

    It is made of the number that is shown, and so tells nothing that this does not tell.
    """
    shown, children = line.cells[measure].shown, line.children
    if not children:
        return _("keine Angabe")
    if shown is None:
        return _("zu klein")
    whole = 100 if measure == "gifts" else 1
    return round(1000 * shown / children / whole) * whole


def _per_thousand_text(line: Line, measure: str) -> str:
    """Return it with the year of the older figure that it is made of."""
    told = per_thousand(line, measure)
    if isinstance(told, str):
        return told
    number = figure_text(measure, told)
    return f"{number} ({line.children_year})" if line.children_year else number


def _wait(waiting: tuple[int, int] | None) -> str:
    if waiting is None:
        return _("zu klein")
    middle, high = (_days(minutes) for minutes in waiting)
    return _("%(middle)s, bei neun von zehn höchstens %(high)s") % {"middle": middle, "high": high}


def _row(line: Line, measures: tuple[str, ...]) -> dict[str, Any]:
    return {
        "name": line.district.name if line.district else _("ohne Stadtteil oder ganze Stadt"),
        "has_district": line.district is not None,
        "short_name": line.district.short_name if line.district else "",
        "cells": [
            (MEASURES[key], cell_text(key, cell), _change(key, cell)) for key, cell in line.cells.items()
        ],
        "thousands": [
            (label, _per_thousand_text(line, key)) for key, label in PER_THOUSAND.items() if key in measures
        ],
        "waiting": _wait(line.waiting),
        "population": line.population,
        "under_18": line.under_18,
        "child_poverty": line.child_poverty,
    }


def _map_areas(report: Report, measure: str, drawing: Drawing, largest: int) -> list[MapArea]:
    by_district = {line.district.pk: line.cells[measure] for line in report.lines if line.district}
    return [
        MapArea(
            area,
            level(by_district[area.district.pk].shown, largest),
            cell_text(measure, by_district[area.district.pk]),
        )
        for area in drawing.areas
    ]


def _bars(report: Report, measure: str, largest: int) -> list[dict[str, Any]]:
    rows = [
        {
            "label": line.district.name,
            "value": line.cells[measure].shown or 0,
            "max": largest or 1,
            "text": cell_text(measure, line.cells[measure]),
        }
        for line in report.lines
        if line.district
    ]
    return sorted(rows, key=lambda row: -int(row["value"]))


def _legend(measure: str, largest: int) -> list[tuple[int, str]]:
    """Return (shade, text) for the shades in use."""
    steps = []
    for shade in range(1, 6):
        low, high = largest * (shade - 1) // 5 + 1, largest * shade // 5
        if low <= high:
            text = figure_text(measure, high)
            steps.append((shade, text if low == high else f"{figure_text(measure, low)} – {text}"))
    return steps
