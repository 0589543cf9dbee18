"""Every open offer of the loaded demo as people walk it: press, keep what is filled in, answer, confirm."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django import DjangoDbBlocker

from foundation.clock import local_day, utc_now
from foundation.sweeps import run
from programs.selectors.opportunities import seeking_opportunities
from tests.browser.backstage import Backstage
from tests.browser.conftest import open_watched
from tests.browser.running_product import Product, fresh_database, web_alone
from tests.browser.steps import follow, say_who
from tests.volunteers.pledging import link_in, mails
from volunteers.services.match_requests import ANSWER_REQUESTS, SETTLE
from workshop.demo.accounts import make_accounts
from workshop.demo.story import Size, tell

pytestmark = [pytest.mark.browser]

WAY_IN = "Hier möchte ich helfen"
WISH = "Sie möchten hier helfen: "
HINDERED = "Für diese Aufgabe reicht es so noch nicht"

Walk = tuple[str, int]
"""The address of a task, and which of the ways in that its page shows."""


@pytest.fixture
def loaded_demo(
    chromium: str, migrated: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Product, Backstage]]:
    """The demo with its whole story and a web server; what a worker does, the test asks for itself."""
    folder = tmp_path_factory.mktemp("demo")
    with fresh_database(f"{migrated}_demo", migrated) as database, web_alone(database, folder) as product:
        backstage = Backstage(product, django_db_blocker)
        backstage(load)
        yield product, backstage
        backstage.close()


def load() -> None:
    call_command("load_city", "dueren", "--demo-values", verbosity=0)
    make_accounts()
    tell(Size(60), 1, now=utc_now(), say=lambda _line: None)
    run(ANSWER_REQUESTS, utc_now() + SETTLE)


def test_each_ends_in_a_question_by_mail_or_in_a_reason_before_the_last_button(
    browser: Browser, loaded_demo: tuple[Product, Backstage]
) -> None:
    product, backstage = loaded_demo
    page, watch = open_watched(browser, product)
    ways = ways_in(page)
    open_roles, asking_roles = backstage(count_open_roles)
    assert len(ways) == open_roles

    wished, refused = {}, 0
    for number, way in enumerate(ways):
        email = f"person-{number}@example.org"
        is_asking = come_to_the_last_screen(page, way, "Nein")
        if is_asking:
            refused += 1
            expect(page.get_by_text(HINDERED)).to_be_visible()
            come_to_the_last_screen(page, way, "Ja")
        expect(page.get_by_text(HINDERED)).to_have_count(0)
        wished[email] = page.get_by_text(WISH).inner_text().removeprefix(WISH)
        say_who(page, "Maria", email)
        page.goto(backstage(link_of_confirmation, email))
        page.get_by_role("button", name="Ja, ich schenke Zeit").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Danke! Ihre Zusage ist bestätigt")

    assert backstage(questions_by_mail) == {
        email: f"Passt das zu Ihnen? {title}" for email, title in wished.items()
    }
    assert refused == asking_roles
    assert 0 < asking_roles < open_roles
    page.context.close()
    assert watch.problems == []


def count_open_roles() -> tuple[int, int]:
    """Return how many roles have a place free, and how many of these ask for a skill or a language."""
    tasks = seeking_opportunities(local_day(utc_now()))
    roles = [role for task in tasks for role in task.roles.all() if role.has_place_free]
    return len(roles), sum(bool(role.skills or role.languages) for role in roles)


def ways_in(page: Page) -> list[Walk]:
    """Return every way into a task that the list of open offers leads to."""
    page.goto("/zeit/")
    addresses = addresses_on(page)
    while page.locator("a[rel=next]").count():
        follow(page.locator("a[rel=next]"))
        addresses += addresses_on(page)
    ways: list[Walk] = []
    for address in addresses:
        page.goto(address)
        ways += [(address, number) for number in range(buttons(page).count())]
    return ways


def addresses_on(page: Page) -> list[str]:
    links = page.locator(".card__title a")
    return list(links.evaluate_all("all => all.map(each => each.getAttribute('href'))"))


def buttons(page: Page) -> Locator:
    """The buttons into a task; where there are several roles the first only leads down to theirs."""
    return page.locator("main a[href^='/']", has_text=WAY_IN)


def come_to_the_last_screen(page: Page, way: Walk, answer: str) -> bool:
    """Press, answer each question about the task the same, keep the rest; return whether there were any."""
    address, number = way
    page.goto(address)
    follow(buttons(page).nth(number))
    questions = page.get_by_role("radio", name=answer, exact=True).all()
    for each in questions:
        each.check()
    if questions:
        follow(page.get_by_role("button", name="Weiter"))
    follow(page.get_by_role("button", name="Weiter"))
    expect(page.get_by_label("Ihr Vorname")).to_be_visible()
    return bool(questions)


def link_of_confirmation(email: str) -> str:
    return link_in(mails("pledge_confirm").get(to_email=email), "/zusage/bestaetigen/")


def questions_by_mail() -> dict[str, str]:
    """Let the matcher answer who has confirmed, and return what each of them is asked."""
    run(ANSWER_REQUESTS, utc_now())
    asked = mails("offer").filter(to_email__endswith="@example.org")
    return dict(asked.values_list("to_email", "subject"))
