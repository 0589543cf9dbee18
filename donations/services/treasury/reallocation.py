"""A gift goes to another purpose of the same body, because its giver agrees and two people say so."""

from datetime import datetime

from donations.domain.ledger import reallocation
from donations.models import Dispute, Donation, Proposal, Refund
from donations.selectors.purposes import money_of
from donations.services.books import ledger
from donations.services.books.payouts import MoreThanAvailable
from donations.services.gifts import mails, reception
from foundation.actors import Actor
from foundation.history import note_act
from foundation.rows import change
from foundation.units import Cents
from programs.models import Fund


class NotMovable(Exception):
    """The gift cannot go to that purpose: `reason` is body, not_here, not_accepted or on_its_way."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def movable_cents(gift: Donation) -> Cents:
    """Return what is left of a gift, which goes as a whole or not at all."""
    return Cents(gift.amount_cents - gift.refunded_cents - gift.lost_cents)


def check(gift: Donation, to: Fund) -> None:
    """Raise NotMovable if the gift cannot go to `to` as things stand."""
    if to.provider_id != gift.fund.provider_id or to.pk == gift.fund_id:
        raise NotMovable("body")
    check_anywhere(gift)


def check_anywhere(gift: Donation) -> None:
    """Raise NotMovable if the gift can go to no other purpose as things stand."""
    if gift.status not in {Donation.Status.RECEIVED, Donation.Status.PARTLY_REFUNDED}:
        raise NotMovable("not_here")
    if not gift.is_accepted:
        raise NotMovable("not_accepted")
    is_leaving = gift.refunds.filter(status=Refund.Status.PENDING).exists()
    if is_leaving or gift.disputes.filter(outcome=Dispute.Outcome.OPEN).exists():
        raise NotMovable("on_its_way")


def move_purpose(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Book the gift on its new purpose, and tell the giver. Receipts follow by their own sweep.

    Raises NotMovable or MoreThanAvailable, changing nothing.
    """
    assert proposal.donation_id is not None
    gift = reception.locked(proposal.donation_id)
    ids = sorted({gift.fund_id, proposal.to_fund_id or gift.fund_id})
    rows = Fund.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    funds = {fund.pk: fund for fund in rows}
    to = funds[proposal.to_fund_id or gift.fund_id]
    check(gift, to)
    cents = movable_cents(gift)
    if gift.fund_id != proposal.fund_id or cents != proposal.amount_cents:
        raise NotMovable("not_here")
    (money,) = money_of(Fund.objects.filter(pk=gift.fund_id))
    if cents > money.available_cents:
        raise MoreThanAvailable(money.available_cents)
    ledger.move_to(to, reallocation(str(proposal.pk), cents, now), gift, now)
    _now_for(gift, to)
    note_act(gift, "fund", "reallocated", actor=actor, now=now)
    mails.tell_reallocated(gift, proposal.pk, money.fund.name, cents, now)


def _now_for(gift: Donation, to: Fund) -> None:
    """What the giver agreed to is from now on what the new purpose says."""
    change(
        gift,
        fund=to,
        purpose_text=to.purpose,
        fallback_text=to.fallback_purpose,
        text_version=to.text_version,
    )
