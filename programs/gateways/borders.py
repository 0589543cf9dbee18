"""Borders of districts as GeoJSON (RFC 7946): read, judged one by one, and laid beside one another."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from shapely import MultiPolygon, Polygon
from shapely.geometry import mapping, shape
from shapely.validation import explain_validity

from foundation.tables.json_files import json_of
from foundation.tables.table import FileRefused

FEATURES_MAX = 500
POINTS_MAX = 20_000
OVERLAP_MAX = 0.01
"""Of the smaller of two districts; less is a matter of drawing."""
DECIMALS = 6
FAR = 1e9
Outline: TypeAlias = Any
"""A Polygon or a MultiPolygon; shapely tells no types."""


class OutlineRefused(Exception):
    """An outline cannot be one; the message says why, in German."""


@dataclass(frozen=True)
class Box:
    """Where the outlines of a city may lie, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, outline: Outline) -> bool:
        """Whether all of the outline lies inside."""
        west, south, east, north = outline.bounds
        return self.west <= west and self.south <= south and east <= self.east and north <= self.north


def features_of(content: bytes) -> list[Mapping[str, Any]]:
    """Return the features of a file. Raises FileRefused."""
    told = json_of(content, _("Diese Datei ist kein GeoJSON."))
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        raise FileRefused(_("Diese Datei ist kein GeoJSON mit einer Liste „features“."))
    if not features or len(features) > FEATURES_MAX:
        raise FileRefused(
            _("Die Datei muss zwischen 1 und %(most)d Flächen enthalten.") % {"most": FEATURES_MAX}
        )
    crs = told.get("crs")
    if crs and not ("CRS84" in str(crs) or "4326" in str(crs)):
        raise FileRefused(_("Bitte speichern Sie die Datei in Grad (WGS 84, EPSG:4326)."))
    return features


def outline_of(geometry: object, box: Box) -> Outline:
    """Return an outline that is one: closed rings that cross nothing, in degrees, in the city.

    Raises OutlineRefused.
    """
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise OutlineRefused(_("Das ist keine Fläche (Polygon oder MultiPolygon)."))
    rings = rings_of(geometry)
    if sum(len(ring) for polygon in rings for ring in polygon) > POINTS_MAX:
        raise OutlineRefused(
            _("Die Grenze hat mehr als %(most)d Punkte. Bitte vereinfachen Sie sie.") % {"most": POINTS_MAX}
        )
    parts = [Polygon(outer, holes) for outer, *holes in rings]
    outline: Outline = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    if not outline.is_valid:
        raise OutlineRefused(_why_invalid(outline))
    if not box.holds(outline):
        raise OutlineRefused(
            _(
                "Die Fläche liegt nicht in der Stadt. Sind die Koordinaten in Grad, erst die Länge, dann die"
                " Breite?"
            )
        )
    return outline


def rings_of(geometry: Mapping[str, Any]) -> list[list[list[tuple[float, float]]]]:
    """Return the closed rings of each part of a Polygon or MultiPolygon. Raises OutlineRefused."""
    told = geometry.get("coordinates")
    polygons = [told] if geometry["type"] == "Polygon" else told
    if not isinstance(polygons, list) or not polygons:
        raise OutlineRefused(_("In der Fläche fehlen die Koordinaten."))
    found = []
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise OutlineRefused(_("In der Fläche fehlen die Koordinaten."))
        found.append([_ring(ring) for ring in polygon])
    return found


def _ring(ring: object) -> list[tuple[float, float]]:
    if not isinstance(ring, list) or len(ring) < 4:
        raise OutlineRefused(_("Ein Ring braucht mindestens vier Punkte."))
    points = [_point(point) for point in ring]
    if points[0] != points[-1]:
        raise OutlineRefused(_("Ein Ring ist nicht geschlossen: Der letzte Punkt muss der erste sein."))
    return points


def _point(point: object) -> tuple[float, float]:
    is_point = isinstance(point, list) and 2 <= len(point) <= 4
    numbers = point[:2] if is_point and isinstance(point, list) else []
    # No number is not, infinite is more; neither is between these.
    if not numbers or not all(
        isinstance(each, int | float) and not isinstance(each, bool) and -FAR < each < FAR for each in numbers
    ):
        raise OutlineRefused(_("Ein Punkt ist kein Paar von Zahlen."))
    return round(float(numbers[0]), DECIMALS), round(float(numbers[1]), DECIMALS)


def _why_invalid(outline: Outline) -> str:
    """Return why, in German; GEOS says it in English, with the place in brackets."""
    told = explain_validity(outline)
    what, _bracket, where = told.partition("[")
    if "Self-intersection" in what:
        lon, lat = where.rstrip("]").split()[:2]
        return _("Die Grenze kreuzt sich selbst bei Länge %(lon)s, Breite %(lat)s.") % {
            "lon": number_format(round(float(lon), 4)),
            "lat": number_format(round(float(lat), 4)),
        }
    return _("Die Ringe der Fläche passen nicht zueinander.")


def stored(outline: Outline) -> dict[str, Any]:
    """Return an outline as it is stored: type and coordinates, nothing else that stood in the file."""
    told = mapping(outline)
    return {"type": told["type"], "coordinates": _lists(told["coordinates"])}


def _lists(value: Any) -> Any:
    return [_lists(each) for each in value] if isinstance(value, tuple | list) else value


def known_outline(geometry: Mapping[str, Any]) -> Outline | None:
    """Return an outline that is stored, None if it is none that could be judged."""
    try:
        found = shape(geometry)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None
    return (
        found if isinstance(found, Polygon | MultiPolygon) and found.is_valid and not found.is_empty else None
    )


def overlaps(outlines: Mapping[str, Outline], mine: str) -> list[tuple[str, int]]:
    """Return with whom `mine` shares more than is worth mentioning, with the percent of the smaller."""
    own, found = outlines[mine], []
    for name, other in outlines.items():
        if name != mine and own.intersects(other):
            share = own.intersection(other).area / min(own.area, other.area)
            if share > OVERLAP_MAX:
                found.append((name, round(100 * share)))
    return found


def square_km(outline: Outline) -> float:
    """Return the area, near enough to tell two districts apart."""
    middle = math.radians(outline.centroid.y)
    return float(outline.area) * 111.32 * 110.57 * math.cos(middle)
