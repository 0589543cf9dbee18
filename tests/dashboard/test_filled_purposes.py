"""A purpose that few people filled looks on every day, at every door, like one to which nobody gave."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from donations.domain.ledger import bank_refund
from donations.services.books.ledger import post
from donations.services.gifts.pledging import Choice, PledgeRefused, Refusal, pledge_gift
from foundation.clock import utc_now
from foundation.units import Cents
from programs.models import Fund
from tests.donations.gifts import PLEDGED_AT, make_donor
from tests.factories import make_district, make_fund, make_program, make_provider
from tests.figures.nights import book_gift, let_a_night_pass

pytestmark = pytest.mark.django_db
TARGET = 50_00
DOORS = (
    "/",
    "/spendenzwecke/",
    "/spendenzweck/ranzen/",
    "/spendenzweck/zu/",
    "/spenden/",
    "/spenden/?zweck=ranzen",
    "/spenden/angaben/?zweck=ranzen&betrag=2500&rhythmus=einmal",
    "/spenden/angaben/?zweck=zu&betrag=2500&rhythmus=einmal",
    "/hilfe/",
    "/hilfe/lesen/",
    "/hilfe/traeger/haus/",
    "/wo-wir-stehen/?measure=gifts&period=alle",
    "/leichte-sprache/",
    "/sitemap.xml",
    "/einbetten/zeit/",
    "/offene-daten/hsds/services?full_service=true",
    "/zeit/aufgaben.rss",
    "/api/funds/?limit=200",
    "/api/funds/ranzen/",
    "/api/funds/zu/",
    "/api/v1/purposes/",
    "/api/v1/purposes/ranzen/",
    "/api/v1/purposes/zu/",
    "/api/v1/participation/?period=alle",
)
HIDDEN_DOORS = [
    "/spenden/angaben/?zweck=zu&betrag=2500&rhythmus=einmal",
    "/api/funds/zu/",
    "/api/v1/purposes/zu/",
]
# Who gives the target gives it each time.
FEW = ((TARGET,), (TARGET - 1, 1), (TARGET, TARGET, TARGET), (7_77, TARGET * 20))


@pytest.fixture
def ranzen() -> Fund:
    """An open purpose with a small target; beside it one that takes none any more, and the general one."""
    account = {"iban": "DE02120300000000202051", "account_holder_name": "Haus"}
    house = make_provider("Haus", slug="haus", **account)
    program = make_program("Lesen", slug="lesen", provider=house)
    make_fund("Kinderfonds", slug="kinderfonds", is_general=True, provider=house)
    place = {"provider": house, "program": program, "district": make_district("Nord"), "target_cents": TARGET}
    make_fund("Zu", slug="zu", is_open=False, **place)
    return make_fund("Ranzen", slug="ranzen", **place)


def look() -> dict[str, tuple[int, str]]:
    """Return what a stranger reads, without what differs from visit to visit."""
    shown = {}
    for address in DOORS:
        answer = Client().get(address)
        body = unescape(answer.content.decode()).replace("\xa0", " ")
        changing = r'(name="(visit|csrfmiddlewaretoken)" value=|nonce=)"[^"]*"|<lastBuildDate>[^<]*'
        shown[address] = (answer.status_code, re.sub(changing, "", body))
    return shown


def watched(gifts: Callable[[], None]) -> list[dict[str, tuple[int, str]]]:
    """Look on the day of the gifts, on the morning after and a day later, and take everything back."""

    class Undone(Exception):
        pass

    days = []
    try:
        with transaction.atomic():
            gifts()
            days.append(look())
            for day in range(2):
                let_a_night_pass(PLEDGED_AT + timedelta(days=day))
                days.append(look())
            raise Undone
    except Undone:
        return days


def nobody() -> None:
    pass


def test_what_few_gave_shows_on_no_day_and_at_no_door(ranzen: Fund) -> None:
    def few() -> None:
        for fund, part in gifts:
            book_gift(fund, part, PLEDGED_AT, donor=often if part == TARGET else None)

    closed, often = Fund.objects.get(slug="zu"), make_donor()
    quiet = watched(nobody)
    missing = [address for address, (status, _body) in quiet[0].items() if status != 200]
    assert missing == HIDDEN_DOORS
    assert "zweck=ranzen" in quiet[0]["/spendenzweck/ranzen/"][1]
    for cents in FEW:
        gifts = [(fund, part) for fund in (ranzen, closed) for part in cents]
        for before, after in zip(quiet, watched(few), strict=True):
            assert [address for address in DOORS if before[address] != after[address]] == [], cents


def promise(fund: Fund) -> None:
    choice = Choice(uuid4(), fund, fund.text_version, 2500, "transfer", "geberin@example.org")
    pledge_gift(choice, client=None, now=utc_now())


def test_a_gift_more_is_taken_until_the_night_that_publishes_the_target(ranzen: Fund) -> None:
    """Nothing is lost: what is more than the target goes to the purpose that the giver read."""
    for _number in range(2):
        book_gift(ranzen, TARGET, PLEDGED_AT)
    let_a_night_pass(PLEDGED_AT)
    promise(ranzen)
    later = PLEDGED_AT + timedelta(days=1)
    book_gift(ranzen, 1, later)
    assert Client().get("/api/v1/purposes/ranzen/").json()["is_open"] is True
    let_a_night_pass(later)
    told = Client().get("/api/v1/purposes/ranzen/").json()
    assert (told["received_cents"], told["is_open"]) == (2 * TARGET, False)
    assert look()["/spenden/angaben/?zweck=ranzen&betrag=2500&rhythmus=einmal"][0] == 422
    page = Client().get("/spendenzweck/ranzen/").content.decode()
    assert "Hierfür nehmen wir gerade keine Spenden an." in page
    with pytest.raises(PledgeRefused) as refused:
        promise(ranzen)
    assert refused.value.reason == Refusal.FUND_CLOSED


def test_money_that_goes_back_opens_nothing_before_it_is_published(ranzen: Fund) -> None:
    gifts = [book_gift(ranzen, TARGET, PLEDGED_AT) for _number in range(3)]
    let_a_night_pass(PLEDGED_AT)
    before = look()
    for number, gift in enumerate(gifts[:2]):
        post(bank_refund(f"back-{number}", Cents(TARGET), PLEDGED_AT, "bank"), gift, PLEDGED_AT)
    assert look() == before
    let_a_night_pass(PLEDGED_AT + timedelta(days=1))
    after = look()
    told_of_a_day = [address for address in DOORS if "period=alle" in address]
    assert [address for address in DOORS if before[address] != after[address]] == told_of_a_day


def test_a_purpose_taken_out_of_public_is_not_listed_whatever_it_received(ranzen: Fund) -> None:
    for _number in range(3):
        book_gift(ranzen, TARGET, PLEDGED_AT)
    let_a_night_pass(PLEDGED_AT)
    assert "/spendenzweck/ranzen/" in look()["/spendenzwecke/"][1]
    Fund.objects.filter(pk=ranzen.pk).update(is_open=False, is_shown=False)
    assert "/spendenzweck/ranzen/" not in look()["/spendenzwecke/"][1]
