"""One rule says which purposes take gifts; every door keeps to it."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from donations.models import Donation, Method
from donations.services.gifts.pledging import Choice, PledgeRefused, Refusal, pledge_gift
from foundation.clock import utc_now
from programs.models import Fund
from tests.donations.visits import details_address
from tests.factories import make_fund, make_provider

TAKING = [
    {},
    {"target_cents": 100, "received_cents": 99},
    {"target_cents": None, "received_cents": 500_000},
]
NOT_TAKING = [
    {"is_open": False},
    {"target_cents": 100, "received_cents": 100},
    {"target_cents": 100, "received_cents": 101},
    {"provider": {"is_verified": False}},
]


def purpose(fund: Fund, *, provider: dict[str, Any] | None = None, **changes: Any) -> Fund:
    owner = fund.provider
    if provider is not None:
        owner = make_provider(
            "Träger", iban=owner.iban, account_holder_name=owner.account_holder_name, **provider
        )
    return make_fund("Ranzen", slug="ranzen", provider=owner, **changes)


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


@pytest.mark.parametrize("changes", TAKING)
def test_a_purpose_that_takes_gifts_is_offered_at_every_door(
    browser: Client, fund: Fund, changes: dict[str, Any]
) -> None:
    ranzen = purpose(fund, **changes)
    assert 'value="ranzen"' in browser.get("/spenden/").content.decode()
    assert browser.get(details_address(zweck="ranzen")).status_code == 200
    assert "zweck=ranzen" in browser.get("/spendenzweck/ranzen/").content.decode()
    listed = browser.get("/spendenzwecke/").content.decode()
    assert "/spendenzweck/ranzen/" in listed
    assert "abgeschlossen" not in listed
    assert "/spendenzweck/ranzen/" in browser.get("/").content.decode()
    assert promise(ranzen).fund == ranzen


@pytest.mark.parametrize("changes", NOT_TAKING)
def test_a_purpose_that_takes_none_is_offered_at_no_door(
    browser: Client, fund: Fund, changes: dict[str, Any]
) -> None:
    ranzen = purpose(fund, **changes)
    assert 'value="ranzen"' not in browser.get("/spenden/").content.decode()
    assert "zweck=ranzen" not in browser.get("/spendenzweck/ranzen/").content.decode()
    listed = browser.get("/spendenzwecke/").content.decode()
    assert ("/spendenzweck/ranzen/" in listed) == ("abgeschlossen" in listed)
    assert "/spendenzweck/ranzen/" not in browser.get("/").content.decode()
    with pytest.raises(PledgeRefused) as refused:
        promise(ranzen)
    assert refused.value.reason == Refusal.FUND_CLOSED
    assert Donation.objects.count() == 0


def test_the_general_purpose_takes_gifts_beyond_its_target(browser: Client, fund: Fund) -> None:
    Fund.objects.update(target_cents=100, received_cents=100)
    assert 'value="kinderfonds"' in browser.get("/spenden/").content.decode()
    assert promise(fund).fund == fund


def test_a_purpose_filled_since_the_form_was_shown_takes_no_more(fund: Fund) -> None:
    ranzen = purpose(fund, target_cents=100)
    Fund.objects.filter(pk=ranzen.pk).update(received_cents=100)
    with pytest.raises(PledgeRefused):
        promise(ranzen)
    assert Donation.objects.count() == 0
