"""Towns as data, in the shapes that give people away: empty districts, one, two, all in one."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

FIRST_NIGHT = date(2026, 3, 1)
NIGHTS = (FIRST_NIGHT, FIRST_NIGHT + timedelta(days=1))
_SIZES = (0, 0, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10, 11, 14, 23, 61)


@dataclass(frozen=True)
class Town:
    """Of each district the days on which its people were first known."""

    days: dict[str, list[date]]


def town(seed: int) -> Town:
    """Return the town of a seed; no two are alike."""
    draw = Random(seed)
    count = draw.choice((1, 2, 3, 5, 8))
    sizes = [draw.choice(_SIZES) for _ in range(count)]
    shape = seed % 5
    if shape == 0:  # everybody lives in one district
        sizes = [draw.choice((5, 6, 9, 40)), *[0] * (count - 1)]
    elif shape == 1:  # one small district beside full ones: the total minus the others
        sizes = [draw.choice((1, 2, 3, 4)), *(draw.choice((5, 10, 15, 20)) for _ in range(count - 1))]
    elif shape == 2:  # nobody but a few
        sizes = [draw.choice((0, 1, 2)) for _ in range(count)]
    return Town({f"D{number}": sorted(_day(draw) for _ in range(size)) for number, size in enumerate(sizes)})


def _day(draw: Random) -> date:
    """Many on the edges of the periods and on the night between, where differences bite."""
    ago = draw.choice((0, 0, 1, 2, 14, 29, 30, 31, 59, 60, 61, 89, 90, 91, 179, 181, 364, 365, 366, 700))
    return NIGHTS[1] - timedelta(days=ago)
