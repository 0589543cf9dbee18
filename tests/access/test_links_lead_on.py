"""Whoever is shown a link may follow it: no page of the house leads its reader to a shut door."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import urlsplit

import pytest

from tests.access.people import WITHOUT_ACCOUNT, Who
from tests.access.scene import Scene
from tests.access.walks import Seen
from tests.kept import taken_back

pytestmark = pytest.mark.django_db

LINK = re.compile(r"<a\b[^>]*\bhref=\"(/[^\"#]*)")
ROW = re.compile(r"\d")
ROW_ASKED_FOR = re.compile(r"\brolle=\d")
INSIDE = ("/koordination/", "/konto/", "/verwaltung/", "/meins/")


def shown(pages: dict[str, Seen]) -> Iterator[tuple[str, str, str]]:
    """Yield each place inside that is linked to once: its path, an address of it, where it was found.

    Rows are left out: the walk may have seen those of another module's scene.
    """
    known: set[str] = set()
    for name, page in pages.items():
        if page.status != 200 or not page.headers["Content-Type"].startswith("text/html"):
            continue
        for address in map(unescape, LINK.findall(page.body)):
            path = urlsplit(address).path
            if path.startswith(INSIDE) and path not in known and not is_row(address):
                known.add(path)
                yield path, address, name


def is_row(address: str) -> bool:
    return ROW.search(urlsplit(address).path) is not None or ROW_ASKED_FOR.search(address) is not None


WITHOUT_WORK = (*WITHOUT_ACCOUNT, Who.NO_ROLE)
"""Whoever has no role here yet is told so by the page after signing in, which refuses them."""


@pytest.mark.parametrize("who", [who for who in Who if who not in WITHOUT_WORK])
def test_every_link_that_is_shown_opens(
    who: Who, scene: Scene, seen: Callable[[Who], dict[str, Seen]]
) -> None:
    links = list(shown(seen(who)))
    assert len(links) > 3
    client = scene.client(who)
    with taken_back():
        shut = {
            (found_on, address)
            for _path, address, found_on in links
            if client.get(address, follow=True).status_code != 200
        }
    assert shut == set()
