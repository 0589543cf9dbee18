"""Whose hand booked a line of the bank, when, and what a gift takes over from the one before it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import models
from django.forms.models import model_to_dict

from accounts.models import User
from donations.domain.references import reference_for
from donations.models import BankTransaction, Donation, Proposal, ReceiptAddress, TransferReference
from donations.services.bank.transfers import Credit, assign_transfer, record_bank_transfer
from donations.services.bank.unpromised import Giver, gift_from_line
from donations.services.treasury.proposals import decline, propose_cover, propose_payout, recall, release
from foundation.models import Event
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation
from tests.factories import make_user

TYPED_AT, DECIDED_AT, LATER = (datetime(2026, 3, 10, hour, 0, tzinfo=UTC) for hour in (9, 10, 11))
DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
CODE = reference_for("ABCDEFGH23")


@pytest.fixture
def hands(fund: Fund) -> tuple[User, User]:
    one, other = (make_user(Membership.Role.TREASURER, fund.provider) for _ in range(2))
    return one, other


def typed(fund: Fund, cents: int, said: str, by: User | None = None) -> BankTransaction:
    credit = Credit(DAY, Cents(cents), "Ada Beispiel", said)
    return record_bank_transfer(fund.provider, credit, recorded_by=by, now=TYPED_AT)[0]


def columns(row: models.Model, *names: str) -> tuple[Any, ...]:
    return type(row)._base_manager.values_list(*names).get(pk=row.pk)


def history(row: models.Model) -> list[tuple[Any, ...]]:
    events = Event.objects.filter(model=row._meta.model_name, object_id=row.pk).order_by("pk")
    return [(each.from_status, each.to_status, each.actor_user, each.actor_role, each.at) for each in events]


def test_a_line_is_typed_by_one_and_given_by_another(fund: Fund, hands: tuple[User, User]) -> None:
    one, other = hands
    line, gift = typed(fund, 2500, "ohne Code", one), make_donation(fund, method="transfer")
    about = ("recorded_by", "recorded_at", "booked_at", "booked_on", "counterparty_name", "remittance")
    assert columns(line, *about) == (one.pk, TYPED_AT, TYPED_AT, DAY, "Ada Beispiel", "ohne Code")
    assert assign_transfer(line.pk, gift.pk, assigned_by=other, now=DECIDED_AT) == gift
    assert columns(line, *about)[:3] == (one.pk, TYPED_AT, TYPED_AT)
    (part,) = gift.allocations.all()
    assert (part.cents, part.allocated_at, part.undone_at) == (2500, DECIDED_AT, None)
    assert history(gift) == [("pledged", "received", other.pk, "treasurer", DECIDED_AT)]
    assert columns(gift, "status_changed_at", "received_at", "amount_cents") == (DECIDED_AT, NOON, 2500)


@pytest.mark.parametrize("name", ["Ada Beispiel", ""])
def test_a_gift_that_nobody_promised_is_made_whole(fund: Fund, hands: tuple[User, User], name: str) -> None:
    _one, other = hands
    line = typed(fund, 2500, "einfach so")
    gift = gift_from_line(line.pk, fund, Cents(2500), Giver(name), by=other, now=DECIDED_AT)
    said = (
        "donor_name",
        "method",
        "pledged_at",
        "purpose_text",
        "fallback_text",
        "text_version",
        "received_at",
    )
    texts = (fund.purpose, fund.fallback_purpose, fund.text_version)
    assert columns(gift, *said) == (name, "transfer", DECIDED_AT, *texts, NOON)
    assert columns(gift.donor, "mailbox", "created_at") == (None, DECIDED_AT)
    assert history(gift) == [("pledged", "received", other.pk, "treasurer", DECIDED_AT)]


def test_a_gift_given_again_takes_over_all_that_was_said(fund: Fund) -> None:
    first = make_donation(
        fund,
        method="transfer",
        donor_name="Ada",
        hide_name_public=False,
        wants_receipt=True,
        is_demo=True,
        purpose_text="Was damals galt.",
        fallback_text="Und sonst.",
        text_version=7,
    )
    ReceiptAddress.objects.create(donation=first, street="Weg 1", postcode="52349", town="Düren")
    TransferReference.objects.create(donation=first, reference=CODE)
    for number in range(2):
        typed(fund, 2500 + number, f"{CODE} {number}")
    again = Donation.objects.get(repeats=first)
    first.refresh_from_db()
    of_its_own = {"public_id", "repeats", "amount_cents", "pledged_at", "status_changed_at", "id"}
    kept, taken = (model_to_dict(each, exclude=of_its_own) for each in (first, again))
    assert taken == kept
    own = ("amount_cents", "pledged_at", "status_changed_at", "promised_cents")
    assert columns(again, *own) == (2501, TYPED_AT, TYPED_AT, None)
    assert columns(again.receipt_address, "street", "postcode", "town") == ("Weg 1", "52349", "Düren")


def test_who_proposed_and_who_decided_stays_on_the_proposal(fund: Fund, hands: tuple[User, User]) -> None:
    one, other = hands
    typed(fund, 2500, "x")
    gift_from_line(BankTransaction.objects.get().pk, fund, Cents(2500), Giver(), by=one, now=TYPED_AT)
    about = ("kind", "amount_cents", "reason", "status", "proposed_by", "proposed_at", "decided_by")
    paid = propose_payout(fund, Cents(2000), "Ranzen", by=one, now=TYPED_AT)
    cover = propose_cover(fund, Cents(300), "Lücke", by=other, now=TYPED_AT)
    assert columns(paid, *about) == ("payout", 2000, "Ranzen", "proposed", one.pk, TYPED_AT, None)
    assert columns(cover, *about) == ("cover", 300, "Lücke", "proposed", other.pk, TYPED_AT, None)
    assert release(paid.pk, by=other, now=DECIDED_AT) is True
    assert decline(cover.pk, by=one, now=DECIDED_AT) is True
    assert columns(paid, *about)[3:] == ("released", one.pk, TYPED_AT, other.pk)
    assert columns(cover, *about)[3:] == ("declined", other.pk, TYPED_AT, one.pk)
    assert recall(paid.pk, by=one, now=LATER) is True
    assert columns(paid, *about, "status_changed_at")[3:] == ("recalled", one.pk, TYPED_AT, other.pk, LATER)
    assert history(paid) == [
        ("proposed", "released", other.pk, "treasurer", DECIDED_AT),
        ("released", "recalled", one.pk, "treasurer", LATER),
    ]
    assert history(cover) == [("proposed", "declined", one.pk, "treasurer", DECIDED_AT)]
    assert [decline(each.pk, by=one, now=LATER) for each in (paid, cover)] == [False, False]
    assert Proposal.objects.count() == 2
