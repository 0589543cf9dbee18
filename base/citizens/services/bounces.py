"""Addresses that cannot be reached: optional mails stop until their owner acts again."""

from datetime import datetime, timedelta

from citizens.models import Mailbox
from outbox.services.sending import refused_for_good

LOOK_BACK = timedelta(days=2)


def note_bounces(now: datetime) -> int:
    """Note every mailbox whose server refused a mail for good lately; return how many are new."""
    refused = refused_for_good(since=now - LOOK_BACK)
    noted = 0
    for email, moment in refused:
        reachable = Mailbox.objects.filter(email=email.lower(), bounced_at=None, erased_at=None)
        noted += reachable.exclude(confirmed_at__gt=moment).update(bounced_at=moment)
    return noted
