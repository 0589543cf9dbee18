"""The one picture: which district lacks people, said in a sentence, with a way to do something about it."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from foundation.actors import system
from programs.models import District, DistrictFigure, Membership, Opportunity
from tests.dashboard.test_presentation import cells_of
from tests.dashboard.test_report import gift, place, pledge
from tests.factories import make_district, make_fund, make_opportunity, make_user, make_youth_office, role_of
from tests.figures.nights import let_a_night_pass
from tests.volunteers.pledging import take_places
from volunteers.models import Offer, Placement
from volunteers.services.placement_endings import stop_placement

pytestmark = pytest.mark.django_db
MANY = "20 Plätze, mindestens 5 besetzt"
PUBLIC, STAFF = "/wo-wir-stehen/", "/koordination/stadtteile/"


def page(client: Client, address: str, query: str = "") -> str:
    answer = client.get(f"{address}?{query}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " "))


def finding(html: str) -> str:
    (words,) = re.findall(r'<h2 id="befund">(.*?)</h2>', html)
    return str(words)


def bars(html: str) -> list[tuple[str, ...]]:
    """Return of each bar: address, name, width of help, begin and width of what is missing, words."""
    (table,) = re.findall(r'<table class="bars bars--gap">.*?</table>', html)
    return re.findall(
        r'<a href="([^"]*)">([^<]*)</a>.*?bar__fill" width="([\d.]+)%".*?x="([\d.]+)%" width="([\d.]+)%"'
        r".*?<strong>(.*?)</strong><br><span[^>]*>(.*?)</span>",
        table,
    )


@pytest.fixture
def town(now: datetime) -> dict[str, District]:
    """Places and those taken: Nord 8 of 20, Süd 3 of 9, Ost 4 of 4, West none."""
    names = {"Nord": (20, 8), "Süd": (9, 3), "Ost": (4, 4), "West": None}
    districts = {name: make_district(name, slug=name.lower().replace("ü", "ue")) for name in names}
    for name, places in names.items():
        if places:
            task = make_opportunity(f"In {name}", district=districts[name], places=places[0])
            take_places(task, places[1], now)
    let_a_night_pass(now)
    return districts


@pytest.fixture
def office() -> Client:
    client = Client()
    client.force_login(make_user(Membership.Role.COORDINATOR, make_youth_office()))
    return client


def test_everybody_reads_at_most_how_many_are_missing(client: Client, town: dict[str, District]) -> None:
    html = page(client, PUBLIC)
    assert finding(html) == "In Nord fehlen bis zu 15 Menschen"
    assert bars(html) == [
        (
            "/zeit/?district=nord",
            "Nord",
            "25.0",
            "25.0",
            "75.0",
            "bis zu 15 fehlen",
            "20 Plätze, mindestens 5 besetzt",
        ),
        ("/zeit/?district=sued", "Süd", "0.0", "0.0", "45.0", "bis zu 9 fehlen", "9 Plätze"),
        ("/zeit/?district=ost", "Ost", "0.0", "0.0", "20.0", "bis zu 4 fehlen", "4 Plätze"),
    ]
    assert "Gerade ohne Aufgaben: West" in html


def test_staff_read_exactly_how_many_are_missing(office: Client, town: dict[str, District]) -> None:
    html = page(office, STAFF)
    assert finding(html) == "In Nord fehlen 12 Menschen"
    assert [bar[1:] for bar in bars(html)] == [
        ("Nord", "40.0", "40.0", "60.0", "12 fehlen", "20 Plätze, 8 besetzt"),
        ("Süd", "15.0", "15.0", "30.0", "6 fehlen", "9 Plätze, 3 besetzt"),
        ("Ost", "20.0", "20.0", "0.0", "0 fehlen", "4 Plätze, 4 besetzt"),
    ]


def test_each_bar_leads_to_the_tasks_of_its_district(
    client: Client, office: Client, town: dict[str, District]
) -> None:
    for reader, address in ((client, PUBLIC), (office, STAFF)):
        for way, name, *_rest in bars(page(reader, address))[:2]:
            tasks = page(
                reader,
                way.replace("&amp;", "&").partition("?")[0],
                way.partition("?")[2].replace("&amp;", "&"),
            )
            there = [other for other in ("Nord", "Süd", "Ost") if f"In {other}<" in tasks]
            assert there == [name]


@pytest.mark.parametrize(
    ("places", "taken", "public", "staff"),
    [
        (None, 0, "Zurzeit sucht niemand Menschen, die helfen", "Zurzeit sucht niemand Menschen, die helfen"),
        (1, 0, "In Nord fehlt höchstens 1 Mensch", "In Nord fehlt 1 Mensch"),
        (5, 5, "In jedem Stadtteil sind alle Plätze besetzt", "In jedem Stadtteil sind alle Plätze besetzt"),
        (5, 4, "In Nord fehlen bis zu 5 Menschen", "In Nord fehlt 1 Mensch"),
        (1500, 300, "In Nord fehlen bis zu 1.200 Menschen", "In Nord fehlen 1.200 Menschen"),
    ],
)
def test_the_finding_is_a_german_sentence(
    client: Client, office: Client, now: datetime, places: int | None, taken: int, public: str, staff: str
) -> None:
    district = make_district("Nord")
    if places is not None:
        take_places(make_opportunity(district=district, places=places), taken, now)
    let_a_night_pass(now)
    assert (finding(page(client, PUBLIC)), finding(page(office, STAFF))) == (public, staff)


def test_few_more_people_change_nothing_for_everybody(
    client: Client, town: dict[str, District], now: datetime
) -> None:
    before = bars(page(client, PUBLIC))
    for name in ("Nord", "Süd"):
        take_places(Opportunity.objects.get(district=town[name]), 1, now)
    for placement in Placement.objects.filter(opportunity__district=town["Ost"])[:3]:
        assert stop_placement(placement, reason="provider", actor=system("probe"), now=now)
    let_a_night_pass(now + timedelta(days=1))
    assert bars(page(client, PUBLIC)) == before


def test_tiles_say_what_changed_and_lead_on(client: Client, town: dict[str, District], now: datetime) -> None:
    for number in range(11):
        pledge(number, town["Nord"], now)
    for number in range(20, 26):
        pledge(number, town["Nord"], now - timedelta(days=31))
    let_a_night_pass(now)
    html = page(client, PUBLIC, "period=30")
    assert cells_of(html, "Nord")["Menschen mit Zeitzusage"] == "10 (+5)"
    assert "+5 gegenüber dem Zeitraum davor" in html
    for address in ("/zeit/", "/zeit/zusagen/", "/spendenzwecke/"):
        assert f'<dt class="stat__label"><a href="{address}">' in html
    assert "(+" not in page(client, PUBLIC, "period=alle")


def test_pledges_per_thousand_children_carry_their_year(
    client: Client, town: dict[str, District], now: datetime
) -> None:
    figures = {"Nord": (4000, 2022, 20, 2021), "Süd": (4000, 2022, 20, None), "Ost": (4000, 2022, None, None)}
    for name, (people, year, share, share_year) in figures.items():
        values = {"district": town[name], "source": "Quelle der Probe"}
        DistrictFigure.objects.create(kind="population", value=people, year=year, **values)
        if share is not None:
            DistrictFigure.objects.create(kind="under_18_percent", value=share, year=share_year, **values)
    for number in range(22):
        pledge(number, town["Nord" if number < 12 else "Ost"], now)
    let_a_night_pass(now)
    html = page(client, PUBLIC, "period=alle")
    told = {name: cells_of(html, name)["Zusagen je 1.000 Kinder"] for name in town}
    assert told == {"Nord": "12 (2021)", "Süd": "zu klein", "Ost": "keine Angabe", "West": "keine Angabe"}


def test_every_measure_per_thousand_children_is_made_of_the_number_that_is_shown(
    client: Client, town: dict[str, District], now: datetime
) -> None:
    values = {"district": town["Nord"], "source": "Quelle der Probe", "year": 2022}
    DistrictFigure.objects.create(kind="population", value=3000, **values)
    DistrictFigure.objects.create(kind="under_18_percent", value=10, **values)
    task = make_opportunity(district=town["Nord"], places=30, clearance_required=False)
    for number in range(14):
        place(number, task, now, minutes=90)
    fund = make_fund(district=town["Nord"])
    for number in range(3):
        gift(number, fund, now, 4_321)
    let_a_night_pass(now)
    cells = cells_of(page(client, PUBLIC, "period=alle"), "Nord")
    shown = (
        "offene Plätze",
        "Menschen mit Zeitzusage",
        "Menschen im Einsatz",
        "geschenkte Stunden",
        "Spenden",
    )
    assert [cells[label] for label in shown] == ["45", "10", "10", "20", "125 €"]
    of_thousand = (
        "offene Plätze",
        "Zusagen",
        "Menschen im Einsatz",
        "Stunden",
        "Spenden",
    )
    assert [cells[f"{label} je 1.000 Kinder"] for label in of_thousand] == [
        "150 (2022)",
        "33 (2022)",
        "33 (2022)",
        "67 (2022)",
        "417 € (2022)",
    ]


def ask(number: int, district: District, task: Opportunity, now: datetime, days: int) -> None:
    asked_at = now + timedelta(days=days, hours=-1)
    Offer.objects.create(
        pledge=pledge(number, district, now),
        role=role_of(task),
        status="sent",
        status_changed_at=asked_at,
        created_at=asked_at,
        sent_at=asked_at,
        expires_at=asked_at + timedelta(days=7),
    )


@pytest.mark.parametrize(("people", "is_shown"), [(4, False), (10, True)])
def test_staff_read_how_long_people_wait_for_a_first_question(
    client: Client, office: Client, town: dict[str, District], now: datetime, people: int, is_shown: bool
) -> None:
    task = Opportunity.objects.get(title="In Nord")
    for number in range(people):
        ask(number, town["Nord"], task, now, days=number + 1)
    let_a_night_pass(now + timedelta(days=20))
    html = page(office, STAFF, "period=alle")
    assert ("bis zur ersten Anfrage" in html) is is_shown
    tile = (
        '5 Tage</dd> <dd class="stat__hint">nach der Zusage, in der Mitte; bei neun von zehn Menschen höchst'
    )
    assert (f"{tile}ens 9 Tage</dd>" in html) is is_shown
    waits = {name: cells_of(html, name).get("bis zur ersten Anfrage") for name in ("Nord", "Süd")}
    in_north = "5 Tage, bei neun von zehn höchstens 9 Tage"
    assert waits == ({"Nord": in_north, "Süd": "zu klein"} if is_shown else {"Nord": None, "Süd": None})
    assert "bis zur ersten Anfrage" not in page(client, PUBLIC, "period=alle")


def test_too_small_is_hatched_and_nothing_is_not(client: Client, town: dict[str, District]) -> None:
    html = page(client, PUBLIC, "measure=pledged")
    assert html.count('class="map__hatch"') == 2 * len(town)
    html = page(client, PUBLIC, "measure=needs")
    assert 'class="map__hatch"' not in html
    assert '<pattern id="zu-klein"' in html


def test_both_maps_have_the_labels_that_the_city_chose(client: Client, city: None) -> None:
    html = page(client, PUBLIC)
    maps = re.findall(r'<svg class="map map-only-(?:phone|wide)".*?</svg>', html)
    assert len(maps) == 2
    for each in maps:
        labels = re.findall(r"<text[^>]*>([^<]*)</text>", each)
        assert len(labels) == len(set(labels)) == District.objects.count() == 22
        assert max(map(len, labels)) == 5
        assert {"Süd", "Nord", "Arno", "Mitte"} <= set(labels)
        assert "<title>Arnoldsweiler: 0</title>" in each
    assert 'Arnoldsweiler <span class="muted nowrap">Arno</span></th>' in html
