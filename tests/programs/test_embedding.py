"""The list for other websites: filtered as the page is, the same for everybody, and alone in a frame."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_district, make_opportunity, make_user
from tests.security.strictness import assert_strict, policy_in

pytestmark = pytest.mark.django_db
LIST, PAGE = "/einbetten/zeit/", "/einbetten/"


@pytest.fixture(autouse=True)
def tasks() -> None:
    north, south = make_district("Nord", slug="nord"), make_district("Süd", slug="sued")
    make_opportunity("Verborgen", slug="verborgen", district=north, status="draft")
    make_opportunity("Voll", slug="voll", district=north, places=1, places_taken=1)
    make_opportunity("Chor", slug="chor", district=south, field="culture", slots=[(0, 600, 660)])
    make_opportunity("<b>Lesen</b>", slug="lesen", district=north, field="education", slots=[(1, 900, 990)])


def titles(query: dict[str, Any]) -> set[str]:
    answer = Client().get(LIST, query)
    assert answer.status_code == 200
    return set(re.findall(r'<h2 class="card__title"><a [^>]*>(.*?)</a>', answer.content.decode()))


def test_it_shows_what_the_page_shows_under_the_same_filters() -> None:
    lesen = "&lt;b&gt;Lesen&lt;/b&gt;"
    for query, found in (
        ({}, {"Chor", lesen}),
        ({"field": "culture"}, {"Chor"}),
        ({"district": "nord"}, {lesen}),
        ({"day": "0"}, {"Chor"}),
        ({"district": "nord", "day": "0"}, set()),
        ({"field": "nonsense", "day": "99", "district": "\U0001f4a9", "page": "x"}, {"Chor", lesen}),
    ):
        assert titles(query) == found, query
    page = Client().get(LIST, {"district": "nord", "day": "0"}).content.decode()
    assert "Dafür ist gerade nichts offen." in page
    assert 'href="/zeit/?district=nord&amp;day=0"' in page


def test_it_holds_no_more_than_a_page_and_says_how_many_there_are(
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(13):
        make_opportunity(f"Aufgabe {number}")
    Client().get(LIST)
    with django_assert_max_num_queries(5):
        page = Client().get(LIST).content.decode()
    assert page.count('class="card__title"') == 12
    assert "Alle 15 Angebote" in page


def test_every_link_leaves_the_frame() -> None:
    links = re.findall(r"<a [^>]*>", Client().get(LIST).content.decode())
    assert len(links) == 3
    assert all('target="_top" rel="noopener"' in link for link in links)


def test_it_alone_may_stand_in_a_frame_and_brings_neither_script_nor_form_nor_cookie() -> None:
    answer = Client().get(LIST)
    page = answer.content.decode()
    assert_strict("embedded_tasks", answer.headers, page)
    assert not re.search(r"<script|<form|<input|<iframe", page)
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=300"}
    assert list(answer.cookies) == []
    for address in (PAGE, "/zeit/", "/zeit/lesen/", "/einbetten/zeit/nichts/", "/einbetten/nichts/"):
        other = Client().get(address)
        assert (other["X-Frame-Options"], policy_in(other.headers)["frame-ancestors"]) == ("DENY", {"'none'"})
    refused = Client().post(LIST, {"field": "culture"})
    assert (refused.status_code, list(refused.cookies)) == (405, [])


def test_whoever_is_signed_in_sees_the_same_bytes() -> None:
    client = Client()
    client.force_login(make_user(is_superuser=True, is_staff=True))
    assert client.get(LIST).content == Client().get(LIST).content


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", ""),
        ("?district=nord", "?district=nord"),
        ("?day=0&field=culture&page=7&more=<x>", "?field=culture&day=0"),
        ("?district=%22%3E%3Cscript%3E", ""),
    ],
)
def test_the_page_gives_the_line_for_what_is_asked(query: str, said: str) -> None:
    page = Client().get(f"{PAGE}{query}").content.decode()
    (line,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page)
    (source,) = re.findall(r'src="([^"]*)"', unescape(line))
    assert unescape(source).endswith(f"{LIST}{said}")
    assert source.startswith("http")
    assert "<script" not in line
    assert "sandbox" not in line


def test_the_list_of_tasks_leads_to_it_with_its_filter() -> None:
    assert 'href="/einbetten/?district=nord"' in Client().get("/zeit/?district=nord&page=1").content.decode()
