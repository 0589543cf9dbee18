"""Tasks for other programs: a feed, a calendar and a posting, each of what the page shows."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar
from lxml import etree

from foundation.clock import utc_now
from programs.models import Opportunity, Shift
from tests.factories import make_district, make_opportunity, make_provider, make_shift

pytestmark = pytest.mark.django_db
RSS, ICS = "/zeit/aufgaben.rss", "/zeit/termine.ics"


@pytest.fixture
def task() -> Opportunity:
    north, south = make_district("Nord", slug="nord"), make_district("Süd", slug="sued")
    house = make_provider("Müller & Söhne")
    make_opportunity("Verborgen", slug="verborgen", district=north, status="draft")
    make_opportunity("Voll", slug="voll", district=north, places=2, places_taken=2)
    make_opportunity("Chor", slug="chor", district=south, field="culture", slots=[(0, 600, 660)])
    return make_opportunity(
        "Lesen <b>&</b> Spielen",
        slug="lesen",
        provider=house,
        district=north,
        field="education",
        site="Bücherei, Raum 2",
        places=4,
        slots=[(1, 900, 990)],
        ends_on=date(2099, 5, 31),
    )


def told(address: str, kind: str, **query: str) -> bytes:
    answer = Client().get(address, query)
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert set(answer["Cache-Control"].split(", ")) == {"max-age=300", "public"}
    return bytes(answer.content)


def items(**query: str) -> list[Any]:
    feed = etree.fromstring(told(RSS, "application/rss+xml; charset=utf-8", **query))
    return list(feed.iter("item"))


def events(**query: str) -> list[Any]:
    calendar = Calendar.from_ical(told(ICS, "text/calendar; charset=utf-8", **query))
    return list(calendar.walk("VEVENT"))


def test_the_feed_tells_of_what_seeks_people_under_the_filter_of_the_page(task: Opportunity) -> None:
    assert {item.findtext("title") for item in items()} == {"Lesen <b>&</b> Spielen", "Chor"}
    for query, found in (
        ({"field": "culture"}, ["Chor"]),
        ({"district": "nord"}, ["Lesen <b>&</b> Spielen"]),
        ({"day": "0"}, ["Chor"]),
        ({"day": "6"}, []),
        ({"district": "nord", "field": "culture"}, []),
    ):
        assert [item.findtext("title") for item in items(**query)] == found, query
    assert len(items(field="nonsense", day="9", district="\U0001f4a9")) == 2
    (item,) = items(district="nord")
    assert item.findtext("link").endswith("/zeit/lesen/")
    assert item.findtext("link").startswith("http")
    assert item.findtext("guid") == item.findtext("link")
    assert item.findtext("description") == task.task
    assert [each.text for each in item.findall("category")] == ["Bildung", "Nord"]


def test_the_calendar_has_a_name_and_says_how_often_to_ask(task: Opportunity) -> None:
    """Else a calendar that subscribes to it shows its address as its name."""
    calendar = Calendar.from_ical(told(ICS, "text/calendar; charset=utf-8"))
    assert (
        calendar["X-WR-CALNAME"],
        calendar["REFRESH-INTERVAL"].to_ical(),
        calendar["X-PUBLISHED-TTL"],
    ) == (
        "Wir brauchen Sie: Zeit schenken",
        b"PT1H",
        "PT1H",
    )


def test_the_calendar_tells_of_coming_dates_and_follows_one_that_moves(task: Opportunity) -> None:
    now = utc_now().replace(microsecond=0)
    soon = make_shift(task, now + timedelta(days=3), minutes=90)
    make_shift(task, now - timedelta(days=3))
    make_shift(Opportunity.objects.get(slug="chor"), now + timedelta(days=2))
    for hidden in ("verborgen", "voll"):
        make_shift(Opportunity.objects.get(slug=hidden), now + timedelta(days=2))
    off = make_shift(task, now + timedelta(days=4))
    Shift.objects.filter(pk=off.pk).update(is_cancelled=True)

    assert [str(each["SUMMARY"]) for each in events()] == ["Chor", "Lesen <b>&</b> Spielen"]
    (event,) = events(district="nord")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (soon.starts_at, soon.ends_at)
    assert str(event["LOCATION"]) == "Bücherei, Raum 2, Nord"
    assert str(event["URL"]).endswith("/zeit/lesen/")
    uid = str(event["UID"])

    Shift.objects.filter(pk=soon.pk).update(
        starts_at=now + timedelta(days=5), ends_at=now + timedelta(days=6), sequence=1
    )
    (moved,) = events(district="nord")
    assert (str(moved["UID"]), moved["SEQUENCE"]) == (uid, 1)
    assert moved.decoded("DTSTART") == now + timedelta(days=5)


def test_one_task_is_told_as_an_unpaid_posting(task: Opportunity) -> None:
    posting = json.loads(told("/zeit/lesen/aufgabe.jsonld", "application/ld+json"))
    assert (posting["@context"], posting["@type"]) == ("https://schema.org", "JobPosting")
    assert (posting["employmentType"], posting["title"]) == ("VOLUNTEER", "Lesen <b>&</b> Spielen")
    assert posting["hiringOrganization"] == {"@type": "Organization", "name": "Müller & Söhne"}
    assert posting["jobLocation"]["name"] == "Bücherei, Raum 2"
    assert posting["jobLocation"]["address"]["addressRegion"] == "Nord"
    assert posting["workHours"].replace("\u00a0", " ") == "dienstags 15–16:30 Uhr"
    assert posting["validThrough"].startswith("2099-05-3")
    assert posting["url"].endswith("/zeit/lesen/")
    assert not [word for word in ("taken", "places", "email") if word in json.dumps(posting)]
    for hidden in ("verborgen", "nope"):
        assert Client().get(f"/zeit/{hidden}/aufgabe.jsonld").status_code == 404


def test_pages_name_their_feeds_with_what_is_asked(task: Opportunity) -> None:
    client = Client()
    listed = client.get("/zeit/?district=nord&page=1").content.decode()
    for address in (f"{RSS}?district=nord", f"{ICS}?district=nord"):
        assert f'href="{address}"' in listed
    page = client.get("/zeit/lesen/").content.decode()
    assert '<link rel="alternate" type="application/ld+json" href="/zeit/lesen/aufgabe.jsonld">' in page


@pytest.mark.parametrize("address", [RSS, ICS])
def test_rows_do_not_matter_to_the_queries(
    address: str, task: Opportunity, django_assert_max_num_queries: Any
) -> None:
    for _number in range(12):
        make_shift(make_opportunity(), utc_now() + timedelta(days=2))
    with django_assert_max_num_queries(4):
        assert Client().get(address).status_code == 200
