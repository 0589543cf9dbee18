"""The table of a report for a spreadsheet: numbers as numbers, what is hidden in words."""

from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from figures.domain.cells import Cell
from figures.models import CityReport
from foundation.lists.exporting import csv_of, xlsx_of
from wirbrauchensie.dashboard.filters import MEASURES, PER_THOUSAND
from wirbrauchensie.dashboard.presentation import cell_text, per_thousand
from wirbrauchensie.dashboard.selectors import Line, Report
from wirbrauchensie.reports.forms import label_of, period_label
from wirbrauchensie.reports.method import sentences

Value = str | int
_OF_DISTRICTS = 6 + len(PER_THOUSAND) + 2
"""How many columns are about a district alone and have no total."""


def head(report: Report) -> list[str]:
    """Return the names of the columns."""
    measures = [str(label) for label in MEASURES.values()]
    changes = [_("%(measure)s: Unterschied") % {"measure": measure} for measure in measures]
    shares = [_("Einwohner"), _("unter 18 Jahren in %"), _("Kinderarmut in %")]
    of_districts = [column for share in shares for column in (share, _("%(share)s, Jahr") % {"share": share})]
    thousands = [*map(str, PER_THOUSAND.values()), _("Kinder, Jahr"), _("Kinder, Quelle")]
    return [
        *(_("Stadtteil"), *measures, *changes, _("Plätze"), _("davon besetzt")),
        *(*of_districts, *thousands),
    ]


def rows(report: Report) -> list[list[Value]]:
    """Return a row per district and the totals; gifts in euros."""
    lines = [
        [
            line.district.name if line.district else _("ohne Stadtteil oder ganze Stadt"),
            *_cells(line.cells),
            line.places,
            line.taken,
            *_of_district(line),
            *_per_thousand_children(line),
        ]
        for line in report.lines
    ]
    places = [sum(line.places for line in report.lines), sum(line.taken for line in report.lines)]
    return [*lines, [_("Zusammen"), *_cells(report.totals), *places, *[""] * _OF_DISTRICTS]]


def _cells(cells: dict[str, Cell]) -> list[Value]:
    shown = [_number(key, cells[key].shown, cell_text(key, cells[key])) for key in MEASURES]
    return [*shown, *(_number(key, cells[key].change, "") for key in MEASURES)]


def _number(measure: str, value: int | None, otherwise: str) -> Value:
    """Return a figure in whole numbers: amounts are published in steps of five euros."""
    if value is None:
        return otherwise
    return value // 100 if measure == "gifts" else value


def _of_district(line: Line) -> list[Value]:
    figures = (line.population, line.under_18, line.child_poverty)
    return [
        value for each in figures for value in ((_fact(each.value), each.year or "") if each else ("", ""))
    ]


def _per_thousand_children(line: Line) -> list[Value]:
    """Return each measure per 1,000 children, and the year and source of how many children live there."""
    if line.district is None:
        return [""] * (len(PER_THOUSAND) + 2)
    told = [per_thousand(line, key) for key in PER_THOUSAND]
    numbers = [
        each if isinstance(each, str) else _number(key, each, "")
        for key, each in zip(PER_THOUSAND, told, strict=True)
    ]
    if not line.children:
        return [*numbers, "", ""]
    sources = {each.source: None for each in (line.population, line.under_18) if each and each.source}
    return [*numbers, line.children_year or "", "; ".join(sources)]


def _fact(value: Decimal) -> Value:
    return int(value) if value == int(value) else number_format(value.normalize())


def method(kept: CityReport, report: Report) -> list[str]:
    """Return what a reader must know about the figures, the last sentence last."""
    until = date_format(kept.counted_on, "j. F Y")
    return [
        _("Zeitraum: %(period)s, gezählt bis zum Ende des %(day)s.")
        % {"period": period_label(kept.period), "day": until},
        *sentences(report, is_for_everybody=kept.is_for_everybody),
    ]


def as_csv(kept: CityReport, report: Report) -> bytes:
    """Return the table as a CSV file."""
    return "".join(csv_of(head(report), _lines(kept, report))).encode()


def as_xlsx(kept: CityReport, report: Report) -> bytes:
    """Return the table as an XLSX file."""
    return xlsx_of(_("Stadtteile"), head(report), _lines(kept, report)).getvalue()


def _lines(kept: CityReport, report: Report) -> list[list[Value]]:
    """Return the rows, an empty one, and below them what the report is and how it was counted."""
    told: list[list[Value]] = [[sentence] for sentence in (label_of(kept), *method(kept, report))]
    return [*rows(report), [], *told]
