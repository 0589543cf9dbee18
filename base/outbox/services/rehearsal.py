"""An act tried and taken back, to see what it would write to whom."""

from collections.abc import Callable, Collection
from typing import TypeVar

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Upper

from outbox.models import Message

Result = TypeVar("Result")


def rehearse(act: Callable[[], Result], addresses: Collection[str]) -> tuple[Result, list[Message]]:
    """Return what `act` returns and the messages it would queue to `addresses`, and leave nothing of it.

    What waits for the commit never happens. Mails to anybody else are not told: whoever looks may not know
    of them.
    """
    with transaction.atomic():
        last = Message.objects.aggregate(last=Max("pk"))["last"] or 0
        result = act()
        told = Message.objects.alias(address=Upper("to_email")).filter(
            address__in=[address.upper() for address in addresses], pk__gt=last
        )
        written: list[Message] = [*told.order_by("pk")]
        transaction.set_rollback(True)
    return result, written
