"""Light, calm, silent: what a page may weigh, move, remember and load."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.browser.conftest import FLAGS, PHONE, OpenPage

pytestmark = [pytest.mark.browser]

KIB = 1024
WEIGHT, WEIGHT_WITH_HERO, REQUESTS, SHIFT = 100 * KIB, 180 * KIB, 14, 0.01
COOKIES = {"sessionid", "csrftoken", "django_language"}
WHO = "/zeit/zusagen/wer/?fields_wanted=sport&times=5-morning&hours_per_week=2&max_distance_km=5"
FIRST_VIEWS = [
    "/zeit/",
    "/zeit/zusagen/",
    "/zeit/zusagen/wann/?fields_wanted=sport",
    WHO,
    "/meins/",
    "/hilfe/",
    "/wo-wir-stehen/",
    "/spenden/",
    "/spenden/angaben/?zweck=kinderfonds&betrag=2500&rhythmus=einmal",
    "/spendenzwecke/",
    "/kontakt/",
    "/datenschutz/",
    "/konto/login/",
    "/gibt-es-nicht/",
]
RECORD_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def browser(chromium: str, playwright: Playwright) -> Iterator[Browser]:
    """A browser that loads the web font, because it weighs."""
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield browser
    browser.close()


@dataclass
class Traffic:
    """What crossed the line for one page."""

    bytes: int = 0
    requests: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Count from now on, as the network sees it: compressed, with headers."""
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.requestWillBeSent", self._asked)
        network.on("Network.loadingFinished", self._answered)

    def _asked(self, event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            self.requests.append(event["request"]["url"])

    def _answered(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])


@pytest.mark.parametrize(
    ("address", "weight"), [("/", WEIGHT_WITH_HERO), *((address, WEIGHT) for address in FIRST_VIEWS)]
)
def test_a_first_view_is_light_stands_still_and_trusts_nobody(address: str, weight: int, phone: Page) -> None:
    traffic = Traffic()
    traffic.listen(phone)
    phone.add_init_script(RECORD_SHIFTS)

    answer = phone.goto(address, wait_until="networkidle")

    assert answer is not None
    assert traffic.bytes <= weight
    assert len(traffic.requests) <= REQUESTS, traffic.requests
    assert any(url.endswith(".woff2") for url in traffic.requests)
    assert phone.evaluate("shifted") <= SHIFT
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]
    assert_is_strict(answer.headers["content-security-policy"])
    assert {cookie["name"] for cookie in phone.context.cookies()} <= COOKIES
    assert phone.evaluate("localStorage.length + sessionStorage.length") == 0


def assert_is_strict(policy: str) -> None:
    """Everything comes from here, nothing is written into the page, nobody frames it."""
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert {rules[f"{kind}-src"] for kind in ("script", "style", "font", "connect")} == {"'self'"}
    assert rules["img-src"] == "'self' data:"
    assert "unsafe" not in policy


def test_a_second_page_costs_little(open_page: OpenPage) -> None:
    """Styles, fonts and icons are kept, so that a walk through the pages stays cheap."""
    page = open_page()
    page.goto("/", wait_until="networkidle")
    traffic = Traffic()
    traffic.listen(page)

    page.goto("/zeit/", wait_until="networkidle")

    assert traffic.bytes <= 20 * KIB
