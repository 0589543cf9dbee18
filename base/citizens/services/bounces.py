"""Addresses that cannot be reached: optional mails stop until their owner acts again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from citizens.models import Mailbox
from outbox.services.sending import refused_for_good

LOOK_BACK = timedelta(days=2)


def note_bounces(now: datetime) -> int:
    """Note every mailbox whose server refused a mail for good lately; return how many are new."""
    refused = refused_for_good(since=now - LOOK_BACK)
    return sum(_note(email, moment) for email, moment in refused)


def note_unreachable(addresses: Iterable[str], now: datetime) -> int:
    """Note which addresses a mail server could not reach, unknown ones aside; return how many are new."""
    return sum(_note(email, now) for email in addresses)


def _note(email: str, moment: datetime) -> int:
    reachable = Mailbox.objects.filter(email=email.lower(), bounced_at=None, erased_at=None)
    acted_since = Q(confirmed_at__gt=moment) | Q(reached_again_at__gt=moment)
    return reachable.exclude(acted_since).update(bounced_at=moment)
