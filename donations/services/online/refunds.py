"""When a gift is refunded, in part or in full, or the money on its way back does not arrive."""

from dataclasses import replace
from datetime import datetime

from donations.domain.facts import PaymentFacts, RefundFact
from donations.models import Donation, Refund
from donations.services.gifts import mails


def without_those_that_never_were(donation: Donation, facts: PaymentFacts) -> PaymentFacts:
    """Leave out what never left us.

    A refund that failed counts where money had left for it, by Stripe's word or in our own books.
    """
    known = set(donation.refunds.values_list("external_id", flat=True))
    refunds = tuple(each for each in facts.refunds if each.was_paid_out or each.external_id in known)
    return replace(facts, refunds=refunds)


def record(donation: Donation, fact: RefundFact, now: datetime) -> None:
    """Record a refund, or that it failed, and tell the giver of each once.

    Failed is final: an older reading, recorded late, does not make it succeed again.
    """
    refund, is_new = Refund.objects.get_or_create(
        external_id=fact.external_id,
        defaults={
            "donation": donation,
            "amount_cents": fact.amount_cents,
            "refunded_at": fact.happened_at,
        },
    )
    if fact.failed_at is None:
        if is_new:
            mails.tell_refunded(donation, refund, now)
    elif Refund.objects.filter(pk=refund.pk, failed_at=None).update(failed_at=fact.failed_at):
        mails.tell_refund_failed(donation, refund, now)
