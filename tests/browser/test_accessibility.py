"""Nobody is shut out: every page in every state, on a phone and at a desk, light and dark."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, StorageState

from tests.browser.backstage import Backstage
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.states import STATES, State
from tests.browser.steps import sign_in
from tests.browser.town import furnish
from tests.processes import ROOT

pytestmark = [pytest.mark.browser]

FOLDER = ROOT / "tests" / "browser"
AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
MEASURES = (FOLDER / "measures.js").read_text(encoding="utf-8")
EVERYTHING = {"resultTypes": ["violations"], "preload": False}
COLOURS = {**EVERYTHING, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

SignedIn = Callable[[str], StorageState | None]


@pytest.fixture(scope="session")
def town(backstage: Backstage) -> dict[str, str]:
    """The addresses of the pages that need rows of their own."""
    return backstage(furnish)


@pytest.fixture(scope="session")
def cookies() -> dict[str, StorageState]:
    """The cookies of everybody who has signed in so far."""
    return {}


@pytest.fixture
def signed_in(open_page: OpenPage, cookies: dict[str, StorageState]) -> SignedIn:
    """`signed_in(email)` returns the cookies of that login, `signed_in("")` none."""

    def cookies_of(email: str) -> StorageState | None:
        if email and email not in cookies:
            page = open_page()
            sign_in(page, email)
            cookies[email] = page.context.storage_state()
        return cookies.get(email)

    return cookies_of


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
        found += measured["targets"]
    found += violations(page, EVERYTHING)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {line}" for line in violations(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_shuts_nobody_out(
    state: State, open_page: OpenPage, signed_in: SignedIn, town: dict[str, str]
) -> None:
    page = open_page(storage_state=signed_in(state.role))
    show(page, state, town)
    page.evaluate(AXE)
    found = [f"phone: {line}" for line in complaints(page)]
    page.set_viewport_size(DESKTOP["viewport"])
    found += [f"desk: {line}" for line in complaints(page)]
    assert found == [], "\n" + "\n".join(found)


@pytest.mark.parametrize("address", ["/", "/zeit/", "/zeit/zusagen/wann/?fields_wanted=sport", "/spenden/"])
@pytest.mark.parametrize("viewport", [PHONE["viewport"], DESKTOP["viewport"]], ids=["phone", "desk"])
def test_keeps_its_shape_from_right_to_left(
    address: str, viewport: dict[str, int], open_page: OpenPage
) -> None:
    page = open_page(viewport=viewport)
    page.goto(address)
    page.evaluate("document.documentElement.dir = 'rtl'")
    measured = page.evaluate(MEASURES)
    assert measured["overflow"] == []


def test_leads_to_the_first_error(phone: Page) -> None:
    """The summary has the focus, and its links lead to the fields."""
    phone.goto("/kontakt/")
    phone.locator("main form button[type=submit]").click()
    assert "error" in (phone.evaluate("document.activeElement.className") or "")
    assert phone.title().startswith("Fehler:")
    phone.locator("main a[href^='#']").first.click()
    target = phone.url.partition("#")[2]
    assert phone.locator(f"[id='{target}']").is_visible()
