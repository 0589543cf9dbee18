"""What few people gave for a purpose: a stranger reads all that is published and tries to work it out."""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from donations.domain.ledger import bank_refund
from donations.models import Donation
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.books.ledger import post
from donations.services.gifts.pledging import Choice, pledge_gift
from foundation.clock import local_day, utc_now
from foundation.units import Cents
from programs.models import Fund, Membership, Provider
from tests.factories import make_district, make_fund, make_opportunity, make_provider, make_user
from tests.figures.nights import book_gift, let_a_night_pass

pytestmark = pytest.mark.django_db
PERIODS = ("30", "90", "365", "alle")
FIELDS = ("", "culture", "sport")

# Cents of each giver, by purpose: 0 to 5 of them. No amount is the sum or difference of others by chance.
GIVEN = {
    "none": [],
    "one": [10_107],
    "one-often": [1_013, 1_013, 1_013],
    "two": [20_011, 3_019],
    "two-elsewhere": [7_027, 909],
    "three": [1_500, 2_500, 4_200],
    "four": [3_000, 3_100, 3_300, 3_700],
    "five": [11_000, 12_000, 14_000, 18_000, 26_000],
}
HIDDEN = ("none", "one", "one-often", "two", "two-elsewhere")


def arrive(fund: Fund, email: str, cents: int, days_ago: int = 10) -> Donation:
    """Let money come by transfer, as it does: promised, received, booked."""
    now = utc_now() - timedelta(days=days_ago)
    choice = Choice(uuid4(), fund, fund.text_version, cents, "transfer", email, is_of_age=True)
    donation = pledge_gift(choice, client=None, now=now)
    credit = Credit(local_day(now), cents, "", donation.transfer_reference.reference)
    record_bank_transfer(fund.provider, credit, recorded_by=None, now=now)
    donation.refresh_from_db()
    assert donation.status == "received"
    return donation


@pytest.fixture
def town() -> dict[str, Fund]:
    """Purposes without gifts: hidden and shown ones share district, field and provider in every way."""
    north, south = make_district("Nord", slug="nord"), make_district("Süd", slug="sued")
    for district, children in ((north, 1000), (south, 340)):
        for kind, value in (("population", 4 * children), ("under_18_percent", 25)):
            district.figures.create(kind=kind, value=value, year=2023, source="Quelle der Probe")
    account = {"iban": "DE02120300000000202051", "account_holder_name": "Träger"}
    mine, other = make_provider("Eigener", **account), make_provider("Anderer", **account)
    make_opportunity(provider=mine, district=north, places=4)
    places: dict[str, tuple[Provider, Any, str]] = {
        "none": (mine, north, "sport"),
        "one": (mine, north, "sport"),
        "one-often": (mine, south, "culture"),
        "two": (other, None, "education"),
        "two-elsewhere": (mine, south, "sport"),
        "three": (mine, south, "culture"),
        "four": (mine, None, "sport"),
        "five": (mine, north, "sport"),
    }
    return {
        slug: make_fund(
            f"Zweck {slug}",
            slug=slug,
            provider=provider,
            district=district,
            field=field,
            target_cents=9_000_000 if slug in {"one", "two", "five"} else None,
            is_general=slug == "four",
        )
        for slug, (provider, district, field) in places.items()
    }


def seed(town: dict[str, Fund], given: dict[str, list[int]]) -> None:
    for slug, cents in given.items():
        for number, amount in enumerate(cents):
            giver = 0 if slug == "one-often" else number
            arrive(town[slug], f"{slug}-{giver}@example.org", amount, days_ago=3 + 37 * (number % 2))


def addresses(town: dict[str, Fund]) -> Iterator[str]:
    """Every public address that could tell of money."""
    yield from ("/", "/spendenzwecke/", "/spenden/", "/wo-wir-stehen/", "/leichte-sprache/")
    for slug in town:
        yield f"/spendenzweck/{slug}/"
        yield f"/api/funds/{slug}/"
        yield f"/spenden/angaben/?zweck={slug}&betrag=2500&rhythmus=einmal"
    for period, field in itertools.product(PERIODS, ("", "sport")):
        yield f"/wo-wir-stehen/?period={period}&measure=gifts&field={field}"
        yield f"/api/v1/participation/?period={period}"
    yield from ("/api/funds/?limit=200", "/api/districts/", "/api/opportunities/")
    yield from ("/api/v1/purposes/", "/sitemap.xml", "/zeit/aufgaben.rss")
    yield from (f"/api/funds/?ordering=received_cents&received_cents={cents}" for cents in (0, 10_107))


