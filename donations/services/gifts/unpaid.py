"""Gifts that were promised and have not come: one friendly word, then they are let go, never dunned."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from donations.domain.deadlines import (
    LAPSE_TRANSFER_AFTER,
    LAPSE_WITHOUT_CHECKOUT_AFTER,
    REMIND_TRANSFER_AFTER,
)
from donations.domain.states import DONATION_MOVES, RECURRING_MOVES
from donations.models import Donation, Method, RecurringDonation, TransferReference
from donations.services.gifts import mails, reception
from foundation.actors import system
from foundation.limits import LimitReached
from foundation.transitions import move
from outbox.services.asked import take_reminder

SWEEP = system("donations.unpaid")


def remind_of_transfers(now: datetime) -> int:
    """Remind once of transfers promised REMIND_TRANSFER_AFTER ago; returns how many."""
    due = TransferReference.objects.filter(
        reminded_at=None,
        donation__status=Donation.Status.PLEDGED,
        donation__pledged_at__lte=now - REMIND_TRANSFER_AFTER,
        donation__pledged_at__gt=now - LAPSE_TRANSFER_AFTER,
    )
    return sum(_remind(pk, now) for pk in due.values_list("donation_id", flat=True))


def _remind(donation_id: int, now: datetime) -> bool:
    """Nobody has proved to own the address: a mailbox that has got enough is left alone until later."""
    try:
        return _remind_once(donation_id, now)
    except LimitReached:
        return False


def _remind_once(donation_id: int, now: datetime) -> bool:
    with transaction.atomic():
        donation = reception.locked(donation_id)
        if donation.status != Donation.Status.PLEDGED:
            return False
        is_first = TransferReference.objects.filter(donation=donation, reminded_at=None).update(
            reminded_at=now
        )
        if is_first:
            due_at = take_reminder(to_email=donation.donor.email, now=now)
            mails.remind_of_transfer(donation, now, due_at)
    return bool(is_first)


def let_lapse(now: datetime) -> int:
    """Let go what was not paid: transfers after LAPSE_TRANSFER_AFTER, payments whose page never opened."""
    transfer = Q(method=Method.TRANSFER, pledged_at__lte=now - LAPSE_TRANSFER_AFTER)
    pageless = ~Q(method=Method.TRANSFER) & Q(
        checkout_session_id=None, pledged_at__lte=now - LAPSE_WITHOUT_CHECKOUT_AFTER
    )
    due = Donation.objects.filter(transfer | pageless, status=Donation.Status.PLEDGED)
    return sum(_lapse(pk, now) for pk in due.values_list("pk", flat=True))


def _lapse(donation_id: int, now: datetime) -> bool:
    """A transfer that comes later still finds its gift."""
    with transaction.atomic():
        donation = reception.locked(donation_id)
        if donation.status != Donation.Status.PLEDGED:
            return False
        move(
            donation,
            DONATION_MOVES,
            Donation.Status.LAPSED,
            actor=SWEEP,
            now=now,
            reason="nicht bezahlt",
        )
        recurring = donation.recurring
        if recurring and recurring.status == RecurringDonation.Status.STARTING:
            move(
                recurring,
                RECURRING_MOVES,
                RecurringDonation.Status.CANCELLED,
                actor=SWEEP,
                now=now,
            )
    return True
