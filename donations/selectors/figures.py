"""What this app tells the house of figures, in the order of `figures.services.sources.COLUMNS`.

The triggers of migration 0038 write the same. Whoever changes one of both changes the other.
"""

from typing import Any

from django.db.models import BigIntegerField, F, QuerySet, Value
from django.db.models.functions import Cast, TruncDate

from donations.domain.ledger import DECIDED_HERE
from donations.models import LedgerEntry
from foundation.clock import LOCAL_ZONE


def gifts() -> QuerySet[Any, tuple[Any, ...]]:
    """Cents booked for a purpose, what was taken back below zero, by the day of the booking.

    The books only grow, so that what was counted once stays counted.
    """
    given = LedgerEntry.objects.filter(account__kind="fund", transaction__donation__isnull=False)
    return (
        given.exclude(transaction__kind__in=DECIDED_HERE)
        .exclude(transaction__reverses__kind__in=DECIDED_HERE)
        .annotate(
            fact_day=TruncDate("transaction__recorded_at", tzinfo=LOCAL_ZONE),
            fact_minutes=Cast(Value(0), BigIntegerField()),
            fact_cents=-F("amount_cents"),
            fact_heads=Cast(Value(1), BigIntegerField()),
        )
        .values_list(
            "fact_day",
            "account__fund__district",
            "account__fund__field",
            "account__fund__provider",
            "account__fund",
            "transaction__donation__donor",
            "fact_minutes",
            "fact_cents",
            "fact_heads",
            "pk",
        )
    )
