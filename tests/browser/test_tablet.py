"""Between a phone and a desk: no list of the staff is wider than its page, and addresses have room in it."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.states import OFFICE
from tests.browser.steps import sign_in

pytestmark = [pytest.mark.browser]

WIDTHS = [768, 1023, 1024, 1279]
WITH_ADDRESSES = ["spenden/", "spenden/dauerspenden/", "spenden/annahmen/", "menschen/"]
OTHERS = [
    "angebote/", "anfragen/", "zusagen/", "termine/", "plan/", "einsaetze/", "texte/", "taetigkeiten/",
    "traeger/", "zugaenge/", "briefe/", "berichte/", "protokoll/", "bestaetigungen/",
    "bestaetigungen/wuensche/", "spenden/bewegungen/", "spenden/boxen/", "spenden/buecher/",
    "spenden/namen/",
]  # fmt: skip
NARROWEST = 176
"""Pixels of a cell with addresses in a table, 11rem."""


@pytest.fixture
def tablet(open_page: OpenPage, town: dict[str, str]) -> Page:
    page = open_page(viewport={"width": 768, "height": 1024}, has_touch=True, is_mobile=False)
    sign_in(page, OFFICE)
    return page


def wide(page: Page, paths: list[str]) -> list[tuple[str, int, int]]:
    """Return where a page is wider than its screen: path, screen, page."""
    found = []
    for path in paths:
        answer = page.goto(f"/koordination/{path}")
        assert answer is not None
        assert answer.status == 200, path
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 1024})
            shown = page.evaluate("document.documentElement.scrollWidth")
            found += [(path, width, shown)] if shown > width else []
    return found


def test_no_list_is_wider_than_its_page(tablet: Page) -> None:
    assert wide(tablet, WITH_ADDRESSES + OTHERS) == []


def cells_heard(page: Page) -> int:
    """Return how many cells of tables the browser tells those who listen."""
    listening = page.context.new_cdp_session(page)
    told = listening.send("Accessibility.getFullAXTree")["nodes"]
    listening.detach()
    return sum(node["role"]["value"] in {"cell", "gridcell"} for node in told if not node["ignored"])


@pytest.mark.parametrize("path", WITH_ADDRESSES)
def test_addresses_have_room(tablet: Page, path: str) -> None:
    """Where a table has none its rows are cards, as on a phone; who listens hears the same cells."""
    tablet.goto(f"/koordination/{path}")
    cells = tablet.locator("td.addresses")
    tablet.set_viewport_size({"width": 1280, "height": 1024})
    in_a_table = cells_heard(tablet)
    assert in_a_table
    for width in WIDTHS:
        tablet.set_viewport_size({"width": width, "height": 1024})
        room = cells.evaluate_all("each => each.map(cell => cell.clientWidth)")
        assert room, path
        assert min(room) >= NARROWEST, (path, width)
        assert cells_heard(tablet) == in_a_table
