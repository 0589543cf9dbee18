"""A bank says that a debit was not allowed: the mandate is taken back, and nothing is collected any more."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from django.db.models import Q

from donations.domain.failures import ends_the_mandate
from donations.domain.identities import account_of
from donations.models import Dispute, Method, RecurringDonation
from donations.services.online.monthly import cancel_monthly

_RUNNING = (RecurringDonation.Status.ACTIVE, RecurringDonation.Status.PAST_DUE)


def to_end(now: datetime) -> Iterator[tuple[str, Callable[[], int]]]:
    """Yield, with its account at Stripe, the end of each Dauerspende that runs although the bank has said so.

    The rows are the message: a Stripe that does not answer is asked again.
    """

    def end(row: RecurringDonation) -> int:
        cancel_monthly(row, now)
        return 1

    failed = Q(failure="not_allowed", status__in=_RUNNING)
    taken_back = RecurringDonation.objects.filter(failed | Q(pk__in=_disputed()))
    for row in taken_back.select_related("donor__mailbox", "fund"):
        yield account_of(str(row.stripe_subscription_id)), partial(end, row)


def _disputed() -> set[int]:
    """Those that run though a debit came back as not allowed and no other mandate was given since then."""
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
