"""Engagementangebote as those see them who run them."""

from django.db.models import Q, QuerySet

from programs.models import Opportunity, Provider


def own_opportunities(
    providers: QuerySet[Provider], *, status: str = "", words: str = ""
) -> QuerySet[Opportunity]:
    """Return those of `providers`, the latest moved first; ended ones only if `status` asks for them."""
    found = Opportunity.objects.filter(provider__in=providers)
    found = found.filter(status=status) if status else found.exclude(status=Opportunity.Status.CLOSED)
    for word in words.split()[:8]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(site__icontains=word)
            | Q(provider__name__icontains=word)
            | Q(district__name__icontains=word)
        )
    return (
        found.select_related("provider", "district")
        .prefetch_related("slots")
        .order_by("-status_changed_at", "-id")
    )
