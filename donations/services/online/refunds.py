"""When a gift is refunded, in part or in full, or the money on its way back does not arrive."""

from dataclasses import replace
from datetime import datetime

from donations.domain.facts import PaymentFacts, RefundFact
from donations.domain.states import REFUND_MOVES
from donations.models import Donation, Refund
from donations.services.gifts import mails
from foundation.actors import STRIPE
from foundation.transitions import move

Status = Refund.Status


def without_those_that_never_were(donation: Donation, facts: PaymentFacts, now: datetime) -> PaymentFacts:
    """Leave out what never left us; what was ordered here and never left is cancelled.

    A refund that failed counts where money had left for it, by Stripe's word or in our own books.
    """
    booked = donation.refunds.filter(status__in=[Status.SUCCEEDED, Status.FAILED])
    known = set(booked.values_list("external_id", flat=True))
    happened = []
    for fact in facts.refunds:
        if fact.was_paid_out or fact.external_id in known:
            happened.append(fact)
        else:
            _cancel(donation, fact, now)
    return replace(facts, refunds=tuple(happened))


def _cancel(donation: Donation, fact: RefundFact, now: datetime) -> None:
    ordered = _ordered(donation, fact)
    if ordered is not None:
        move(ordered, REFUND_MOVES, Status.CANCELLED, actor=STRIPE, now=now, external_id=fact.external_id)


def _ordered(donation: Donation, fact: RefundFact) -> Refund | None:
    """The pending refund that was ordered here, whether or not its id at Stripe was written down."""
    if not fact.order.isdecimal():
        return None
    return donation.refunds.filter(status=Status.PENDING, proposal_id=int(fact.order)).first()


def record(donation: Donation, fact: RefundFact, now: datetime) -> None:
    """Record a refund, or that it failed, and tell the giver of each once.

    Failed is final: an older reading, recorded late, does not make it succeed again.
    """
    refund = donation.refunds.filter(external_id=fact.external_id).first() or _ordered(donation, fact)
    is_new = refund is None or refund.status == Status.PENDING
    if refund is None:
        refund = Refund.objects.create(
            donation=donation,
            external_id=fact.external_id,
            amount_cents=fact.amount_cents,
            refunded_at=fact.happened_at,
            status_changed_at=now,
        )
    elif refund.status == Status.PENDING:
        move(
            refund,
            REFUND_MOVES,
            Status.SUCCEEDED,
            actor=STRIPE,
            now=now,
            external_id=fact.external_id,
            refunded_at=fact.happened_at,
        )
    if fact.failed_at is None:
        if is_new:
            mails.tell_refunded(donation, refund, now)
    elif refund.status == Status.SUCCEEDED and move(
        refund, REFUND_MOVES, Status.FAILED, actor=STRIPE, now=now, failed_at=fact.failed_at
    ):
        mails.tell_refund_failed(donation, refund, now)
