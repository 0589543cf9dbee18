"""Invented gifts by bank transfer, promised and received through the services."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from donations.models import Donation, TransferReference
from donations.models.donation import Method
from donations.selectors.funds import funds_that_take_gifts
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.gifts.pledging import Choice, pledge_gift
from foundation.clock import local_day
from foundation.units import Cents

_AMOUNTS_CENTS = tuple(map(Cents, (1000, 2500, 2500, 2500, 5000, 5000, 10000, 15000)))
_NOT_PAID_SHARE = 0.1


def give(seed: int, number: int, draw: Random, *, now: datetime) -> Donation:
    """Let somebody promise a transfer at `now`; nine of ten arrive two days later."""
    funds = list(funds_that_take_gifts().exclude(provider__iban="").order_by("pk"))
    weights = [4 if fund.is_general else 1 for fund in funds]
    fund = draw.choices(funds, weights)[0]
    choice = Choice(
        visit=UUID(int=draw.getrandbits(128), version=4),
        fund=fund,
        text_version=fund.text_version,
        amount_cents=draw.choice(_AMOUNTS_CENTS),
        method=Method.TRANSFER,
        email=f"spende-{seed}-{number}@demo.example",
        is_of_age=True,
        is_demo=True,
    )
    donation = pledge_gift(choice, client=None, now=now)
    if draw.random() >= _NOT_PAID_SHARE:
        arrive(donation, now + timedelta(days=2))
    return donation


def arrive(donation: Donation, moment: datetime, payer: str = "") -> None:
    """Let the money of a promised transfer come to the bank, from the giver if no other payer is named."""
    reference = TransferReference.objects.get(donation=donation).reference
    amount = Cents(donation.amount_cents)
    payer = payer or donation.donor_name or "Beispiel der Demo"
    credit = Credit(local_day(moment), amount, payer, f"Spende {reference}")
    record_bank_transfer(donation.fund.provider, credit, recorded_by=None, now=moment)
