"""Small numbers are not shown, and cannot be worked out from what is shown.

Rule: statistical practice of the Federal Employment Agency (at least 3 people per cell) with secondary
suppression; from how many people on a figure is shown is settings.PERSONS_SHOWN_FROM.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """A figure and how many people stand behind it; `shown` is None when it must stay hidden."""

    value: int
    people: int
    is_hidden: bool = False

    @property
    def shown(self) -> int | None:
        return None if self.is_hidden else self.value


def suppressed(column: Sequence[Cell], shown_from: int) -> list[Cell]:
    """Return the cells of one column with a published total, hidden where somebody could be recognised.

    A cell with fewer than `shown_from` people is hidden. If the hidden ones together are fewer than that or
    only one cell, subtracting from the total would reveal it: the smallest shown cells with people behind
    them are hidden too until that is no longer so. Where nothing is left to hide, the total must stay hidden
    as well (see `total`).
    """
    hidden = {index for index, cell in enumerate(column) if 0 < cell.people < shown_from}
    candidates = sorted(
        (index for index, cell in enumerate(column) if cell.people >= shown_from),
        key=lambda index: (column[index].people, column[index].value, index),
    )
    for index in candidates:
        if not hidden or _is_safe(column, hidden, shown_from):
            break
        hidden.add(index)
    return [Cell(cell.value, cell.people, index in hidden) for index, cell in enumerate(column)]


def _is_safe(column: Sequence[Cell], hidden: set[int], shown_from: int) -> bool:
    return len(hidden) >= 2 and sum(column[index].people for index in hidden) >= shown_from


def total(column: Sequence[Cell], shown_from: int) -> Cell:
    """Return the sum of a column that went through `suppressed`; hidden if it would give a cell away.

    `shown_from` 1 is for columns that count no people.
    """
    value, people = sum(cell.value for cell in column), sum(cell.people for cell in column)
    hidden = {index for index, cell in enumerate(column) if cell.is_hidden}
    unsafe = bool(hidden) and not _is_safe(column, hidden, shown_from)
    return Cell(value, people, unsafe or 0 < people < shown_from)
