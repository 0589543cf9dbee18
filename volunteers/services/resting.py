"""Who waits at a provider at which nobody may begin for now hears that it is not their doing."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from citizens.services.letters import Letter, write_all
from volunteers.models import Placement
from volunteers.wording.mails import PLACEMENT_RESTS

Status = Placement.Status


def tell_who_rests(opportunity_ids: Collection[int], now: datetime) -> None:
    """Write once to everybody who said yes there and has not begun.

    Called whenever tasks change, for those of providers that are not verified (any more).
    """
    waiting = Placement.objects.filter(
        Q(status=Status.AWAITING_CONFIRMATION) | Q(status=Status.AWAITING_CLEARANCE, from_on=None),
        opportunity__in=opportunity_ids,
        opportunity__provider__is_verified=False,
    )
    rows = waiting.select_related("volunteer__mailbox", "role", "opportunity__provider").order_by("pk")
    write_all([_letter(placement) for placement in rows], now=now)


def _letter(placement: Placement) -> Letter:
    moment = f"{placement.status_changed_at:%Y%m%d%H%M%S%f}"
    return Letter(
        placement.volunteer.mailbox,
        PLACEMENT_RESTS,
        f"placement.rests:{placement.pk}:{moment}",
        {
            "volunteer": placement.volunteer,
            "opportunity": placement.opportunity,
            "title": placement.title,
        },
    )
