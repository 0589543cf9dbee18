"""Measles: the head of a site has seen somebody's protection; a yes is kept, nothing else (§ 20 IfSG)."""

from datetime import datetime

from django.db import transaction

from foundation.actors import Actor
from volunteers.domain.gate import Need
from volunteers.models import MeaslesProof, Placement
from volunteers.selectors.gate import gate_of, site_key
from volunteers.services.persons import lock_person
from volunteers.services.placements import pass_the_gate


@transaction.atomic
def note_measles_proof(placement: Placement, *, actor: Actor, now: datetime) -> bool:
    """Keep the yes for this person at this place, for every task there.

    Returns False, changing nothing, if the placement is over or nobody asks for it.
    """
    lock_person(placement.volunteer_id)
    placement = Placement.objects.select_related("opportunity").get(pk=placement.pk)
    if not placement.holds_place or Need.MEASLES not in gate_of(placement).asks:
        return False
    MeaslesProof.objects.get_or_create(
        volunteer_id=placement.volunteer_id, site_key=site_key(placement.opportunity)
    )
    pass_the_gate(placement.volunteer_id, actor=actor, now=now)
    return True
