from datetime import datetime

from django.db.models import Q

from foundation.doors.opening import opened
from foundation.models import Event

BATCH = 5_000


def forget_before(moment: datetime, about: Q) -> int:
    """Delete every line that fits `about` and is older than `moment`, in batches; return how many."""
    deleted = 0
    while ids := list(Event.objects.filter(about, at__lt=moment).values_list("pk", flat=True)[:BATCH]):
        with opened("retention"):
            deleted += Event.objects.filter(pk__in=ids).delete()[0]
    return deleted
