"""A body with money of every kind, made once for a module, and what treasurers are told there."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.models import User
from donations.domain.references import reference_for
from donations.models import AcceptanceRule, BankTransaction, CashCount, Donation, TransferReference
from donations.services.bank.transfers import Credit, assign_transfer, record_bank_transfer
from donations.services.cash.counts import Counted, confirm, write_down
from donations.services.treasury.proposals import propose_payout, release
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation, told_by_bank
from tests.factories import make_fund, make_provider, make_user
from tests.kept import kept

NOW, DAY = datetime(2026, 3, 9, 9, tzinfo=UTC), date(2026, 3, 2)
PLACE = "/koordination/spenden/"
CODE, FOREIGN_CODE = reference_for("23456789AB"), reference_for("CDEFGHJKLM")


@dataclass
class Scene:
    """A body with money of every kind, and another one of which its treasurers see nothing."""

    one: User
    other: User
    fund: Fund
    second: Fund
    foreign: Fund
    gift: Donation
    promise: Donation
    large: Donation
    credit: BankTransaction
    paid: BankTransaction
    debit: BankTransaction
    count: CashCount
    cash: CashCount


def make_scene() -> Scene:
    body, elsewhere = (
        make_provider("Haus", kind="city", iban="DE02120300000000202051"),
        make_provider("Anders"),
    )
    fund, second = make_fund("Ranzen", provider=body), make_fund("Mittag", provider=body)
    foreign = make_fund("Fremd", provider=elsewhere)
    one, other = (make_user(Membership.Role.TREASURER, body) for _ in range(2))
    AcceptanceRule.objects.create(provider=body, from_cents=100_000, valid_from=date(2020, 1, 1))

    def came(cents: int, name: str, said: str) -> BankTransaction:
        credit = Credit(DAY, Cents(cents), name, said)
        return record_bank_transfer(body, credit, recorded_by=None, now=NOW)[0]

    promise = make_donation(fund, amount_cents=4000, method="transfer", donor_name="Ada Lange")
    TransferReference.objects.create(donation=promise, reference=CODE)
    strange = make_donation(foreign, amount_cents=4000, method="transfer")
    TransferReference.objects.create(donation=strange, reference=FOREIGN_CODE)
    gift, large = (
        make_donation(fund, amount_cents=cents, method="transfer", donor_name=name)
        for cents, name in ((5000, "Ben Kurz"), (150_000, "Cem Groß"))
    )
    paid = came(5000, "Ben Kurz", "Spende")
    gift = assign_transfer(paid.pk, gift.pk, assigned_by=one, now=NOW)
    large = assign_transfer(came(150_000, "Cem Groß", "viel").pk, large.pk, assigned_by=one, now=NOW)
    payout = propose_payout(fund, Cents(1000), "Ranzen", by=one, now=NOW)
    assert release(payout.pk, by=other, now=NOW)
    boxes = [write_down(fund, Counted(box, DAY, Cents(755)), by=one, now=NOW) for box in ("Box", "Fest")]
    confirm(boxes[1].pk, Cents(755), by=other, now=NOW)
    return Scene(
        one=one,
        other=other,
        fund=fund,
        second=second,
        foreign=foreign,
        gift=gift,
        promise=promise,
        large=large,
        credit=came(2500, "Dora", "ohne Code"),
        paid=paid,
        debit=told_by_bank(body, Credit(DAY, Cents(-350), "Sparkasse", "Entgelt"), NOW),
        count=boxes[0],
        cash=boxes[1],
    )


@pytest.fixture(scope="module")
def scene_of_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with kept(make_scene, django_db_blocker) as scene:
        yield scene


@pytest.fixture
def scene(db: None, scene_of_module: Scene) -> Scene:
    return deepcopy(scene_of_module)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def told_by(answer: HttpResponse) -> str:
    """The one message that the next page shows."""
    assert answer.status_code == 303
    told = list(get_messages(answer.wsgi_request))  # type: ignore[attr-defined]
    return str(told[-1])
