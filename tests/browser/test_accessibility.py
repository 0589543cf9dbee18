"""Nobody is shut out: every page in every state, on a phone and at a desk, light and dark."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, FAILED, PHONE, open_watched, take_screenshot
from tests.browser.running_product import Product
from tests.browser.states import STATES, State
from tests.browser.steps import follow, sign_in
from tests.browser.watching import Watch
from tests.processes import ROOT

pytestmark = [pytest.mark.browser]

FOLDER = ROOT / "tests" / "browser"
AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
MEASURES = (FOLDER / "measures.js").read_text(encoding="utf-8")
EVERYTHING = {"resultTypes": ["violations"], "preload": False}
COLOURS = {**EVERYTHING, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

Reader = Callable[[str], Page]


@pytest.fixture(scope="session")
def readers() -> dict[str, tuple[Page, Watch]]:
    """The open page of everybody who reads here, by login; a context for each page would take too long."""
    return {}


@pytest.fixture
def reader(
    browser: Browser,
    product: Product,
    readers: dict[str, tuple[Page, Watch]],
    request: pytest.FixtureRequest,
) -> Iterator[Reader]:
    """`reader(email)` returns the page of that login, `reader("")` that of a citizen."""
    used: list[tuple[Page, Watch]] = []

    def page_of(email: str) -> Page:
        if email not in readers:
            readers[email] = open_watched(browser, product)
            if email:
                sign_in(readers[email][0], email)
        used.append(readers[email])
        page = readers[email][0]
        page.set_viewport_size(PHONE["viewport"])
        return page

    yield page_of
    for page, watch in used:
        if request.node.stash.get(FAILED, False):
            take_screenshot(page, request.node.name)
        problems, watch.problems = watch.problems, []
        assert problems == []


def show(page: Page, state: State, town: dict[str, str]) -> None:
    """Bring the page into the state and make sure that it is the one that was meant."""
    answer = page.goto(state.path(town))
    if state.sends:
        with page.expect_navigation() as navigation:
            page.locator("main form:not([role=search]) button[type=submit]").first.click()
        answer = navigation.value
    assert answer is not None
    assert answer.status == state.status


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    """Return what axe finds, a line for each place."""
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        f"{rule['id']} ({rule['help']}): {' '.join(map(str, node['target']))}"
        for rule in found
        for node in rule["nodes"]
    ]


def complaints(page: Page) -> list[str]:
    """Return everything wrong with the page as it stands, in light and in dark."""
    measured = page.evaluate(MEASURES)
    found = [*measured["overflow"], *measured["texts"]]
    if page.viewport_size == PHONE["viewport"]:
        found += [*measured["targets"], *measured["words"]]
    found += violations(page, EVERYTHING)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {line}" for line in violations(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_shuts_nobody_out(state: State, reader: Reader, town: dict[str, str]) -> None:
    page = reader(state.role)
    show(page, state, town)
    page.evaluate(AXE)
    found = [f"phone: {line}" for line in complaints(page)]
    page.set_viewport_size(DESKTOP["viewport"])
    found += [f"desk: {line}" for line in complaints(page)]
    assert found == [], "\n" + "\n".join(found)


@pytest.mark.parametrize("address", ["/", "/zeit/", "/zeit/zusagen/wann/?fields_wanted=sport", "/spenden/"])
def test_keeps_its_shape_from_right_to_left(address: str, phone: Page) -> None:
    phone.goto(address)
    phone.evaluate("document.documentElement.dir = 'rtl'")
    on_phone = phone.evaluate(MEASURES)["overflow"]
    phone.set_viewport_size(DESKTOP["viewport"])
    assert [*on_phone, *phone.evaluate(MEASURES)["overflow"]] == []


def test_leads_to_the_first_error(phone: Page) -> None:
    """The summary has the focus, and its links lead to the fields."""
    phone.goto("/kontakt/")
    follow(phone.locator("main form button[type=submit]"))
    expect(phone.locator("#error-summary")).to_be_focused()
    assert phone.title().startswith("Fehler:")
    phone.locator("main a[href^='#']").first.click()
    target = phone.url.partition("#")[2]
    assert phone.locator(f"[id='{target}']").is_visible()
