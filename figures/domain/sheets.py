"""The finished figures of one choice: what a page reads, and nothing is worked out while somebody waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from figures.domain.cells import Cell

Column = dict[int | None, Cell]
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Sheet:
    """Per measure the cells of the districts and, of staff, the totals; places of tasks and those taken.

    `waiting` are median and ninth decile of the minutes until people were asked, `waits` those of a district.
    District None stands for what belongs to none. `counted_on` is the last day in it; None before the first
    night.
    """

    counted_on: date | None = None
    columns: Mapping[str, Column] = field(default_factory=dict)
    totals: Mapping[str, Cell] = field(default_factory=dict)
    places: Mapping[int | None, tuple[int, int]] = field(default_factory=dict)
    waiting: tuple[int, int] | None = None
    waits: Mapping[int | None, tuple[int, int]] = field(default_factory=dict)


def written(sheet: Sheet) -> dict[str, Any]:
    """Return `sheet` as JSON can keep it."""
    return {
        "counted_on": sheet.counted_on.isoformat() if sheet.counted_on else None,
        "columns": {
            measure: [(district, cell.shown, cell.before) for district, cell in _in_order(column)]
            for measure, column in sheet.columns.items()
        },
        "totals": {measure: (cell.shown, cell.before) for measure, cell in sheet.totals.items()},
        "places": [(district, *places) for district, places in _in_order(sheet.places)],
        "waiting": sheet.waiting,
        "waits": [(district, *wait) for district, wait in _in_order(sheet.waits)],
    }


def _in_order(by_district: Mapping[int | None, Kept]) -> list[tuple[int | None, Kept]]:
    """Return it always in the same order, so that the same night writes the same twice."""
    return sorted(by_district.items(), key=lambda item: item[0] or 0)


def read(kept: dict[str, Any]) -> Sheet:
    """Return the sheet that was written."""
    return Sheet(
        counted_on=date.fromisoformat(kept["counted_on"]) if kept["counted_on"] else None,
        columns={
            measure: {district: Cell(*cell) for district, *cell in column}
            for measure, column in kept["columns"].items()
        },
        totals={measure: Cell(*cell) for measure, cell in kept["totals"].items()},
        places={district: (places, taken) for district, places, taken in kept["places"]},
        waiting=(kept["waiting"][0], kept["waiting"][1]) if kept["waiting"] else None,
        waits={district: (middle, high) for district, middle, high in kept.get("waits", ())},
    )
