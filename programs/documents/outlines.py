"""The districts as they would lie beside one another, as paths of a small picture."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from programs.domain.imports import ImportKind, RowFate
from programs.models import DataImport, District

WIDTH = 1000
Point = tuple[float, float]


@dataclass(frozen=True)
class Outlines:
    """`paths` with whether each is new, in the box they are drawn in."""

    view_box: str
    paths: list[tuple[str, bool]]


def outlines_of(run: DataImport) -> Outlines | None:
    """Return the picture of a file of borders that has not taken effect; None for every other one."""
    if run.kind != ImportKind.BORDERS or not run.rows:
        return None
    new = {
        row["values"]["district"]: row["values"]["geometry"]
        for row in run.rows
        if row["fate"] == RowFate.CHANGED
    }
    shapes = [(new.get(each.pk, each.geometry), each.pk in new) for each in District.objects.order_by("pk")]
    points = [point for geometry, _is_new in shapes for ring in _rings(geometry) for point in ring]
    if not points:
        return None
    west, east = min(lon for lon, _lat in points), max(lon for lon, _lat in points)
    south, north = min(lat for _lon, lat in points), max(lat for _lon, lat in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze)

    def place(lon: float, lat: float) -> str:
        return f"{(lon - west) * squeeze * scale:.1f},{(north - lat) * scale:.1f}"

    def path(geometry: Mapping[str, Any]) -> str:
        return "".join("M" + "L".join(place(*point) for point in ring) + "Z" for ring in _rings(geometry))

    return Outlines(
        f"-4 -4 {WIDTH + 8} {round((north - south) * scale) + 8}",
        [(path(geometry), is_new) for geometry, is_new in shapes],
    )


def _rings(geometry: Mapping[str, Any]) -> Iterator[list[Point]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        for ring in polygon:
            yield [(point[0], point[1]) for point in ring]
