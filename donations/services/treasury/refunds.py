"""A gift is given back, in part or in full, because two people of its recipient say so."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from donations.models import Donation, Payment, Proposal, Refund
from donations.selectors.failures import just_kept, undelivered
from donations.selectors.purposes import refundable_cents
from donations.services.books.payouts import MoreThanAvailable
from donations.services.gifts import reception
from donations.services.online.ordered_refunds import ORDERED, SEND_REFUNDS
from foundation.actors import Actor
from foundation.history import note_act
from foundation.rows import change
from foundation.sweeps import nudge
from foundation.units import Cents
from programs.access import Role, actor_of


def give_back(proposal: Proposal, _actor: Actor, now: datetime) -> None:
    """Order the refund that was proposed.

    The gift is locked: of two orders at once the second sees the first. Raises MoreThanAvailable.
    """
    assert proposal.donation_id is not None
    gift = reception.locked(proposal.donation_id)
    left = refundable_cents(gift)
    if proposal.amount_cents is None or proposal.amount_cents > left:
        raise MoreThanAvailable(left)
    order(proposal, gift, Cents(proposal.amount_cents), now)


def keep(gift: Donation, *, by: User, now: datetime) -> int:
    """Write down that a gift stays whose refund did not arrive; returns of how many refunds that was said.

    Nothing is booked: the money is here already. One person may; giving it back later takes two again.
    """
    with transaction.atomic():
        reception.locked(gift.pk)
        rows = list(undelivered(Donation.objects.filter(pk=gift.pk)))
        for refund in rows:
            change(refund, settled_at=now)
            note_act(refund, "settled_at", "kept", actor=actor_of(by, Role.TREASURER), now=now)
    return len(rows)


def take_back_keep(gift: Donation, *, by: User, now: datetime) -> int:
    """Let refunds wait again of which it was just said that their gift stays; returns how many.

    Not where the gift has been refunded or proposed anew since then: then they would not wait.
    """
    with transaction.atomic():
        reception.locked(gift.pk)
        rows = list(just_kept(Donation.objects.filter(pk=gift.pk), now))
        for refund in rows:
            change(refund, settled_at=None)
            note_act(refund, "settled_at", "open again", actor=actor_of(by, Role.TREASURER), now=now)
    return len(rows)


def order(proposal: Proposal, gift: Donation, cents: Cents, now: datetime) -> None:
    """Order a refund of a locked gift: a worker asks Stripe; the bank's own comes with the next statement."""
    Refund.objects.create(
        donation=gift,
        external_id=f"{ORDERED}{proposal.pk}",
        amount_cents=cents,
        status=Refund.Status.PENDING,
        status_changed_at=now,
        refunded_at=now,
        proposal=proposal,
    )
    if not Payment.objects.filter(donation=gift, external_id__startswith="bank:").exists():
        nudge(SEND_REFUNDS)
