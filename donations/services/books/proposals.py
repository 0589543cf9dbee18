"""Two people about money: one proposes, another releases, and only then anything is booked."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from accounts.models import User
from donations.domain.proposals import PROPOSAL_MOVES
from donations.domain.references import reference_of
from donations.models import Proposal
from donations.services.books import payouts
from foundation.transitions import move
from foundation.units import Cents
from programs.access import Role, actor_of
from programs.models import Fund

_EFFECTS: Mapping[str, Callable[[Proposal, datetime], None]] = {
    "payout": payouts.pay_out,
    "cover": payouts.cover,
}


class SamePerson(Exception):
    """Who proposed it does not release it."""


def propose_payout(fund: Fund, cents: Cents, reason: str, *, by: User, now: datetime) -> Proposal:
    """Propose that money leaves the purpose for what it was given for; books nothing."""
    reference = reference_of(uuid4(), 0)
    return _propose("payout", fund, cents, reason, by=by, now=now, reference=reference)


def propose_cover(fund: Fund, cents: Cents, reason: str, *, by: User, now: datetime) -> Proposal:
    """Propose that the purpose fills what was paid out of it too much; books nothing."""
    return _propose("cover", fund, cents, reason, by=by, now=now)


def _propose(
    kind: str, fund: Fund, cents: Cents, reason: str, *, by: User, now: datetime, reference: str | None = None
) -> Proposal:
    return Proposal.objects.create(
        kind=kind,
        provider_id=fund.provider_id,
        fund=fund,
        amount_cents=cents,
        reason=reason,
        reference=reference,
        status_changed_at=now,
        proposed_by=by,
        proposed_at=now,
    )


def release(proposal_id: int, *, by: User, now: datetime) -> bool:
    """Release a proposal and do what it says; False if somebody has decided it already.

    Raises SamePerson or MoreThanAvailable, changing nothing.
    """
    with transaction.atomic():
        proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal_id)
        if proposal.status != Proposal.Status.PROPOSED:
            return False
        if proposal.proposed_by_id == by.pk:
            raise SamePerson
        _EFFECTS[proposal.kind](proposal, now)
        return _decide(proposal, Proposal.Status.RELEASED, by, now)


def decline(proposal_id: int, *, by: User, now: datetime) -> bool:
    """Decline a proposal, or take one's own back; False if somebody has decided it already."""
    return _decide(Proposal.objects.get(pk=proposal_id), Proposal.Status.DECLINED, by, now)


def _decide(proposal: Proposal, status: str, by: User, now: datetime) -> bool:
    if proposal.status != Proposal.Status.PROPOSED:
        return False
    actor = actor_of(by, Role.TREASURER)
    return move(proposal, PROPOSAL_MOVES, status, actor=actor, now=now, decided_by=by)