def read(client: Client, wanted: Iterator[str]) -> dict[str, str]:
    """Return what each address shows, without what differs from visit to visit."""
    shown = {}
    for address in wanted:
        answer = client.get(address)
        assert answer.status_code == 200, address
        body = unescape(answer.content.decode()).replace("\xa0", " ")
        shown[address] = re.sub(r'(name="(visit|csrfmiddlewaretoken)" value=|nonce=)"[^"]*"', "", body)
    return shown


def in_a_town_where(
    given: dict[str, list[int]], town: dict[str, Fund], look: Callable[[], dict[str, str]]
) -> dict[str, str]:
    """Seed, look, and take the gifts back."""

    class Undone(Exception):
        pass

    found: dict[str, str] = {}
    try:
        with transaction.atomic():
            seed(town, given)
            let_a_night_pass(utc_now())
            found = look()
            raise Undone
    except Undone:
        return found


def otherwise(given: dict[str, list[int]]) -> dict[str, list[int]]:
    """The same givers on the same days, with other amounts where few gave."""
    return {
        slug: [cents * 7 + 1_300 for cents in amounts] if slug in HIDDEN else amounts
        for slug, amounts in given.items()
    }


def test_nothing_published_depends_on_what_few_gave(town: dict[str, Fund]) -> None:
    def look() -> dict[str, str]:
        return read(Client(), addresses(town))

    first = in_a_town_where(GIVEN, town, look)
    second = in_a_town_where(otherwise(GIVEN), town, look)
    assert len(first) > 40
    assert [address for address in first if first[address] != second[address]] == []


def test_no_coordinators_figures_depend_on_it_either(town: dict[str, Fund]) -> None:
    client = Client()
    client.force_login(make_user(Membership.Role.COORDINATOR, town["one"].provider))

    def look() -> dict[str, str]:
        wanted = itertools.product(("30", "alle"), FIELDS)
        return read(
            client, (f"/koordination/stadtteile/?period={p}&field={f}&measure=gifts" for p, f in wanted)
        )

    first = in_a_town_where(GIVEN, town, look)
    assert first == in_a_town_where(otherwise(GIVEN), town, look)
    assert "940 €" in first["/koordination/stadtteile/?period=alle&field=sport&measure=gifts"]


def amounts_in(shown: dict[str, str]) -> set[int]:
    """Return every amount a reader finds, in cents: written as euro, or a number of the API or of a bar."""
    found: set[int] = set()
    for address, body in shown.items():
        for euros, cents in re.findall(r"(\d[\d.]*)(?:,(\d\d))? €", body):
            found.add(int(euros.replace(".", "")) * 100 + int(cents or 0))
        found |= {int(value) for value in re.findall(r'<progress value="(\d+)"', body)}
        if address.startswith("/api/"):
            found |= set(numbers_in(json.loads(body)))
    return found


def numbers_in(body: Any) -> Iterator[int]:
    if isinstance(body, dict):
        body = list(body.values())
    if isinstance(body, list):
        for each in body:
            yield from numbers_in(each)
    elif isinstance(body, int) and not isinstance(body, bool):
        yield body


def test_no_subtraction_of_published_amounts_gives_a_hidden_one(town: dict[str, Fund]) -> None:
    seed(town, GIVEN)
    let_a_night_pass(utc_now())
    found = amounts_in(read(Client(), addresses(town)))
    sums = {slug: sum(cents) for slug, cents in GIVEN.items()}
    known = [sums[slug] // 500 * 500 for slug in sums if slug not in HIDDEN]
    assert set(known) <= found
    parts = {sum(some) for size in range(4) for some in itertools.combinations(known, size)}
    computed = {amount - part for amount in found for part in parts} | {
        abs(one - two) for one in found for two in found
    }
    hidden = {sums[slug] for slug in HIDDEN if sums[slug]} | set(GIVEN["two"]) | set(GIVEN["one"])
    assert hidden & computed == set()


def api_amounts() -> dict[str, int | None]:
    rows = Client().get("/api/funds/?limit=200").json()["results"]
    return {row["slug"]: row["received_cents"] for row in rows}


def test_the_api_tells_amounts_from_three_givers_on(town: dict[str, Fund]) -> None:
    seed(town, GIVEN)
    let_a_night_pass(utc_now())
    assert api_amounts() == {
        "none": None,
        "one": None,
        "one-often": None,
        "two": None,
        "two-elsewhere": None,
        "three": 8_000,
        "four": 13_000,
        "five": 81_000,
    }


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("five", "810 € von 90.000 €"),
        ("three", "<strong>80 €</strong> sind bisher zusammengekommen."),
        ("two", "Ziel: 90.000 €"),
        ("one-often", "Wie viel schon da ist, zeigen wir ab 3 Spender*innen."),
        ("none", "Wie viel schon da ist, zeigen wir ab 3 Spender*innen."),
    ],
)
def test_a_page_says_what_it_shows_and_why_not(town: dict[str, Fund], slug: str, words: str) -> None:
    seed(town, GIVEN)
    let_a_night_pass(utc_now())
    address = f"/spendenzweck/{slug}/"
    assert words in read(Client(), iter([address]))[address]


