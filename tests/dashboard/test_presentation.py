"""How figures read on the page: words for what is hidden, shades of the map, bars, legend, empty towns."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from figures.models import Step
from foundation.clock import utc_now
from programs.models import District, DistrictFigure, Membership
from tests.dashboard.test_report import gift, pledge
from tests.factories import make_district, make_fund, make_opportunity, make_provider, make_user
from tests.figures.nights import let_a_night_pass
from wirbrauchensie.dashboard.maps import draw, level

pytestmark = pytest.mark.django_db


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/wo-wir-stehen/?period=alle&{query}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " "))


def cells_of(html: str, district: str) -> dict[str, str]:
    """Return the cells of a district in all tables, by their label."""
    rows = re.findall(rf'<th scope="row">{district}</th>(.*?)</tr>', html)
    assert rows, district
    found = [cell for row in rows for cell in re.findall(r'data-label="([^"]+)">(.*?)</td>', row)]
    cells = {label: re.sub(r"<[^>]+>", "", text).strip() for label, text in found}
    assert len(cells) == len(found), "two cells of one name"
    return cells


def areas(html: str) -> list[tuple[str, str]]:
    """Return (class, words) of every area of both maps."""
    return re.findall(r'<path class="([^"]+)" d="[^"]+"><title>([^<]+)</title>', html)


@pytest.fixture
def town(now: datetime) -> dict[str, District]:
    """Needs 10, 5, 1 and none; pledges 17, 6, 3 and none; a night has passed."""
    places = {"Nord": 10, "Süd": 5, "Ost": 1, "West": 0}
    people = {"Nord": 17, "Süd": 6, "Ost": 3, "West": 0}
    districts = {name: make_district(name, slug=name.lower().replace("ü", "ue")) for name in places}
    number = 0
    for name, district in districts.items():
        if places[name]:
            make_opportunity(district=district, places=places[name])
        for _ in range(people[name]):
            number += 1
            pledge(number, district, now)
    let_a_night_pass(now)
    return districts


def test_the_table_says_number_or_below_the_threshold(client: Client, town: dict[str, District]) -> None:
    html = page(client)
    told = {name: cells_of(html, name) for name in town}
    assert {name: cells["Menschen mit Zeitzusage"] for name, cells in told.items()} == {
        "Nord": "15",
        "Süd": "5",
        "Ost": "unter 5",
        "West": "unter 5",
    }
    assert {name: cells["offene Plätze"] for name, cells in told.items()} == {
        "Nord": "10",
        "Süd": "5",
        "Ost": "1",
        "West": "0",
    }
    assert told["West"]["Spenden"] == "zu klein"
    assert cells_of(html, "Zusammen")["Menschen mit Zeitzusage"] == "20"


def test_from_how_many_people_a_figure_is_shown_is_one_setting(
    client: Client, town: dict[str, District], now: datetime, settings: Any
) -> None:
    settings.PERSONS_SHOWN_FROM = 7
    Step.objects.all().delete()
    let_a_night_pass(now)
    html = page(client)
    assert "unter 10 Personen" in html
    told = {name: cells_of(html, name)["Menschen mit Zeitzusage"] for name in town}
    assert told == {"Nord": "10", "Süd": "unter 10", "Ost": "unter 10", "West": "unter 10"}


def test_hidden_figures_leave_no_trace_on_the_page(client: Client, town: dict[str, District]) -> None:
    html = page(client, "measure=pledged")
    words = [text for _shade, text in areas(html) if text.startswith(("West", "Ost"))]
    assert sorted(set(words)) == ["Ost: unter 5", "West: unter 5"]
    assert "Ost: 3" not in html
    assert not re.search(r'value="3"', html)


def test_the_map_shades_by_fifths_of_the_largest(client: Client, town: dict[str, District]) -> None:
    shades = {text: shade for shade, text in areas(page(client, "measure=needs"))}
    assert shades == {
        "Nord: 10": "map__area map__area--5",
        "Süd: 5": "map__area map__area--3",
        "Ost: 1": "map__area map__area--1",
        "West: 0": "map__area",
    }
    hidden = {text: shade for shade, text in areas(page(client, "measure=pledged"))}
    assert hidden["Ost: unter 5"] == "map__area map__area--0"
    assert hidden["West: unter 5"] == "map__area map__area--0"


def test_both_maps_draw_every_district_once(client: Client, town: dict[str, District]) -> None:
    html = page(client)
    assert len(areas(html)) == 2 * len(town)
    assert html.count(">Nord</text>") == 2
    assert "Karte der Stadtteile: offene Plätze." in html


def test_the_bars_begin_with_the_largest_and_name_every_district(
    client: Client, town: dict[str, District]
) -> None:
    rows = client.get("/wo-wir-stehen/?measure=needs").context["bars"]
    assert [(row["label"], row["value"], row["max"], row["text"]) for row in rows] == [
        ("Nord", 10, 10, "10"),
        ("Süd", 5, 10, "5"),
        ("Ost", 1, 10, "1"),
        ("West", 0, 10, "0"),
    ]


@pytest.mark.parametrize(
    ("places", "legend"),
    [
        (10, ["1 – 2", "3 – 4", "5 – 6", "7 – 8", "9 – 10"]),
        (3, ["1", "2", "3"]),
        (1, ["1"]),
    ],
)
def test_the_legend_names_the_shades_in_use(client: Client, places: int, legend: list[str]) -> None:
    make_opportunity(district=make_district("Nord"), places=places)
    let_a_night_pass(utc_now())
    context = client.get("/wo-wir-stehen/?measure=needs").context
    assert [text for _shade, text in context["legend"]] == legend


def test_every_value_has_the_shade_its_legend_names() -> None:
    for largest in (1, 3, 4, 5, 10, 17, 100):
        for value in range(1, largest + 1):
            shade = level(value, largest)
            assert shade is not None
            assert largest * (shade - 1) / 5 < value <= largest * shade / 5
    assert (level(0, 10), level(None, 10), level(0, 0)) == (0, None, 0)


def test_thousands_of_places_have_a_point(client: Client) -> None:
    make_opportunity(places=4286)
    let_a_night_pass(utc_now())
    page = client.get("/wo-wir-stehen/").content.decode()
    assert ">4.286<" in page
    assert ">4286<" not in page


def test_gifts_read_as_euro_everywhere(client: Client, now: datetime) -> None:
    fund = make_fund(district=make_district("Nord"))
    for number in range(5):
        gift(number, fund, now, 125_050)
    let_a_night_pass(now)
    html = page(client, "measure=gifts")
    assert cells_of(html, "Nord")["Spenden"] == "6.250 €"
    assert "Nord: 6.250 €" in html
    context = client.get("/wo-wir-stehen/?measure=gifts&period=alle").context
    assert ("Spenden", "6.250\xa0€") in [(str(label), text) for label, text in context["totals"]]
    assert context["bars"][0]["text"] == "6.250\xa0€"


def test_gifts_for_the_whole_city_have_a_line_of_their_own(client: Client, now: datetime) -> None:
    make_district("Nord")
    assert "ohne Stadtteil" not in page(client)
    fund = make_fund(district=None)
    for number in range(5):
        gift(number, fund, now, 2_000)
    let_a_night_pass(now)
    html = page(client)
    assert cells_of(html, "ohne Stadtteil oder ganze Stadt")["Spenden"] == "100 €"
    assert "ohne Stadtteil" not in "".join(text for _shade, text in areas(html))


def test_the_districts_stand_as_germans_look_for_them(client: Client) -> None:
    for name in ("Zwickau", "Übach", "Unten", "Oststadt", "Ölmühle"):
        make_district(name)
    names = [row["name"] for row in client.get("/wo-wir-stehen/").context["rows"]]
    assert names == ["Ölmühle", "Oststadt", "Übach", "Unten", "Zwickau"]


def test_published_figures_come_with_their_year_and_none_is_made_up(client: Client) -> None:
    north, south = make_district("Nord"), make_district("Süd")
    for district, kind, value, year in (
        (north, "population", 4200, 2020),
        (north, "population", 4711, 2023),
        (north, "under_18_percent", 21, 2023),
        (south, "population", 900, None),
    ):
        DistrictFigure.objects.create(
            district=district, kind=kind, value=value, year=year, source="Quelle der Probe"
        )
    html = page(client)
    assert cells_of(html, "Nord")["Einwohner"] == "4.711 (2023)"
    assert cells_of(html, "Nord")["unter 18 Jahren"] == "21 % (2023)"
    assert cells_of(html, "Nord")["Kinderarmut"] == "keine Angabe"
    assert cells_of(html, "Süd")["Einwohner"] == "900 (?)"
    assert cells_of(html, "Süd")["unter 18 Jahren"] == "keine Angabe"


@pytest.mark.parametrize("measure", ["pledged", "placed", "hours", "gifts", "needs"])
def test_an_empty_town_has_an_honest_page(client: Client, measure: str) -> None:
    html = page(client, f"measure={measure}")
    assert areas(html) == []
    assert 'viewBox="0 0 0 0"' in html
    make_district("Nord")
    html = page(client, f"measure={measure}")
    words = {"needs": "0", "hours": "zu klein", "gifts": "zu klein"}.get(measure, "unter 5")
    shade = "map__area" if measure == "needs" else "map__area map__area--0"
    assert areas(html) == [(shade, f"Nord: {words}")] * 2


def test_shapes_keep_to_their_box_and_north_is_up() -> None:
    north = make_district("Nord", latitude=50.84, longitude=6.40, tile_column=0, tile_row=0)
    south = make_district("Süd", latitude=50.76, longitude=6.56, tile_column=1, tile_row=1)
    drawing = draw([north, south])
    left, top, width, height = (float(part) for part in drawing.view_box.split())
    for area in drawing.areas:
        for x, y in re.findall(r"([\d.]+),([\d.]+)", area.path):
            assert left <= float(x) <= left + width
            assert top <= float(y) <= top + height
    labels = {area.district.name: area.label for area in drawing.areas}
    assert labels["Nord"][0] < labels["Süd"][0]
    assert labels["Nord"][1] < labels["Süd"][1]
    tiles = {area.district.name: area.tile_label for area in drawing.areas}
    assert tiles["Nord"] == (52.0, 60)
    assert tiles["Süd"] == (207.8, 150.0)


def test_a_district_of_several_parts_is_drawn_whole() -> None:
    square = [[[6.4, 50.7], [6.5, 50.7], [6.5, 50.8], [6.4, 50.8], [6.4, 50.7]]]
    island = [[[6.6, 50.7], [6.7, 50.7], [6.7, 50.8], [6.6, 50.8], [6.6, 50.7]]]
    parted = make_district("Zwei Teile", geometry={"type": "MultiPolygon", "coordinates": [square, island]})
    (area,) = draw([parted]).areas
    assert (area.path.count("M"), area.path.count("Z")) == (2, 2)
    assert area.path.startswith("M0,")


FILTERS = [
    ("", {"field": "", "period": "365", "measure": "needs"}),
    ("field=sport&period=30&measure=hours", {"field": "sport", "period": "30", "measure": "hours"}),
    ("field=SPORT&period=31&measure=needs%27", {"field": "", "period": "365", "measure": "needs"}),
    ("field=%27&period=%F0%9F%92%A9&measure=", {"field": "", "period": "365", "measure": "needs"}),
    ("period=30&period=alle", {"field": "", "period": "alle", "measure": "needs"}),
]


@pytest.mark.parametrize(("query", "chosen"), FILTERS)
def test_what_staff_chose_stays_chosen_and_nonsense_does_not(
    client: Client, query: str, chosen: dict[str, Any]
) -> None:
    client.force_login(make_user(Membership.Role.COORDINATOR, make_provider()))
    answer = client.get(f"/koordination/stadtteile/?{query}")
    assert answer.status_code == 200
    assert answer.context["form"].cleaned_data == chosen


def test_a_coordinator_reads_whose_figures_these_are(client: Client) -> None:
    client.force_login(make_user(Membership.Role.COORDINATOR, make_provider("Haus der Probe")))
    assert "Haus der Probe" in client.get("/koordination/stadtteile/").content.decode()
