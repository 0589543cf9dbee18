"""The pages of the purposes."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from programs.models import Fund
from tests.donations.gifts import PLEDGED_AT
from tests.donations.visits import text
from tests.factories import make_district, make_fund, make_news
from tests.figures.nights import book_gift, let_a_night_pass, let_three_give
from tests.words_of_pages import as_read


def three_givers(fund: Fund) -> None:
    for cents in (100_000, 25_000, 87):
        book_gift(fund, cents, PLEDGED_AT)
    let_a_night_pass(PLEDGED_AT)


def test_a_purpose_tells_target_raised_unit_fallback_and_news(browser: Client, fund: Fund) -> None:
    ranzen = make_fund(
        "Ranzen",
        slug="ranzen",
        provider=fund.provider,
        target_cents=500_000,
        unit_cents=2500,
        unit_label="ein Ranzen",
        field="education",
        district=make_district("Grüngürtel"),
    )
    three_givers(ranzen)
    make_news(
        ranzen,
        "Die ersten Ranzen sind da",
        text="Vierzig Stück.\n\nDanke!",
        published_on=date(2026, 3, 3),
    )
    page = browser.get("/spendenzweck/ranzen/")
    shown = text(page)
    assert page.status_code == 200
    assert "1.250 € von 5.000 €" in shown
    assert '<progress value="125000" max="500000"' in page.content.decode()
    assert "25 € = ein Ranzen" in shown
    assert "Stand: gestern Abend, auf volle 5 € abgerundet." in shown
    assert "3 Spenden" not in shown
    assert "verwenden wir es für andere Angebote" in shown
    assert "Die ersten Ranzen sind da" in shown
    assert "Dienstag, 3. März 2026" in as_read(shown)
    assert "Grüngürtel" in shown
    assert 'href="/spenden/?zweck=ranzen"' in page.content.decode()


def test_what_to_report_is_named_where_two_things_stand_together(browser: Client, fund: Fund) -> None:
    make_news(fund, "Die ersten Ranzen sind da")
    html = browser.get("/spendenzweck/kinderfonds/").content.decode()
    links = re.findall(r'rel="nofollow">([^<]*)<span class="visually-hidden">: ([^<]*)<', html)
    assert links == [
        ("Diese Neuigkeit melden", "Die ersten Ranzen sind da"),
        ("Inhalt melden", fund.name),
    ]


@pytest.mark.parametrize(("cents", "changes"), [(0, {"is_open": False}), (1_000, {"target_cents": 1_000})])
def test_a_closed_or_filled_purpose_offers_another(
    browser: Client, fund: Fund, cents: int, changes: dict[str, Any]
) -> None:
    ranzen = make_fund("Ranzen", slug="ranzen", provider=fund.provider, **changes)
    if cents:
        let_three_give(ranzen, cents, PLEDGED_AT)
    page = browser.get("/spendenzweck/ranzen/")
    assert page.status_code == 200
    assert "Für einen anderen Zweck spenden" in text(page)
    assert "zweck=ranzen" not in page.content.decode()


def test_unknown_purposes_have_no_page(browser: Client, db: None) -> None:
    assert browser.get("/spendenzweck/gibtesnicht/").status_code == 404


def test_the_list_is_honest_when_empty(browser: Client, db: None) -> None:
    assert "Noch kein Spendenzweck" in text(browser.get("/spendenzwecke/"))


def test_the_general_purpose_comes_first(browser: Client, fund: Fund) -> None:
    make_fund("Aaa", slug="aaa", provider=fund.provider)
    html = browser.get("/spendenzwecke/").content.decode()
    assert html.index("Kinderfonds") < html.index("Aaa")


@pytest.mark.parametrize("many", [1, 30])
def test_pages_take_few_queries_however_many_rows(
    browser: Client, fund: Fund, many: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(many):
        make_fund(provider=fund.provider, district=make_district(), target_cents=1000)
        make_news(fund, f"{number}")
    for address in ("/spendenzwecke/", "/spendenzweck/kinderfonds/"):
        with django_assert_max_num_queries(10):
            assert browser.get(address).status_code == 200
