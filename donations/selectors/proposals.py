"""Proposals as the treasurer's page lists them."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from donations.models import Method, Proposal, Refund, SentPart
from foundation.undoing import UNDO_WITHIN

_SHOWN = 20
_PARTS = ("parts__order__fund", "parts__order__provider", "parts__order__donation__donor__mailbox")


def waiting(proposals: QuerySet[Proposal]) -> list[Proposal]:
    """Return what nobody has decided yet, oldest first."""
    return list(undecided(proposals))


def undecided(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Return the same to be read in pages."""
    rows = proposals.filter(status=Proposal.Status.PROPOSED)
    return _with_names(rows).prefetch_related(*_PARTS).order_by("proposed_at", "pk")


def just_decided(by: User, now: datetime) -> list[Proposal]:
    """Return what `by` can still take back: just proposed, declined, or released and not on its way."""
    decided_by = Q(decided_by=by, status__in=[Proposal.Status.DECLINED, Proposal.Status.RELEASED])
    own = Q(proposed_by=by, status=Proposal.Status.PROPOSED)
    rows = _with_names(Proposal.objects.filter(decided_by | own, status_changed_at__gt=now - UNDO_WITHIN))
    rows = rows.prefetch_related("sent_parts", *_PARTS)
    return [each for each in rows if each.status != Proposal.Status.RELEASED or each.is_recallable]


def to_transfer(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Return what was released and a human has still to transfer, oldest first."""
    left_beside = SentPart.objects.filter(order=OuterRef("pk"), key__isnull=False)
    payouts = Q(kind="payout", bank_transactions=None) & ~Exists(left_beside)
    ordered = Refund.objects.filter(
        proposal=OuterRef("pk"), status=Refund.Status.PENDING, donation__method=Method.TRANSFER
    )
    rows = proposals.filter(payouts | Exists(ordered), status=Proposal.Status.RELEASED)
    return _with_names(rows).prefetch_related("sent_parts").order_by("status_changed_at", "pk")


def decided(proposals: QuerySet[Proposal]) -> list[Proposal]:
    """Return what was decided last and waits for nobody, newest first."""
    rows = proposals.exclude(status=Proposal.Status.PROPOSED).exclude(pk__in=to_transfer(proposals))
    named = _with_names(rows).prefetch_related("sent_parts", *_PARTS)
    return list(named.order_by("-status_changed_at", "-pk")[:_SHOWN])


def _with_names(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    named = rows.select_related(
        "provider",
        "fund",
        "to_fund",
        "proposed_by",
        "decided_by",
        "line__fee",
        "order__fund",
        "order__provider",
        "order__donation__donor__mailbox",
        "donation__donor__mailbox",
        "target__donor__mailbox",
    )
    return named.prefetch_related(
        "bank_transactions",
        "refunds__donation",
    )
