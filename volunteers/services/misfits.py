"""Questions that stopped fitting their person when the task changed, as the matcher's own gates say."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import numpy as np
from django.db import transaction

from programs.selectors.visibility import public_opportunities
from volunteers.matching import Pairs, Refusal, obstacles
from volunteers.models import Offer
from volunteers.selectors.match_inputs import match_inputs
from volunteers.services.answers import withdraw_and_tell
from volunteers.services.persons import lock_asked
from volunteers.wording.obstacles import WAITING, Missing, missing
from volunteers.wording.withdrawals import does_not_fit


@transaction.atomic
def withdraw_misfits(opportunity_ids: Collection[int], *, now: datetime) -> int:
    """Take back the open questions for these tasks that do not fit any more, and say why; return how many.

    What only time changes, what the person does beside it, and what somebody asked in spite of, is no reason.
    """
    public = public_opportunities().filter(pk__in=opportunity_ids)
    asked = Offer.objects.filter(opportunity__in=public, status=Offer.Status.SENT)
    lock_asked(asked)
    rows = list(asked.select_related("pledge").order_by("pledge__volunteer_id", "opportunity_id"))
    found = _missing(rows, now)
    return sum(
        withdraw_and_tell(
            offer, reason="does not fit any more", because=does_not_fit(found[offer.pk]), now=now
        )
        for offer in rows
        if found[offer.pk]
    )


def _missing(offers: list[Offer], now: datetime) -> dict[int, list[Missing]]:
    if not offers:
        return {}
    inputs = match_inputs(now, only={offer.pledge_id for offer in offers})
    alone = replace(inputs.problem, confirmed=Pairs(), forbidden=Pairs())
    pairs = Pairs(
        volunteer=np.searchsorted(inputs.pledges, [offer.pledge_id for offer in offers]),
        opportunity=np.searchsorted(inputs.roles, [offer.role_id for offer in offers]),
    )
    return {
        offer.pk: [
            missing(each.refusal, each.values)
            for each in found
            if (each.refusal not in WAITING or each.refusal == Refusal.CLEARANCE)
            and each.refusal not in offer.in_spite_of
        ]
        for offer, found in zip(offers, obstacles(alone, pairs), strict=True)
    }
