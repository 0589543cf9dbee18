"""What is left of gifts, for queries."""

from django.db.models import BigIntegerField, F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest


def left_cents() -> Combinable:
    """What is left of each gift; nothing of one of which more went back than came.

    A bank takes a debit back in full, also where a part of it was refunded before.
    """
    left = F("amount_cents") - F("refunded_cents") - F("lost_cents")
    return Greatest(left, Value(0), output_field=BigIntegerField())
