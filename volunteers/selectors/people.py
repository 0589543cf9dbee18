"""Finding the people behind a mailbox."""

from django.db.models import QuerySet

from citizens.models import Mailbox
from volunteers.models import Volunteer


def people_at(mailbox: Mailbox) -> QuerySet[Volunteer]:
    """Return the confirmed people of that mailbox, who came first first; most often one."""
    confirmed = Volunteer.objects.filter(mailbox=mailbox, confirmed_at__isnull=False, erased_at__isnull=True)
    return confirmed.order_by("confirmed_at", "pk")
