"""How pages are found, passed on, and left again when they are gone."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from foundation.clock import local_day, utc_now
from tests.donations.gifts import make_donation
from tests.factories import make_fund, make_opportunity, make_program, make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_reached_from_outside")]

SITE = "https://hilfe.example.org"
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def _reached_from_outside(settings) -> None:
    settings.PUBLIC_BASE_URL = SITE


def head(client: Client, address: str) -> str:
    return client.get(address).content.decode().split("</head>")[0]


def metas(page: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)">', page))


def canonical(page: str) -> list[str]:
    return re.findall(r'<link rel="canonical" href="([^"]*)">', page)


def listed(client: Client) -> list[str]:
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    addresses = ElementTree.fromstring(answer.content).findall(f"{NAMESPACE}url/{NAMESPACE}loc")
    return [str(address.text) for address in addresses]


def test_a_page_says_its_one_address_whatever_was_filtered(client: Client) -> None:
    assert canonical(head(client, "/zeit/?feld=sport&seite=2")) == [f"{SITE}/zeit/"]
    assert canonical(head(client, "/")) == [f"{SITE}/"]


def test_a_shared_task_shows_its_own_words_and_the_picture_of_its_field(client: Client) -> None:
    task = make_opportunity(title='Lesen & "Lauschen"', task="Sie lesen einer Gruppe vor.", field="culture")
    page = head(client, f"/zeit/{task.slug}/")
    found = metas(page)
    assert found["og:title"] == "Lesen &amp; &quot;Lauschen&quot;"
    assert found["og:description"] == "Sie lesen einer Gruppe vor."
    assert found["og:url"] == f"{SITE}/zeit/{task.slug}/"
    assert found["og:image"] == f"{SITE}/static/img/cards/culture.png"
    assert "robots" not in found


def test_a_shared_purpose_without_a_field_and_a_programme_show_the_general_picture(client: Client) -> None:
    fund = make_fund(name="Ranzen", field="")
    program = make_program(name="Leseclub")
    for address, title in (
        (f"/spendenzweck/{fund.slug}/", "Ranzen"),
        (f"/hilfe/{program.slug}/", "Leseclub"),
    ):
        found = metas(head(client, address))
        assert (found["og:title"], found["og:image"]) == (title, f"{SITE}/static/img/cards/all.png")


def test_every_picture_that_a_page_can_name_is_there() -> None:
    cards = Path(settings.BASE_DIR / "static" / "img" / "cards")
    assert {card.stem for card in cards.glob("*.png")} == {
        "all",
        "culture",
        "education",
        "health",
        "leisure",
        "sport",
    }


def test_what_is_somebodys_own_is_no_page_to_pass_on(client: Client) -> None:
    gift = make_donation(make_fund(), status="pledged")
    for address in (
        reverse("donate_thanks", args=[gift.public_id]),
        "/meins/",
        "/konto/login/",
        "/zeit/zusagen/wann/?stunden=2",
        "/gibt-es-nicht/",
    ):
        page = head(client, address)
        assert canonical(page) == [], address
        assert metas(page)["robots"] == "noindex", address
        assert "og:url" not in metas(page), address


def test_the_sitemap_lists_what_can_be_found_and_nothing_else(client: Client) -> None:
    seeking = make_opportunity()
    draft = make_opportunity(status="draft")
    over = make_opportunity(ends_on=local_day(utc_now()) - timedelta(days=1))
    fund, closed = make_fund(), make_fund(is_open=False)
    program, hidden = make_program(), make_program(is_listed=False)
    found = listed(client)
    assert len(found) == len(set(found))
    assert {
        f"{SITE}/",
        f"{SITE}/kind-in-gefahr/",
        f"{SITE}/zeit/{seeking.slug}/",
        f"{SITE}/spendenzweck/{fund.slug}/",
        f"{SITE}/hilfe/{program.slug}/",
    } <= set(found)
    for slug in (draft.slug, over.slug, closed.slug, hidden.slug):
        assert not [address for address in found if slug in address.split("/")]


def test_every_address_of_the_sitemap_answers_and_says_the_same_address(client: Client, city: None) -> None:
    make_opportunity()
    for address in listed(client):
        page = client.get(address.removeprefix(SITE))
        assert page.status_code == 200, address
        assert canonical(page.content.decode()) == [address]


def test_robots_are_kept_from_every_personal_page_and_led_to_the_sitemap(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert lines[-1] == f"Sitemap: {SITE}/sitemap.xml"
    closed = tuple(line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow"))
    own = ("my_page", "my_pledges_with", "my_gifts", "offer_answer", "placement_letter", "pledge_confirm")
    assert [name for name in own if not reverse(name, args=["token"]).startswith(closed)] == []
    assert [address for address in listed(client) if address.removeprefix(SITE).startswith(closed)] == []


def test_a_phone_learns_name_start_and_drawn_icons(client: Client) -> None:
    answer = client.get("/app.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = json.loads(answer.content)
    assert (told["name"], told["start_url"], told["lang"]) == ("WIR BRAUCHEN SIE", "/", "de")
    for icon in told["icons"]:
        file = Path(settings.BASE_DIR) / icon["src"].lstrip("/")
        width, height = (int.from_bytes(file.read_bytes()[at : at + 4]) for at in (16, 20))
        assert icon["sizes"] == f"{width}x{height}"


def test_the_icon_that_every_browser_asks_for_is_there(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 200
    assert b"".join(answer)[:4] == b"\x00\x00\x01\x00"


@pytest.mark.parametrize("gone", ["closed", "draft", "never"])
def test_a_task_that_is_gone_leads_to_those_that_seek_people(client: Client, gone: str) -> None:
    slug = "nie-dagewesen" if gone == "never" else make_opportunity(title="Altes", status=gone).slug
    for number in range(4):
        make_opportunity(title=f"Gesucht {number}")
    for address in (f"/zeit/{slug}/", f"/zeit/{slug}/zusagen/"):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 404
        assert "Dieses Engagementangebot gibt es nicht mehr" in page
        assert len(re.findall(r"Gesucht \d</a>", page)) == 3
        assert 'href="/zeit/zusagen/"' in page
        assert "Altes" not in page


def test_where_nobody_is_sought_the_page_of_a_gone_task_asks_for_time(client: Client) -> None:
    page = client.get("/zeit/nie-dagewesen/").content.decode()
    assert "Sagen Sie uns trotzdem, wann Sie Zeit haben" in page
    assert "card__title" not in page


@pytest.mark.parametrize("gone", ["hidden", "never"])
def test_a_purpose_that_is_gone_leads_to_those_that_take_gifts(client: Client, gone: str) -> None:
    slug = "nie-dagewesen" if gone == "never" else make_fund("Altes Zelt", is_shown=False, is_open=False).slug
    for number in range(4):
        make_fund(f"Ranzen {number}")
    make_fund("Zugemacht", is_open=False)
    answer = client.get(f"/spendenzweck/{slug}/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Diesen Spendenzweck gibt es nicht mehr" in page
    assert len(re.findall(r"Ranzen \d</a>", page)) == 3
    assert 'href="/spendenzwecke/"' in page
    assert "Altes Zelt" not in page
    assert "Zugemacht" not in page


def test_where_no_money_is_asked_for_the_page_of_a_gone_purpose_asks_for_time(client: Client) -> None:
    page = client.get("/spendenzweck/nie-dagewesen/").content.decode()
    assert "Helfen können Sie trotzdem, mit Ihrer Zeit." in page
    assert "card__title" not in page


@pytest.mark.parametrize(
    "gone", [{"has_ended": True}, {"is_listed": False}, {"provider": "stopped"}, None], ids=str
)
def test_an_offer_for_families_that_is_gone_leads_to_the_directory(
    client: Client, gone: dict[str, Any] | None
) -> None:
    if gone == {"provider": "stopped"}:
        gone = {"provider": make_provider(stop_reasons="Geheimer Grund")}
    slug = "nie-dagewesen" if gone is None else make_program("Altes Zelt", **gone).slug
    answer = client.get(f"/hilfe/{slug}/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Dieses Angebot gibt es nicht mehr" in page
    assert 'href="/hilfe/"' in page
    assert 'href="tel:110"' in page
    assert "Altes Zelt" not in page
    assert "Geheimer Grund" not in page


@pytest.mark.parametrize("gone", [{"stop_reasons": "Geheimer Grund"}, {"kind": "public"}, None], ids=str)
def test_a_provider_that_is_gone_leads_to_the_others(client: Client, gone: dict[str, str] | None) -> None:
    slug = "nie-dagewesen" if gone is None else make_provider("Altes Zelt", **gone).slug
    answer = client.get(f"/hilfe/traeger/{slug}/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Diesen Träger finden wir nicht" in page
    assert 'href="/hilfe/traeger/"' in page
    assert 'href="tel:110"' in page
    assert "Altes Zelt" not in page
    assert "Geheimer Grund" not in page


def test_a_method_that_a_step_does_not_take_gets_a_page_with_a_way_out(client: Client) -> None:
    answer = client.post("/zeit/zusagen/wann/", {"x": "1"})
    page = answer.content.decode()
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert "So geht es hier nicht weiter" in page
    assert 'href="/meins/"' in page


def test_programs_get_their_405_without_a_page(client: Client) -> None:
    wanted = client.post("/zeit/zusagen/wann/", headers={"Accept": "application/json"})
    assert (wanted.status_code, wanted.content) == (405, b"")
    told = client.delete("/api/funds/")
    assert told.status_code == 405
    assert b"<html" not in told.content


@override_settings(PUBLIC_BASE_URL="https://hilfe.example.org/")
def test_an_address_with_a_slash_at_its_end_gives_no_double_one(client: Client) -> None:
    assert canonical(head(client, "/zeit/")) == [f"{SITE}/zeit/"]
