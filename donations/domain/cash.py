"""What is counted out of a collecting box: notes and coins, and what may become of the count."""

from collections.abc import Mapping

from foundation.moves import Moves
from foundation.units import Cents

# Notes and coins of the euro in cents, as they are counted.
PIECES = (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1)

CASH_MOVES: Moves = {
    "proposed": {"confirmed", "dropped"},
    "confirmed": {"undone"},
    "dropped": set(),
    "undone": set(),
}


def total(pieces: Mapping[int, int]) -> Cents:
    """Return what so many of each piece are worth; a piece that the euro does not have is a KeyError."""
    if unknown := set(pieces) - set(PIECES):
        raise KeyError(*unknown)
    return Cents(sum(worth * number for worth, number in pieces.items()))
