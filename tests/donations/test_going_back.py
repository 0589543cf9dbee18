"""Going back on the road of money keeps how and who, too."""

import re

from django.test import Client

from accounts.models import Session
from donations.models import Donation
from programs.models import Fund
from tests.donations.visits import details_address, filled

TYPED = {
    "method": "transfer",
    "email": "geberin@example.org",
    "name": "Gerda Geberin",
    "wants_receipt": "on",
    "street": "Bonner Str. 1",
    "postcode": "52349",
    "town": "Düren",
}


def held(browser: Client) -> dict[str, str]:
    """Return what stands in the fields one types in on screen 2."""
    page = browser.get(details_address()).content.decode()
    fields = {name: re.search(rf'<input[^>]*name="{name}"[^>]*>', page) for name in TYPED if name != "method"}
    values = {name: re.search(r'value="([^"]*)"', field[0]) for name, field in fields.items() if field}
    typed = {name: value[1] for name, value in values.items() if value}
    box = fields["wants_receipt"]
    typed.pop("wants_receipt", None)
    return typed | ({"wants_receipt": "on"} if box and " checked" in box[0] else {})


def test_how_and_who_stand_there_again_and_the_part_about_the_receipt_is_open(
    browser: Client, fund: Fund
) -> None:
    answer = browser.post(
        details_address(), {**filled(browser, details_address()), **TYPED, "zurueck": "was"}
    )
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (303, "/spenden/")
    assert "geberin" not in answer["Location"]
    assert "betrag=2500" in answer["Location"]
    browser.get(answer["Location"])
    assert held(browser) == {name: value for name, value in TYPED.items() if name != "method"}
    assert '<details class="details" open>' in browser.get(details_address()).content.decode()
    assert not Donation.objects.exists()


def test_the_page_that_shows_it_again_lies_in_no_cache(browser: Client, fund: Fund) -> None:
    assert "Cache-Control" not in browser.get(details_address())
    browser.post(details_address(), {**TYPED, "zurueck": "was"})
    assert browser.get(details_address())["Cache-Control"] == "no-store, private"


def test_it_ends_with_the_gift_and_with_a_new_begin(browser: Client, fund: Fund) -> None:
    browser.post(details_address(), {**TYPED, "zurueck": "was"})
    browser.post(details_address(), filled(browser, details_address(), **TYPED))
    assert Donation.objects.get().donor_name == "Gerda Geberin"
    assert held(browser) == {}
    browser.post(details_address(), {**TYPED, "zurueck": "was"})
    browser.get("/spenden/")
    assert held(browser) == {}


def test_back_from_a_screen_that_cannot_be_shown_any_more_begins_anew(browser: Client, fund: Fund) -> None:
    answer = browser.post(details_address(zweck="nirgends"), {"zurueck": "was"}, follow=True)
    assert answer.status_code == 200
    assert "Geld geben" in answer.content.decode()


def test_a_mistake_is_shown_with_everything_and_still_leads_back(browser: Client, fund: Fund) -> None:
    wrong = filled(browser, details_address(), **{**TYPED, "email": "geberin"})
    assert browser.post(details_address(), wrong).status_code == 422
    assert not Session.objects.exists()
    assert browser.post(details_address(), {**wrong, "zurueck": "was"}).status_code == 303
    assert held(browser)["email"] == "geberin"
