"""What the youth office says on its own page has its place here, sentence by sentence.

`source_jugendamt_dueren.txt` is the wording of
https://www.dueren.de/familie-bildung/familie-kinder-jugendliche/kinder-jugend-familienhilfe (November 2026).
"""

import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from programs.models import City, Program

pytestmark = pytest.mark.django_db

SOURCE = (Path(__file__).parent / "source_jugendamt_dueren.txt").read_text(encoding="utf-8")


def words(text: str) -> str:
    """Return the words alone: signs and spaces are the page's."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def sentences() -> list[str]:
    """Return the words of every sentence, heading and point of the source."""
    parts = [part for line in SOURCE.splitlines() for part in re.split(r"(?<=[.!?:])\s+", line.strip())]
    return [words(part) for part in parts if words(part)]


def text_of(client: Client, address: str) -> str:
    """Return the words a visitor reads on a page, without what only machines read."""
    answer = client.get(address)
    assert answer.status_code == 200
    body = answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return words(unescape(re.sub(r"<[^>]+>", " ", body)))


def test_every_sentence_of_the_source_stands_on_a_page(client: Client, city: None) -> None:
    addresses = ["/", "/hilfe/", "/hilfe/traeger/"]
    addresses += [program.get_absolute_url() for program in Program.objects.filter(is_core_system=True)]
    read = " ".join(text_of(client, address) for address in addresses)

    assert len(sentences()) > 60
    assert [sentence for sentence in sentences() if sentence not in read] == []


def test_the_home_page_calls_as_the_source_does(client: Client, city: None) -> None:
    page = client.get("/").content.decode()
    read = text_of(client, "/")
    for sentence in (
        "In der Stadt Düren ist jedes 3. Kind von Armut betroffen!",
        "WIR BRAUCHEN SIE, die Bürgerinnen und Bürger der Stadt Düren.",
        "Wir Dürenerinnen und Dürener wollen, können und dürfen dies nicht akzeptieren.",
        "jedem Kind in der Stadt Düren ein Aufwachsen in Wohlergehen und mit Chancengleichheit und Teilhabe",
    ):
        assert words(sentence) in read
    assert '<a href="/hilfe/gegen-kinderarmut/">' in page


def test_a_city_without_an_appeal_shows_none(client: Client, city: None) -> None:
    City.objects.update(appeal="", appeal_text="", appeal_program="gibt-es-nicht", help_intro="")
    assert 'id="aufruf"' not in client.get("/").content.decode()
    assert 'id="hilfen"' not in client.get("/hilfe/").content.decode()


def test_an_appeal_whose_programme_is_gone_leads_nowhere_wrong(client: Client, city: None) -> None:
    Program.objects.filter(slug="gegen-kinderarmut").update(is_listed=False)
    page = client.get("/").content.decode()
    assert 'id="aufruf"' in page
    assert "/hilfe/gegen-kinderarmut/" not in page