def test_the_number_of_gifts_is_told_of_no_purpose(town: dict[str, Fund]) -> None:
    for number in range(6):
        arrive(town["three"], f"person-{number % 3}@example.org", 1000 + number)
    let_a_night_pass(utc_now())
    (shown,) = read(Client(), iter(["/spendenzweck/three/"])).values()
    assert "60 €" in shown
    assert "6 Spenden" not in shown


def test_only_givers_whose_money_stayed_count() -> None:
    now, fund = utc_now(), make_fund(slug="zweck")
    given = [book_gift(fund, 2_500, now) for _number in range(3)]
    post(bank_refund("probe", Cents(2_500), now, "bank"), given[2], now)
    let_a_night_pass(now)
    assert api_amounts() == {"zweck": None}
    book_gift(fund, 2_500, now + timedelta(days=1))
    let_a_night_pass(now + timedelta(days=1))
    assert api_amounts() == {"zweck": 7_500}


def test_one_person_is_one_giver_and_a_giver_elsewhere_is_none() -> None:
    now = utc_now()
    fund, other = make_fund(slug="zweck"), make_fund(slug="anderer")
    often = book_gift(fund, 2_000, now).donor
    for donor in (often, often, None):
        book_gift(fund, 2_000, now, donor=donor)
    book_gift(other, 2_000, now)
    let_a_night_pass(now)
    assert api_amounts() == {"zweck": None, "anderer": None}
    book_gift(fund, 1_000, now + timedelta(days=1))
    let_a_night_pass(now + timedelta(days=1))
    assert api_amounts() == {"zweck": 9_000, "anderer": None}


def test_an_amount_moves_on_only_with_three_further_givers() -> None:
    now, fund = utc_now(), make_fund(slug="zweck")
    told = []
    for number, cents in enumerate((1_000, 1_000, 1_000, 2_500, 2_500, 5_000, 700)):
        book_gift(fund, cents, now + timedelta(days=number))
        let_a_night_pass(now + timedelta(days=number))
        told.append(api_amounts()["zweck"])
    assert told == [None, None, 3_000, 3_000, 3_000, 13_000, 13_000]


def test_the_threshold_is_one_setting(settings: Any, town: dict[str, Fund]) -> None:
    seed(town, GIVEN)
    settings.GIVERS_SHOWN_FROM = 5
    let_a_night_pass(utc_now())
    assert {slug for slug, cents in api_amounts().items() if cents is not None} == {"five"}
    pages = read(Client(), iter(["/spendenzweck/four/", "/wo-wir-stehen/?measure=gifts&period=alle"]))
    assert "zeigen wir ab 5 Spender*innen" in pages["/spendenzweck/four/"]
    assert "sobald ihn 5 Menschen unterstützt haben" in pages["/wo-wir-stehen/?measure=gifts&period=alle"]
    assert "940 €" not in pages["/wo-wir-stehen/?measure=gifts&period=alle"]


def test_the_public_figures_have_no_field_filter(town: dict[str, Fund]) -> None:
    seed(town, GIVEN)
    let_a_night_pass(utc_now())
    plain = "/wo-wir-stehen/?period=alle&measure=gifts"
    shown = read(Client(), (f"{plain}&field={field}" for field in (*FIELDS, "nonsense")))
    assert set(shown.values()) == {read(Client(), iter([plain]))[plain]}
    assert 'name="field"' not in shown[f"{plain}&field=sport"]
    assert 'name="period"' in shown[f"{plain}&field=sport"]


def test_the_staff_keep_theirs(town: dict[str, Fund]) -> None:
    seed(town, GIVEN)
    let_a_night_pass(utc_now())
    client = Client()
    client.force_login(make_user(Membership.Role.COORDINATOR, town["one"].provider))
    plain = "/koordination/stadtteile/?period=alle&measure=gifts"
    shown = read(client, (f"{plain}&field={field}" for field in ("", "sport", "culture")))
    assert 'name="field"' in shown[f"{plain}&field="]
    assert len(set(shown.values())) == 3
