"""A gift is given back, in part or in full, because two people of its recipient say so."""

from datetime import datetime

from donations.models import Donation, Payment, Proposal, Refund
from donations.selectors.purposes import refundable_cents
from donations.services.books.payouts import MoreThanAvailable
from donations.services.gifts import reception
from donations.services.online.ordered_refunds import ORDERED, SEND_REFUNDS
from foundation.actors import Actor
from foundation.sweeps import nudge
from foundation.units import Cents


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
