"""Wo wir stehen: what the page says besides its figures, whatever is asked of it."""

import re

import pytest
from django.test import Client

from programs.models import City
from tests.factories import make_district, make_opportunity

pytestmark = pytest.mark.django_db
ADDRESS = "/wo-wir-stehen/"


def shown(client: Client, query: str = "") -> str:
    answer = client.get(f"{ADDRESS}?{query}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " "))


def chosen(html: str, name: str) -> str:
    """Return the option that stands chosen in a list of the filter."""
    options = re.search(rf'<select name="{name}".*?</select>', html)
    assert options, name
    (value,) = re.findall(r'<option value="([^"]*)" selected', options[0])
    return str(value)


def test_without_a_wish_it_shows_a_year_and_the_free_places(client: Client) -> None:
    html = shown(client)
    assert (chosen(html, "period"), chosen(html, "measure")) == ("365", "needs")
    assert 'name="field"' not in html


@pytest.mark.parametrize(
    ("query", "period", "measure"),
    [
        ("period=30&measure=gifts", "30", "gifts"),
        ("period=alle", "alle", "needs"),
        ("measure=hours", "365", "hours"),
        ("period=9999&measure=balance_cents", "365", "needs"),
        ("field=sport&provider=1&fund=1&district=1", "365", "needs"),
        ("period=30'&measure=%3Cscript%3E", "365", "needs"),
    ],
)
def test_it_takes_period_and_measure_and_nothing_else(
    client: Client, query: str, period: str, measure: str
) -> None:
    html = shown(client, query)
    assert (chosen(html, "period"), chosen(html, "measure")) == (period, measure)
    assert "<script>" not in html.replace("<script>document", "")


def test_it_says_what_it_does_not_show(client: Client) -> None:
    html = shown(client)
    assert "auf Fünfer abgerundet; unter 5 Personen zeigen wir keine" in html
    assert "Gezählt wird jede Nacht; die erste steht noch bevor." in html
    assert "zählen hier mit, sobald ihn 3 Menschen unterstützt haben" in html
    assert "Zur Kinderarmut nach Stadtteil liegt keine öffentliche Zahl vor" in html


def test_the_map_of_dueren_is_labelled_schematic_with_its_sources(client: Client, city: None) -> None:
    html = shown(client)
    row = City.objects.get()
    assert ("Schematisch, nicht amtlich" in html) is row.map_is_schematic is True
    assert row.map_attribution.split()[0] in html
    City.objects.update(map_is_schematic=False)
    assert "Schematisch, nicht amtlich" not in shown(client)


def test_what_is_published_about_child_poverty_comes_with_its_source(client: Client, city: None) -> None:
    html = shown(client)
    told = [figure for figure in City.objects.get().figures if figure["kind"] == "child_poverty"]
    assert told
    assert html.count("(Quelle:") == len(told)


def test_a_town_without_published_figures_has_no_empty_heading(client: Client) -> None:
    make_opportunity(district=make_district("Nord"))
    assert "Was über Kinderarmut veröffentlicht ist" not in shown(client)
