"""A large gift to the city is accepted by whoever its rules name."""

from datetime import datetime

from django.db import transaction

from donations.domain.states import DONATION_MOVES
from donations.models import Donation
from donations.services.gifts import mails, reception
from foundation.actors import Actor
from foundation.transitions import move


def accept_gift(donation_id: int, *, actor: Actor, now: datetime) -> bool:
    """Record that the city accepts the gift; False if it does not wait for that (any more)."""
    with transaction.atomic():
        donation = reception.locked(donation_id)
        if donation.status != Donation.Status.SUBJECT_TO_ACCEPTANCE:
            return False
        move(donation, DONATION_MOVES, Donation.Status.RECEIVED, actor=actor, now=now, accepted_at=now)
        mails.tell_accepted(donation, now)
    return True
