"""Proposals as the treasurer's page lists them."""

from django.db.models import QuerySet

from donations.models import Proposal

_SHOWN = 20


def waiting(proposals: QuerySet[Proposal]) -> list[Proposal]:
    """Return what nobody has decided yet, oldest first."""
    rows = proposals.filter(status=Proposal.Status.PROPOSED)
    return list(_with_names(rows).order_by("proposed_at", "pk"))


def decided(proposals: QuerySet[Proposal]) -> list[Proposal]:
    """Return what was decided last, newest first."""
    rows = proposals.exclude(status=Proposal.Status.PROPOSED)
    return list(_with_names(rows).order_by("-status_changed_at", "-pk")[:_SHOWN])


def _with_names(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    named = rows.select_related(
        "provider",
        "fund",
        "to_fund",
        "proposed_by",
        "decided_by",
        "line",
        "donation__donor__mailbox",
        "target__donor__mailbox",
    )
    return named.prefetch_related("bank_transactions", "refunds__donation")
