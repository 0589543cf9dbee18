"""A bank says that a debit was not allowed: the mandate is taken back, and nothing is collected any more."""

from datetime import datetime

from django.db.models import Q

from donations.domain.failures import ends_the_mandate
from donations.models import Dispute, Method, RecurringDonation
from donations.services.online.monthly import cancel_monthly

_RUNNING = (RecurringDonation.Status.ACTIVE, RecurringDonation.Status.PAST_DUE)


def end_those_taken_back(now: datetime) -> int:
    """End each Dauerspende that runs although its payer's bank has said so; returns how many.

    The rows are the message: a Stripe that does not answer is asked again. Raises PaymentServiceError.
    """
    taken_back = Q(failure="not_allowed") | Q(pk__in=_disputed())
    running = RecurringDonation.objects.filter(taken_back, status__in=_RUNNING)
    rows = list(running.select_related("donor__mailbox", "fund"))
    for row in rows:
        cancel_monthly(row, now)
    return len(rows)


def _disputed() -> set[int]:
    """Those of which a debit came back as not allowed, unless another mandate was given since then."""
    claims = Dispute.objects.filter(
        donation__recurring__status__in=_RUNNING, donation__method=Method.SEPA
    ).select_related("donation__recurring")
    return {
        each.donation.recurring.pk
        for each in claims
        if each.donation.recurring is not None
        and ends_the_mandate(each.reason)
        and not _is_another(each.donation.recurring.method_set_at, each.opened_at)
    }


def _is_another(set_at: datetime | None, opened_at: datetime) -> bool:
    return set_at is not None and set_at >= opened_at
