"""What a script needs to exchange the rows of a list, and what it is answered instead of another page."""

import re
from pathlib import Path

import pytest
from django.test import Client

from tests.factories import make_coordinator, make_youth_office
from tests.lists.rows import client_of

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LISTS = [path for path in TEMPLATES.rglob("*.html") if "components/list_bar.html" in path.read_text()]
PEOPLE = "/koordination/menschen/"
BOOSTED = {"HTTP_HX_REQUEST": "true", "HTTP_HX_BOOSTED": "true"}


def from_page(path: str) -> dict[str, str]:
    return {**BOOSTED, "HTTP_HX_CURRENT_URL": f"http://testserver{path}"}


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_every_list_has_what_is_exchanged(path: Path) -> None:
    html = path.read_text()
    assert (
        html.count('{% include "components/swapping.html" %}')
        == html.count('id="treffer" tabindex="-1"')
        == 1
    )
    assert html.index("list_bar.html") < html.index('id="treffer"') < html.index("list_head.html")


@pytest.mark.django_db
def test_a_list_holds_each_part_that_is_taken_from_it_once() -> None:
    html = client_of(make_coordinator(make_youth_office())).get(PEOPLE).content.decode()
    taken = set(re.findall(r"#([a-z_]+):innerHTML", html)) | {"treffer", "suche", "id_sort", "inhalt"}
    assert taken >= {"anzahl", "zuruecksetzen", "meldungen"}
    assert {part: html.count(f'id="{part}"') for part in taken} == dict.fromkeys(taken, 1)
    assert '"historyCacheSize":0' in html
    assert '"refreshOnHistoryMiss":true' in html


@pytest.mark.django_db
class TestAnotherPage:
    def test_is_loaded_whole_where_a_part_was_asked_for(self) -> None:
        answer = Client().get(PEOPLE, {"q": "Ada"}, **from_page(PEOPLE))
        there = "/konto/login/?next=/koordination/menschen/%3Fq%3DAda"
        assert (answer.status_code, answer["HX-Redirect"], answer.content) == (200, there, b"")
        assert "Location" not in answer

    def test_is_a_redirect_for_everybody_else(self) -> None:
        plain = Client().get(PEOPLE)
        preview = Client().get(PEOPLE, HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/")
        for answer in (plain, preview):
            assert (answer.status_code, answer["Location"]) == (302, f"/konto/login/?next={PEOPLE}")
            assert "HX-Redirect" not in answer

    def test_is_not_the_page_one_is_on(self) -> None:
        client = client_of(make_coordinator(make_youth_office()))
        saved = {"name": "Alle", "path": PEOPLE, "query": ""}
        answer = client.post("/koordination/ansichten/", saved, **from_page(PEOPLE))
        assert (answer.status_code, answer["Location"]) == (303, PEOPLE)
