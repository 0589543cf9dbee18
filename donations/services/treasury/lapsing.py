"""A proposal about a line of the bank lapses when the line, or what it would pay, is something else."""

from datetime import datetime

from django.db import transaction

from donations.domain.proposals import PROPOSAL_MOVES
from donations.models import Proposal
from donations.services.bank import bank_fees, corrections, orders
from donations.services.bank.bank_fees import NotAFee
from donations.services.bank.corrections import NotCorrectable
from donations.services.bank.orders import NotTheOrder
from foundation.actors import system
from foundation.transitions import move
from foundation.units import Cents

BOOKS = system("donations.let_lapse")
_FOR_GOOD = {"changed", "no_credit", "came_back"}
"""Why a correction that could be proposed can never be released any more; all else may be so again."""


def let_lapse(now: datetime) -> int:
    """Let every proposal lapse that can no longer be released; returns how many. Nobody has to decline it."""
    waiting = Proposal.objects.filter(status=Proposal.Status.PROPOSED, line__isnull=False)
    return sum(_lapse(pk, now) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)))


def _lapse(proposal_id: int, now: datetime) -> bool:
    with transaction.atomic():
        rows = Proposal.objects.select_for_update(of=("self",)).filter(pk=proposal_id)
        proposal = rows.filter(status=Proposal.Status.PROPOSED).first()
        reason = _overtaken(proposal) if proposal else ""
        if proposal is None or not reason:
            return False
        return move(proposal, PROPOSAL_MOVES, Proposal.Status.LAPSED, actor=BOOKS, now=now, reason=reason)


def _overtaken(proposal: Proposal) -> str:
    """Why it can no longer be released, in one word; empty as long as it can, or may be able to again."""
    line = proposal.line
    assert line is not None
    try:
        if proposal.kind in {"bank_fee", "fee_cover"}:
            bank_fees.check(line)
        elif proposal.kind == "sent":
            orders.check(line, orders.orders_in(proposal))
        else:
            cents = Cents(proposal.amount_cents) if proposal.amount_cents else None
            corrections.check(line, cents, proposal.donation, proposal.target)
    except (NotAFee, NotTheOrder) as refusal:
        return refusal.reason
    except NotCorrectable as refusal:
        return refusal.reason if refusal.reason in _FOR_GOOD else ""
    return ""
