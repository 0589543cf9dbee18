"""A language whose texts are two fifths longer than German is not cut on a phone."""

import pytest
from playwright.sync_api import Page

from tests.browser.steps import COORDINATOR, sign_in
from tests.processes import ROOT

pytestmark = [pytest.mark.browser]

FOLDER = ROOT / "tests" / "browser"
LONGER = (FOLDER / "longer.js").read_text(encoding="utf-8")
CUT = (FOLDER / "cut.js").read_text(encoding="utf-8")
SHARE = 0.4
FOR_EVERYBODY = [
    "/",
    "/zeit/",
    "/zeit/zusagen/",
    "/zeit/zusagen/wann/?fields_wanted=sport",
    "/zeit/zusagen/wer/?fields_wanted=sport&times=0-evening&hours_per_week=2&max_distance_km=5",
    "/spenden/",
    "/spendenzwecke/",
    "/hilfe/",
    "/kind-in-gefahr/",
    "/wo-wir-stehen/",
    "/kontakt/",
    "/meins/",
    "/konto/login/",
]
FOR_COORDINATORS = ["/koordination/", "/koordination/zusagen/", "/koordination/angebote/"]
BOXES = {
    "fits": ("<p>Guten Tag</p>", []),
    "wraps": ('<p style="width: 60px">Guten Tag Guten Tag</p>', []),
    "scrolls": ('<div style="overflow-x: auto; width: 50px"><p style="width: 300px">Guten Tag</p></div>', []),
    "ellipsis": (
        '<p style="width: 9px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap">Guten</p>',
        ["cut at the side"],
    ),
    "hidden below": ('<p style="height: 10px; width: 60px; overflow: hidden">Guten Tag</p>', ["cut below"]),
    "no wrap": (
        '<button style="width: 50px; white-space: nowrap; padding: 0">Guten Tag allerseits</button>',
        ["sticks out at the side"],
    ),
    "too low": ('<p style="height: 5px; width: 50px">Guten Tag allerseits</p>', ["sticks out below"]),
    "too wide": ('<p style="width: 500px">Guten Tag</p>', ["page"]),
}


@pytest.mark.parametrize("box", BOXES)
def test_what_cannot_be_read_is_found(box: str, phone: Page) -> None:
    body, kinds = BOXES[box]
    phone.set_content(f'<meta name="viewport" content="width=device-width"><body>{body}</body>')
    assert [complaint.split(":")[0] for complaint in phone.evaluate(CUT)][: len(kinds) or 1] == kinds


def test_texts_become_longer_by_their_own_words(phone: Page) -> None:
    phone.set_content('<body><p>Guten Tag</p><p>12</p><b translate="no">KERN</b></body>')
    phone.evaluate(LONGER, SHARE)
    assert phone.locator("body").inner_text().split() == ["Guten", "Tag", "Gute", "12", "KERN"]


def cut(page: Page, addresses: list[str]) -> dict[str, list[str]]:
    """Return what cannot be read in the longer language, by address; menus and details are open."""
    found = {}
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        page.evaluate(LONGER, SHARE)
        if complaints := page.evaluate(CUT):
            found[address] = complaints
    return found


@pytest.mark.usefixtures("town")
def test_no_text_for_everybody_is_cut(phone: Page) -> None:
    assert cut(phone, FOR_EVERYBODY) == {}


@pytest.mark.usefixtures("town")
def test_no_text_for_coordinators_is_cut(phone: Page) -> None:
    sign_in(phone, COORDINATOR)
    assert cut(phone, FOR_COORDINATORS) == {}
