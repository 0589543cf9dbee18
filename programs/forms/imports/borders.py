"""Borders of districts: each feature of a GeoJSON file is one district's outline."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from foundation.tables.table import folded
from programs.domain.imports import Fault, ReadRow, RowFate, faulty
from programs.forms.imports.cells import covered
from programs.gateways.borders import (
    Box,
    Outline,
    OutlineRefused,
    features_of,
    known_outline,
    outline_of,
    overlaps,
    square_km,
    stored,
)
from programs.models import District
from programs.selectors.districts import districts_by_any_name

NAMES = ("name", "Name", "stadtteil", "Stadtteil", "bezeichnung", "Bezeichnung")
WHO, BORDER = "Stadtteil", "Grenze"
MARGIN = 0.15
"""How far, in degrees, an outline may reach beyond the points of the districts: about 15 km."""


def read_borders(content: bytes, *, source: str) -> list[ReadRow]:
    """Read the outlines, each judged beside all others as they would be then. Raises FileRefused."""
    features = features_of(content)
    known = districts_by_any_name()
    box = _box() if known else Box(0, 0, 0, 0)
    rows: dict[int, ReadRow] = {}
    read: dict[str, tuple[int, District, Outline]] = {}
    for line, feature in enumerate(features, 1):
        name = _name(feature)
        district = known.get(folded(name))
        if district is None:
            rows[line] = faulty(line, Fault(WHO, covered(name), _("Diesen Stadtteil gibt es hier nicht.")))
        elif district.name in read:
            rows[line] = faulty(line, Fault(WHO, district.name, _twice()))
        else:
            try:
                read[district.name] = (line, district, outline_of(feature.get("geometry"), box))
            except OutlineRefused as refused:
                rows[line] = faulty(line, Fault(BORDER, district.name, str(refused)))
    while shared := _shared({name: outline for name, (_line, _district, outline) in read.items()}):
        for name, reason in shared.items():
            # Whoever is refused keeps the old outline: the others are judged beside that one again.
            line, _district, _outline = read.pop(name)
            rows[line] = faulty(line, Fault(BORDER, name, reason))
    rows |= {line: _row(line, district, outline, source) for line, district, outline in read.values()}
    return [rows[line] for line in sorted(rows)]


def _twice() -> str:
    return _("Dieser Stadtteil steht weiter oben schon.")


def _row(line: int, district: District, outline: Outline, source: str) -> ReadRow:
    geometry = stored(outline)
    is_same = district.geometry == geometry and district.geometry_note == source
    return ReadRow(
        line=line,
        fate=RowFate.SAME if is_same else RowFate.CHANGED,
        label=district.name,
        before=_told(district.geometry, district.geometry_note),
        after=_told(geometry, source),
        values={"district": district.pk, "geometry": geometry, "note": source},
    )


def _told(geometry: Mapping[str, Any], note: str) -> str:
    outline = known_outline(geometry)
    if outline is None:
        return _("kein gültiger Umriss")
    points = sum(len(part.exterior.coords) for part in getattr(outline, "geoms", [outline]))
    area = number_format(round(square_km(outline), 2), force_grouping=True)
    told = _("%(area)s km², %(points)d Punkte") % {"area": area, "points": points}
    return _("%(told)s (Quelle: %(source)s)") % {"told": told, "source": note} if note else told


def _name(feature: Mapping[str, Any]) -> str:
    told = feature.get("properties")
    named = [told.get(name) for name in NAMES] if isinstance(told, dict) else []
    for each in (*named, feature.get("id")):
        if isinstance(each, str | int) and str(each).strip():
            return str(each)
    return ""


def _box() -> Box:
    places = list(District.objects.values_list("longitude", "latitude"))
    west, east = min(lon for lon, _lat in places), max(lon for lon, _lat in places)
    south, north = min(lat for _lon, lat in places), max(lat for _lon, lat in places)
    return Box(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)


def _shared(brought: Mapping[str, Outline]) -> dict[str, str]:
    """Return which of these would lie over others, and over whom, in words."""
    there = {each.name: known_outline(each.geometry) for each in District.objects.all()}
    together = {name: outline for name, outline in there.items() if outline is not None} | dict(brought)
    found = {}
    for name in brought:
        others = overlaps(together, name)
        if others:
            told = ", ".join(f"{other} ({percent}\u00a0%)" for other, percent in others)
            found[name] = _("Die Fläche überschneidet sich mit %(others)s.") % {"others": told}
    return found
