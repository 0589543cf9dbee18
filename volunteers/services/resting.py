"""Who is placed at a provider at which nobody may begin for now hears what becomes of that."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from citizens.services.letters import Letter, write_all
from outbox.domain.catalogue import Mail
from volunteers.models import Placement
from volunteers.wording.mails import PLACEMENT_GOES_ON, PLACEMENT_RESTS

Status = Placement.Status
NOT_BEGUN = Q(status=Status.AWAITING_CONFIRMATION) | Q(status=Status.AWAITING_CLEARANCE, from_on=None)


def tell_placed(opportunity_ids: Collection[int], now: datetime) -> None:
    """Write once to everybody placed there: it rests for who has not begun, and goes on for who is active.

    Called whenever tasks change, for those of providers that are not verified (any more). Who began and waits
    for a clearance has heard of that.
    """
    placed = Placement.objects.filter(
        opportunity__in=opportunity_ids, opportunity__provider__is_verified=False
    )
    rows = placed.select_related("volunteer__mailbox", "role", "opportunity__provider").order_by("pk")
    rests = [_letter(each, PLACEMENT_RESTS, "placement.rests") for each in rows.filter(NOT_BEGUN)]
    goes_on = [
        _letter(each, PLACEMENT_GOES_ON, "placement.goes_on") for each in rows.filter(status=Status.ACTIVE)
    ]
    write_all([*rests, *goes_on], now=now)


def _letter(placement: Placement, mail: Mail, key: str) -> Letter:
    moment = f"{placement.status_changed_at:%Y%m%d%H%M%S%f}"
    return Letter(
        placement.volunteer.mailbox,
        mail,
        f"{key}:{placement.pk}:{moment}",
        {
            "volunteer": placement.volunteer,
            "opportunity": placement.opportunity,
            "title": placement.title,
        },
    )
