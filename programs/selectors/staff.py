"""Who works here, in which roles, and who is invited."""

from django.db.models import QuerySet

from programs.models import Invitation, Membership, Provider


def roles_at(providers: QuerySet[Provider]) -> QuerySet[Membership]:
    """Return every role at these providers, by name of the person."""
    rows = Membership.objects.filter(provider__in=providers).select_related("user", "provider")
    return rows.order_by("user__name", "user__email", "provider__name", "role", "pk")


def open_invitations(providers: QuerySet[Provider]) -> QuerySet[Invitation]:
    """Return the invitations to these providers that nobody has accepted or withdrawn, the latest first."""
    rows = Invitation.objects.filter(provider__in=providers, status="open")
    return rows.select_related("provider", "invited_by")
