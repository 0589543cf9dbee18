"""Engagementangebote as those see them who run them."""

from django.db.models import QuerySet

from programs.models import Opportunity, Provider


def own_opportunities(providers: QuerySet[Provider]) -> QuerySet[Opportunity]:
    """Return those of `providers`, the latest moved first."""
    own = Opportunity.objects.filter(provider__in=providers)
    return (
        own.select_related("provider", "district")
        .prefetch_related("series", "roles")
        .order_by("-status_changed_at", "-id")
    )
