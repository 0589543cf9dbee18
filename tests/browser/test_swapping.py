"""With a script, lists and "Heute" exchange what has changed and keep everything else where it is."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.backstage import Backstage
from tests.browser.conftest import DESKTOP, open_watched
from tests.browser.running_product import Product
from tests.browser.steps import YOUTH_OFFICE, sign_in
from tests.browser.test_monday import somebody_waits

pytestmark = [pytest.mark.browser]
PEOPLE = "/koordination/menschen/"
LOADED_ONCE = "window.loadedOnce"


@pytest.mark.usefixtures("hundred")
@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_a_list_exchanges_its_rows_alone(device: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(device)
    sign_in(page, YOUTH_OFFICE)
    page.goto(f"{PEOPLE}?q=Nummer")
    mark(page)
    search, found = page.get_by_label("Suche"), page.locator("#anzahl")
    expect(found).to_have_text("100 Menschen Seite 1 von 5")

    search.press("End")
    search.press_sequentially(" Mensch7")
    expect(found).to_have_text("11 Menschen")
    expect(found).to_be_in_viewport()
    search.press_sequentially("7")
    expect(found).to_have_text("1 Mensch")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(search).to_be_focused()
    assert search.input_value() == "Nummer Mensch77"
    page.go_back()  # one step back, however often the word was looked for
    expect(found).to_have_text("100 Menschen Seite 1 von 5")
    expect(page).to_have_url(f"{PEOPLE}?q=Nummer")
    assert page.evaluate(LOADED_ONCE) is None, "history is read from the server, whole"

    mark(page)
    order = page.get_by_label("Reihenfolge")
    order.focus()
    order.select_option(label="Name, absteigend")
    expect(page.locator("tbody tr").first).to_contain_text("Mensch99")
    expect(order).to_be_focused()
    page.locator("tbody input[type=checkbox]").first.check()
    if device == "desktop":
        page.get_by_role("link", name="Name").click()
        expect(page.locator("th[aria-sort=ascending] a")).to_be_focused()
        expect(order).to_have_value("name")
    else:
        order.select_option(label="Name, aufsteigend")
    expect(page.locator("tbody tr").first).to_contain_text("Mensch1 ")
    expect(page.locator("tbody input:checked")).to_have_count(0)  # who is not shown is not chosen
    chosen = page.locator("tbody input[type=checkbox]").first
    chosen.check()
    search.fill("Nummer Mensch1")
    expect(found).to_have_text("12 Menschen")
    expect(chosen).to_be_checked()  # who is still shown, is

    search.fill("Nummer")
    expect(found).to_have_text("100 Menschen Seite 1 von 5")
    page.get_by_role("link", name="Weiter").click()
    expect(found).to_have_text("100 Menschen Seite 2 von 5")
    expect(page.locator("#treffer")).to_be_focused()
    expect(page.locator("#treffer")).to_be_in_viewport()
    page.get_by_label("Zu Seite").fill("5")
    page.get_by_label("Zu Seite").press("Enter")
    expect(found).to_have_text("100 Menschen Seite 5 von 5")
    assert page.url.endswith("page=5")
    assert page.evaluate(LOADED_ONCE) is True
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    page.reload()
    expect(found).to_have_text("100 Menschen Seite 5 von 5")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.usefixtures("hundred")
def test_a_list_that_gets_no_answer_says_so(browser: Browser, product: Product) -> None:
    """An error of the server stands as its page, a line that is down is told, and the log-in is a page."""
    page, watch = open_watched(browser, product, **DESKTOP, has_touch=False, is_mobile=False)
    sign_in(page, YOUTH_OFFICE)
    page.goto(PEOPLE)
    search = page.get_by_label("Suche")

    page.route("**/menschen/?*", lambda route: route.abort("internetdisconnected"))
    search.fill("Mensch1")
    expect(page.get_by_role("alert")).to_contain_text("Es kam keine Antwort")
    expect(search).to_be_focused()
    expect(page.locator("tbody tr")).not_to_have_count(0)
    page.unroute("**/menschen/?*")
    search.fill("Mensch11")
    expect(page.locator("#anzahl")).to_have_text("1 Mensch")
    expect(page.locator("#keine-antwort")).to_be_hidden()

    page.route("**/menschen/?*", break_down)
    search.fill("Mensch12")
    expect(page.get_by_role("heading", level=1)).to_have_text("Das ist misslungen")
    expect(page.get_by_label("Suche")).to_have_count(0)
    assert "Mensch12" in page.url
    page.unroute("**/menschen/?*")
    page.reload()
    expect(page.locator("#anzahl")).to_have_text("1 Mensch")

    page.context.clear_cookies()
    page.get_by_label("Suche").fill("Mensch13")
    expect(page).to_have_url(re.compile(r"/konto/login/\?next=/koordination/menschen/%3Fq%3DMensch13"))
    expect(page.get_by_role("button", name="Anmelden")).to_be_visible()
    page.context.close()
    told = (
        "console: htmx:",
        "console: Response Status",
        "console: Failed to load",
        "request failed",
        "500 from",
    )
    assert [each for each in watch.problems if not each.startswith(told)] == []


@pytest.mark.parametrize(("device", "who"), [("phone", "Walpurga"), ("desktop", "Ulfilas")])
def test_today_exchanges_its_rows_alone(
    device: str, who: str, backstage: Backstage, request: pytest.FixtureRequest
) -> None:
    somebody_waits(backstage, who)
    somebody_waits(backstage, f"Nach{who}")
    page: Page = request.getfixturevalue(device)
    sign_in(page, YOUTH_OFFICE)
    page.goto("/koordination/?art=anrufen")
    mark(page)
    row = (
        page.get_by_role("listitem").filter(has_text=re.compile(rf"\b{who}")).filter(has_text="Angerufen am")
    )
    after = row.evaluate("row => (row.nextElementSibling ?? row.previousElementSibling).id")

    row.get_by_text("Angerufen am").click()
    row.get_by_role("radio", name="nicht erreicht").check()
    row.get_by_role("button", name="Anruf notieren").click()
    expect(page.locator("#meldungen")).to_contain_text("Der Anruf ist notiert.")
    expect(row).to_have_count(0)
    expect(page.locator(f"[id='{after}']")).to_be_focused()
    told = page.locator("#meldungen").get_by_text("Der Anruf ist notiert.")
    page.locator(f"[id='{after}']").focus()
    expect(told).to_be_in_viewport(ratio=1)
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    expect(told).to_be_in_viewport(ratio=1)
    page.get_by_role("listitem").filter(has_text=f"Anruf bei {who}").get_by_role("button").click()
    expect(page.locator("#meldungen")).to_contain_text("Der Anruf ist zurückgenommen.")
    expect(row).to_have_count(1)
    expect(page.locator("#liste")).to_be_focused()
    assert page.evaluate(LOADED_ONCE) is True
    page.context.clear_cookies(name="sessionid")
    row.get_by_text("Angerufen am").click()
    row.get_by_role("button", name="Anruf notieren").click()
    expect(page).to_have_url(re.compile(r"/konto/login/"))


def mark(page: Page) -> None:
    """Leave a mark that is gone once the page is loaded anew."""
    page.evaluate(f"{LOADED_ONCE} = true")


def break_down(route: Route) -> None:
    route.fulfill(status=500, content_type="text/html", body="<main><h1>Das ist misslungen</h1></main>")
