"""The pages that may be found and passed on: one list for search engines and shared links."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from programs.selectors.directory import independent_providers, listed_programs
from programs.selectors.opportunities import seeking_opportunities
from programs.selectors.visibility import public_funds

SINGLE_PAGES = (
    "home",
    "opportunities",
    "directory",
    "providers",
    "child_in_danger",
    "funds",
    "donate",
    "pledge_time",
    "standing",
    "contact",
    "imprint",
    "privacy",
    "accessibility",
    "easy_language",
    "api-v1-docs",
)
PAGES_OF_ROWS = ("opportunity", "program", "provider", "fund")
PERSONAL = (
    "/koordination/",
    "/konto/",
    "/verwaltung/",
    "/meins/",
    "/melden/",
    "/meine-seite/",
    "/meine-zusagen/",
    "/meine-spenden/",
    "/dauerspende/",
    "/anfrage/",
    "/einsatz/",
    "/zusage/",
    "/zeit/zusagen/aufgabe/",
    "/zeit/zusagen/wann/",
    "/zeit/zusagen/wer/",
    "/zeit/zusagen/gesendet/",
    "/spenden/angaben/",
    "/spenden/ueberweisung/",
    "/spenden/gleich/",
    "/spenden/danke/",
)


def public_address(path: str) -> str:
    """Return the absolute address of a path, as this installation is reached from outside."""
    return f"{settings.PUBLIC_BASE_URL.rstrip('/')}{path}"


def shared_address(request: HttpRequest) -> str:
    """Return the address to pass on for the page asked for, without its query; "" if it is somebody's own."""
    match = request.resolver_match
    if match is None or match.view_name not in (*SINGLE_PAGES, *PAGES_OF_ROWS):
        return ""
    return public_address(request.path)


def shared_paths(today: date) -> Iterable[str]:
    """Return the path of every page that a search engine should know today."""
    for name in SINGLE_PAGES:
        yield reverse(name)
    rows = {
        "opportunity": seeking_opportunities(today),
        "program": listed_programs().order_by("slug"),
        "provider": independent_providers().order_by("slug"),
        "fund": public_funds().order_by("slug"),
    }
    for name, found in rows.items():
        for slug in found.values_list("slug", flat=True):
            yield reverse(name, args=[slug])
