"""A report as it is kept, and as it is read again: the table of one moment, whatever happens later."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from figures.domain.cells import Cell
from figures.models import CityReport
from programs.models import District, DistrictFigure
from wirbrauchensie.dashboard.filters import MEASURES, Choice
from wirbrauchensie.dashboard.selectors import Known, Line, Report, public_report, staff_report, total_of

_OF_DISTRICT = {
    "population": DistrictFigure.Kind.POPULATION,
    "under_18": DistrictFigure.Kind.UNDER_18_PERCENT,
    "child_poverty": DistrictFigure.Kind.CHILD_POVERTY_PERCENT,
}


def counted_now(choice: Choice, districts: Collection[District]) -> Report:
    """Return the figures as of last night, of `districts` (none named: all, and what belongs to none).

    Of all fields together they are those that everybody may read; of one field those for staff.
    """
    report = _with_sources(staff_report(choice) if choice.field else public_report(choice))
    if not districts:
        return report
    chosen = {district.pk for district in districts}
    lines = [line for line in report.lines if line.district and line.district.pk in chosen]
    totals = {measure: total_of(line.cells[measure] for line in lines) for measure in report.totals}
    return replace(report, lines=lines, totals=totals, waiting=None)


def _with_sources(report: Report) -> Report:
    """Return `report` with what each figure about a district was taken from; a page does not tell it."""
    told = DistrictFigure.objects.filter(kind__in=_OF_DISTRICT.values())
    keys = ("district_id", "kind", "year", "source")
    sources = {tuple(key): source for *key, source in told.values_list(*keys)}
    return replace(report, lines=[_sourced(line, sources) for line in report.lines])


def _sourced(line: Line, sources: Mapping[tuple[Any, ...], str]) -> Line:
    if line.district is None:
        return line
    known = {name: getattr(line, name) for name in _OF_DISTRICT}
    told = {
        name: each._replace(source=sources.get((line.district.pk, _OF_DISTRICT[name], each.year), ""))
        for name, each in known.items()
        if each
    }
    return replace(line, **told)


def written(report: Report) -> dict[str, Any]:
    """Return `report` as JSON can keep it."""
    return {
        "is_exact": report.is_exact,
        "waiting": report.waiting,
        "totals": {measure: asdict(cell) for measure, cell in report.totals.items()},
        "lines": [_written_line(line) for line in report.lines],
    }


def _written_line(line: Line) -> dict[str, Any]:
    figures = {name: getattr(line, name) for name in _OF_DISTRICT}
    return {
        "district": line.district.slug if line.district else None,
        "name": line.district.name if line.district else "",
        "cells": {measure: asdict(cell) for measure, cell in line.cells.items()},
        "places": line.places,
        "taken": line.taken,
        "waiting": line.waiting,
        **{
            name: [str(each.value), each.year, each.source] if each else None
            for name, each in figures.items()
        },
    }


def read(kept: CityReport) -> Report:
    """Return the kept table; compared with its earlier report where it has one."""
    districts = {district.slug: district for district in District.objects.defer("loaded_values")}
    lines = [_read_line(each, districts) for each in kept.content["lines"]]
    totals = _read_cells(kept.content["totals"])
    report = Report(
        lines,
        totals,
        kept.counted_on,
        is_exact=kept.content["is_exact"],
        waiting=_read_waiting(kept.content["waiting"]),
    )
    return report if kept.earlier is None else _beside(report, kept.earlier)


def _read_line(kept: dict[str, Any], districts: dict[str, District]) -> Line:
    """Return a line; a district that is gone since then still has its name, but no place on the map."""
    slug = kept["district"]
    gone = District(slug=slug, name=kept["name"])
    district = districts.get(slug, gone) if slug else None
    return Line(
        district,
        _read_cells(kept["cells"]),
        kept["places"],
        kept["taken"],
        _read_figure(kept["population"]),
        _read_figure(kept["under_18"]),
        _read_figure(kept["child_poverty"]),
        _read_waiting(kept.get("waiting")),
    )


def _read_waiting(kept: list[int] | None) -> tuple[int, int] | None:
    return (kept[0], kept[1]) if kept else None


def _read_cells(kept: dict[str, Any]) -> dict[str, Cell]:
    """Return the cells in the order of the table; the database keeps none."""
    return {measure: Cell(**kept[measure]) for measure in MEASURES}


def _read_figure(kept: list[Any] | None) -> Known | None:
    """Return a kept figure; reports from before sources were kept tell none."""
    return Known(Decimal(kept[0]), *kept[1:]) if kept else None


def _beside(report: Report, earlier: CityReport) -> Report:
    """Return `report` with the figures of `earlier` as those of before."""
    before = {each["district"]: each["cells"] for each in earlier.content["lines"]}
    lines = [
        replace(line, cells=_compared(line.cells, before.get(line.district.slug if line.district else None)))
        for line in report.lines
    ]
    totals = _compared(report.totals, earlier.content["totals"])
    return replace(report, lines=lines, totals=totals, compared_on=earlier.counted_on)


def _compared(cells: dict[str, Cell], before: dict[str, Any] | None) -> dict[str, Cell]:
    return {
        measure: replace(cell, before=before[measure]["shown"] if before else None)
        for measure, cell in cells.items()
    }


def is_comparable(earlier: CityReport, *, period: str, field: str) -> bool:
    """True if two reports count the same: one field, and equally long times or calendar years."""
    return earlier.field == field and (earlier.period == period or _is_year(earlier.period, period))


def _is_year(*periods: str) -> bool:
    return all(len(period) == len("2026") and period.isdecimal() for period in periods)
