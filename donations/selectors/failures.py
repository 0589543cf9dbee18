"""Money that was under way and did not come, or came and was taken back by the payer's bank."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from donations.models import Dispute, Donation, RecurringDonation

# Who hears of it on a Friday evening finds it on Monday still; nobody has to do anything, the giver knows.
TOLD_FOR = timedelta(days=3)
IS_FAILING = Q(status="past_due") | (Q(status="active") & ~Q(failed_invoice_id=""))


@dataclass(frozen=True)
class Failed:
    """A debit that failed, or one whose money went back (`dispute`): how much, since when, and why."""

    gift: Donation
    cents: int
    at: datetime
    failure: str
    dispute: Dispute | None = None


def failed_lately(gifts: QuerySet[Donation], now: datetime) -> list[Failed]:
    """Return what failed or was lost in the last days, the first first.

    A failed collection of a Dauerspende that still runs stands with the Dauerspende.
    """
    since = now - TOLD_FOR
    lapsed = gifts.filter(status=Donation.Status.LAPSED, failed_at__gt=since)
    failed = lapsed.exclude(recurring__in=RecurringDonation.objects.filter(IS_FAILING)).select_related("fund")
    heard_at = Coalesce("told_at", "closed_at", "opened_at")
    lost = Dispute.objects.annotate(heard_at=heard_at).filter(
        donation__in=gifts, outcome=Dispute.Outcome.LOST, heard_at__gt=since
    )
    found = [Failed(gift, gift.amount_cents, gift.failed_at or now, gift.failure) for gift in failed]
    found += [
        Failed(each.donation, each.lost_cents - each.reversed_cents, each.heard_at, each.reason, each)
        for each in lost.select_related("donation__fund")
    ]
    return sorted(found, key=lambda each: (each.at, each.gift.pk))


def failing(rows: QuerySet[RecurringDonation]) -> QuerySet[RecurringDonation]:
    """Return the Dauerspenden whose newest collection did not come and is still open, the first first."""
    since = Coalesce("failed_at", "status_changed_at")
    return rows.filter(IS_FAILING).select_related("fund").order_by(since, "pk")
