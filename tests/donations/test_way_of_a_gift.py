"""The page of a gift tells its way, and the mail about it is correct German for every body."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from donations.models import Donation, Proposal
from donations.selectors.way import way_of
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.treasury.proposals import propose_payout, release
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.visits import details_address, give, newest, text
from tests.factories import make_user
from tests.words_of_pages import as_read

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def promised(browser: Client, fund: Fund) -> Donation:
    give(browser, method="transfer")
    return newest()


def arrive(gift: Donation) -> Donation:
    line = Credit(date(2026, 11, 30), Cents(2500), "Ada", gift.transfer_reference.reference)
    record_bank_transfer(gift.fund.provider, line, recorded_by=None, now=NOW)
    return Donation.objects.get(pk=gift.pk)


def states(gift: Donation) -> list[str]:
    return [step.state for step in way_of(gift)]


def test_a_gift_goes_from_the_promise_to_what_becomes_of_it(
    browser: Client, promised: Donation, fund: Fund
) -> None:
    assert [step.title for step in way_of(promised)] == ["Zugesagt", "Da", "Gebucht", "Was daraus wird"]
    assert states(promised) == ["done", "current", "open", "open"]
    gift = arrive(promised)
    assert states(gift) == ["done", "done", "done", "current"]
    one, other = (make_user(Membership.Role.TREASURER, fund.provider) for _ in range(2))
    proposal = propose_payout(fund, Cents(500), "Ranzen", by=one, now=NOW + timedelta(days=1))
    assert states(gift) == ["done", "done", "done", "current"]
    assert release(proposal.pk, by=other, now=NOW + timedelta(days=2)) is True
    assert states(gift) == ["done"] * 4
    assert Proposal.objects.get().reason not in str(way_of(gift))
    shown = text(browser.get(reverse("donate_thanks", args=[gift.public_id])))
    assert "Sie gehört ganz dem Spendenzweck Kinderfonds." in shown
    assert "ist seitdem Geld verwendet worden" in shown


def test_it_says_who_bears_what_an_online_payment_costs(browser: Client, promised: Donation) -> None:
    said = "Was der Zahlungsdienst verlangt, trägt der Empfänger."
    gift = arrive(promised)
    page = reverse("donate_thanks", args=[gift.public_id])
    assert said not in text(browser.get(page))
    Donation.objects.filter(pk=gift.pk).update(method="card")
    assert said in text(browser.get(page))
    chosen = text(browser.get(details_address()))
    assert "Was ein Zahlungsdienst dafür verlangt, geht nicht davon ab: Das trägt der Empfänger." in chosen


def test_of_a_transfer_the_bank_tells_the_day_and_no_hour(browser: Client, promised: Donation) -> None:
    gift = arrive(promised)
    page = reverse("donate_thanks", args=[gift.public_id])
    assert "30. November 2026</span>" in as_read(text(browser.get(page)))
    Donation.objects.filter(pk=gift.pk).update(method="card")
    assert "30. November 2026, 12:00</span>" in as_read(text(browser.get(page)))


def used(fund: Fund) -> None:
    one, other = (make_user(Membership.Role.TREASURER, fund.provider) for _ in range(2))
    proposal = propose_payout(fund, Cents(500), "Ranzen", by=one, now=NOW + timedelta(days=1))
    assert release(proposal.pk, by=other, now=NOW + timedelta(days=2)) is True


@pytest.mark.parametrize(
    "bound", [{"acceptance": "awaiting"}, {"status": "disputed"}, {"status": "disputed", "method": "card"}]
)
def test_nothing_becomes_of_a_gift_that_is_not_free_yet(
    browser: Client, promised: Donation, fund: Fund, bound: dict[str, str]
) -> None:
    gift = arrive(promised)
    used(fund)
    Donation.objects.filter(pk=gift.pk).update(**bound)
    gift.refresh_from_db()
    assert states(gift) == ["done", "done", "done", "open"]
    shown = text(browser.get(reverse("donate_thanks", args=[gift.public_id])))
    assert "gehört ganz dem Spendenzweck" not in shown
    assert "ist seitdem Geld verwendet worden" not in shown


def test_a_gift_that_is_not_accepted_has_no_way(promised: Donation, fund: Fund) -> None:
    gift = arrive(promised)
    used(fund)
    gift.acceptance = "refused"
    assert way_of(gift) == []


def test_of_a_gift_that_went_back_in_part_the_rest_belongs_to_its_purpose(
    browser: Client, promised: Donation
) -> None:
    gift = arrive(promised)
    Donation.objects.filter(pk=gift.pk).update(status="partly_refunded", refunded_cents=1000)
    shown = text(browser.get(reverse("donate_thanks", args=[gift.public_id])))
    assert "Was davon geblieben ist, gehört ganz dem Spendenzweck Kinderfonds." in shown
    assert "Sie gehört ganz" not in shown


@pytest.mark.parametrize("status", ["lapsed", "refunded", "lost"])
def test_a_gift_that_came_to_nothing_has_no_way(promised: Donation, status: str) -> None:
    promised.status = status
    assert way_of(promised) == []


@pytest.mark.parametrize(
    ("dative", "said"),
    [("der Stadt Düren", "bei der Stadt Düren eingegangen"), ("", "bei dem Träger Stadt Düren eingegangen")],
)
def test_thanks_name_the_body_as_german_wants_it(promised: Donation, dative: str, said: str) -> None:
    promised.fund.provider.name_dative = dative
    promised.fund.provider.save()
    arrive(promised)
    assert said in Message.objects.get(template="gift_thanks").body_text


def test_purposes_are_short_cards_with_what_an_amount_becomes(browser: Client, fund: Fund) -> None:
    Fund.objects.filter(pk=fund.pk).update(unit_cents=2500, unit_label="ein Ranzen")
    shown = text(browser.get(reverse("donate")))
    assert "25 € = ein Ranzen" in shown
    assert fund.purpose not in shown
