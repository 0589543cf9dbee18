"""A list as somebody asked it, kept under a name: their own, without any word they looked for."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import SavedView
from tests.factories import make_coordinator, make_provider
from tests.lists.rows import OFFERS, PLEDGES, client_of, page

pytestmark = pytest.mark.django_db
KEEP = "/koordination/ansichten/"


@pytest.fixture
def client() -> Client:
    return client_of(make_coordinator(make_provider()))


def keep(client: Client, **changes: str) -> Any:
    said = {"path": PLEDGES, "query": "q=Adile&status=open&sort=-person&page=3&field=", "name": "Offene"}
    return client.post(KEEP, {**said, **changes})


def kept() -> list[tuple[str, str, str]]:
    return list(SavedView.objects.order_by("pk").values_list("path", "name", "query"))


def test_filters_and_order_are_kept_and_opened_again_without_the_word(client: Client) -> None:
    answer = keep(client)
    assert (answer.status_code, answer["Location"]) == (303, f"{PLEDGES}?status=open&sort=-person")
    assert kept() == [(PLEDGES, "Offene", "status=open&sort=-person")]
    html = page(client, PLEDGES, status="open", sort="-person")
    assert f'<a href="{PLEDGES}?status=open&sort=-person" aria-current="page">Offene</a>' in html
    assert "Offene" not in page(client, OFFERS)


def test_the_same_name_replaces_and_another_list_has_names_of_its_own(client: Client) -> None:
    keep(client)
    keep(client, query="status=paused")
    keep(client, path=OFFERS, query="")
    assert kept() == [(PLEDGES, "Offene", "status=paused"), (OFFERS, "Offene", "")]


def test_twelve_are_enough(client: Client) -> None:
    for number in range(12):
        keep(client, name=f"Ansicht {number}")
    answer = client.post(KEEP, {"path": PLEDGES, "name": "Noch eine", "query": ""}, follow=True)
    assert "Mehr als 12 Ansichten einer Liste gehen nicht." in answer.content.decode()
    assert len(kept()) == 12
    keep(client, name="Ansicht 3", query="status=paused")
    assert (PLEDGES, "Ansicht 3", "status=paused") in kept()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/spenden/",
        "//evil.example/koordination/",
        "https://evil.example/koordination/zusagen/",
        "/koordination/zusagen/?status=open",
        "/koordination/../spenden/",
        "/koordination/" + "a" * 101,
        "/koordination/\x00",
        "/koordination/zusagen/\r\nSet-Cookie: a=b",
    ],
)
def test_only_lists_of_the_house_are_kept(client: Client, path: str) -> None:
    assert keep(client, path=path).status_code == 404
    assert kept() == []


@pytest.mark.parametrize("name", ["", "x" * 61, "Emma, geboren am 3. Mai 2017"])
def test_a_name_that_cannot_stay_is_refused_and_the_list_is_back(client: Client, name: str) -> None:
    answer = keep(client, name=name)
    assert (answer.status_code, answer["Location"]) == (303, f"{PLEDGES}?status=open&sort=-person")
    assert kept() == []


def test_an_address_that_is_too_long_is_kept_without_it(client: Client) -> None:
    keep(client, query="district=" + "x" * 500)
    assert kept() == [(PLEDGES, "Offene", "")]


def test_a_view_is_seen_and_forgotten_by_its_owner_alone(client: Client) -> None:
    keep(client)
    other = client_of(make_coordinator(make_provider()))
    assert "Offene" not in page(other, PLEDGES)
    address = f"{KEEP}{SavedView.objects.get().pk}/loeschen/"
    assert other.post(address).status_code == 404
    assert len(kept()) == 1
    answer = client.post(address)
    assert (answer.status_code, answer["Location"]) == (303, PLEDGES)
    assert kept() == []
    assert client.post(address).status_code == 404
