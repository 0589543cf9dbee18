"""Money that was under way and did not come, was taken back by the payer's bank, or did not get back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from donations.models import Dispute, Donation, Proposal, RecurringDonation, Refund
from foundation.undoing import UNDO_WITHIN
from foundation.units import Cents

# Who hears of it on a Friday evening finds it on Monday still; nobody has to do anything, the giver knows.
TOLD_FOR = timedelta(days=3)
IS_FAILING = Q(status="past_due") | (Q(status="active") & ~Q(failed_invoice_id=""))
_COLUMNS = ("was_here", "key", "purpose", "cents", "at", "why")


@dataclass(frozen=True)
class Failed:
    """A debit that failed (`key` of its gift), or whose money went back (of its dispute): for what purpose,
    how much, since when and why."""

    was_here: bool
    key: int
    purpose: str
    cents: Cents
    at: datetime
    why: str


def failed_lately(gifts: QuerySet[Donation], now: datetime) -> list[Failed]:
    """Return what failed or was lost in the last days, the first first; one read.

    A failed collection of a Dauerspende that still runs stands with the Dauerspende.
    """
    since = now - TOLD_FOR
    lapsed = gifts.filter(status=Donation.Status.LAPSED, failed_at__gt=since)
    failed = lapsed.exclude(recurring__in=RecurringDonation.objects.filter(IS_FAILING)).annotate(
        was_here=Value(False),
        key=F("pk"),
        purpose=F("fund__name"),
        cents=F("amount_cents"),
        at=F("failed_at"),
        why=F("failure"),
    )
    lost = Dispute.objects.filter(donation__in=gifts, outcome=Dispute.Outcome.LOST).annotate(
        was_here=Value(True),
        key=F("pk"),
        purpose=F("donation__fund__name"),
        cents=F("lost_cents") - F("reversed_cents"),
        at=Coalesce("told_at", "closed_at", "opened_at"),
        why=F("reason"),
    )
    lost = lost.filter(at__gt=since)
    rows = failed.order_by().values_list(*_COLUMNS).union(lost.values_list(*_COLUMNS), all=True)
    return sorted((Failed(*row) for row in rows), key=lambda each: (each.at, each.key))


def failing(rows: QuerySet[RecurringDonation]) -> QuerySet[RecurringDonation]:
    """Return the Dauerspenden whose newest collection did not come and is still open, the first first."""
    since = Coalesce("failed_at", "status_changed_at")
    return rows.filter(IS_FAILING).select_related("fund").order_by(since, "pk")


def undelivered(gifts: QuerySet[Donation]) -> QuerySet[Refund]:
    """Return the refunds that failed, or that Stripe refused, and about which nothing was done since then.

    With `since`, the first first. Done is: refunded anew, proposed anew, or written down that the gift stays.
    What is not accepted stands with its acceptance, as long as it is here.
    """
    return _undelivered(gifts).filter(settled_at=None)


def just_kept(gifts: QuerySet[Donation], now: datetime) -> QuerySet[Refund]:
    """Return those that would wait, had nobody just written down that the gift stays."""
    return _undelivered(gifts).filter(settled_at__gt=now - UNDO_WITHIN)


def _undelivered(gifts: QuerySet[Donation]) -> QuerySet[Refund]:
    refused = Q(status=Refund.Status.CANCELLED, proposal__status=Proposal.Status.RELEASED)
    rows = Refund.objects.filter(
        Q(status=Refund.Status.FAILED) | refused,
        donation__in=gifts,
        donation__status__in=[Donation.Status.RECEIVED, Donation.Status.PARTLY_REFUNDED],
    ).annotate(since=Coalesce("failed_at", "status_changed_at"))
    later = Refund.objects.filter(
        donation=OuterRef("donation"), pk__gt=OuterRef("pk"), refunded_at__gte=OuterRef("since")
    ).exclude(proposal__status=Proposal.Status.RECALLED)
    proposed = Proposal.objects.filter(
        donation=OuterRef("donation"), kind="refund", status=Proposal.Status.PROPOSED
    )
    open_ones = rows.exclude(donation__acceptance=Donation.Acceptance.REFUSED).filter(
        ~Exists(later), ~Exists(proposed)
    )
    return open_ones.select_related("donation__fund").order_by("since", "pk")
