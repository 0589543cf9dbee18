"""A figure as it is shown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """What a reader learns: `shown` is None for what is too small to be shown, `before` of the period before.

    `before` is None where there is none, or where it was too small.
    """

    shown: int | None
    before: int | None = None

    @property
    def change(self) -> int | None:
        """How much more (or less) than in the period before, if both are shown."""
        return None if self.shown is None or self.before is None else self.shown - self.before


NOTHING = Cell(0)
TOO_SMALL = Cell(None)


def cell_of_readings(now: int, first: int, earlier: int | None = None) -> Cell:
    """Return what was added between two published readings; None stands for no period before.

    No step in between does not tell whether anybody came.
    """
    before = 0 if earlier is None else first - earlier
    return Cell(max(now - first, 0) or None, max(before, 0) or None)
