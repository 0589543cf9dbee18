"""Counts of people: a stranger compares districts, totals, periods and nights, and learns of nobody.

For 500 towns everything that is published of two nights becomes linear statements; the solver looks for the
least and the greatest number behind every figure that is hidden, and behind every difference of figures.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

import pytest

from figures.domain.cells import Cell, cell_of_readings
from figures.domain.measures import PERIODS, span, span_before
from figures.domain.steps import Arrival, Steps, floored, step_size, steps_of_heads
from tests.figures.attacker import Knowledge, too_narrow
from tests.figures.towns import NIGHTS, Town, town

THRESHOLD = 5
YEARS = ("2026", "2025", "2024")
"""Published as well, in reports; each ends where the one before it begins."""
Readings = dict[tuple[date, str, str], Cell]
DAY = timedelta(days=1)


def published(of_town: Town, size: int) -> Readings:
    """Return what the house publishes on both nights: (night, period, district) → cell."""
    steps: dict[str, Steps] = {district: [] for district in of_town.days}
    found: Readings = {}
    for night in NIGHTS:
        for district, days in of_town.days.items():
            until = [Arrival(day) for day in days if day <= night]
            steps[district] += steps_of_heads(until, known=dict(steps[district]), size=size)
            for period in (*PERIODS, *YEARS):
                readings = [reading(steps[district], day) for day in ends(period, night)]
                found[night, period, district] = cell_of_readings(
                    readings[0], readings[1], None if period == "alle" else readings[2]
                )
    return found


def reading(steps: Steps, day: date) -> int:
    return max((value for on, value in steps if on <= day), default=0)


def ends(period: str, night: date) -> tuple[date, date, date]:
    """Return the days of the readings a period is made of: its end, its begin, that of the one before."""
    first_on, last_on = span(period, night)
    if period in PERIODS:
        return last_on, first_on - DAY, span_before(period, night)[0] - DAY
    return last_on, first_on - DAY, first_on - (last_on - first_on + DAY) - DAY


def bounds() -> list[date]:
    """Return the days at whose end somebody could take a reading, the first ever left out."""
    asked = [period for period in (*PERIODS, *YEARS) if period != "alle"]
    return sorted({day for night in NIGHTS for period in asked for day in ends(period, night)})


BOUNDS = bounds()


def until(district: str, day: date) -> list[tuple[str, int]]:
    """Return the unknowns up to the end of `day`: people that came between two bounds."""
    return [(district, index) for index, bound in enumerate(BOUNDS) if bound <= day]


def between(district: str, first: date, last: date) -> list[tuple[str, int]]:
    return [each for each in until(district, last) if each not in set(until(district, first))]


def learned(table: Mapping[tuple[date, str, str], Cell], width: int, *, small_too: bool = True) -> Knowledge:
    """Write down what a stranger knows who knows the method, too: each reading is rounded down to `width`."""
    known = Knowledge()
    districts = sorted({district for _night, _period, district in table})
    for night in NIGHTS:
        for district in districts:
            now = table[night, "alle", district].shown or 0
            known.learn(until(district, night), now, now + width - 1)
            at_end = {night: now}
            for period in (*PERIODS, *YEARS):
                if period == "alle" or (night, period, district) not in table:
                    continue
                cell = table[night, period, district]
                last, first, before = ends(period, night)
                then = at_end[last] - (cell.shown or 0)
                at_end[first] = then
                known.learn(until(district, first), then, then + width - 1)
                earlier = then - (cell.before or 0)
                if small_too or cell.shown is not None:
                    known.learn(until(district, before), earlier, earlier + width - 1)
        total = sum(table[night, "alle", district].shown or 0 for district in districts)
        known.learn([each for district in districts for each in until(district, night)], total)
    return known


def sums(districts: list[str]) -> list[tuple[list[tuple[str, int]], float]]:
    """Return every number a stranger would like to know: up to each bound, and between any two."""
    ends = [(date.min, bound) for bound in BOUNDS]
    ends += [(first, last) for index, first in enumerate(BOUNDS) for last in BOUNDS[index + 1 :]]
    return [(between(district, first, last), THRESHOLD - 1) for district in districts for first, last in ends]


def breaches(of_town: Town, size: int) -> list[tuple[int, float, float]]:
    """Attack a town as a whole, its totals included."""
    table = published(of_town, size)
    return too_narrow(learned(table, size), sums(sorted(of_town.days)))


def columns(of_town: Town) -> Iterator[tuple[Cell, ...]]:
    """Return what is published of each district, over both nights and all periods."""
    table = published(of_town, step_size(THRESHOLD))
    for district in of_town.days:
        yield tuple(table[night, period, district] for night in NIGHTS for period in (*PERIODS, *YEARS))


def test_no_number_can_be_narrowed_below_the_threshold_whatever_the_total_says() -> None:
    for seed in range(20):
        assert breaches(town(seed), step_size(THRESHOLD)) == [], seed


def test_no_number_can_be_narrowed_below_the_threshold_in_five_hundred_towns() -> None:
    """A total is the sum of what is shown and adds no statement, so that each district stands for itself."""
    seen = {column for seed in range(500) for column in columns(town(seed))}
    assert len(seen) > 150
    keys = [(night, period, "D") for night in NIGHTS for period in (*PERIODS, *YEARS)]
    for column in seen:
        table = dict(zip(keys, column, strict=True))
        assert too_narrow(learned(table, step_size(THRESHOLD)), sums(["D"])) == [], table


def test_without_suppression_the_same_attack_finds_everybody() -> None:
    found = {seed: len(breaches(town(seed), 1)) for seed in (1, 3, 4)}
    assert all(count >= 100 for count in found.values())


def hide_below_threshold(people: int) -> Cell:
    return Cell(people if people >= THRESHOLD or people == 0 else None)


def round_and_hide(people: int) -> Cell:
    return Cell(floored(people + 2) if people >= THRESHOLD else None)


@pytest.mark.parametrize(
    ("rule", "slack", "least_hidden"), [(hide_below_threshold, 0, 1), (round_and_hide, 2, 0)]
)
def test_rules_that_hide_cells_one_by_one_are_broken_by_their_totals(
    rule: Callable[[int], Cell], slack: int, least_hidden: int
) -> None:
    """Hiding small cells, exact or rounded to the nearest five, with a total: what offices warn of."""
    broken = 0
    for seed in range(60):
        people = {district: len(days) for district, days in town(seed).days.items()}
        known = Knowledge()
        for district, count in people.items():
            shown = rule(count).shown
            bounds = (
                (least_hidden, THRESHOLD - 1) if shown is None else (max(0, shown - slack), shown + slack)
            )
            known.learn([district], *bounds)
        total = rule(sum(people.values())).shown
        if total is not None:
            known.learn(list(people), total - slack, total + slack)
        hidden = [([district], 4.0) for district, count in people.items() if rule(count).shown is None]
        broken += bool(too_narrow(known, hidden)) if hidden else 0
    assert broken >= 3
