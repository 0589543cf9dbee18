"""Engagementangebote as those see them who run them."""

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from programs.models import Opportunity, Provider, Role


def own_opportunities(providers: QuerySet[Provider]) -> QuerySet[Opportunity]:
    """Return those of `providers`, the latest moved first; `all_taken`, `all_places`: of their roles."""
    own = Opportunity.objects.filter(provider__in=providers)
    own = own.annotate(all_taken=_sum_of("places_taken"), all_places=_sum_of("places"))
    return (
        own.select_related("provider", "district")
        .prefetch_related("series", "roles")
        .order_by("-status_changed_at", "-id")
    )


def _sum_of(column: str) -> Subquery:
    roles = Role.objects.filter(opportunity=OuterRef("pk")).order_by().values("opportunity")
    return Subquery(roles.annotate(sum=Sum(column)).values("sum"))
