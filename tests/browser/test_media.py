"""What people see who chose colours of their own, and what paper shows."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.steps import YOUTH_OFFICE, sign_in

pytestmark = [pytest.mark.browser]

WITH_BARS = "/wo-wir-stehen/?measure=hours"
A4_WITHOUT_MARGINS = {"width": 718, "height": 1000}
WITHOUT_EDGE = """() => [...document.querySelectorAll("a.kern-btn, button.kern-btn")]
  .filter((button) => button.checkVisibility())
  .filter((button) => {
    const style = getComputedStyle(button);
    const canvas = getComputedStyle(document.body).backgroundColor;
    const seen = style.borderTopStyle === "solid" && parseFloat(style.borderTopWidth) >= 1;
    return !seen || style.borderTopColor === canvas;
  })
  .map((button) => button.textContent.trim())"""
FADED_ICONS = """() => {
  const canvas = getComputedStyle(document.body).backgroundColor;
  return [...document.querySelectorAll(".kern-btn .icon")]
    .filter((icon) => icon.checkVisibility() && getComputedStyle(icon).color === canvas).length;
}"""
FADED_SIGNS = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const seen = (colour) => {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return pen.getImageData(0, 0, 1, 1).data.join();
  };
  const canvas = seen(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll("*")].filter((each) => each.checkVisibility()).flatMap((each) =>
    ["::before", "::after"].filter((part) => {
      const style = getComputedStyle(each, part);
      const isDrawn = style.content !== "none" && style.maskImage !== "none" && style.display !== "none";
      return isDrawn && seen(style.backgroundColor) === canvas;
    }).map((part) => each.className + part));
}"""
BACKGROUNDS = """(selector) => [...document.querySelectorAll(selector)]
  .map((each) => getComputedStyle(each).backgroundColor)"""
BROKEN_WORDS = """(selector) => {
  const broken = [];
  for (const cell of document.querySelectorAll(selector)) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      for (const word of text.data.matchAll(/[^\\s\\u2013-]+/g)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((line) => line.top)).size > 1) broken.push(word[0]);
      }
    }
  }
  return broken;
}"""


@pytest.mark.parametrize(
    "address", ["/", "/spenden/", "/zeit/zusagen/wann/?fields_wanted=sport", "/wo-wir-stehen/", "/zeit/"]
)
def test_with_colours_of_their_own_people_see_every_button_and_sign(
    open_page: OpenPage, address: str
) -> None:
    page = open_page(forced_colors="active")
    page.goto(address)
    assert page.evaluate(WITHOUT_EDGE) == []
    assert page.evaluate(FADED_ICONS) == 0
    assert page.evaluate(FADED_SIGNS) == []


def test_with_colours_of_their_own_people_tell_the_steps_of_the_legend_apart(open_page: OpenPage) -> None:
    page = open_page(forced_colors="active")
    page.goto(WITH_BARS)
    shades = page.evaluate(BACKGROUNDS, ".legend__swatch[class*='legend__swatch--']")
    assert len(shades) == len(set(shades))
    assert page.evaluate("() => getComputedStyle(document.querySelector('.bar')).borderTopStyle") == "solid"


def test_with_colours_of_their_own_people_see_how_far_they_are(open_page: OpenPage) -> None:
    page = open_page(forced_colors="active")
    page.goto("/zeit/zusagen/wann/?fields_wanted=sport")
    bars = page.evaluate(BACKGROUNDS, ".stepper__bar")
    assert len(bars) == len(set(bars)) == 3
    edges = "all => all.map((each) => getComputedStyle(each).borderTopWidth)"
    assert page.locator(".stepper__bar").evaluate_all(edges) == ["1px"] * 3


def test_with_colours_of_their_own_people_see_what_is_chosen(open_page: OpenPage) -> None:
    page = open_page(forced_colors="active")
    page.goto("/spenden/")
    chosen = page.locator(".choice:has(:checked)")
    style = (
        "all => all.map((each) => [getComputedStyle(each).outlineStyle, getComputedStyle(each).outlineWidth])"
    )
    assert chosen.evaluate_all(style) == [["solid", "3px"]] * 3


def test_with_colours_of_their_own_people_see_where_they_are(open_page: OpenPage) -> None:
    page = open_page(forced_colors="active")
    page.goto("/spenden/")
    lines = "all => all.map((each) => getComputedStyle(each).textDecorationLine)"
    here, elsewhere = page.locator(".nav-link[aria-current]"), page.locator(".nav-link:not([aria-current])")
    assert set(here.evaluate_all(lines)) == {"underline"}
    assert set(elsewhere.evaluate_all(lines)) == {"none"}


def printed(page: Page, address: str) -> Page:
    page.set_viewport_size(A4_WITHOUT_MARGINS)
    page.emulate_media(media="print")
    page.goto(address)
    return page


def test_paper_keeps_every_column_and_every_word(open_page: OpenPage) -> None:
    page = printed(open_page(), "/wo-wir-stehen/")
    table = page.locator("table.table--figures")
    heads = table.locator("thead th")
    assert heads.count() >= 8
    assert [heads.nth(at).is_visible() for at in range(heads.count())] == [True] * heads.count()
    assert table.evaluate("table => getComputedStyle(table.tBodies[0].rows[0]).display") == "table-row"
    assert page.evaluate(BROKEN_WORDS, "table.table--figures :is(th, td)") == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= A4_WITHOUT_MARGINS["width"]
    sums = table.locator("tfoot")
    assert (
        sums.evaluate("foot => getComputedStyle(foot).display") == "table-row-group"
    )  # not below every page


def test_paper_shows_the_map_with_its_legend_in_colour_and_no_buttons(open_page: OpenPage) -> None:
    page = printed(open_page(), WITH_BARS)
    exact = "(selector) => getComputedStyle(document.querySelector(selector)).printColorAdjust"
    assert [page.evaluate(exact, selector) for selector in (".map", ".legend__swatch", ".bar")] == [
        "exact"
    ] * 3
    assert page.locator(".legend").is_visible()
    assert not page.locator("form.filter-bar, .filter-bar").first.is_visible()
    assert not page.locator(".site-nav").is_visible()


@pytest.mark.usefixtures("town")
def test_paper_leaves_out_what_is_there_for_choosing(open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, YOUTH_OFFICE)
    printed(page, "/koordination/anfragen/")
    for chosen_with in ("main .kern-form-check", "main .kern-btn"):
        parts = page.locator(chosen_with)
        assert parts.count() > 0
        assert [parts.nth(at).is_visible() for at in range(parts.count())] == [False] * parts.count()
    assert page.locator("tbody th").first.is_visible()
    page.goto("/koordination/")
    forms = page.locator("main details:has(form)")
    assert forms.count() > 0
    assert [forms.nth(at).is_visible() for at in range(forms.count())] == [False] * forms.count()


def test_paper_ticks_the_steps_that_are_done_in_the_colour_of_their_ring(
    open_page: OpenPage, town: dict[str, str]
) -> None:
    """Browsers print no background: a white tick would leave an empty ring."""
    page = printed(open_page(), town["thanks, received"])
    colours = """all => all.map((mark) => {
      return [getComputedStyle(mark.querySelector(".icon")).color, getComputedStyle(mark).borderTopColor];
    })"""
    ticks = page.locator(".timeline__item--done .timeline__mark").evaluate_all(colours)
    assert len(ticks) >= 2
    assert [tick for tick, ring in ticks if tick != ring or tick == "rgb(255, 255, 255)"] == []
