"""One rule says which purposes take gifts; every door keeps to it."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from donations.models import Donation, Method
from donations.selectors.funds import takes_gifts
from donations.services.gifts.pledging import Choice, PledgeRefused, Refusal, pledge_gift
from foundation.clock import utc_now
from programs.models import Fund
from tests.donations.gifts import PLEDGED_AT
from tests.donations.visits import details_address
from tests.factories import make_fund, make_provider
from tests.figures.nights import let_three_give

# What three people gave together, as it was published in the night after; and what else holds of the purpose.
TAKING = [
    (0, {}),
    (9_99, {"target_cents": 10_00}),
    (10_00, {"target_cents": 10_01}),
    (5_000_00, {"target_cents": None}),
]
NOT_TAKING = [
    (0, {"is_open": False}),
    (10_00, {"target_cents": 10_00}),
    (15_01, {"target_cents": 10_00}),
    (0, {"provider": {"is_verified": False}}),
]


def purpose(fund: Fund, cents: int = 0, *, provider: dict[str, Any] | None = None, **changes: Any) -> Fund:
    owner = fund.provider
    if provider is not None:
        owner = make_provider(
            "Träger", iban=owner.iban, account_holder_name=owner.account_holder_name, **provider
        )
    ranzen = make_fund("Ranzen", slug="ranzen", provider=owner, **changes)
    if cents:
        let_three_give(ranzen, cents, PLEDGED_AT)
    return ranzen


def promise(ranzen: Fund) -> Donation:
    choice = Choice(
        visit=uuid4(),
        fund=ranzen,
        text_version=ranzen.text_version,
        amount_cents=2500,
        method=Method.TRANSFER,
        email="geberin@example.org",
    )
    return pledge_gift(choice, client=None, now=utc_now())


@pytest.mark.parametrize(("cents", "changes"), TAKING)
def test_a_purpose_that_takes_gifts_is_offered_at_every_door(
    browser: Client, fund: Fund, cents: int, changes: dict[str, Any]
) -> None:
    ranzen = purpose(fund, cents, **changes)
    assert 'value="ranzen"' in browser.get("/spenden/").content.decode()
    assert browser.get(details_address(zweck="ranzen")).status_code == 200
    assert "zweck=ranzen" in browser.get("/spendenzweck/ranzen/").content.decode()
    listed = browser.get("/spendenzwecke/").content.decode()
    assert "/spendenzweck/ranzen/" in listed
    assert "abgeschlossen" not in listed
    assert of_the_api(browser, "is_open") == {True}
    assert takes_gifts(ranzen)
    assert "/spendenzweck/ranzen/" in browser.get("/").content.decode()
    assert promise(ranzen).fund == ranzen


@pytest.mark.parametrize(("cents", "changes"), NOT_TAKING)
def test_a_purpose_that_takes_none_is_offered_at_no_door(
    browser: Client, fund: Fund, cents: int, changes: dict[str, Any]
) -> None:
    ranzen = purpose(fund, cents, **changes)
    assert 'value="ranzen"' not in browser.get("/spenden/").content.decode()
    assert "zweck=ranzen" not in browser.get("/spendenzweck/ranzen/").content.decode()
    listed = browser.get("/spendenzwecke/").content.decode()
    assert ("/spendenzweck/ranzen/" in listed) == ("abgeschlossen" in listed)
    assert of_the_api(browser, "is_open") <= {False}
    assert not takes_gifts(ranzen)
    assert "/spendenzweck/ranzen/" not in browser.get("/").content.decode()
    with pytest.raises(PledgeRefused) as refused:
        promise(ranzen)
    assert refused.value.reason == Refusal.FUND_CLOSED
    assert not Donation.objects.filter(donor__mailbox__email="geberin@example.org").exists()


def of_the_api(browser: Client, key: str) -> set[Any]:
    """Return what both addresses of the API say of the purpose."""
    rows = [
        row
        for address in ("/api/funds/", "/api/v1/purposes/")
        for row in browser.get(address).json()["results"]
        if row["slug"] == "ranzen"
    ]
    return {row[key] for row in rows}


def test_the_general_purpose_takes_gifts_beyond_its_target(browser: Client, fund: Fund) -> None:
    Fund.objects.update(target_cents=10_00)
    let_three_give(fund, 10_00, PLEDGED_AT)
    assert 'value="kinderfonds"' in browser.get("/spenden/").content.decode()
    assert promise(fund).fund == fund


def test_a_purpose_filled_since_the_form_was_shown_takes_no_more(fund: Fund) -> None:
    ranzen = purpose(fund, target_cents=10_00)
    let_three_give(ranzen, 10_00, PLEDGED_AT)
    with pytest.raises(PledgeRefused):
        promise(ranzen)


def test_a_purpose_that_gave_everything_back_goes_on(fund: Fund) -> None:
    ranzen = purpose(fund, target_cents=10_00)
    Fund.objects.filter(pk=ranzen.pk).update(received_cents=-5_00)
    assert takes_gifts(ranzen)
