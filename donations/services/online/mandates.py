"""A bank says that a debit was not allowed, or that its account is gone: the mandate holds no longer."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from django.db.models import F, Q

from donations.domain.failures import ends_the_mandate, ends_with_its_account
from donations.domain.identities import account_of
from donations.models import Dispute, Method, RecurringDonation
from donations.services.online.monthly import cancel_monthly
from foundation.clock import local_day

_RUNNING = (RecurringDonation.Status.ACTIVE, RecurringDonation.Status.PAST_DUE)


def to_end(now: datetime) -> Iterator[tuple[str, Callable[[], int]]]:
    """Yield, with its account at Stripe, the end of each Dauerspende that runs although the bank has said so.

    An account that is gone is not debited again: who gives has until the next collection to name another.
    The rows are the message: a Stripe that does not answer is asked again.
    """

    def end(row: RecurringDonation) -> int:
        cancel_monthly(row, now)
        return 1

    failed = Q(failure="not_allowed", status__in=_RUNNING)
    over = RecurringDonation.objects.filter(failed | Q(pk__in=_disputed()) | Q(pk__in=_without_account(now)))
    for row in over.select_related("donor__mailbox", "fund"):
        yield account_of(str(row.stripe_subscription_id)), partial(end, row)


def _without_account(now: datetime) -> set[int]:
    """Those that would be debited again from an account that is gone."""
    same = Q(method_set_at=None) | Q(method_set_at__lt=F("failed_at"))
    gone = RecurringDonation.objects.filter(same, failure="closed", method=Method.SEPA, status__in=_RUNNING)
    return {each.pk for each in gone if ends_with_its_account(each.failure, each.next_on, local_day(now))}


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
