"""Walking through the three screens as a visitor does."""

import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

from donations.models import Donation

WHAT = {"rhythmus": "einmal", "betrag": "2500", "eigener_betrag": "", "zweck": "kinderfonds"}


def details_address(**changes: str) -> str:
    return "/spenden/angaben/?" + urlencode({**WHAT, **changes})


def hidden(response: HttpResponse, name: str) -> str:
    """Return the value of a hidden field on the page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found, f"no {name} on the page"
    return found[1]


def filled(browser: Client, address: str, **answers: Any) -> dict[str, Any]:
    """Open screen 2 and fill it in."""
    page = browser.get(address)
    assert page.status_code == 200
    return {
        "visit": hidden(page, "visit"),
        "text_version": hidden(page, "text_version"),
        "method": "card",
        "email": "geberin@example.org",
        "name": "",
        "street": "",
        "postcode": "",
        "town": "",
        "of_age": "on",
        "pending_matter": "no",
        **answers,
    }


def give(browser: Client, *, what: dict[str, str] | None = None, **answers: Any) -> HttpResponse:
    """Choose, fill in and send; returns the answer to the last screen."""
    address = details_address(**(what or {}))
    return browser.post(address, filled(browser, address, **answers))


def newest() -> Donation:
    return Donation.objects.select_related("donor", "recurring", "fund").latest("pk")


def text(response: HttpResponse) -> str:
    """Return the page with every kind of blank as one blank."""
    return re.sub(r"\s+", " ", response.content.decode().replace("\xa0", " "))
