"""A large gift is accepted, or not and given back, because two people say what was decided."""

from datetime import datetime

from donations.domain.acceptance import ACCEPTANCE_MOVES
from donations.models import Donation, Proposal
from donations.selectors.acceptance import awaiting_acceptance
from donations.selectors.purposes import refundable_cents
from donations.services.gifts import mails, reception
from donations.services.treasury import refunds
from foundation.actors import Actor
from foundation.history import note_transition
from foundation.rows import change
from foundation.transitions import IllegalMove


class NotAwaiting(Exception):
    """The gift does not wait for an acceptance (any more), or somebody has proposed one already."""


class ChangedMeanwhile(NotAwaiting):
    """What was decided was another gift: it is of another amount by now, or its money is disputed."""


def check(gift: Donation) -> None:
    """Raise NotAwaiting unless something can be proposed about the acceptance of the locked gift."""
    if not awaiting_acceptance(Donation.objects.filter(pk=gift.pk)).exists():
        raise NotAwaiting


def accept(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Write down that the city takes the gift, and tell the giver.

    Raises NotAwaiting or ChangedMeanwhile, changing nothing.
    """
    gift = _locked(proposal)
    _decide(gift, Donation.Acceptance.ACCEPTED, actor, now)
    mails.tell_accepted(gift, now)


def refuse(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Write down that the city does not take the gift, order all of it back, and tell the giver.

    Raises NotAwaiting or ChangedMeanwhile, changing nothing.
    """
    gift = _locked(proposal)
    _decide(gift, Donation.Acceptance.REFUSED, actor, now)
    cents = refundable_cents(gift)
    if cents:
        refunds.order(proposal, gift, cents, now)
    mails.tell_not_accepted(gift, cents, now)


def _locked(proposal: Proposal) -> Donation:
    assert proposal.donation_id is not None
    gift = reception.locked(proposal.donation_id)
    if not gift.awaits_acceptance:
        raise NotAwaiting
    if not gift.is_refundable or gift.amount_cents != proposal.amount_cents:
        raise ChangedMeanwhile
    return gift


def _decide(gift: Donation, to: Donation.Acceptance, actor: Actor, now: datetime) -> None:
    before = gift.acceptance
    if to not in ACCEPTANCE_MOVES[before]:
        raise IllegalMove(f"acceptance of a gift: {before} → {to}")
    change(gift, acceptance=to, acceptance_at=now, acceptance_by_id=actor.user_id)
    note_transition(gift, from_status=before, to_status=to, reason="", actor=actor, now=now)
