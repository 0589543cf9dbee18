"""Signed links: opening one never decides anything, and one link never serves for another."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_url
from tests.access.doors import DOORS, OPENED_BY_LINK
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.signed_links import PAGES, before
from tests.access.walks import address_of
from volunteers.services.links import offer_url, placement_calendar_url, placement_letter_url

pytestmark = pytest.mark.django_db

FOR_TWO = {"giver", "my_pledges", "my_gifts"}
"""One opens what another one does, two lead on to it (tests/citizens/test_my_page.py)."""
DOORS_BY_KIND = {kind: page for kind, page in PAGES.items() if kind not in FOR_TWO} | {
    "feed": "person_calendar",
    "invitation": "staff_invitation",
}


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table, but the buckets of the limits."""
    kept = [model for model in apps.get_models() if model._meta.db_table != "foundation_tokenbucket"]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in kept}


def token_of(kind: str, scene: Scene) -> str:
    return scene.invitation_token() if kind == "invitation" else scene.link(kind, Who.CITIZEN)


def opened(kind: str, token: str) -> int:
    return Client().get(reverse(DOORS_BY_KIND[kind], args=[*before(kind), token])).status_code


def test_opening_links_again_and_again_changes_no_row(scene: Scene) -> None:
    as_it_was = everything()
    assert sum(map(len, as_it_was.values())) > 50
    assert "receipts.Receipt" in as_it_was
    client = Client()
    for name in OPENED_BY_LINK:
        address = address_of(name, scene, Who.CITIZEN)
        for _time in range(2):
            client.get(address)
            client.head(address)
            client.options(address)
    assert everything() == as_it_was


@pytest.mark.parametrize("kind", DOORS_BY_KIND)
def test_a_link_opens_one_door_only(kind: str, scene: Scene) -> None:
    token = token_of(kind, scene)
    found = {other: opened(other, token) for other in DOORS_BY_KIND}
    assert found == {other: 200 if other == kind else 404 for other in DOORS_BY_KIND}


@pytest.mark.parametrize("kind", DOORS_BY_KIND)
def test_an_altered_link_opens_nothing(kind: str, scene: Scene) -> None:
    token = token_of(kind, scene)
    subject, when, signature = token.split(":")
    altered = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[1:],
        f"{subject}x:{when}:{signature}",
        f"{subject}:{when}x:{signature}",
        f"{subject}:{when}:",
        f"{subject}:{signature}",
        subject,
        token.swapcase(),
    ]
    for each in altered:
        assert opened(kind, each) == 404, each


def test_links_run_out(scene: Scene) -> None:
    long_ago = scene.now - timedelta(days=4000)
    person = scene.pledge.volunteer
    for address in (
        my_page_url(person.mailbox, long_ago),
        offer_url(scene.offer, long_ago),
        placement_calendar_url(scene.active, long_ago),
        placement_letter_url(scene.to_inspect, long_ago),
    ):
        assert Client().get(address).status_code == 410
        assert Client().post(address).status_code in (405, 410)


def test_a_renewed_link_makes_all_older_ones_void(scene: Scene) -> None:
    kinds = ("my_page", "offer", "calendar", "letter", "erase", "new_address", "withdraw")
    old = {kind: scene.link(kind, Who.CITIZEN) for kind in kinds}
    assert Client().post(reverse("my_links", args=[old["my_page"]])).status_code == 303
    for kind, token in old.items():
        assert Client().get(reverse(DOORS_BY_KIND[kind], args=[token])).status_code == 404


def test_pages_behind_links_are_kept_nowhere(scene: Scene) -> None:
    for name in OPENED_BY_LINK:
        answer = Client().get(address_of(name, scene, Who.CITIZEN))
        assert "no-store" in answer["Cache-Control"], name
        assert answer["X-Robots-Tag"] == "noindex", name
        assert DOORS[name].get[Who.CITIZEN] == answer.status_code
