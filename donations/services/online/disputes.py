"""When a payment is disputed: by the owner of a card, or by a bank that takes a direct debit back."""

from datetime import datetime

from donations.domain.facts import DisputeFact
from donations.models import Dispute, Donation, Method
from donations.services.gifts import mails


def record(donation: Donation, fact: DisputeFact, now: datetime) -> None:
    """Record a dispute and how it ended; a decided one stays decided."""
    dispute, _created = Dispute.objects.get_or_create(
        external_id=fact.external_id,
        defaults={
            "donation": donation,
            "amount_cents": fact.amount_cents,
            "opened_at": fact.opened_at,
        },
    )
    if fact.outcome == "open" or dispute.outcome != Dispute.Outcome.OPEN:
        return
    dispute.outcome = fact.outcome
    dispute.closed_at = fact.closed_at or fact.opened_at
    dispute.save(update_fields=["outcome", "closed_at"])
    if fact.outcome == "lost" and donation.method == Method.SEPA:
        mails.tell_returned(donation, now)
