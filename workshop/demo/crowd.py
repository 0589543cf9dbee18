"""Eight weeks of the demo with very many people: the story's course, written many at once.

The matcher, dates, seats, gifts, books and figures are the product's own runs and services; people and their
answers are written in bulk by the same rules.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from random import Random
from time import perf_counter

from django.db import connection, transaction

from figures.services.counting import count
from programs.services.shifts import roll_out_due
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.match_requests import want_run
from volunteers.services.match_runs import run_matching
from workshop.demo.crowd_answers import (
    answer_together,
    attend_together,
    bring_together,
    confirm_together,
    expected_until,
    open_questions,
)
from workshop.demo.crowd_people import form_of, pledge_together
from workshop.demo.gifts import give
from workshop.demo.needs import publish_needs
from workshop.demo.people import districts, free_roles
from workshop.demo.progress import Progress
from workshop.demo.receipts import show_receipts

WEEKS = 8
MOST_TASKS, FEWEST_TASKS = 120, 12
MOST_GIFTS, FEWEST_GIFTS = 200, 6
WIDEST = 8
_PEOPLE = "Personen mit Zeitzusage"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Crowd:
    """How much is told: tasks and gifts grow with the people, up to what a town has to read."""

    people: int

    @property
    def tasks(self) -> int:
        """One for every ten people."""
        return min(max(self.people // 10, FEWEST_TASKS), MOST_TASKS)

    @property
    def wide(self) -> int:
        """How many times the places of the demo's tasks each has, so that about every third finds one."""
        return min(max(ceil(self.people / (10 * self.tasks)), 1), WIDEST)

    @property
    def gifts(self) -> int:
        """One for every ten people."""
        return min(max(self.people // 10, FEWEST_GIFTS), MOST_GIFTS)


def tell_crowd(crowd: Crowd, seed: int, *, now: datetime, say: Say) -> None:
    """Write the weeks before `now` and say how far it is. The same numbers and `now` tell the same story."""
    draw, started = Random(seed), perf_counter()  # noqa: S311
    begin = now - timedelta(weeks=WEEKS)
    _publish(crowd, draw, say, begin)
    early = crowd.people * 2 // 3
    first = Progress(_PEOPLE, crowd.people, say)
    _pledge(seed, range(early), draw, first, begin, (1, 160))
    _freshen()
    _one_round(draw, begin + timedelta(days=8), say)
    _one_round(draw, begin + timedelta(days=20), say)
    later = Progress(_PEOPLE, crowd.people, say, done=early)
    _pledge(seed, range(early, crowd.people), draw, later, now - timedelta(hours=160), (0, 130))
    _give(crowd, seed, draw, say, begin)
    show_receipts(draw, now=now)
    roll_out_due(now)
    _assign(now, say)
    over = Progress("Teilnahmen", expected_until(now).count(), say)
    attend_together(draw, over, now=now)
    _freshen()
    _match(now - timedelta(hours=24), say)
    questions = Progress("Antworten", len(open_questions()), say)
    answer_together(draw, questions, now=now - timedelta(hours=3), share=0.5)
    want_run(now)
    count(now + timedelta(days=1))  # as if the night had passed already
    say(f"{crowd.people} Personen in {perf_counter() - started:.0f} s")


def _publish(crowd: Crowd, draw: Random, say: Say, begin: datetime) -> None:
    progress = Progress("Engagementangebote", crowd.tasks, say)
    for first in range(0, crowd.tasks, FEWEST_TASKS):
        some = min(FEWEST_TASKS, crowd.tasks - first)
        with transaction.atomic():
            publish_needs(some, draw, now=begin, wide=crowd.wide)
        progress.add(some)


def _pledge(
    seed: int, numbers: range, draw: Random, progress: Progress, begin: datetime, hours: tuple[int, int]
) -> None:
    """Spread these people over the hours after `begin`; all of one hour are written together."""
    roles, homes = list(free_roles().prefetch_related("opportunity__series")), districts()
    by_hour: dict[int, list[int]] = {}
    for number in numbers:
        by_hour.setdefault(draw.randint(*hours), []).append(number)
    for hour, some in sorted(by_hour.items()):
        forms = [form_of(seed, number, draw, roles, homes) for number in some]
        pledge_together(forms, now=begin + timedelta(hours=hour))
        progress.add(len(some))


def _give(crowd: Crowd, seed: int, draw: Random, say: Say, begin: datetime) -> None:
    progress = Progress("Spenden", crowd.gifts, say)
    for number in range(crowd.gifts):
        give(seed, number, draw, now=begin + timedelta(hours=draw.randint(1, (WEEKS * 7 - 3) * 24)))
        progress.add(1)


def _one_round(draw: Random, moment: datetime, say: Say) -> None:
    """Match, answer, confirm, inspect, give dates: a round of one week."""
    _match(moment, say)
    questions = Progress("Antworten", len(open_questions()), say)
    answer_together(draw, questions, now=moment + timedelta(days=1))
    confirm_together(draw, now=moment + timedelta(days=2))
    bring_together(draw, now=moment + timedelta(days=2))
    _assign(moment + timedelta(days=2), say)
    _freshen()


def _match(moment: datetime, say: Say) -> None:
    begun = perf_counter()
    run_matching(moment)
    say(f"Abgleich: {len(open_questions())} offene Fragen nach {perf_counter() - begun:.0f} s")


def _assign(moment: datetime, say: Say) -> None:
    begun = perf_counter()
    seated = assign_coming_shifts(moment)
    say(f"Termine: {seated} Einteilungen nach {perf_counter() - begun:.0f} s")


def _freshen() -> None:
    """Let the database know how many rows there are now, so that it plans for them."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
