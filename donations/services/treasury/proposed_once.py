"""What is proposed about a gift, alone or with others: nothing about which somebody is asked already."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from donations.models import Donation, Proposal
from donations.selectors.purposes import refundable_cents
from donations.services.gifts import reception
from donations.services.treasury.proposals import is_asked_about_gift, propose_reallocation, propose_refund
from foundation.units import Cents
from programs.models import Fund


class NotAgain(Exception):
    """Why nothing is proposed about a gift: `reason` is proposed (somebody has) or nothing (it is gone)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def propose_refund_once(gift: Donation, cents: Cents, reason: str, *, by: User, now: datetime) -> Proposal:
    """Propose to give a gift back, in part or in full; books nothing. Raises NotAgain."""
    return propose_refund(_not_asked_about(gift), cents, reason, by=by, now=now)


@transaction.atomic
def propose_whole_refund(gift: Donation, reason: str, *, by: User, now: datetime) -> Proposal:
    """Propose to give all of a gift back that is still here; books nothing. Raises NotAgain."""
    gift = _not_asked_about(gift)
    cents = refundable_cents(gift) if gift.is_refundable else Cents(0)
    if not cents:
        raise NotAgain("nothing")
    return propose_refund(gift, cents, reason, by=by, now=now)


@transaction.atomic
def propose_reallocation_once(gift: Donation, to: Fund, reason: str, *, by: User, now: datetime) -> Proposal:
    """Propose that what is left of a gift goes to another purpose; books nothing.

    Raises NotAgain or NotMovable.
    """
    return propose_reallocation(_not_asked_about(gift), to, reason, by=by, now=now)


def _not_asked_about(gift: Donation) -> Donation:
    """Return the locked gift. Raises NotAgain if a proposal about it waits."""
    gift = reception.locked(gift.pk)
    if is_asked_about_gift(gift):
        raise NotAgain("proposed")
    return gift
