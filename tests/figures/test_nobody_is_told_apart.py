"""Two towns that differ by people behind hidden numbers publish the same, word for word.

A stranger who reads everything that anybody can reach without signing in, on two mornings, from page to page
and through every export, cannot tell whether they are there: not by a figure nor by anything else.
"""

import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from figures.services.counting import count
from foundation.clock import utc_now
from programs.models import District, Fund, Opportunity
from tests.factories import make_district, make_fund, make_opportunity, make_program, make_provider
from tests.figures.nights import book_gift
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import HoursEntry

pytestmark = pytest.mark.django_db
BEGINNINGS = ("/", "/sitemap.xml", "/api/v1/", "/api/v1/participation/", "/offene-daten/hsds/", "/einbetten/")
PERIODS = ("30", "90", "365", "alle")
LINK = re.compile(r"""(?:href|src)=["']([^"'#]+)""")
ADDRESS = re.compile(r"""https?://[^\s"'<>\\]+""")
OF_VISITORS = ("/konto/", "/static/", "/verwaltung/", "/melden/", "/meine-zusagen/", "/healthz", "/metrics")
EACH_TIME = re.compile(
    rb"csrfmiddlewaretoken\"[^>]*|value=\"[0-9a-f-]{36}\"|nonce=\"[^\"]*\"|DTSTAMP:\S+|<lastBuildDate>[^<]*"
)
AGO = 12
KNOWN = (
    "/api/v1/participation/",
    "/offene-daten/hsds/services",
    "/spendenzweck/zweck-nord/",
    "/wo-wir-stehen/?period=30",
    "/zeit/aufgaben.csv",
    "/zeit/aufgaben.rss",
    "/zeit/termine.ics",
    "/zeit/vorlesen-sued/",
    "/zeit/vorlesen-sued/aufgabe.jsonld",
)
"""Some of what a stranger comes by: else the way there was not found."""


class Leave(Exception):
    """Take back what was done."""


@contextmanager
def taken_back() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise Leave
    except Leave:
        cache.clear()


def everything(client: Client) -> dict[str, bytes]:
    """Return what stands at each address that leads on from there, but for what changes each time."""
    waiting = deque([*BEGINNINGS, *(f"/wo-wir-stehen/?period={each}" for each in PERIODS)])
    found: dict[str, bytes] = {}
    while waiting:
        address = waiting.popleft()
        if address in found or address.startswith(OF_VISITORS):
            continue
        answer = client.get(address, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[address] = EACH_TIME.sub(b"", body)
        kind = answer.headers.get("Content-Type", "")
        if kind.startswith(("text", "application/json", "application/xml", "application/rss")):
            text = unescape(body.decode(errors="replace"))
            for link in (*LINK.findall(text), *ADDRESS.findall(text)):
                parts = urlsplit(urljoin(settings.PUBLIC_BASE_URL + address, link))
                if parts.netloc == urlsplit(settings.PUBLIC_BASE_URL).netloc:
                    waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def help_there(task: Opportunity, district: District, name: str, now: datetime) -> None:
    """Pledge, take a place, and give two hours."""
    pledge = make_pledge(now, email=f"{name}@example.org", first_name=name, home_district=district)
    placement = make_placement(pledge, task, now, "active", from_on=now.date())
    HoursEntry.objects.create(placement=placement, worked_on=now.date(), minutes=120, created_at=now)


@pytest.fixture
def town() -> dict[str, tuple[District, Opportunity, Fund]]:
    """Three districts with six, two and no people; four, one and no givers of a purpose."""
    now, found = utc_now() - timedelta(days=AGO), {}
    provider = make_provider("Haus", iban="DE02120300000000202051", account_holder_name="Haus")
    for name, people, givers in (("nord", 6, 4), ("sued", 2, 1), ("west", 0, 0)):
        district = make_district(name.title(), slug=name)
        district.figures.create(kind="population", value=4000, year=2023, source="Probe")
        district.figures.create(kind="under_18_percent", value=25, year=2023, source="Probe")
        task = make_opportunity(
            f"Vorlesen {name}",
            slug=f"vorlesen-{name}",
            provider=provider,
            district=district,
            places=24,
            clearance_required=False,
            field="sport",
        )
        fund = make_fund(f"Zweck {name}", slug=f"zweck-{name}", provider=provider, district=district)
        make_program(f"Angebot {name}", provider=provider, districts=[district])
        for number in range(people):
            help_there(task, district, f"{name}-{number}", now)
        for number in range(givers):
            book_gift(fund, 1000 + 7 * number, now)
        found[name] = (district, task, fund)
    return found


def two_mornings(client: Client) -> list[dict[str, bytes]]:
    """Read everything after each of two nights."""
    found = []
    for days in (1, 0):
        count(utc_now() - timedelta(days=days))
        cache.clear()
        found.append(everything(client))
    return found


def differences(one: list[dict[str, bytes]], other: list[dict[str, bytes]]) -> list[tuple[int, str]]:
    return [
        (morning, address)
        for morning, (before, after) in enumerate(zip(one, other, strict=True))
        for address in sorted(before.keys() | after.keys())
        if before.get(address) != after.get(address)
    ]


def test_one_more_in_each_district_changes_nothing_that_anybody_can_read(client: Client, town) -> None:
    with taken_back():
        without = two_mornings(client)
    yesterday = utc_now() - timedelta(days=1)
    with taken_back():
        for district, task, fund in town.values():
            help_there(task, district, f"neu-{district.slug}", yesterday)
            book_gift(fund, 4321, yesterday)
        with_them = two_mornings(client)
    assert {*KNOWN, *without[0]} == without[0].keys()
    assert differences(without, with_them) == []


def test_without_suppression_the_same_person_is_seen(client: Client, town, settings, monkeypatch) -> None:
    settings.PERSONS_SHOWN_FROM = settings.GIVERS_SHOWN_FROM = 1
    monkeypatch.setattr("figures.domain.steps.BASE", 1)
    district, task, _fund = town["sued"]
    with taken_back():
        without = two_mornings(client)
    with taken_back():
        help_there(task, district, "eine-mehr", utc_now() - timedelta(days=1))
        with_them = two_mornings(client)
    assert {"/wo-wir-stehen/?period=30", "/api/v1/participation/"} <= {
        address for _morning, address in differences(without, with_them)
    }
