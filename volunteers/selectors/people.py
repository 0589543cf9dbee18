"""Finding the person behind an address."""

from django.db.models import QuerySet
from django.db.models.functions import Lower

from volunteers.models import Volunteer


def people_at(email: str) -> QuerySet[Volunteer]:
    """Return every row of that address, typed drafts included, whatever its case."""
    return Volunteer.objects.alias(mailbox=Lower("email")).filter(mailbox=email.strip().lower())


def confirmed_at(email: str) -> QuerySet[Volunteer]:
    """Return the one confirmed person of that address, or nothing."""
    return people_at(email).filter(confirmed_at__isnull=False)
