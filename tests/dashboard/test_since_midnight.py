"""Staff read in one line what came since midnight, as soon as it is there; small numbers are hidden."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from figures.domain.cells import NOTHING, TOO_SMALL, Cell
from figures.selectors.today import added_on
from foundation.clock import local_day, utc_now
from programs.models import District, Provider
from tests.dashboard.test_report import company, place, pledge
from tests.factories import (
    make_coordinator,
    make_district,
    make_opportunity,
    make_provider,
)
from tests.figures.facts import settle
from volunteers.models import HoursEntry
from wirbrauchensie.dashboard.presentation import added_text

pytestmark = pytest.mark.django_db
TODAY = {"provider_id": None, "field": ""}


def added(now: datetime, **choice: Any) -> dict[str, Cell]:
    settle()
    return added_on(local_day(now), **{**TODAY, **choice})


def test_what_comes_counts_at_once_and_what_came_before_does_not(now: datetime) -> None:
    north = make_district("Nord")
    task = make_opportunity(district=north, field="sport", places=40, clearance_required=False)
    for number in range(7):
        place(number, task, now - timedelta(hours=11 if number else 8), minutes=100)
    assert added(now) == {"pledged": TOO_SMALL, "placed": TOO_SMALL, "hours": TOO_SMALL}
    for number in range(10, 14):
        pledge(number, north, now)
    assert added(now) == {"pledged": Cell(5), "placed": TOO_SMALL, "hours": TOO_SMALL}
    for number in range(20, 24):
        company(place(number, task, now, minutes=60), 3)
    assert added(now) == {"pledged": Cell(15), "placed": Cell(10), "hours": Cell(10)}
    assert added(now, field="culture") == {"pledged": NOTHING, "placed": NOTHING, "hours": NOTHING}
    assert added(now, field="sport", provider_id=task.provider_id)["placed"] == Cell(10)
    assert added(now, provider_id=make_provider("Zwei").pk)["hours"] == NOTHING
    HoursEntry.objects.filter(placement__volunteer__first_name="Person 23").delete()
    assert added(now)["hours"] == TOO_SMALL


def test_the_line_says_it_in_words() -> None:
    line = "Seit Mitternacht dazu: {} Menschen mit Zusage, {} im Einsatz, {}."
    cells = {"pledged": Cell(1005), "placed": Cell(0), "hours": Cell(10)}
    assert added_text(cells) == line.format("1.005", "0", "10 Stunden")
    hidden = dict.fromkeys(cells, TOO_SMALL)
    assert added_text(hidden) == line.format("unter 5", "unter 5", "Stunden von unter 5 Menschen")


def test_it_stands_on_the_page_of_staff_alone_and_costs_one_question(
    client: Client, city: None, django_assert_max_num_queries: Any
) -> None:
    user = make_coordinator(Provider.objects.get(is_youth_office=True))
    client.force_login(user)
    for number in range(9):
        pledge(number, District.objects.earliest("pk"), utc_now())
    settle()
    client.get("/koordination/stadtteile/")
    with django_assert_max_num_queries(12):
        page = client.get("/koordination/stadtteile/").content.decode()
    assert re.search(
        r"Seit Mitternacht dazu: (5|0|unter 5) Menschen mit Zusage, 0 im Einsatz, 0 Stunden\.", page
    )
    assert "Seit Mitternacht" not in Client().get("/wo-wir-stehen/").content.decode()
