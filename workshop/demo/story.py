"""Eight weeks of the demo, told through the services: needs, pledges, answers, hours, gifts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from figures.services.counting import count
from programs.services.shifts import roll_out_due
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.match_runs import run_matching
from workshop.demo.gifts import give
from workshop.demo.needs import publish_needs
from workshop.demo.people import answer_offers, begin_placements, note_attendance, pledge_time
from workshop.demo.receipts import show_receipts

WEEKS = 8


@dataclass(frozen=True)
class Size:
    """How much is told; opportunities and gifts follow from the number of volunteers."""

    volunteers: int

    @property
    def opportunities(self) -> int:
        """One for every three volunteers, at least one of each kind."""
        return max(12, self.volunteers // 3)

    @property
    def gifts(self) -> int:
        """Three for every four volunteers."""
        return self.volunteers * 3 // 4


def tell(size: Size, seed: int, *, now: datetime, say: Callable[[str], None]) -> None:
    """Write the story of the weeks before `now`. The same size, seed and `now` tell the same story."""
    draw = Random(seed)  # noqa: S311
    begin = now - timedelta(weeks=WEEKS)
    say(f"{len(publish_needs(size.opportunities, draw, now=begin))} Engagementangebote")
    early = size.volunteers * 2 // 3
    for number in range(early):
        pledge_time(seed, number, draw, now=begin + timedelta(hours=draw.randint(1, 160)))
    _one_round(draw, begin + timedelta(days=8))
    _one_round(draw, begin + timedelta(days=20))
    for number in range(early, size.volunteers):
        pledge_time(seed, number, draw, now=now - timedelta(hours=draw.randint(30, 160)))
    say(f"{size.volunteers} Freiwillige mit Zeitzusage")
    for number in range(size.gifts):
        give(seed, number, draw, now=begin + timedelta(hours=draw.randint(1, (WEEKS * 7 - 3) * 24)))
    say(f"{size.gifts} Spenden")
    show_receipts(draw, now=now)
    roll_out_due(now)
    assign_coming_shifts(now)
    say(f"{note_attendance(draw, now=now)} Teilnahmen")
    run_matching(now - timedelta(hours=24))
    answer_offers(draw, now=now - timedelta(hours=3), share=0.5)
    count(now + timedelta(days=1))  # as if the night had passed already


def _one_round(draw: Random, moment: datetime) -> None:
    """Match, answer, confirm, inspect: a round of one week."""
    run_matching(moment)
    answer_offers(draw, now=moment + timedelta(days=1))
    begin_placements(draw, now=moment + timedelta(days=2))
