"""The report on paper: its finding, the picture, the map, the table, and how it was counted."""

from html import escape
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from figures.models import CityReport
from foundation.typesetting import typeset
from programs.selectors.city import current_city
from wirbrauchensie.dashboard.filters import MEASURES
from wirbrauchensie.dashboard.presentation import Links, page_context
from wirbrauchensie.dashboard.selectors import ABOUT_TASKS, Report
from wirbrauchensie.reports.forms import period_label
from wirbrauchensie.reports.tables import method

_SHADES = ("#ffffff", "#e3eef6", "#b9d5e8", "#84b4d4", "#4a8bb8", "#1f5f8b")
_DARK_FROM = 4
_NO_LINKS = Links(lambda _district: "", {})


def report_document(kept: CityReport, report: Report) -> bytes:
    """Return the report as PDF, always in German; the same report gives the same bytes."""
    with translation.override("de"):
        return typeset("city_report", _data(kept, report), now=kept.made_at)


def _data(kept: CityReport, report: Report) -> dict[str, Any]:
    shown = page_context(report, ABOUT_TASKS, _NO_LINKS)
    city = current_city()
    return {
        "city": city.name if city else "",
        "period": period_label(kept.period),
        "field": str(kept.get_field_display()) if kept.field else _("alle Handlungsfelder"),
        "day": date_format(kept.counted_on, "j. F Y"),
        "is_for_everybody": kept.is_for_everybody,
        "finding": shown["picture"].finding,
        "gaps": [
            {
                "name": gap.name,
                "help": gap.help_width,
                "missing": gap.gap_width,
                "text": f"{gap.missing} ({gap.places})",
            }
            for gap in shown["picture"].gaps
        ],
        "without": shown["picture"].without_tasks,
        "tiles": [{key: tile[key] for key in ("label", "value", "hint")} for tile in shown["tiles"]],
        "map": _map(shown),
        "legend": [[_SHADES[0], "0"], *([_SHADES[shade], text] for shade, text in shown["legend"])],
        "is_schematic": city.map_is_schematic if city else True,
        "measures": [str(label) for label in MEASURES.values()],
        "rows": [
            {
                "name": row["name"],
                "cells": [f"{text} ({change})" if change else text for _label, text, change in row["cells"]],
            }
            for row in shown["rows"]
        ],
        "thousands": [
            [row["name"], *(text for _label, text in row["thousands"])] for row in _districts(shown)
        ],
        "totals": [text for _label, text in shown["totals"]],
        "method": method(kept, report),
        "sources": city.map_attribution if city else "",
    }


def _districts(shown: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in shown["rows"] if row["has_district"]]


def _map(shown: dict[str, Any]) -> str:
    """Return the map of open places as SVG; what it says stands in the table as well."""
    shapes = []
    for shape in shown["map_areas"]:
        shade = shape.level or 0
        shapes.append(f'<path d="{shape.area.path}" fill="{_SHADES[shade]}" stroke="#3b4a54"/>')
    for shape in shown["map_areas"]:
        across, down = shape.area.label
        colour = "#ffffff" if (shape.level or 0) >= _DARK_FROM else "#1c2328"
        shapes.append(
            f'<text x="{across}" y="{down}" font-family="Libertinus Serif" font-size="24"'
            f' text-anchor="middle" fill="{colour}">{escape(shape.area.district.label)}</text>'
        )
    box = shown["drawing"].view_box
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{"".join(shapes)}</svg>'
