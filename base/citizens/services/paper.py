"""Letters instead of mails, with the address that stands on the envelope."""

from django.db.models import OuterRef, QuerySet, Subquery

from citizens.models import Mailbox
from outbox.models import Message
from outbox.services.paper import letters_to_print


def letters_waiting() -> QuerySet[Message]:
    """Return the letters to print, the oldest first; the first line of their `postal_address` is the name."""
    owner = Mailbox.objects.filter(email=OuterRef("to_email"))
    return letters_to_print().annotate(postal_address=Subquery(owner.values("postal_address")[:1]))
