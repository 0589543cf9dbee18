"""What nobody confirmed is deleted (RULES §4)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from foundation.batches import BATCH
from volunteers.domain.promises import CONFIRM_WITHIN
from volunteers.models import TimePledge, Volunteer


def delete_unconfirmed(now: datetime) -> int:
    """Delete pledges unconfirmed for CONFIRM_WITHIN since the latest link, and persons typed with them; in
    batches. Return how many pledges.

    Whoever confirms at this moment holds their row, and is left to it.
    """
    deleted = 0
    while some := _delete_some(now):
        deleted += some
    return deleted


@transaction.atomic
def _delete_some(now: datetime) -> int:
    unheld = TimePledge.objects.select_for_update(of=("self", "volunteer"), skip_locked=True)
    old = unheld.select_related("volunteer").filter(
        Q(link_renewed_at__isnull=True) | Q(link_renewed_at__lte=now - CONFIRM_WITHIN),
        status=TimePledge.Status.UNCONFIRMED,
        created_at__lte=now - CONFIRM_WITHIN,
    )
    typed = {pledge.pk: pledge.volunteer_id for pledge in old[:BATCH]}
    TimePledge.objects.filter(pk__in=typed).delete()
    Volunteer.objects.filter(pk__in=typed.values(), confirmed_at__isnull=True, pledges__isnull=True).delete()
    return len(typed)
