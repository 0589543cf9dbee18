"""Counted cash as treasurers see it."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from donations.models import BankTransaction, CashCount
from foundation.undoing import UNDO_WITHIN


def to_count_again(counts: QuerySet[CashCount]) -> QuerySet[CashCount]:
    """Return what waits for the second count, the oldest first."""
    return _named(counts.filter(status=CashCount.Status.PROPOSED)).order_by("proposed_at", "pk")


def just_confirmed(by: User, now: datetime) -> QuerySet[CashCount]:
    """Return what `by` has just counted again and nobody has paid in: it can be taken back."""
    lately = CashCount.objects.filter(decided_by=by, status_changed_at__gt=now - UNDO_WITHIN)
    return lately.filter(status=CashCount.Status.CONFIRMED, line=None).order_by("-status_changed_at", "-pk")


def still_here(counts: QuerySet[CashCount]) -> QuerySet[CashCount]:
    """Return what two people counted and nobody has paid in yet, the oldest first."""
    here = counts.filter(status=CashCount.Status.CONFIRMED, line=None)
    return _named(here).order_by("counted_on", "pk")


def over(counts: QuerySet[CashCount]) -> QuerySet[CashCount]:
    """Return what is at the bank, dropped or undone, the newest first."""
    done = counts.exclude(status=CashCount.Status.PROPOSED).exclude(
        status=CashCount.Status.CONFIRMED, line=None
    )
    return _named(done).order_by("-counted_on", "-pk")


def cash_for(line: BankTransaction) -> QuerySet[CashCount]:
    """Return the cash that an incoming line of the bank may be."""
    return still_here(CashCount.objects.filter(provider=line.provider_id))


def _named(counts: QuerySet[CashCount]) -> QuerySet[CashCount]:
    return counts.select_related("provider", "fund", "counted_by", "decided_by", "line")
