"""A stranger reads the public page under all filters on two mornings, and asks the solver."""

import itertools
import re
from datetime import date, timedelta

import pytest
from django.test import Client

from citizens.models import Mailbox
from figures.domain.cells import Cell
from figures.domain.measures import span
from figures.services.counting import count
from foundation.clock import local_moment
from foundation.units import HOUR, MinuteOfDay
from tests.dashboard.test_presentation import cells_of
from tests.factories import make_district
from tests.figures.attacker import Knowledge, too_narrow
from tests.figures.test_attack_on_heads import THRESHOLD, between, learned, sums, until
from tests.figures.towns import NIGHTS, Town, town
from volunteers.models import TimePledge, Volunteer

pytestmark = pytest.mark.django_db
PERIODS = ("30", "90", "365", "alle")
ASKED = (("needs", ""), ("pledged", "sport"), ("gifts", "culture"))
CELL = re.compile(r"(\d+|unter 5)(?: \((?:±(?=0))?([+−]?\d+)\))?")
PER_THOUSAND = re.compile(r"zu klein|(\d+) \(2023\)")
Cells = dict[tuple[date, str, str], Cell]
NOON = MinuteOfDay(12 * HOUR)


def settle(of_town: Town) -> None:
    """Let the people of a town pledge on their days."""
    for name, days in of_town.days.items():
        district = make_district(name, slug=name.lower())
        for kind, value in (("population", 4000), ("under_18_percent", 25)):  # 1,000 children
            district.figures.create(kind=kind, value=value, year=2023, source="Quelle der Probe")
        moments = [local_moment(day, NOON) for day in days]
        mailboxes = Mailbox.objects.bulk_create(
            Mailbox(email=f"{name}-{number}@example.org".lower(), created_at=moment)
            for number, moment in enumerate(moments)
        )
        volunteers = Volunteer.objects.bulk_create(
            Volunteer(first_name="Kim", mailbox=mailbox, created_at=moment, confirmed_at=moment)
            for mailbox, moment in zip(mailboxes, moments, strict=True)
        )
        TimePledge.objects.bulk_create(
            TimePledge(
                volunteer=volunteer,
                home_district=district,
                status="open",
                status_changed_at=moment,
                created_at=moment,
                confirmed_at=moment,
                answer_due_at=moment + timedelta(days=7),
            )
            for volunteer, moment in zip(volunteers, moments, strict=True)
        )


def read(client: Client, night: date, districts: list[str]) -> tuple[Cells, Cells]:
    """Return what the page tells of people on the morning after `night`, whatever else is asked of it.

    The second is what it tells of them per 1,000 children, who are 1,000 in each district.
    """
    count(local_moment(night + timedelta(days=1), NOON))
    found: Cells = {}
    per_thousand: Cells = {}
    for period, (measure, field) in itertools.product(PERIODS, ASKED):
        answer = client.get(f"/wo-wir-stehen/?period={period}&measure={measure}&field={field}")
        html = re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " "))
        for name in districts:
            cells = cells_of(html, name)
            text, change = CELL.fullmatch(cells["Menschen mit Zeitzusage"]).groups()
            shown = None if text == "unter 5" else int(text)
            cell = Cell(shown, shown - int(change.replace("−", "-")) if shown and change else None)
            assert found.setdefault((night, period, name), cell) == cell
            told = PER_THOUSAND.fullmatch(cells["Zusagen je 1.000 Kinder"])
            per = Cell(int(told[1]) if told[1] else None)
            assert per_thousand.setdefault((night, period, name), per) == per
    return found, per_thousand


@pytest.mark.parametrize("seed", [13, 11])
def test_the_page_lets_no_number_be_narrowed_below_the_threshold(client: Client, seed: int) -> None:
    of_town = town(seed)
    settle(of_town)
    districts = sorted(of_town.days)
    table: Cells = {}
    per_thousand: Cells = {}
    for night in NIGHTS:
        of_night, of_thousand = read(client, night, districts)
        table |= of_night
        per_thousand |= of_thousand
    assert {cell.shown is None for cell in table.values()} == {True, False}
    known = learned(table, THRESHOLD, small_too=False)
    add_per_thousand(known, per_thousand)
    assert too_narrow(known, sums(districts)) == []


def add_per_thousand(known: Knowledge, table: Cells) -> None:
    """Add what a stranger concludes: of 1,000 children the share is a count that was rounded down.

    If it were made of the exact count, this would be wrong and contradict, or narrow, what the count tells.
    """
    for (night, period, name), cell in table.items():
        if cell.shown is not None and period == "alle":
            known.learn(until(name, night), cell.shown, cell.shown + THRESHOLD - 1)
        elif cell.shown is not None:
            first = span(period, night)[0] - timedelta(days=1)
            known.learn(between(name, first, night), cell.shown - THRESHOLD + 1, cell.shown + THRESHOLD - 1)
