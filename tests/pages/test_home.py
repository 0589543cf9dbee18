"""The home page: what is needed most, where money goes, and the five fields."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from foundation.clock import local_day, utc_now
from programs.models import Fund, Opportunity
from tests.donations.gifts import PLEDGED_AT
from tests.factories import make_district, make_fund, make_opportunity
from tests.figures.nights import book_gift, let_a_night_pass
from tests.volunteers.pledging import take_places

pytestmark = pytest.mark.django_db


def shown(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " "))


def needs(client: Client) -> list[Any]:
    return list(client.get("/").context["needs"])


def order(client: Client) -> list[str]:
    return [need.title for need in needs(client)]


def purposes(client: Client) -> list[Any]:
    return list(client.get("/").context["funds"])


def given(fund: Fund, givers: int = 3) -> Fund:
    for _ in range(givers):
        book_gift(fund, 850, PLEDGED_AT)
    let_a_night_pass(PLEDGED_AT)
    return fund


def test_those_with_most_places_stand_first_and_three_are_enough(client: Client) -> None:
    for title, taken, places in (("Halb", 2, 4), ("Leer", 0, 2), ("Fast voll", 9, 10), ("Groß", 0, 8)):
        make_opportunity(title, places=places, places_taken=taken)
    assert [need.title for need in needs(client)] == ["Fast voll", "Groß", "Halb"]


def test_the_district_that_needs_most_people_stands_first_as_its_figure_is_published(client: Client) -> None:
    north, south = make_district("Nord"), make_district("Süd")
    make_opportunity("Nord groß", district=north, places=12)
    make_opportunity("Nord klein", district=north, places=2)
    take_places(make_opportunity("Süd", district=south, places=13), 4, utc_now())
    assert order(client) == ["Süd", "Nord groß", "Nord klein"]  # nothing is published before the first night
    let_a_night_pass(utc_now())
    assert order(client) == ["Nord groß", "Nord klein", "Süd"]


@pytest.mark.parametrize(
    ("taken_in_north", "after_the_night"),
    [(4, ["Nord", "Süd"]), (5, ["Süd", "Nord"]), (11, ["Süd", "Nord"])],
)
def test_nobody_reads_from_the_order_what_happened_today(
    client: Client, taken_in_north: int, after_the_night: list[str]
) -> None:
    """Four who came stay untold, the fifth is told by the next night: 14 and 12 people needed, then 9."""
    make_opportunity("Nord", district=make_district("Nord"), places=14)
    make_opportunity("Süd", district=make_district("Süd"), places=12)
    let_a_night_pass(utc_now())
    take_places(Opportunity.objects.get(title="Nord"), taken_in_north, utc_now())
    assert order(client) == ["Nord", "Süd"]
    let_a_night_pass(utc_now())
    assert order(client) == after_the_night


@pytest.mark.parametrize(
    "changes",
    [
        {"status": Opportunity.Status.DRAFT},
        {"status": Opportunity.Status.IN_REVIEW},
        {"places_taken": 2},
        {"ends_on": local_day(utc_now()) - timedelta(days=1)},
    ],
)
def test_what_nobody_can_join_is_not_wanted(client: Client, changes: dict[str, Any]) -> None:
    make_opportunity(**{"places": 2, **changes})
    assert needs(client) == []
    assert "Im Moment ist kein Platz frei." in shown(client)


def test_one_that_ends_today_is_still_wanted(client: Client) -> None:
    make_opportunity("Heute noch", ends_on=local_day(utc_now()))
    assert [need.title for need in needs(client)] == ["Heute noch"]


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        ({"places": 1, "slots": [(1, 900, 990)]}, ["dienstags 15–16:30 Uhr", "Nord", "noch Plätze frei"]),
        (
            {"places": 5, "places_taken": 2, "slots": [(0, 480, 540), (4, 600, 660)]},
            ["montags 8–9 Uhr, freitags 10–11 Uhr", "Nord", "noch Plätze frei"],
        ),
        ({"places": 2, "slots": []}, ["Zeiten nach Absprache", "Nord", "noch Plätze frei"]),
    ],
)
def test_a_card_says_when_where_and_how_many(
    client: Client, values: dict[str, Any], lines: list[str]
) -> None:
    made = make_opportunity("Vorlesen", district=make_district("Nord"), field="culture", **values)
    (need,) = needs(client)
    told = [str(text).replace("\xa0", " ") for _icon, text in need.meta]
    assert told == lines
    assert (need.eyebrow, need.icon, need.url) == ("Kultur", "palette", f"/zeit/{made.slug}/")
    assert f'href="/zeit/{made.slug}/"' in shown(client)


def test_three_open_purposes_the_general_one_first(client: Client) -> None:
    for name in ("Ball", "Chor", "Dampf"):
        make_fund(name)
    make_fund("Zuerst", is_general=True)
    make_fund("Abgelaufen", is_open=False)
    assert [purpose.title for purpose in purposes(client)] == ["Zuerst", "Ball", "Chor"]


@pytest.mark.parametrize(
    ("target", "givers", "progress"),
    [
        (10_000, 3, (2_500, 10_000, "25 € von 100 €")),
        (10_000, 2, None),
        (10_000, 0, None),
        (None, 3, None),
    ],
)
def test_progress_is_shown_with_a_target_and_enough_givers(
    client: Client, target: int | None, givers: int, progress: tuple[int, int, str] | None
) -> None:
    given(make_fund("Ranzen", slug="ranzen", target_cents=target), givers)
    (purpose,) = purposes(client)
    found = purpose.progress and (*purpose.progress[:2], purpose.progress[2].replace("\xa0", " "))
    assert found == progress
    assert purpose.url == "/spendenzweck/ranzen/"
    html = shown(client)
    assert ("25 € von" in html) is (progress is not None)
    assert ("<progress" in html) is (progress is not None)


def test_each_field_leads_to_its_opportunities(client: Client) -> None:
    html = shown(client)
    for field, label in (
        ("education", "Bildung"),
        ("culture", "Kultur"),
        ("leisure", "Freizeit"),
        ("health", "Gesundheit"),
        ("sport", "Sport"),
    ):
        address = f"{reverse('opportunities')}?field={field}"
        assert f'href="{address}"' in html
        assert label in html
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("many", [0, 12])
def test_the_home_page_takes_few_queries(
    client: Client, city: None, many: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(many):
        make_opportunity(places=3)
        given(make_fund(target_cents=1_000), 1)
    with django_assert_max_num_queries(10):
        client.get("/")
