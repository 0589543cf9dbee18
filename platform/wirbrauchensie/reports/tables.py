"""The table of a report for a spreadsheet: numbers as numbers, what is hidden in words."""

import csv
import io

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from donations.receipts.domain.export import guarded
from figures.models import CityReport
from wirbrauchensie.dashboard.filters import MEASURES
from wirbrauchensie.dashboard.presentation import cell_text
from wirbrauchensie.dashboard.selectors import Line, Report
from wirbrauchensie.reports.forms import label_of, period_label
from wirbrauchensie.reports.method import sentences

Value = str | int | float | None


def head(report: Report) -> list[str]:
    """Return the names of the columns."""
    measures = [str(label) for label in MEASURES.values()]
    changes = [_("%(measure)s: Unterschied") % {"measure": measure} for measure in measures]
    shares = [_("Einwohner"), _("unter 18 Jahren in %"), _("Kinderarmut in %")]
    of_districts = [column for share in shares for column in (share, _("%(share)s, Jahr") % {"share": share})]
    return [_("Stadtteil"), *measures, *changes, _("Plätze"), _("davon besetzt"), *of_districts]


def rows(report: Report) -> list[list[Value]]:
    """Return a row per district and the totals; gifts in euros."""
    lines = [
        [
            line.district.name if line.district else _("ohne Stadtteil oder ganze Stadt"),
            *_cells(line.cells),
            line.places,
            line.taken,
            *_of_district(line),
        ]
        for line in report.lines
    ]
    places = [sum(line.places for line in report.lines), sum(line.taken for line in report.lines)]
    return [*lines, [_("Zusammen"), *_cells(report.totals), *places, *[None] * 6]]


def _cells(cells: dict) -> list[Value]:
    shown = [
        cell_text(key, cells[key]) if cells[key].shown is None else _number(key, cells[key].shown)
        for key in MEASURES
    ]
    return [*shown, *(_number(key, cells[key].change) for key in MEASURES)]


def _number(measure: str, value: int | None) -> Value:
    return value / 100 if measure == "gifts" and value is not None else value


def _of_district(line: Line) -> list[Value]:
    figures = (line.population, line.under_18, line.child_poverty)
    return [value for each in figures for value in ((float(each.value), each.year) if each else (None, None))]


def method(kept: CityReport, report: Report) -> list[str]:
    """Return what a reader must know about the figures, the last sentence last."""
    until = date_format(kept.counted_on, "j. F Y")
    return [
        _("Zeitraum: %(period)s, gezählt bis zum Ende des %(day)s.")
        % {"period": period_label(kept.period), "day": until},
        *sentences(report, is_for_everybody=kept.is_for_everybody),
    ]


def as_csv(kept: CityReport, report: Report) -> bytes:
    """Return the table with semicolons, decimal commas and a byte order mark, as spreadsheets want it."""
    table = io.StringIO()
    lines = csv.writer(table, delimiter=";")
    lines.writerow(head(report))
    lines.writerows([_german(value) for value in row] for row in rows(report))
    lines.writerow([])
    lines.writerows([guarded(sentence)] for sentence in (label_of(kept), *method(kept, report)))
    return ("\ufeff" + table.getvalue()).encode()


def _german(value: Value) -> str:
    if value is None:
        return ""
    return f"{value:g}".replace(".", ",") if isinstance(value, float) else guarded(value)
