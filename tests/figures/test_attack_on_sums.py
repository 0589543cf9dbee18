"""Sums of money and of hours: people who know their own part look for the part of somebody else.

The stranger knows more than anybody could: who gave on which day, only not how much. All but two of those who
are enough for a figure work together and know what they gave themselves. A part counts as found if the
interval the solver leaves for it is shorter than the part itself.
"""

import itertools
from collections import defaultdict
from datetime import date, timedelta
from random import Random

import pytest

from figures.domain.steps import CENTS_BASE, Entry, floored, steps_of_sums
from tests.figures.attacker import Knowledge, too_narrow

NIGHTS = [date(2026, 1, 1) + timedelta(days=number) for number in range(40)]


def gifts(seed: int) -> list[Entry]:
    """Return what came in over the nights, by day: few and many givers, often and once, some taken back."""
    draw = Random(seed)
    people = draw.choice((1, 2, 3, 4, 5, 9, 20))
    amounts = draw.choice(((1000, 2500, 5000), (2500,), (700, 1013, 100_000)))
    entries = []
    for person in range(people):
        for _ in range(draw.choice((1, 1, 2, 4))):
            entries.append(Entry(draw.choice(NIGHTS), person, draw.choice(amounts)))
    return sorted(entries)


def readings(entries: list[Entry], shown_from: int) -> dict[date, int]:
    """Return what stands on the page on each morning after a night of counting."""
    steps: dict[date, int] = {}
    shown = {}
    for night in NIGHTS:
        known = [entry for entry in entries if entry.day <= night]
        steps |= dict(steps_of_sums(known, known=steps, shown_from=shown_from))
        if steps:
            shown[night] = floored(steps[max(steps)], CENTS_BASE)
    return shown


def found_parts(entries: list[Entry], *, shown_from: int, friends: int) -> list[tuple[object, ...]]:
    """Return the parts that some `friends` of the givers can work out together."""
    shown = readings(entries, shown_from)
    parts: dict[tuple[int, date], int] = defaultdict(int)
    for entry in entries:
        parts[entry.person, entry.day] += entry.amount
    changes = [night for night in shown if shown[night] != shown.get(night - timedelta(days=1))]
    people = sorted({person for person, _day in parts})
    found: list[tuple[object, ...]] = []
    for insiders in itertools.islice(itertools.combinations(people, friends), 6):
        known = Knowledge()
        for night in changes:
            known.learn(
                [part for part in parts if part[1] <= night], shown[night], shown[night] + CENTS_BASE - 1
            )
        for part, amount in parts.items():
            if part[0] in insiders:
                known.learn([part], amount, amount)
        others = [
            ([part], float(amount))
            for part, amount in parts.items()
            if part[0] not in insiders and part in known.columns
        ]
        if others:
            found += [(insiders, *each) for each in too_narrow(known, others)]
    return found


@pytest.mark.parametrize("shown_from", [3, 5])
def test_no_part_is_found_by_those_who_gave_beside_it(shown_from: int) -> None:
    published = 0
    for seed in range(120):
        entries = gifts(seed)
        published += bool(readings(entries, shown_from))
        assert found_parts(entries, shown_from=shown_from, friends=shown_from - 2) == [], seed
    assert published > 40


@pytest.mark.parametrize("shown_from", [1, 2])
def test_without_suppression_the_same_attack_finds_parts(shown_from: int) -> None:
    assert sum(bool(found_parts(gifts(seed), shown_from=shown_from, friends=1)) for seed in range(30)) > 10


def test_a_purpose_with_few_givers_shows_nothing_however_often_they_give() -> None:
    often = [Entry(night, number % 2, 2500) for number, night in enumerate(NIGHTS)]
    assert readings(often, 3) == {}
    third = sorted([*often, Entry(NIGHTS[20], 2, 100)])
    assert readings(third, 3) == dict.fromkeys(NIGHTS[20:], 52500)
