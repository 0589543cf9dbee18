"""The district map as SVG shapes: a schematic map for wide screens, hexagonal tiles for phones."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from programs.models import District

WIDTH = 1000
_TILE_RADIUS = 60
_LEVELS = 5
Point = tuple[float, float]


@dataclass(frozen=True)
class Area:
    """One district drawn: SVG path data and label points in the view box of its drawing."""

    district: District
    path: str
    label: Point
    tile: str
    tile_label: Point


@dataclass(frozen=True)
class Drawing:
    """All areas and the two view boxes."""

    areas: list[Area]
    view_box: str
    tile_view_box: str


def level(value: int | None, largest: int) -> int | None:
    """Return the shade 1..5 of a value, 0 for nothing, None for a hidden one."""
    if value is None:
        return None
    return math.ceil(_LEVELS * value / largest) if largest and value > 0 else 0


def draw(districts: Sequence[District]) -> Drawing:
    """Project every district (degrees, plate carrée scaled by the mean latitude) into a box WIDTH wide."""
    points = [point for district in districts for ring in _rings(district.geometry) for point in ring]
    if not points:
        return Drawing([], "0 0 0 0", "0 0 0 0")
    west, east = min(lon for lon, _lat in points), max(lon for lon, _lat in points)
    south, north = min(lat for _lon, lat in points), max(lat for _lon, lat in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze)

    def project(lon: float, lat: float) -> Point:
        return (round((lon - west) * squeeze * scale, 1), round((north - lat) * scale, 1))

    areas = [_area(district, project) for district in districts]
    columns = max(district.tile_column for district in districts) + 1
    rows = max(district.tile_row for district in districts) + 1
    tiles_wide = math.ceil((columns + 0.5) * _TILE_RADIUS * math.sqrt(3))
    tiles_high = math.ceil((rows * 1.5 + 0.5) * _TILE_RADIUS)
    return Drawing(
        areas,
        f"-4 -4 {WIDTH + 8} {round((north - south) * scale) + 8}",
        f"-2 -2 {tiles_wide + 4} {tiles_high + 4}",
    )


def _area(district: District, project: Any) -> Area:
    path = "".join(
        "M" + "L".join(f"{x:g},{y:g}" for x, y in (project(*point) for point in ring)) + "Z"
        for ring in _rings(district.geometry)
    )
    center = _tile_center(district.tile_column, district.tile_row)
    return Area(district, path, project(district.longitude, district.latitude), _hexagon(center), center)


def _rings(geometry: dict[str, Any]) -> Iterable[list[Point]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        for ring in polygon:
            yield [(lon, lat) for lon, lat, *_height in ring]


def _tile_center(column: int, row: int) -> Point:
    """Pointy-top hexagons, odd rows moved half a tile to the right."""
    across = _TILE_RADIUS * math.sqrt(3)
    return (round(across * (column + 0.5 + 0.5 * (row % 2)), 1), round(_TILE_RADIUS * (1 + 1.5 * row), 1))


def _hexagon(center: Point) -> str:
    corners = (
        (
            center[0] + _TILE_RADIUS * 0.97 * math.sin(math.pi / 3 * corner),
            center[1] - _TILE_RADIUS * 0.97 * math.cos(math.pi / 3 * corner),
        )
        for corner in range(6)
    )
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in corners) + "Z"
