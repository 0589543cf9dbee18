"""The one place that says what citizens may see and be asked for."""

from django.db.models import Exists, OuterRef, QuerySet

from programs.models import Fund, Opportunity, Provider

Status = Opportunity.Status


def is_of_verified_provider() -> Exists:
    """Return a filter for rows whose provider the youth office has verified, and not withdrawn it.

    No join, so that it may stand in a conditional UPDATE and be judged anew when that had to wait.
    """
    return Exists(Provider.objects.filter(pk=OuterRef("provider"), is_verified=True))


def public_opportunities() -> QuerySet[Opportunity]:
    """Return the Engagementangebote that seek people in public, full or over ones included."""
    return Opportunity.objects.filter(is_of_verified_provider(), status=Status.PUBLISHED)


def shown_opportunities() -> QuerySet[Opportunity]:
    """Return those whose page may be read: public, or pausing."""
    return Opportunity.objects.filter(is_of_verified_provider(), status__in=[Status.PUBLISHED, Status.PAUSED])


def public_funds() -> QuerySet[Fund]:
    """Return the purposes for which gifts may be asked."""
    return Fund.objects.filter(is_of_verified_provider(), is_open=True)
