"""Cards of Dauerspenden that are about to expire: told once, in time, with the way to give another."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from django.db.models import F, Q

from donations.domain.deadlines import TELL_OF_CARD_BEFORE
from donations.domain.identities import account_of
from donations.models import Method, RecurringDonation
from donations.services.gifts import monthly_mails
from donations.services.online.recurring import read_subscription
from foundation.clock import local_day


def to_tell_of(now: datetime) -> Iterator[tuple[str, Callable[[], int]]]:
    """Yield, with its account at Stripe, the telling of each card that expires soon.

    Read anew before, because banks tell Stripe of the card that follows.
    """
    told = Q(card_told_for__isnull=False, card_told_for__gte=F("card_expires_on"))
    running = RecurringDonation.objects.filter(
        status__in=["active", "past_due"],
        method=Method.CARD,
        card_expires_on__lte=local_day(now + TELL_OF_CARD_BEFORE),
    )
    for row in running.exclude(told).order_by("pk"):
        yield account_of(str(row.stripe_subscription_id)), partial(_tell, row, now)


def _tell(row: RecurringDonation, now: datetime) -> bool:
    read_subscription(str(row.stripe_subscription_id), now)
    fresh = RecurringDonation.objects.select_related("donor__mailbox", "fund").get(pk=row.pk)
    if not fresh.is_running or fresh.card_expires_on != row.card_expires_on:
        return False
    RecurringDonation.objects.filter(pk=row.pk).update(card_told_for=row.card_expires_on)
    monthly_mails.tell_card_expires(fresh, now)
    return True
