"""One browser and one running product for all tests of this folder."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from tests.browser.backstage import Backstage
from tests.browser.mailbox import Mailbox
from tests.browser.running_product import Product, fresh_database, running
from tests.browser.town import furnish
from tests.browser.watching import Watch
from tests.database import template
from tests.lists.rows import many_pledges
from tests.processes import ROOT
from tests.volunteers.pledging import make_pledge
from volunteers.models import TimePledge, Volunteer
from workshop.demo.accounts import make_accounts
from workshop.runner.chromium import MISSING, find_chromium

SCREENSHOTS = ROOT / ".run" / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WITHOUT_FONT = "--disable-remote-fonts"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
LOG_TAIL = 2500
PATIENCE_MS = 60_000
FAILED = pytest.StashKey[bool]()

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright's loop stays in this thread, and Django asks for none there.

    So none of this folder may run among the others unmarked; and `./dev test` looks for them nowhere else.
    """
    here = Path(__file__).parent
    astray = [
        item.nodeid
        for item in items
        if (here in item.path.parents) != (item.get_closest_marker("browser") is not None)
    ]
    if astray:
        raise pytest.UsageError(f"Marked as browser, or in tests/browser, but not both: {', '.join(astray)}")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Show with a failure what the product's processes said last."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    product = getattr(item, "funcargs", {}).get("product")
    if report.failed and isinstance(product, Product):
        for log in sorted(product.logs.glob("*.log")):
            report.sections.append((log.name, log.read_text(errors="replace")[-LOG_TAIL:]))
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser; without one these tests are skipped, but never in CI."""
    path = find_chromium()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    return path


@pytest.fixture(scope="session")
def migrated(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a migrated database to copy; made before Playwright's loop starts in this thread."""
    with django_db_blocker.unblock():
        return template(connection.settings_dict)


@pytest.fixture(scope="session")
def product(chromium: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The running product on a database of its own."""
    folder = tmp_path_factory.mktemp("product")
    own = connection.settings_dict["NAME"].removeprefix("test_")
    name = f"test_browser_{own}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with fresh_database(name, migrated) as database, running(database, folder) as found:
        yield found


@pytest.fixture(scope="session")
def backstage(product: Product, django_db_blocker: DjangoDbBlocker) -> Iterator[Backstage]:
    """Acting on the product's database; the demo's logins are there already."""
    backstage = Backstage(product, django_db_blocker)
    backstage(make_accounts)
    yield backstage
    backstage.close()


@pytest.fixture(scope="session")
def town(backstage: Backstage) -> dict[str, str]:
    """The addresses of the pages that need rows of their own."""
    return backstage(furnish)


def crowd_of(count: int) -> Any:
    """Return a fixture of `count` people more, "Mensch1 Nummer" and so on, who are gone again afterwards."""

    @pytest.fixture
    def crowd(backstage: Backstage) -> Iterator[None]:
        now = timezone.now()
        like = backstage(make_pledge, now, email="viele@example.org", first_name="Viele")
        backstage(many_pledges, like, count, now)
        many = Volunteer.objects.filter(first_name__startswith="Mensch", last_name="Nummer")
        theirs = TimePledge.objects.filter(volunteer__in=many)
        backstage(theirs.update, status="withdrawn")  # the matcher leaves them alone
        yield
        backstage(theirs._raw_delete, "default")
        backstage(many._raw_delete, "default")

    return crowd


hundred, ten_thousand = crowd_of(100), crowd_of(10_000)


@pytest.fixture(scope="session")
def mailbox(product: Product) -> Mailbox:
    return Mailbox(product.mails)


@pytest.fixture(scope="session")
def playwright(migrated: str) -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(chromium: str, playwright: Playwright) -> Iterator[Browser]:
    """A browser to which the web font comes too late, as on a slow line (`font-display: optional`).

    Its letters are wider: what fits in them fits in the font, and no run depends on how fast that came.
    """
    browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, WITHOUT_FONT])
    yield browser
    browser.close()


def open_watched(browser: Browser, product: Product, **options: Any) -> tuple[Page, Watch]:
    """Open a page, a phone's unless `options` say otherwise, in a context of its own that is watched."""
    context = browser.new_context(
        base_url=product.url, locale="de-DE", reduced_motion="reduce", **{**PHONE, **options}
    )
    watch = Watch(context, origins=(product.url, product.double_url))
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page, watch


@pytest.fixture
def open_page(
    browser: Browser, product: Product, backstage: Backstage, request: pytest.FixtureRequest
) -> Iterator[OpenPage]:
    """`open_page(**options)` opens a page; paths are relative to the product.

    Whatever the page did that none may do fails the test.
    """
    opened: list[tuple[Page, Watch]] = []

    def open_one(**options: Any) -> Page:
        opened.append(open_watched(browser, product, **options))
        return opened[-1][0]

    yield open_one
    for number, (page, _watch) in enumerate(opened):
        if request.node.stash.get(FAILED, False):
            take_screenshot(page, f"{request.node.name}-{number}")
        page.context.close()
    assert [problem for _page, watch in opened for problem in watch.problems] == []


def take_screenshot(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^a-z0-9-]+', '_', name.lower())}.png", full_page=True)


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """A phone, 390 × 844."""
    return open_page(**PHONE)


@pytest.fixture
def desktop(open_page: OpenPage) -> Page:
    """A desk, 1280 × 800."""
    return open_page(viewport=DESKTOP["viewport"], has_touch=False, is_mobile=False)


@pytest.fixture
def phone_without_script(open_page: OpenPage) -> Page:
    """A phone whose browser runs no script."""
    return open_page(**PHONE, java_script_enabled=False)


@pytest.fixture
def desktop_without_script(open_page: OpenPage) -> Page:
    """A desk, 1280 × 800, whose browser runs no script."""
    return open_page(
        viewport=DESKTOP["viewport"], has_touch=False, is_mobile=False, java_script_enabled=False
    )
