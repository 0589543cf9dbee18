"""Money that nobody had promised becomes a gift, with a giver who is known or without."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from donations.models import BankTransaction, Donation, Donor, Method
from donations.services.bank.allocations import allocate
from donations.services.bank.lines import in_turn
from donations.services.bank.transfers import AlreadyAssigned, ForeignGift
from donations.services.gifts.pledging import donor_for
from foundation.money import some_cents
from foundation.units import Cents
from programs.access import Role, actor_of
from programs.models import Fund, Provider


@dataclass(frozen=True)
class Giver:
    """Who gave, as far as the bank's line tells; both empty for somebody who cannot be known."""

    name: str = ""
    email: str = ""


def gift_from_line(
    line_id: int, fund: Fund, cents: Cents, giver: Giver, *, by: User, now: datetime
) -> Donation:
    """Make a gift of what is open of a line, and book it.

    Raises AlreadyAssigned, ForeignGift, MoreThanOpen, NotCents or NotAnAmount, changing nothing.
    """
    some_cents(cents)
    with transaction.atomic():
        line = BankTransaction.objects.get(pk=line_id)
        in_turn(line.provider_id)
        lines = BankTransaction.objects.select_for_update(of=("self",)).select_related("provider")
        line = lines.get(pk=line_id)
        if not line.open_cents:
            raise AlreadyAssigned
        if fund.provider_id != line.provider_id:
            raise ForeignGift
        donation = Donation.objects.create(
            donor=_donor(giver, line.provider, now),
            donor_name=giver.name,
            fund=fund,
            amount_cents=cents,
            method=Method.TRANSFER,
            purpose_text=fund.purpose,
            fallback_text=fund.fallback_purpose,
            text_version=fund.text_version,
            status_changed_at=now,
            pledged_at=now,
        )
        return allocate(line, donation.pk, cents, actor_of(by, Role.TREASURER), now)


def _donor(giver: Giver, provider: Provider, now: datetime) -> Donor:
    """Without a mailbox nobody is thanked by mail.

    All who cannot be known are one giver, so that no published figure takes them for many people: so these
    gifts are made one after the other.
    """
    if giver.email:
        return donor_for(giver.email, now)
    if not giver.name:
        nameless = Donation.objects.filter(donor__mailbox=None, donor_name="", fund__provider=provider)
        known = nameless.order_by("pk").select_related("donor").first()
        if known is not None:
            return known.donor
    return Donor.objects.create(mailbox=None, created_at=now)
